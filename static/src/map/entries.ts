/**
 * One result set, in one order, with one numbering: what the list shows as rows and the map as pins. A number belongs
 * to a single place; a cluster is many places and has none.
 */
import type { ClusterProperties, Feature, LocationSummary } from "../api/types.js";
import { distanceM } from "../geo/distance.js";
import type { LonLat } from "../geo/lon_lat.js";

interface Common {
  readonly id: string;
  readonly position: LonLat;
  /** From where the person is, or else from the centre that was asked for; measured on the device. */
  readonly distance_m: number;
}

export interface PlaceEntry extends Common {
  readonly kind: "place";
  /** Row number and pin number, from 1. */
  readonly number: number;
  readonly location: LocationSummary;
}

export interface ClusterEntry extends Common {
  readonly kind: "cluster";
  readonly cluster: ClusterProperties;
}

export type Entry = PlaceEntry | ClusterEntry;
export type AnyFeature = Feature<LocationSummary | ClusterProperties>;

/**
 * Entries of an answer, seen from `origin`. `given` keeps the server's order (nearest first by exact geodesics from the
 * position it was told); otherwise by distance, equal ones by id.
 */
export function entriesOf(features: readonly AnyFeature[], origin: LonLat, order: "given" | "distance"): readonly Entry[] {
  const placed = features.map((feature) => ({ feature, position: positionOf(feature), distance_m: distanceM(origin, positionOf(feature)) }));
  if (order === "distance") placed.sort((a, b) => a.distance_m - b.distance_m || (a.feature.id < b.feature.id ? -1 : 1));
  let number = 0;
  return placed.map(({ feature: { id, properties }, position, distance_m }) => isCluster(properties)
    ? { kind: "cluster", id, position, distance_m, cluster: properties }
    : { kind: "place", id, position, distance_m, number: (number += 1), location: properties });
}

export function isCluster(properties: LocationSummary | ClusterProperties): properties is ClusterProperties {
  return "cluster" in properties && properties.cluster;
}

export function positionOf({ geometry }: Feature<unknown>): LonLat {
  const [lon, lat] = geometry.coordinates;
  return { lon, lat };
}

/** How many places the entries stand for. */
export function countOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "cluster" ? entry.cluster.point_count : 1), 0);
}
