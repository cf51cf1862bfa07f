/** One list that an element loads and acts on: busy, in trouble, or there. The element redraws when it changes. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { failureText, isSignedOut } from "./failure.js";
import { signedOut } from "./say.js";

export class Loader<T> implements ReactiveController {
  value: T | null = null;
  busy = false;
  trouble = "";
  readonly #host: ReactiveControllerHost & EventTarget;
  readonly #read: (signal: AbortSignal) => Promise<T>;
  #leaving = new AbortController();

  constructor(host: ReactiveControllerHost & EventTarget, read: (signal: AbortSignal) => Promise<T>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  load(): Promise<boolean> {
    return this.act(async () => {});
  }

  /** Does `work` and reads again; false: it went wrong, and `trouble` says how. */
  async act(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { signal } = this.#leaving;
    this.busy = true;
    this.trouble = "";
    this.#host.requestUpdate();
    try {
      await work(signal);
      this.value = await this.#read(signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (isSignedOut(error)) signedOut(this.#host);
      this.trouble = failureText(error);
      return false;
    } finally {
      this.busy = false;
      if (!signal.aborted) this.#host.requestUpdate();
    }
  }
}
