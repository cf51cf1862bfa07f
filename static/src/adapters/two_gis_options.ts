/**
 * What a site owner says to the 2GIS layer, checked. Pure. What is not understood is refused at once and by name: a
 * misspelt filter that is passed over would show too much, and nobody would see why.
 */
import type { RyadomFilter, RyadomOptions } from "./two_gis.js";

type Lang = "ru" | "en";
type Words = { readonly [L in Lang]: (name: string, known: string) => string };

/** The parameters of the lists (docs/tiles.md), and the values that are the same for ever; categories the API knows. */
const FILTERS: Readonly<Record<keyof RyadomFilter, readonly string[] | null>> = {
  category: null, benefit: ["percent", "fixed", "free", "gift", "price"], wheelchair: ["yes", "limited", "no"], open_at: null, q: null,
};
const LISTS: readonly string[] = ["category", "benefit", "wheelchair"];
const OTHERS: readonly (keyof RyadomOptions)[] = ["host", "lang", "theme", "live", "onSelect", "onTrouble"];

const UNKNOWN: Words = {
  ru: (name, known) => `Рядом: нет параметра «${name}»; есть: ${known}`,
  en: (name, known) => `Ryadom: there is no option "${name}"; there are: ${known}`,
};
const WRONG: Words = {
  ru: (name, known) => `Рядом: ${name}: нужно ${known}`,
  en: (name, known) => `Ryadom: ${name}: needed is ${known}`,
};
const LIST = { ru: "строка или список строк", en: "a string or a list of strings" } as const;
const TEXT = { ru: "строка", en: "a string" } as const;
const CALL = { ru: "функция", en: "a function" } as const;
const ADDRESS = { ru: "адрес сервиса, например https://map.example", en: "the address of the service, such as https://map.example" } as const;
const MAPGL = { ru: "пространство имён mapgl с GeoJsonSource", en: "the mapgl namespace, with GeoJsonSource" } as const;

export interface ReadOptions {
  /** Without a slash at its end. */
  readonly host: string;
  readonly lang: Lang;
  readonly theme: "light" | "dark";
  readonly live: boolean;
  readonly filter: Query;
}

/** Parameters of an address. */
export type Query = readonly (readonly [name: string, text: string])[];

/** `host` and `lang`: where none is said. */
export function readOptions(given: RyadomOptions, host: string, lang: Lang): ReadOptions {
  const spoken = oneOf("lang", given.lang, ["ru", "en"] as const, lang) ?? lang;
  const names = Object.keys(FILTERS) as (keyof RyadomFilter)[];
  refuseUnknown(given, [...names, ...OTHERS], spoken);
  for (const name of ["onSelect", "onTrouble"] as const) {
    if (given[name] !== undefined && typeof given[name] !== "function") throw new TypeError(WRONG[spoken](name, CALL[spoken]));
  }
  return {
    host: readHost(given.host ?? host, spoken),
    lang: spoken,
    theme: readTheme(given.theme, spoken),
    live: oneOf("live", given.live, [true, false] as const, spoken) ?? true,
    filter: readFilter(Object.fromEntries(names.flatMap((name) => given[name] === undefined ? [] : [[name, given[name]]])), spoken),
  };
}

export function readTheme(given: unknown, lang: Lang): "light" | "dark" {
  return oneOf("theme", given, ["light", "dark"] as const, lang) ?? "light";
}

/** What is empty or not said is left out. */
export function readFilter(given: RyadomFilter, lang: Lang): Query {
  refuseUnknown(given, Object.keys(FILTERS), lang);
  return (Object.keys(FILTERS) as (keyof RyadomFilter)[]).flatMap((name) => {
    const text = textOf(name, given[name], lang);
    return text === "" ? [] : [[name, text] as const];
  });
}

/** A script that calls this a moment too early has no mapgl, and should be told so rather than «undefined is not…». */
export function refuseOtherMaps(mapgl: unknown, lang: Lang): void {
  if (typeof (mapgl as { GeoJsonSource?: unknown } | undefined)?.GeoJsonSource !== "function") throw new TypeError(WRONG[lang]("mapgl", MAPGL[lang]));
}

function textOf(name: keyof RyadomFilter, value: unknown, lang: Lang): string {
  if (value == null) return "";
  if (!LISTS.includes(name)) {
    if (typeof value !== "string") throw new TypeError(WRONG[lang](name, TEXT[lang]));
    return value.trim();
  }
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (!items.every((item) => typeof item === "string")) throw new TypeError(WRONG[lang](name, LIST[lang]));
  const codes = items.flatMap((item) => item.split(",")).map((code) => code.trim()).filter((code) => code !== "");
  const known = FILTERS[name];
  if (known !== null && !codes.every((code) => known.includes(code))) throw new TypeError(WRONG[lang](name, known.join(", ")));
  return [...new Set(codes)].join(",");
}

function oneOf<T>(name: string, value: unknown, values: readonly T[], lang: Lang): T | null {
  if (value == null) return null;
  if (!values.includes(value as T)) throw new TypeError(WRONG[lang](name, values.join(", ")));
  return value as T;
}

function refuseUnknown(given: object, known: readonly string[], lang: Lang): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(UNKNOWN[lang](unknown, known.join(", ")));
}

function readHost(text: unknown, lang: Lang): string {
  if (typeof text === "string" && /^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text).href.replace(/[?#].*$/, "").replace(/\/+$/, "");
  throw new TypeError(WRONG[lang]("host", ADDRESS[lang]));
}
