/** The server has printed the place; what a script adds is a small map, fetched when it comes into sight, and a word on refusals. */
import "../../src/state/start.js";
import type { LocationSummary } from "../../src/api/types.js";
import { isLanguage, setLanguage } from "../../src/i18n/index.js";
import { RefusalButton } from "../../src/ui/refusal_button.js";

const box = document.querySelector<HTMLElement>("div.map[data-lon]");

if (box !== null && "IntersectionObserver" in window) {
  const sight = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    sight.disconnect();
    void showMap(box);
  }, { rootMargin: "200px" });
  sight.observe(box);
}

if (box?.dataset["id"] !== undefined) {
  const printed = document.documentElement.lang;
  if (isLanguage(printed)) setLanguage(printed); // what stands around it is in the language that the server chose
  const button = new RefusalButton();
  button.of = box.dataset["id"];
  document.querySelector("main.place")?.append(button);
}

async function showMap(container: HTMLElement): Promise<void> {
  const { lon, lat, id = "", name = "", category = "" } = container.dataset;
  const position = { lon: Number(lon), lat: Number(lat) };
  const summary: LocationSummary = {
    id, name, category, benefit: null, benefit_kind: null, benefit_value: null, address: null, open: null,
  };
  try {
    const [{ createMap }, { mapBoxStyles }] = await Promise.all([
      import("../../src/map/create_map.js"), import("../../src/ui/map_box_styles.js"),
    ]);
    // The look of pins, which elsewhere lives inside the map's own element.
    if (mapBoxStyles.styleSheet !== undefined) document.adoptedStyleSheets.push(mapBoxStyles.styleSheet);
    container.dataset["ready"] = "";
    const map = createMap(container, { ...position, zoom: 14 }, { moved: () => {}, opened: () => {} });
    map.update({
      entries: [{ kind: "place", id, position, distance_m: 0, number: 1, location: summary }],
      chosen: id, known: [], person: null,
    });
  } catch {
    // No WebGL, or no connection for the map's own chunk: the address and the route links say where it is.
    delete container.dataset["ready"];
    container.replaceChildren();
  }
}
