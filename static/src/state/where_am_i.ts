import type { LonLat } from "../geo/lon_lat.js";

export type WhereFailure = "refused" | "unavailable" | "timeout";

/** A measured position; it lives in the page's memory and nowhere else. */
export interface Measured extends LonLat {
  /** Radius in which the device believes itself to be. */
  readonly accuracy_m: number;
}

/** Where the device is, as exact as it says; or why it would not say. Never throws. */
export function whereAmI(): Promise<Measured | WhereFailure> {
  // Absent on plain http and switched off by some browsers' owners.
  const { geolocation } = navigator as { geolocation?: Geolocation };
  if (geolocation === undefined) return Promise.resolve("unavailable");
  return new Promise((resolve) => {
    geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
      ({ code }) => resolve(code === 1 ? "refused" : code === 3 ? "timeout" : "unavailable"),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
