/**
 * The one set of results that list and map both show, and the asking for it.
 *
 * A question is about an area: the places nearest to where the person starts, or everything in a view of the map. An
 * answer to another question is taken away when the new one fails, because its rows would mislead; a refresh that
 * fails leaves what stands.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { nearest, NoAnswerError, ProblemError, viewport } from "../api/client.js";
import type { Feature, LocationSummary } from "../api/types.js";
import { distanceM } from "../geo/distance.js";
import type { LonLat } from "../geo/lon_lat.js";
import { languageOf, speakingAs, t } from "../i18n/index.js";
import type { Watched } from "../live/touches.js";
import { isCluster, positionOf, type AnyFeature } from "../map/entries.js";
import { bboxCorners, bboxOf, clusterZoom, contains, snapped, type Bbox, type Size, type View } from "../map/view.js";
import { keepList, keptList } from "../state/kept_list.js";
import type { Filters } from "../ui/filter_bar.js";

export type Question = {
  readonly filters: Filters;
  /** Asked from where the person is: the answer, which tells where that was, is kept nowhere. */
  readonly measured: boolean;
} & (
  | { readonly kind: "near"; readonly from: LonLat; readonly within: Bbox | null; readonly limit: number }
  | { readonly kind: "view"; readonly view: View; readonly size: Size }
);

/** More buttons than this make a phone's map stutter. */
const MOST_PINS = 400;

export class Results implements ReactiveController {
  /** null: nothing to show for the question asked. */
  features: readonly AnyFeature[] | null = null;
  /** The question that `features` answers. */
  answered: Question | null = null;
  /** `limit` has cut nothing off. */
  complete = false;
  loading = false;
  problem: string | null = null;
  /** When what is shown was kept, if it comes from the device's memory. */
  keptAt_ms: number | null = null;
  loadedAt_ms = 0;
  #seq = 0;
  #area: Bbox | null = null;
  #request = new AbortController();
  readonly #host: ReactiveControllerHost;
  readonly #keeps: boolean;

  /** `keeps`: the last list stays on the device for a day without internet; not where we are somebody's guest. */
  constructor(host: ReactiveControllerHost, keeps = true) {
    this.#host = host;
    this.#keeps = keeps;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#request.abort();
  }

  /** Asks, and says whether this very question has been answered. */
  async ask(question: Question, min_seq: number | null = null): Promise<boolean> {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.loading = true;
    this.problem = null;
    this.#host.requestUpdate();
    let done = false;
    try {
      await this.#answer(question, min_seq, request.signal);
      done = true;
    } catch (error) {
      if (request.signal.aborted) return false;
      this.#fail(question, error);
    }
    if (this.#request === request) this.loading = false;
    this.#host.requestUpdate();
    return done;
  }

  /** What news must touch to concern these results. */
  watched(chosen: string | null): Watched {
    const ids = new Set((this.features ?? []).map(({ id }) => id));
    if (chosen !== null) ids.add(chosen);
    return { ids, area: this.#area, seq: this.#seq };
  }

  async #answer(question: Question, min_seq: number | null, signal: AbortSignal): Promise<void> {
    const filters = { ...question.filters, min_seq };
    const lang = languageOf(this.#host);
    if (question.kind === "near") {
      const { from, within, limit } = question;
      const { features, complete, seq } = await nearest({ ...filters, from, limit }, lang, signal);
      const shown = within === null ? features : features.filter((feature) => contains(within, positionOf(feature)));
      // Nearer than the last answer lies the whole area, or there is more to ask for.
      const all = complete || (within !== null && shown.length < features.length && covers(from, features, within));
      this.#take(question, shown, all, seq, within ?? (complete ? null : around(from, features)));
      return;
    }
    const area = snapped(bboxOf(question.view, question.size), question.view.zoom);
    let zoom = clusterZoom(question.view.zoom);
    let answer = await viewport({ ...filters, bbox: area, zoom }, lang, signal);
    while (answer.features.length > MOST_PINS && zoom > 0) {
      zoom -= 1;
      answer = await viewport({ ...filters, bbox: area, zoom }, lang, signal);
    }
    const seen = bboxOf(question.view, question.size);
    this.#take(question, answer.features.filter((feature) => contains(seen, positionOf(feature))), true, answer.seq, area);
  }

  #take(question: Question, features: readonly AnyFeature[], complete: boolean, seq: number, area: Bbox | null): void {
    this.features = features;
    this.answered = question;
    this.complete = complete;
    this.keptAt_ms = null;
    this.loadedAt_ms = Date.now();
    this.#seq = seq;
    this.#area = area;
    const places = features.filter(isPlace);
    if (this.#keeps && places.length > 0 && !question.measured) keepList(places, seq, this.loadedAt_ms);
  }

  #fail(question: Question, error: unknown): void {
    const words = speakingAs(this.#host, () => explain(error));
    if (sameQuestion(this.answered, question) && this.features !== null) {
      this.problem = words;
      return;
    }
    const kept = this.#keeps && error instanceof NoAnswerError ? keptList(question.filters) : null;
    const fitting = kept?.features ?? [];
    this.answered = question;
    this.features = fitting.length > 0 ? fitting : null;
    this.complete = true;
    this.keptAt_ms = fitting.length > 0 ? kept!.at_ms : null;
    this.problem = fitting.length > 0 ? null : words;
    this.#area = null;
    this.#seq = 0;
  }
}

/** An error in the page's words; a mistake of ours is thrown on, for the console to see. */
export function explain(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  if (error instanceof NoAnswerError) return navigator.onLine ? t(`error.${error.reason}`) : t("error.offline");
  throw error;
}

/** Equal but for the number of rows, of which more is no other question. */
function sameQuestion(a: Question | null, b: Question): boolean {
  const plain = (question: Question): string => JSON.stringify({ ...question, limit: 0 });
  return a !== null && plain(a) === plain(b);
}

function isPlace(feature: AnyFeature): feature is Feature<LocationSummary> {
  return !isCluster(feature.properties);
}

/** The farthest of the answer is farther than every corner of the area. */
function covers(from: LonLat, features: readonly AnyFeature[], within: Bbox): boolean {
  const far_m = Math.max(0, ...features.map((feature) => distanceM(from, positionOf(feature))));
  const [west, south, east, north] = within;
  const corners = [...bboxCorners(within), { lon: west, lat: north }, { lon: east, lat: south }];
  return corners.every((corner) => distanceM(from, corner) <= far_m);
}

/** The box round the nearest places in which a new one would be nearer than the last. */
function around(from: LonLat, features: readonly AnyFeature[]): Bbox {
  const far_m = Math.max(0, ...features.map((feature) => distanceM(from, positionOf(feature))));
  const tall = far_m / 110_000;
  const wide = Math.min(180, tall / Math.max(0.01, Math.cos((from.lat * Math.PI) / 180)));
  return [from.lon - wide, from.lat - tall, from.lon + wide, from.lat + tall];
}
