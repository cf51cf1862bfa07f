import { afterEach, describe, expect, it, vi } from "vitest";
import { whereAmI } from "./where_am_i.js";

afterEach(() => vi.unstubAllGlobals());

type Answer = (found: PositionCallback, failed: PositionErrorCallback) => void;
const device = (answer: Answer): void => {
  vi.stubGlobal("navigator", { geolocation: { getCurrentPosition: answer } });
};

describe("whereAmI", () => {
  it("gives the position as exact as the device does", async () => {
    device((found) => found({ coords: { longitude: 41.96887654, latitude: 45.04561237, accuracy: 25 } } as GeolocationPosition));
    expect(await whereAmI()).toEqual({ lon: 41.96887654, lat: 45.04561237, accuracy_m: 25 });
  });

  it.each([[1, "refused"], [2, "unavailable"], [3, "timeout"]])("says why not: code %d is %s", async (code, why) => {
    device((_found, failed) => failed({ code } as GeolocationPositionError));
    expect(await whereAmI()).toBe(why);
  });

  it("is unavailable where the browser has no geolocation", async () => {
    vi.stubGlobal("navigator", {});
    expect(await whereAmI()).toBe("unavailable");
  });
});
