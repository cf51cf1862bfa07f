import { expect, it } from "vitest";
import { readNumber, readPair, withTitle } from "./benefit_title.js";

it("the title follows kind and value until somebody writes another", () => {
  const first = withTitle({}, { kind: "percent" });
  expect(first.title).toBe("Скидка");
  const second = withTitle(first, { value: 10 });
  expect(second.title).toBe("Скидка 10\u00a0%");
  const own = withTitle(second, { title: "Минус десять процентов на всё" });
  expect(withTitle(own, { value: 15 }).title).toBe("Минус десять процентов на всё");
});

it("numbers are read as people write them", () => {
  expect([readNumber("12,5"), readNumber("1 000 ₽"), readNumber("10%"), readNumber("десять"), readNumber("")]).toEqual([12.5, 1000, 10, null, null]);
});

it("a pair of numbers is latitude first", () => {
  expect(readPair("45.0362, 41.9634")).toEqual({ lon: 41.9634, lat: 45.0362 });
  expect(readPair("45,0362 41,9634")).toEqual({ lon: 41.9634, lat: 45.0362 });
  expect(readPair("45.0362")).toBeNull();
});
