/**
 * How the places look on a MapGL map: what of an answer is given to it, and the layers that draw it. Pure.
 *
 * Source: 2GIS' style specification 1.1. What it does not let a layer do shapes this file: an icon and its size may not
 * depend on a feature (hence a layer for each icon and size), a text stands beside its icon but never in its middle, a
 * number is not made a text (hence `label`), and only what may overlap is certain to be drawn.
 */
import type { FeatureCollection, Point } from "geojson";
import type { Expression, PointStyleLayer } from "@2gis/mapgl/types/types/styles.js";
import { isCluster, type AnyFeature } from "../map/entries.js";
import { CATEGORIES, type IconCategory, type IconName } from "./two_gis_icons.js";

export type Theme = "light" | "dark";

/** What MapGL is given of a feature. */
export interface Drawn {
  readonly id: string;
  /** Names the layer that draws it: a category, or a size of clusters. */
  readonly kind: IconCategory | Size;
  /** A name, or a cluster's count in words short enough for its disc. */
  readonly label: string;
}

type Size = keyof typeof DISC_PX;
const DISC_PX = { "cluster-small": 40, "cluster-middle": 48, "cluster-large": 56 } as const;
const PLACE_PX = 34;
/** From here on names have room. By MapGL's style zoom, which is the map's own but for the stretch of its latitude. */
const NAMES_MINZOOM = 15;
/** Above 2GIS' own names, which give way. */
const PRIORITY = 10_000;
/** The font that the specification takes where none is named. */
const FONT = "Noto_Sans";

/** Of ui/tokens.css. */
export const INKS = {
  light: { count: "#ffffff", name: "#1d2421", halo: "#ffffff" },
  dark: { count: "#06211b", name: "#eceee9", halo: "#1b211e" },
} as const;

export function drawn(features: readonly AnyFeature[], lang: "ru" | "en"): FeatureCollection<Point, Drawn> {
  const short = new Intl.NumberFormat(lang, { notation: "compact" });
  return {
    type: "FeatureCollection",
    features: features.map(({ id, geometry, properties }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [...geometry.coordinates] },
      properties: isCluster(properties)
        ? { id, kind: sizeOf(properties.point_count), label: short.format(properties.point_count) }
        : { id, kind: kindOf(properties.category), label: properties.name },
    })),
  };
}

function sizeOf(count: number): Size {
  return count < 10 ? "cluster-small" : count < 100 ? "cluster-middle" : "cluster-large";
}

/** A category that is younger than this code is another one. */
function kindOf(category: string): IconCategory {
  return (CATEGORIES as readonly string[]).includes(category) ? (category as IconCategory) : "other";
}

/** The icons that the layers of a theme name. */
export function iconsOf(theme: Theme): readonly IconName[] {
  return [...CATEGORIES, "nothing", `cluster-${theme}`];
}

/** What an icon is called on the map: each layer has its own, so that one may go without the other. */
export function iconId(purpose: string, name: IconName): string {
  return `${purpose}-${name}`;
}

/** From the lowest to the highest. `purpose`: the attribute that joins the source, and the beginning of all ids. */
export function layersOf(purpose: string, theme: Theme): readonly PointStyleLayer[] {
  const inks = INKS[theme];
  const of = (...kinds: readonly string[]): Expression => ["all",
    ["match", ["sourceAttr", "purpose"], [purpose], true, false],
    ["match", ["get", "kind"], kinds, true, false]];
  const sizes = Object.entries(DISC_PX);
  return [
    ...CATEGORIES.map((category): PointStyleLayer => ({
      id: `${purpose}-${category}`, type: "point", filter: of(category),
      style: { iconImage: iconId(purpose, category), iconWidth: PLACE_PX, allowOverlap: true },
    })),
    {
      id: `${purpose}-names`, type: "point", filter: of(...CATEGORIES), minzoom: NAMES_MINZOOM,
      style: {
        iconImage: iconId(purpose, "nothing"), iconWidth: PLACE_PX, iconPriority: PRIORITY,
        textField: ["get", "label"], textFont: FONT, textFontSize: 13, textPlacement: "bottomCenter", textMaxLengthPerLine: 20,
        textColor: inks.name, textHaloColor: inks.halo, textHaloWidth: 2, textPriority: PRIORITY,
      },
    },
    ...sizes.map(([size, width_px]): PointStyleLayer => ({
      id: `${purpose}-${size}`, type: "point", filter: of(size),
      style: { iconImage: iconId(purpose, `cluster-${theme}`), iconWidth: width_px, allowOverlap: true },
    })),
    {
      id: `${purpose}-counts`, type: "point", filter: of(...sizes.map(([size]) => size)),
      style: { textField: ["get", "label"], textFont: FONT, textFontSize: 14, textColor: inks.count, allowOverlap: true },
    },
  ];
}
