/** The map styles of the real service against MapLibre's own validator. */
import { validateStyleMin, type StyleSpecification } from "@maplibre/maplibre-gl-style-spec";
import { afterAll, beforeAll, expect, it } from "vitest";
import { get, startService, type Service } from "./harness.js";

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(async () => {
  await service?.stop();
});

it.each(["light.json", "light.json?lang=en", "dark.json", "dark.json?lang=en", "light.json?locations=no"])(
  "is a valid style: %s",
  async (name) => {
    const style = await get<StyleSpecification>(`${service.url}/style/${name}`);
    expect(validateStyleMin(style).map((error) => error.message)).toEqual([]);
    expect(Object.keys(style.sources)).toEqual(name.includes("locations=no") ? ["basemap"] : ["basemap", "locations"]);
  },
);
