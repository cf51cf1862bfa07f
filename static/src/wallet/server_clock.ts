/**
 * What time it is at the server. Phones' clocks are wrong by minutes and years, so theirs is never asked what time it
 * is: the server's answers set this clock, and `performance.now()`, which no setting moves, carries it on.
 *
 * Two things need the phone's own clock all the same, and only as a measure of a stretch of time. `performance.now()`
 * may stand still while the phone sleeps; what the phone's clock has gone further meanwhile is then added (`wake`).
 * And it begins anew with every page: a page opened without a connection goes on from what was kept (`resume`). Both
 * hold until the next answer of the server.
 */
export interface Watches {
  /** Milliseconds that never jump; may stand still in sleep. */
  steady(): number;
  /** The phone's clock. */
  wall(): number;
}

export const phoneWatches: Watches = { steady: () => performance.now(), wall: () => Date.now() };

export interface KeptClock {
  /** Server less phone. */
  readonly ahead_ms: number;
}

export class ServerClock {
  readonly #watches: Watches;
  /** Server less steady; null until anything is known. */
  #offset_ms: number | null = null;
  #taken = { steady: 0, wall: 0 };

  constructor(watches: Watches = phoneWatches) {
    this.#watches = watches;
  }

  take(server_ms: number): void {
    this.#taken = { steady: this.#watches.steady(), wall: this.#watches.wall() };
    this.#offset_ms = server_ms - this.#taken.steady;
  }

  now_ms(): number | null {
    return this.#offset_ms === null ? null : this.#offset_ms + this.#watches.steady();
  }

  /** For the time of a proof: the phone's own clock when there is nothing better. */
  best_ms(): number {
    return this.now_ms() ?? this.#watches.wall();
  }

  /** The page is looked at again. A clock set back meanwhile takes nothing away. */
  wake(): void {
    if (this.#offset_ms === null) return;
    const [steady, wall] = [this.#watches.steady(), this.#watches.wall()];
    const slept = (wall - this.#taken.wall) - (steady - this.#taken.steady);
    if (slept > 1000) this.#offset_ms += slept;
    this.#taken = { steady, wall };
  }

  kept(): KeptClock | null {
    return this.#offset_ms === null ? null : { ahead_ms: this.#taken.steady + this.#offset_ms - this.#taken.wall };
  }

  resume({ ahead_ms }: KeptClock): void {
    if (this.#offset_ms === null) this.take(this.#watches.wall() + ahead_ms);
  }
}
