/** The places of a cluster that never comes apart, or of any cluster where there is no map to zoom: as a list. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { viewport } from "../api/client.js";
import { language } from "../i18n/index.js";
import type { AnyFeature, ClusterEntry } from "../map/entries.js";
import type { Filters } from "../ui/filter_bar.js";
import { explain } from "./results.js";

const MOST = 200;

export class Stack implements ReactiveController {
  /** The cluster that is open, if one is. */
  entry: ClusterEntry | null = null;
  features: readonly AnyFeature[] | null = null;
  problem: string | null = null;
  #request = new AbortController();
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#request.abort();
  }

  async open(entry: ClusterEntry, filters: Filters, min_seq: number | null = null): Promise<void> {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    if (this.entry?.id !== entry.id) this.features = null;
    this.entry = entry;
    this.problem = null;
    this.#host.requestUpdate();
    try {
      const query = { ...filters, bbox: entry.cluster.bbox, zoom: null, limit: MOST, min_seq };
      this.features = (await viewport(query, language(), request.signal)).features;
    } catch (error) {
      if (request.signal.aborted) return;
      if (this.features === null) this.problem = explain(error);
    }
    this.#host.requestUpdate();
  }

  close(): void {
    this.#request.abort();
    this.entry = null;
    this.features = null;
    this.problem = null;
    this.#host.requestUpdate();
  }
}
