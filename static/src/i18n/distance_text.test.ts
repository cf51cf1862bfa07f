import { afterEach, describe, expect, it } from "vitest";
import { distanceText } from "./distance_text.js";
import { setLanguage } from "./index.js";

afterEach(() => setLanguage("ru"));

describe("distanceText", () => {
  it.each([
    [0, "10 м"], [3.9, "10 м"], [352, "350 м"], [994, "990 м"], [996, "1 км"], [1049, "1 км"], [1234, "1,2 км"],
    [9940, "9,9 км"], [9960, "10 км"], [35_499, "35 км"], [1_231_385, "1 231 км"],
  ])("%d m is «%s»", (distance_m, text) => {
    expect(distanceText(distance_m).replaceAll(/\s/g, " ")).toBe(text);
  });

  it("uses a point in English", () => {
    setLanguage("en");
    expect(distanceText(1234).replaceAll(/\s/g, " ")).toBe("1.2 km");
  });

  it("never breaks the line between the number and its unit", () => {
    expect(distanceText(352)).not.toContain(" ");
  });
});
