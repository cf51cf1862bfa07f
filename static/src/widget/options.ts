/**
 * What a site owner may ask of the widget, in one vocabulary: the attributes of `<ryadom-map>`, `data-…` of the script and
 * the parameters of `/embed` have the same names and the same texts. Pure. What is not understood is as if not said.
 */
export const NAMES = ["center", "zoom", "bbox", "category", "open", "benefit", "lang", "theme", "accent", "list", "filters", "place"] as const;
export type Name = (typeof NAMES)[number];

export interface WidgetOptions {
  /** Longitude first, in degrees. */
  readonly center: { readonly lon: number; readonly lat: number } | null;
  readonly zoom: number | null;
  /** West, south, east, north; nothing outside is listed. */
  readonly bbox: readonly [number, number, number, number] | null;
  readonly categories: readonly string[];
  readonly openNow: boolean;
  readonly free: boolean;
  readonly lang: "ru" | "en";
  readonly theme: "auto" | "light" | "dark";
  /** `#rrggbb`, small letters. */
  readonly accent: string | null;
  readonly list: boolean;
  /** The list has chips, by which a visitor narrows it and the map. */
  readonly filters: boolean;
  /** The place that is chosen from the start. */
  readonly place: string | null;
}

export type FilterTexts = Readonly<Record<"category" | "open" | "benefit", string>>;

/** `lang`: the language where none is said. */
export function readOptions(get: (name: Name) => string | null, lang: string | null = null): WidgetOptions {
  const asked = (name: Name): string => (get(name) ?? "").trim();
  const [lon, lat] = numbers(asked("center"), 2) ?? [];
  const bbox = numbers(asked("bbox"), 4);
  const zoom = numbers(asked("zoom"), 1)?.[0] ?? -1;
  const theme = asked("theme");
  const accent = /^#?([0-9a-f]{6})$/i.exec(asked("accent"))?.[1];
  const spoken = [asked("lang"), lang ?? ""].map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "ru" || tag === "en");
  return {
    center: lon !== undefined && lat !== undefined && isPosition(lon, lat) ? { lon, lat } : null,
    zoom: zoom >= 0 && zoom <= 19 ? zoom : null,
    bbox: bbox !== null && isPosition(bbox[0]!, bbox[1]!) && isPosition(bbox[2]!, bbox[3]!) && bbox[1]! < bbox[3]!
      ? (bbox as [number, number, number, number]) : null,
    categories: [...new Set(asked("category").split(",").map((code) => code.trim()).filter((code) => /^[a-z_]{1,40}$/.test(code)))],
    openNow: asked("open") === "now",
    free: asked("benefit") === "free",
    lang: (spoken ?? "ru") as "ru" | "en",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    accent: accent === undefined ? null : `#${accent.toLowerCase()}`,
    list: asked("list") !== "off",
    filters: asked("filters") !== "off",
    place: asked("place") || null,
  };
}

/** The texts of the filters, empty where nothing is asked for. */
export function filterTexts({ categories, openNow, free }: Pick<WidgetOptions, "categories" | "openNow" | "free">): FilterTexts {
  return { category: categories.join(), open: openNow ? "now" : "", benefit: free ? "free" : "" };
}

/** The texts of the options, without those that say what is so anyway. */
export function textsOf(options: Partial<WidgetOptions>): readonly (readonly [Name, string])[] {
  const { center = null, zoom = null, bbox = null, categories = [], lang, theme = "auto", accent = null, place = null } = options;
  const texts: [Name, string | false | null | undefined][] = [
    ["center", center && `${short(center.lon)},${short(center.lat)}`],
    ["zoom", zoom === null ? null : String(Number(zoom.toFixed(2)))],
    ["bbox", bbox && bbox.map(short).join(",")],
    ["category", categories.join(",")],
    ["open", options.openNow && "now"],
    ["benefit", options.free && "free"],
    ["lang", lang],
    ["theme", theme !== "auto" && theme],
    ["accent", accent],
    ["list", options.list === false && "off"],
    ["filters", options.filters === false && "off"],
    ["place", place],
  ];
  return texts.filter((text): text is [Name, string] => Boolean(text[1]));
}

/** The address of the frame, from the root. */
export function embedPath(options: Partial<WidgetOptions>): string {
  // Commas stay readable; a colour's # would begin a fragment.
  const query = textsOf(options).map(([name, text]) => `${name}=${encodeURIComponent(name === "accent" ? text.slice(1) : text).replaceAll("%2C", ",")}`);
  return `/embed${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** Where the list starts: the centre, or the middle of the area. */
export function startOf({ center, bbox }: WidgetOptions): { readonly lon: number; readonly lat: number } | null {
  if (center !== null || bbox === null) return center;
  const [west, south, east, north] = bbox;
  const lon = (west + (west <= east ? east : east + 360)) / 2;
  return { lon: lon > 180 ? lon - 360 : lon, lat: (south + north) / 2 };
}

function numbers(text: string, count: number): number[] | null {
  const parts = text.split(",").map((part) => (/^\s*-?\d+(\.\d+)?\s*$/.test(part) ? Number(part) : NaN));
  return parts.length === count && parts.every(Number.isFinite) ? parts : null;
}

function isPosition(lon: number, lat: number): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85.05;
}

function short(degrees: number): string {
  return String(Number(degrees.toFixed(4)));
}
