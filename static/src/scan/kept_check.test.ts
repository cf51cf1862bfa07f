// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { outcome } from "./check.js";
import { answered, keepCheck, keptCheck, newCheck } from "./kept_check.js";

beforeEach(() => sessionStorage.clear());

describe("the check of a tab", () => {
  it("has an id of its own, long enough and fit for the wire", () => {
    const ids = Array.from({ length: 50 }, () => newCheck("x").check_id);
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
  });

  it("forgets the code once it is answered, and keeps it while it is worth another try", () => {
    const begun = newCheck("HTTPS://B.RU/Q#AB");
    keepCheck(begun);
    expect(keptCheck()).toEqual(begun);
    keepCheck(answered(begun, outcome("no_connection"), true));
    expect(keptCheck()).toMatchObject({ check_id: begun.check_id, text: begun.text });
    keepCheck(answered(begun, outcome("valid"), false));
    expect(sessionStorage.getItem("ryadom.q.check")).not.toContain("B.RU");
    expect(keptCheck()).toMatchObject({ check_id: begun.check_id, outcome: { said: "valid" } });
  });

  it.each(["", "{", "null", "[]", '{"check_id":7}'])("is none after damage: %s", (text) => {
    sessionStorage.setItem("ryadom.q.check", text);
    expect(keptCheck()).toBeNull();
  });
});
