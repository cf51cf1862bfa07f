import { describe, expect, it } from "vitest";
import { routeLinks } from "./route_links.js";

const hrefs = (lon: number, lat: number): Record<string, string> =>
  Object.fromEntries(routeLinks({ lon, lat }).map((link) => [link.id, link.href]));

describe("routeLinks", () => {
  it("writes each service's own form", () => {
    expect(hrefs(41.963387, 45.036169)).toEqual({
      "2gis": "https://2gis.ru/directions/points/%7C41.963387%2C45.036169",
      yandex: "https://yandex.ru/maps/?rtext=~45.036169,41.963387&rtt=auto",
      google: "https://www.google.com/maps/dir/?api=1&destination=45.036169,41.963387&travelmode=walking",
      apple: "https://maps.apple.com/?daddr=45.036169,41.963387&dirflg=w",
    });
  });

  it("always writes six decimals, also for round and negative numbers", () => {
    expect(hrefs(42, 45.5)["2gis"]).toBe("https://2gis.ru/directions/points/%7C42.000000%2C45.500000");
    expect(hrefs(-0.1234567, 1e-7)["apple"]).toBe("https://maps.apple.com/?daddr=0.000000,-0.123457&dirflg=w");
  });
});
