/**
 * The pictures of the 2GIS layer: files under /lib/ryadom-2gis/, because MapGL takes icons by absolute address only, as
 * SVG only, and a site that lets the layer ask our host lets it fetch these too, where `data:` would need a word more in
 * its Content-Security-Policy. Pure; src/build/two_gis.ts makes the files.
 */
import { groupOf, type Group } from "../map/groups.js";

/** The Maki picture of each category, as on our own map (ui/icons.ts). */
export const MAKI = {
  museum: "museum", theatre: "theatre", cinema: "cinema", library: "library", sport: "soccer", education: "school",
  leisure: "playground", kids_shop: "clothing-store", grocery: "grocery", shop: "shop", pharmacy: "pharmacy", health: "doctor",
  cafe: "cafe", hotel: "lodging", transport: "bus", service: "hairdresser", other: "marker",
} as const satisfies Readonly<Record<string, string>>;

export type IconCategory = keyof typeof MAKI;
export const CATEGORIES = Object.keys(MAKI) as readonly IconCategory[];
/** Beside those of the categories: discs of clusters, and an icon of nothing that keeps a name's place. */
export const OTHERS = ["cluster-light", "cluster-dark", "nothing"] as const;
export type IconName = IconCategory | (typeof OTHERS)[number];

/** Of `/` to the file. */
export function iconPath(name: IconName): string {
  return `/lib/ryadom-2gis/${name}.svg`;
}

export interface Colours {
  readonly group: (group: Group) => string;
  readonly cluster: Readonly<Record<"light" | "dark", string>>;
}

/** All of them; `maki` gives a picture's file by name. */
export function drawIcons(maki: (name: string) => string, colours: Colours): ReadonlyMap<IconName, string> {
  const icons = new Map<IconName, string>();
  for (const category of CATEGORIES) icons.set(category, disc(colours.group(groupOf(category)), shapes(maki(MAKI[category]))));
  for (const theme of ["light", "dark"] as const) {
    icons.set(`cluster-${theme}`, svg(`<circle cx="20" cy="20" r="19" fill="${colours.cluster[theme]}" fill-opacity=".35"/><circle cx="20" cy="20" r="15" fill="${colours.cluster[theme]}"/>`));
  }
  icons.set("nothing", svg(""));
  return icons;
}

/** Only what is drawn: a file's own ids and its <?xml?> have no place in another. */
export function shapes(file: string): string {
  return (file.match(/<(path|circle|rect|polygon|ellipse)[^>]*>/g)?.join("") ?? "").replaceAll(/ id="[^"]*"/g, "");
}

/** White on the colour of the category's family; a dark hairline sets the white edge off from a light map. */
function disc(colour: string, picture: string): string {
  return svg(`<circle cx="20" cy="20" r="19" fill="#000" fill-opacity=".3"/><circle cx="20" cy="20" r="17" fill="${colour}" stroke="#fff" stroke-width="2.5"/>`
    + `<g transform="translate(11 11) scale(1.2)" fill="#fff">${picture}</g>`);
}

function svg(body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">${body}</svg>\n`;
}
