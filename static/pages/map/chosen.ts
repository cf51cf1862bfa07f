/** The full record of the chosen place, while one is chosen. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { location as findLocation, ProblemError } from "../../src/api/client.js";
import type { Feature, LocationDetail } from "../../src/api/types.js";
import { language } from "../../src/i18n/index.js";
import { explain } from "./results.js";

export class Chosen implements ReactiveController {
  feature: Feature<LocationDetail> | null = null;
  /** Why there is no record, in words. */
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

  /** Fetches the record; one of the same place stands until the new one has come. */
  async load(id: string, min_seq: number | null = null): Promise<void> {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    if (this.feature?.id !== id) this.feature = null;
    this.problem = null;
    this.#host.requestUpdate();
    try {
      this.feature = await findLocation(id, language(), request.signal, min_seq);
    } catch (error) {
      if (request.signal.aborted) return;
      const gone = error instanceof ProblemError && error.problem.status === 404;
      if (gone) this.feature = null; // withdrawn while it was read
      if (this.feature === null) this.problem = explain(error);
    }
    this.#host.requestUpdate();
  }
}
