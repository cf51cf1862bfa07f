import { describe, expect, it } from "vitest";
import { clashes, codesOf, differing, patchOf, resolved, tidied } from "./content.js";

describe("a patch", () => {
  it("holds what changed, and null for what is gone", () => {
    expect(patchOf({ name: "А", phone: "1", benefits: [{ kind: "free" }] }, { name: "Б", phone: "", benefits: [{ kind: "free", value: null }] }))
      .toEqual({ name: "Б", phone: null });
  });
  it("is empty when nothing changed", () => expect(patchOf({ name: "А", hours_unknown: false }, { name: "А" })).toEqual({}));
  it("takes lists whole", () => {
    expect(patchOf({ benefits: [{ kind: "free" }] }, { benefits: [{ kind: "free" }, { kind: "gift" }] })).toEqual({ benefits: [{ kind: "free" }, { kind: "gift" }] });
  });
});

it("a first content says nothing of what is empty", () => {
  expect(tidied({ name: "А", phone: "", lon: null, benefits: [] })).toEqual({ name: "А" });
});

describe("two people's work", () => {
  const base = { name: "Музей", phone: "1", address: "ул. Ленина, 1" };
  const mine = { ...base, phone: "2", name: "Мой музей" };
  const theirs = { ...base, phone: "3", address: "ул. Ленина, 2" };

  it("is parted by field, and only what both changed is in question", () => {
    expect(clashes(base, mine, theirs)).toEqual([
      { field: "name", mine: "Мой музей", theirs: "Музей", both: false, take: "mine" },
      { field: "address", mine: "ул. Ленина, 1", theirs: "ул. Ленина, 2", both: false, take: "theirs" },
      { field: "phone", mine: "2", theirs: "3", both: true, take: "mine" },
    ]);
  });
  it("is put together as chosen", () => {
    expect(resolved(mine, theirs, { phone: "theirs", address: "theirs", name: "mine" })).toEqual({ name: "Мой музей", phone: "3", address: "ул. Ленина, 2" });
  });
  it("does not differ where both say nothing", () => expect(differing({ phone: null }, { phone: "" })).toEqual([]));
});

it("codes come as a list or, from another program, as one text", () => {
  expect(codesOf(["cafe", "shop"])).toEqual(["cafe", "shop"]);
  expect(codesOf("cafe; shop,")).toEqual(["cafe", "shop"]);
  expect(codesOf(null)).toEqual([]);
});
