/** The categories there are, with their names and counts. The page works without them, with codes for names. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { categories } from "../api/client.js";
import type { Category } from "../api/types.js";
import { languageOf } from "../i18n/index.js";

export class Known implements ReactiveController {
  categories: readonly Category[] = [];
  #request = new AbortController();
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    void this.load();
  }

  hostDisconnected(): void {
    this.#request.abort();
  }

  async load(): Promise<void> {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    try {
      this.categories = await categories(languageOf(this.#host), request.signal);
      this.#host.requestUpdate();
    } catch {
      // `online` and the next visit try again.
    }
  }
}
