/** The fake of MapGL as a script for a page, where 2GIS' own would set the same global: NOT 2GIS, see fake_mapgl.ts. */
import { FakeGeoJsonSource, FakeMap } from "./fake_mapgl.js";

Object.assign(globalThis, { mapgl: { Map: FakeMap, GeoJsonSource: FakeGeoJsonSource } });
