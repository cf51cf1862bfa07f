import { expect, it } from "vitest";
import type { FieldProblem } from "../api/desk_types.js";
import { fieldPath, problemsOf, problemsUnder, rootOf, serverWins } from "./field_problems.js";

const problem = (field: string, detail = ""): FieldProblem => ({ field, severity: "reject", code: "", detail });

it("a field has one spelling", () => {
  expect(fieldPath("benefits[0].value")).toBe("benefits.0.value");
  expect(fieldPath("location.name")).toBe("name");
  expect([rootOf("benefits[2].to"), rootOf("lat"), rootOf("hours_unknown")]).toEqual(["benefits", "lon", "opening_hours"]);
});

it("problems are found by field and by root", () => {
  const all = [problem("benefits[0].value"), problem("benefits"), problem("name")];
  expect(problemsOf(all, "benefits.0.value")).toHaveLength(1);
  expect(problemsUnder(all, "benefits")).toHaveLength(2);
});

it("the server's words win", () => {
  expect(serverWins([problem("inn", "ours"), problem("kpp", "ours")], [problem("inn", "theirs")]).map(({ detail }) => detail)).toEqual(["theirs", "ours"]);
});
