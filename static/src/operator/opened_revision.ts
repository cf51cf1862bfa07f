import type { ReactiveController, ReactiveControllerHost } from "lit";
import { showRevision } from "../api/operator_client.js";
import type { Revision } from "../api/operator_types.js";

/** A second press of A, meant for the one before, must not decide the next one unseen. */
const LOOK_MS = 400;

/** The revision that is open, read when another is chosen; only the last one asked for counts. */
export class OpenedRevision implements ReactiveController {
  value: Revision | null = null;
  readonly #host: ReactiveControllerHost;
  #request = new AbortController();
  #since_ms = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#request.abort();
  }

  /** Whether it has been looked at long enough for a key to be meant for it. */
  get wasSeen(): boolean {
    return this.value !== null && performance.now() - this.#since_ms >= LOOK_MS;
  }

  close(): void {
    this.#request.abort();
    this.value = null;
    this.#host.requestUpdate();
  }

  /** False when another one was asked for meanwhile. Throws what went wrong. */
  async open(id: string): Promise<boolean> {
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    if (this.value?.id !== id) this.value = null;
    try {
      this.value = await showRevision(id, signal);
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    this.#since_ms = performance.now();
    this.#host.requestUpdate();
    return true;
  }
}
