import sheetText from "maplibre-gl/dist/maplibre-gl.css?inline";

let sheet: CSSStyleSheet | undefined;

/** MapLibre's own rules, before the element's, so that these have the last word. */
export function adoptSheet(root: ShadowRoot): void {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(sheetText);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets];
}
