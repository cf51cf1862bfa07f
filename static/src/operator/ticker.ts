import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Calls back every so often while the page is seen, and at once when it is seen again. */
export class Ticker implements ReactiveController {
  readonly #every_ms: number;
  readonly #tick: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost, every_ms: number, tick: () => void) {
    this.#every_ms = every_ms;
    this.#tick = () => {
      if (!document.hidden) tick();
    };
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.#tick);
    this.#timer = setInterval(this.#tick, this.#every_ms);
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.#tick);
    clearInterval(this.#timer);
  }
}
