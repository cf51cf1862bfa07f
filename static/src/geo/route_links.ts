import type { LonLat } from "./lon_lat.js";

export interface RouteLink {
  readonly id: "2gis" | "yandex" | "google" | "apple";
  readonly href: string;
}

/**
 * Web links that open a route to `to` in the map services people here use, from wherever they are.
 *
 * The order of the two numbers differs by service (2GIS takes lon,lat, the others lat,lon). Six decimals, a point
 * whatever the language, `|` written `%7C`: these strings are the services' own and are compared whole in the test.
 */
export function routeLinks(to: LonLat): readonly RouteLink[] {
  const lon = to.lon.toFixed(6);
  const lat = to.lat.toFixed(6);
  return [
    { id: "2gis", href: `https://2gis.ru/directions/points/%7C${lon}%2C${lat}` },
    { id: "yandex", href: `https://yandex.ru/maps/?rtext=~${lat},${lon}&rtt=auto` },
    { id: "google", href: `https://www.google.com/maps/dir/?api=1&destination=${lat},${lon}&travelmode=walking` },
    { id: "apple", href: `https://maps.apple.com/?daddr=${lat},${lon}&dirflg=w` },
  ];
}
