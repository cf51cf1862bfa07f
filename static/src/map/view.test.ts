import { describe, expect, it } from "vitest";
import { bboxOf, clusterZoom, contains, fitting, metresPerPx, readView, sameView, snapped, writeView } from "./view.js";

const CITY = { lon: 41.9642, lat: 45.0344, zoom: 13 };
const PHONE = { width_px: 360, height_px: 340 };

describe("a view in an address", () => {
  it.each([[CITY, "41.9642,45.0344,13"], [{ lon: -0.00001, lat: 5.123456, zoom: 12.3456 }, "-0.0000,5.1235,12.35"]])(
    "is written short and read back: %o", (view, text) => {
      expect(writeView(view)).toBe(text);
      expect(sameView(readView(text), view)).toBe(true);
    });

  it("is no view when out of bounds", () => {
    for (const text of [null, "", "181,45,3", "41,86,3", "41,45,25", "41,45", "41;45;3", "41,45,3,2"]) expect(readView(text), String(text)).toBeNull();
    expect(readView("41,45,22")?.zoom, "closer than there is").toBe(19);
  });
});

describe("the area of a view", () => {
  it("is as wide as its pixels", () => {
    const [west, south, east, north] = bboxOf(CITY, PHONE);
    expect(east - west).toBeCloseTo((360 * 360) / (512 * 2 ** 13), 9);
    expect((west + east) / 2).toBeCloseTo(CITY.lon, 9);
    expect(((north - south) * 110_574) / metresPerPx(CITY.lat, 13), "and as tall").toBeCloseTo(340, -1);
  });

  it("crosses the antimeridian and swallows the world", () => {
    const [west, , east] = bboxOf({ lon: 179.99, lat: 0, zoom: 10 }, PHONE);
    expect([west > 179, east < -179]).toEqual([true, true]);
    expect(bboxOf({ lon: 10, lat: 0, zoom: 0 }, { width_px: 600, height_px: 300 }).filter((_, index) => index % 2 === 0)).toEqual([-180, 180]);
  });

  it("is asked a little larger, the same for small shifts", () => {
    const bbox = bboxOf(CITY, PHONE);
    const asked = snapped(bbox, CITY.zoom);
    for (const corner of [{ lon: bbox[0], lat: bbox[1] }, { lon: bbox[2], lat: bbox[3] }]) expect(contains(asked, corner)).toBe(true);
    expect(snapped(bboxOf({ ...CITY, lon: CITY.lon + 1e-5 }, PHONE), 13)).toEqual(asked);
    expect((asked[0] + asked[2]) / 2, "its middle is not the view's").not.toBeCloseTo(CITY.lon, 4);
  });

  it("contains what lies in it, also across the antimeridian", () => {
    expect(contains([170, -10, -170, 10], { lon: -175, lat: 0 })).toBe(true);
    expect(contains([170, -10, -170, 10], { lon: 0, lat: 0 })).toBe(false);
    expect(contains([0, 0, 1, 1], { lon: 0.5, lat: 2 })).toBe(false);
  });
});

describe("fitting", () => {
  it("shows all positions within the margin, and no closer than asked", () => {
    const positions = [{ lon: 41.9, lat: 45 }, { lon: 42.1, lat: 45.1 }, { lon: 42, lat: 45.02 }];
    const view = fitting(positions, PHONE, 40, 15)!;
    const inner = bboxOf(view, { width_px: 281, height_px: 261 });
    for (const position of positions) expect(contains(inner, position)).toBe(true);
    expect(fitting([CITY], PHONE, 40, 15)).toMatchObject({ zoom: 15 });
    expect(fitting([], PHONE, 40, 15)).toBeNull();
  });
});

it("clusters are asked for whole zooms that exist", () => {
  expect([-1, 0.4, 12.5, 18.9, 19].map(clusterZoom)).toEqual([0, 0, 13, 18, 18]);
});
