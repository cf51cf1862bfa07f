/** The map's half of the page: the map itself and what lies over it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Category, Feature, LocationDetail } from "../api/types.js";
import type { LonLat } from "../geo/lon_lat.js";
import { t } from "../i18n/index.js";
import { positionOf, type ClusterEntry, type Entry } from "../map/entries.js";
import { icons } from "../ui/icons.js";
import type { Moved } from "../ui/map_box.js";
import type { Follow, Start } from "./follow.js";
import type { Results } from "./results.js";

const CARD_OVER_MAP_PX = 412;

export interface MapPart {
  readonly follow: Follow;
  readonly results: Results;
  readonly start: Start;
  readonly entries: readonly Entry[];
  readonly known: readonly Category[];
  readonly chosen: string | null;
  /** The chosen place's record, once it has come. */
  readonly record: Feature<LocationDetail> | null;
  /** Bring the chosen place into sight. */
  readonly reveals: boolean;
  readonly shown: boolean;
  readonly guest?: boolean;
  /** The map may be fetched. */
  readonly wanted: boolean;
  readonly state: "idle" | "ready" | "failed";
  /** Laid over the map's left side; null: no card, or elsewhere. */
  readonly card: TemplateResult | null;
  /** Back to the list, on a phone. */
  readonly toggle: TemplateResult | null;
  choose(id: string): void;
  openCluster(entry: ClusterEntry): void;
  moved(moved: Moved): void;
  searchHere(): void;
  locate(): void;
  share(): void;
  came(state: "ready" | "failed"): void;
}

export function mapPart(part: MapPart): TemplateResult {
  const { follow, results, start, entries, chosen, card } = part;
  const extra = extraPin(part);
  return html`<div class="stage ${part.state}" ?hidden=${!part.shown}>
    <ry-map-box role="region" aria-label=${t("map.label")} ?wanted=${part.wanted} ?guest=${part.guest === true}
      .entries=${extra === null ? entries : [...entries, extra]} .known=${part.known} .chosen=${chosen}
      .chosenAt=${chosenAt(part)} .person=${start.person} .target=${follow.target} .covered_px=${card === null ? 0 : CARD_OVER_MAP_PX}
      ?elsewhere=${follow.elsewhere()} ?searching=${follow.byView && results.loading} ?locating=${start.locating}
      @moved=${(event: CustomEvent<Moved>) => part.moved(event.detail)} @here=${part.searchHere} @locate=${part.locate} @share=${part.share}
      @choose=${(event: CustomEvent<string>) => part.choose(event.detail)}
      @cluster=${(event: CustomEvent<ClusterEntry>) => part.openCluster(event.detail)}
      @state=${(event: CustomEvent<"ready" | "failed">) => part.came(event.detail)}></ry-map-box>
    ${card === null ? nothing : html`<div class="panel" role="region" aria-label=${t("card.label")}>${card}</div>`}
    ${part.toggle ?? nothing}
  </div>`;
}

/** Between list and map, on a phone: over the list at the thumb, on the map where it hides no row. */
export function mapToggle(shown: boolean, toggle: () => void): TemplateResult {
  return html`<button type="button" class="button primary toggle" @click=${toggle}>
    ${shown ? icons.list() : icons.map()}<span>${t(shown ? "map.hide" : "map.show")}</span></button>`;
}

/** A link that brought a view along keeps it, whatever place it also names. */
function chosenAt({ chosen, reveals, entries, record }: MapPart): LonLat | null {
  if (chosen === null || !reveals) return null;
  return entries.find(({ id }) => id === chosen)?.position ?? (record?.id === chosen ? positionOf(record) : null);
}

/** The chosen place gets its pin also when it is not among the results. */
function extraPin({ chosen, entries, record }: MapPart): Entry | null {
  if (chosen === null || record?.id !== chosen || entries.some(({ id }) => id === chosen)) return null;
  return { kind: "place", id: record.id, position: positionOf(record), distance_m: 0, number: 0, location: record.properties };
}
