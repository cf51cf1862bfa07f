import { describe, expect, it } from "vitest";
import { GROUPS, groupOf } from "./groups.js";
import { pieSlices, sliceDash } from "./pie.js";

describe("the ring of a cluster", () => {
  it("joins categories into families, in one order, without a gap", () => {
    const slices = pieSlices({ cafe: 1, museum: 2, theatre: 1, unheard_of: 4, library: 0 });
    expect(slices.map(({ group, count }) => [group, count])).toEqual([["culture", 3], ["food", 1], ["other", 4]]);
    expect(slices[0]!.from).toBe(0);
    expect(slices.at(-1)!.to).toBe(1);
    slices.slice(1).forEach((slice, index) => expect(slice.from).toBe(slices[index]!.to));
  });

  it("draws one family as a whole ring", () => {
    expect(pieSlices({ museum: 5 }).map(sliceDash)).toEqual([{ dasharray: "1 1", dashoffset: "0" }]);
    expect(pieSlices({ museum: 1, cafe: 3 }).map(sliceDash)).toEqual([
      { dasharray: "0.25 1", dashoffset: "0" }, { dasharray: "0.75 1", dashoffset: "-0.25" },
    ]);
  });

  it("is empty for nothing", () => {
    expect(pieSlices({})).toEqual([]);
  });

  it("knows every category of the service", () => {
    const codes = ["museum", "theatre", "cinema", "library", "sport", "education", "leisure", "kids_shop", "grocery", "shop",
      "pharmacy", "health", "cafe", "hotel", "transport", "service", "other"];
    for (const code of codes) expect(GROUPS).toContain(groupOf(code));
  });
});
