import { describe, expect, it } from "vitest";
import type { ClusterProperties, LocationSummary } from "../api/types.js";
import { countOf, entriesOf, type AnyFeature } from "./entries.js";

const HERE = { lon: 42, lat: 45 };
const at = (lon: number): AnyFeature["geometry"] => ({ type: "Point", coordinates: [lon, 45] });
const place = (id: string, lon: number): AnyFeature => ({
  type: "Feature", id, geometry: at(lon),
  properties: { id, name: id, category: "museum", benefit: null, benefit_kind: null, benefit_value: null, address: null, open: null } satisfies LocationSummary,
});
const cluster = (id: string, lon: number, point_count: number): AnyFeature => ({
  type: "Feature", id, geometry: at(lon),
  properties: { cluster: true, point_count, expansion_zoom: 14, categories: { museum: point_count }, bbox: [lon, 45, lon, 45] } satisfies ClusterProperties,
});

describe("entries", () => {
  const features = [place("far", 42.3), cluster("15/1/2", 42.1, 7), place("b", 42.2), place("a", 42.2)];

  it("stand by distance, equal ones by id, and only places have numbers", () => {
    const entries = entriesOf(features, HERE, "distance");
    expect(entries.map((entry) => [entry.id, entry.kind === "place" ? entry.number : null]))
      .toEqual([["15/1/2", null], ["a", 1], ["b", 2], ["far", 3]]);
    expect(entries[0]!.distance_m).toBeGreaterThan(7_000);
  });

  it("keep the server's order when it has measured", () => {
    expect(entriesOf(features, HERE, "given").map(({ id }) => id)).toEqual(["far", "15/1/2", "b", "a"]);
  });

  it("count the places they stand for", () => {
    expect(countOf(entriesOf(features, HERE, "distance"))).toBe(10);
    expect(countOf([])).toBe(0);
  });
});
