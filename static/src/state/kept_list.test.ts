// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { Feature, LocationSummary } from "../api/types.js";
import { keepList, keptList } from "./kept_list.js";

const ALL = { categories: [], openNow: false, free: false };
const place = (id: string, properties: Partial<LocationSummary> = {}): Feature<LocationSummary> => ({
  type: "Feature", id, geometry: { type: "Point", coordinates: [41.96, 45.03] },
  properties: { id, name: id, category: "museum", benefit: null, benefit_kind: null, benefit_value: null, address: null, open: true, ...properties },
});

beforeEach(() => localStorage.clear());

describe("the kept list", () => {
  it("holds neither distances nor their order", () => {
    keepList([place("b", { distance_m: 12 }), place("a", { distance_m: 90 })], 7, 1000);
    expect(localStorage.getItem("ryadom.last_list")).not.toContain("distance");
    expect(keptList(ALL)?.features.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(keptList(ALL)?.at_ms).toBe(1000);
  });

  it("keeps to the filters it can answer, and does not guess what is open", () => {
    keepList([place("a"), place("b", { category: "cafe", benefit_kind: "free" })], 7, 1000);
    expect(keptList({ ...ALL, categories: ["cafe"] })?.features.map(({ id }) => id)).toEqual(["b"]);
    expect(keptList({ ...ALL, free: true })?.features.map(({ id }) => id)).toEqual(["b"]);
    expect(keptList({ ...ALL, openNow: true })).toBeNull();
  });

  it("does not call open what may have closed since", () => {
    keepList([place("a", { open_until: "2020-01-01T18:00:00+03:00" }), place("b")], 7, 1000);
    expect(keptList(ALL)?.features.map(({ properties }) => properties.open)).toEqual([null, true]);
  });

  it.each(["", "{", "null", '{"at_ms":1}'])("is nothing when it is damaged: %s", (text) => {
    localStorage.setItem("ryadom.last_list", text);
    expect(keptList(ALL)).toBeNull();
  });
});
