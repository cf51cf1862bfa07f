/**
 * A hardware scanner is a keyboard that types fast: this gathers its keystrokes into one text, which ends with Enter (or
 * Tab) or with a pause. A person's typing is mostly too slow to be taken for one. Pure: the page feeds it keys and the time.
 */
import { byPhysicalKey } from "./keyboard_layout.js";

/**
 * No scanner waits so long between two signs. Usually it is some 10 ms, but wireless ones and busy computers stumble,
 * and a text without its beginning would be called a foreign code. A fast typist keeps this pace too: the page takes from
 * a field only what is no person's text.
 */
export const PAUSE_MS = 500;
const FEWEST_SIGNS = 6;

export interface Press {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
}

export class Wedge {
  #byKey = "";
  #byCode = "";
  #last_ms = -Infinity;

  /** Takes one keystroke; the readings of the whole text when it ends one, else null. */
  press({ key, code, shiftKey }: Press, at_ms: number): readonly string[] | null {
    if (key === "Enter" || key === "Tab") return at_ms - this.#last_ms > PAUSE_MS ? this.#drop() : this.#take();
    if ([...key].length !== 1) return null; // Shift and its like
    if (at_ms - this.#last_ms > PAUSE_MS) this.#drop();
    this.#last_ms = at_ms;
    this.#byKey += key;
    this.#byCode += byPhysicalKey(code, shiftKey) || key;
    return null;
  }

  /** To be asked when no key came for `PAUSE_MS`. */
  pause(at_ms: number): readonly string[] | null {
    return at_ms - this.#last_ms >= PAUSE_MS ? this.#take() : null;
  }

  /** Whether what came so far looks like a scanner at work: then its keys are nobody else's. */
  get busy(): boolean {
    return this.#byKey.length >= FEWEST_SIGNS;
  }

  /** How many signs came so far. */
  get signs(): number {
    return this.#byKey.length;
  }

  #take(): readonly string[] | null {
    const readings = this.busy ? [this.#byKey, this.#byCode] : null;
    this.#drop();
    return readings;
  }

  #drop(): null {
    this.#byKey = this.#byCode = "";
    this.#last_ms = -Infinity;
    return null;
  }
}
