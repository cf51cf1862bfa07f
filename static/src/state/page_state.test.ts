import { describe, expect, it } from "vitest";
import { EMPTY_STATE, readState, writeState, type PageState } from "./page_state.js";

describe("page state", () => {
  const full: PageState = { categories: ["museum", "library"], openNow: true, free: true, view: { lon: 41.9642, lat: 45.0344, zoom: 13.5 }, place: "demo-001", lang: "en" };

  it("writes the address people can read", () => {
    expect(writeState(full)).toBe("?category=museum,library&open=now&benefit=free&map=41.9642,45.0344,13.5&place=demo-001&lang=en");
    expect(writeState(EMPTY_STATE)).toBe("");
  });

  it("reads back what it wrote", () => {
    for (const categories of [[], ["kids_shop"], ["museum", "other"]])
      for (const openNow of [true, false])
        for (const free of [true, false])
          for (const view of [null, full.view])
            for (const place of [null, "demo-001", "а/б&в=г"])
              for (const lang of [null, "ru", "en"] as const) {
                const state: PageState = { categories, openNow, free, view, place, lang };
                expect(readState(writeState(state))).toEqual(state);
              }
  });

  it("ignores what it does not know", () => {
    expect(readState("?open=later&benefit=gold&lang=de&category=,museum,museum,<b>&place=&map=41,45")).toEqual({
      ...EMPTY_STATE, categories: ["museum"],
    });
  });

  it.each(["", "41,45", "41,95,3", "x,45,3", "41,45,-1", "41,45,3,4", "1e1,45,3"])("opens without a view that makes no sense: %s", (map) => {
    expect(readState(`?map=${map}`).view).toBeNull();
  });

  it("drops a position that someone put into the address", () => {
    const state = readState("?lon=41.9642&lat=45.03442&near=41.96,45.03&open=now");
    expect(writeState(state)).toBe("?open=now");
  });
});
