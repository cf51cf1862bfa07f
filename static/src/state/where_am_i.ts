import type { LonLat } from "../geo/lon_lat.js";

export type WhereFailure = "refused" | "unavailable" | "timeout";

/** Where the device is, as exact as it says; or why it would not say. Never throws. */
export function whereAmI(): Promise<LonLat | WhereFailure> {
  // Absent on plain http and switched off by some browsers' owners.
  const { geolocation } = navigator as { geolocation?: Geolocation };
  if (geolocation === undefined) return Promise.resolve("unavailable");
  return new Promise((resolve) => {
    geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude }),
      ({ code }) => resolve(code === 1 ? "refused" : code === 3 ? "timeout" : "unavailable"),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
