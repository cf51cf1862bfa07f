/** Listens for a hardware scanner anywhere on the page (wedge.ts says what one looks like). */
import { PAUSE_MS, Wedge } from "./wedge.js";

/** `claim` keeps the text from whatever field had the focus. */
export type Take = (readings: readonly string[], claim: () => void) => void;

export class WedgeListener {
  readonly #wedge = new Wedge();
  readonly #take: Take;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #field: { readonly input: HTMLInputElement; readonly value: string } | null = null;

  constructor(take: Take) {
    this.#take = take;
  }

  start(): void {
    addEventListener("keydown", this.#down, { capture: true });
  }

  stop(): void {
    removeEventListener("keydown", this.#down, { capture: true });
    clearTimeout(this.#timer);
  }

  #down = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    clearTimeout(this.#timer);
    const field = event.composedPath()[0];
    const readings = this.#wedge.press(event, event.timeStamp);
    if (this.#wedge.signs === 1) this.#field = field instanceof HTMLInputElement ? { input: field, value: field.value } : null;
    // Space and Enter press buttons: not while a scanner is at work.
    if ((this.#wedge.busy || readings !== null) && !(field instanceof HTMLInputElement)) event.preventDefault();
    if (readings !== null) this.#give(readings, () => event.preventDefault());
    else this.#timer = setTimeout(() => {
      const paused = this.#wedge.pause(performance.now());
      if (paused !== null) this.#give(paused, () => {});
    }, PAUSE_MS + 10);
  };

  #give(readings: readonly string[], stop: () => void): void {
    const field = this.#field;
    this.#field = null;
    this.#take(readings, () => {
      stop();
      if (field !== null) field.input.value = field.value; // as it was before the scanner typed into it
    });
  }
}
