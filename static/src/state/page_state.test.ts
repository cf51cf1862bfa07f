import { describe, expect, it } from "vitest";
import { EMPTY_STATE, readState, writeState, type PageState } from "./page_state.js";

describe("page state", () => {
  const full: PageState = { categories: ["museum", "library"], openNow: true, free: true, place: "demo-001", lang: "en" };

  it("writes the address people can read", () => {
    expect(writeState(full)).toBe("?category=museum,library&open=now&benefit=free&place=demo-001&lang=en");
    expect(writeState(EMPTY_STATE)).toBe("");
  });

  it("reads back what it wrote", () => {
    for (const categories of [[], ["kids_shop"], ["museum", "other"]])
      for (const openNow of [true, false])
        for (const free of [true, false])
          for (const place of [null, "demo-001", "а/б&в=г"])
            for (const lang of [null, "ru", "en"] as const) {
              const state: PageState = { categories, openNow, free, place, lang };
              expect(readState(writeState(state))).toEqual(state);
            }
  });

  it("ignores what it does not know", () => {
    expect(readState("?open=later&benefit=gold&lang=de&category=,museum,museum,<b>&place=")).toEqual({
      ...EMPTY_STATE, categories: ["museum"],
    });
  });

  it("drops a position that someone put into the address", () => {
    const state = readState("?lon=41.9642&lat=45.03442&near=41.96,45.03&open=now");
    expect(writeState(state)).toBe("?open=now");
  });
});
