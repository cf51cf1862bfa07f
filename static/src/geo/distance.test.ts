import { describe, expect, it } from "vitest";
import { distanceM } from "./distance.js";
import { coarse } from "./lon_lat.js";

// Expected values: GeographicLib 2.0, Geodesic.WGS84.Inverse.
const GEODESICS: [string, number, number, number, number, number][] = [
  ["within Stavropol", 41.9642, 45.03442, 41.963387, 45.036169, 204.65591915859534],
  ["Stavropol to Pyatigorsk", 41.9642, 45.03442, 43.0594, 44.0486, 139912.47769665925],
  ["Stavropol to Moscow", 41.9642, 45.03442, 37.6173, 55.7558, 1231385.2858373984],
  ["a degree of the meridian", 0, 0, 0, 1, 110574.38855779878],
  ["a degree of the equator", 0, 0, 1, 0, 111319.49079327357],
  ["across the antimeridian", 179.9, 10, -179.9, 10, 21927.87247793737],
  ["Paris to Washington", 2.3372, 48.8364, -77.0656, 38.9214, 6181631.977052123],
];

describe("distanceM", () => {
  it.each(GEODESICS)("agrees with the geodesic: %s", (_name, lon1, lat1, lon2, lat2, expected) => {
    const there = distanceM({ lon: lon1, lat: lat1 }, { lon: lon2, lat: lat2 });
    const back = distanceM({ lon: lon2, lat: lat2 }, { lon: lon1, lat: lat1 });
    expect(Math.abs(there - expected)).toBeLessThan(Math.max(0.01, expected * 2e-5));
    expect(back).toBeCloseTo(there, 6);
  });

  it("is nothing for one place, and finite at the antipodes", () => {
    expect(distanceM({ lon: 42, lat: 45 }, { lon: 42, lat: 45 })).toBe(0);
    expect(distanceM({ lon: 0, lat: 0 }, { lon: 180, lat: 0 })).toBeGreaterThan(2e7);
    expect(distanceM({ lon: 0, lat: 90 }, { lon: 0, lat: -90 })).toBeGreaterThan(1.9e7);
  });
});

describe("coarse", () => {
  it("keeps four decimals", () => {
    expect(coarse({ lon: 41.96338749, lat: 45.03616951 })).toEqual({ lon: 41.9634, lat: 45.0362 });
    expect(coarse({ lon: -0.00004, lat: 0.00006 }).lat).toBe(0.0001);
  });
});
