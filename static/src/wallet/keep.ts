/**
 * What the wallet keeps on the device, all of it in IndexedDB: losing it (a cleaned browser, a phone short of space) is
 * normal and costs a new invitation. Nothing of it goes into localStorage, an address or a cache of the service worker.
 */
import type { RightState } from "../api/wallet_client.js";
import type { CodeBook } from "./codes.js";
import { Database } from "./database.js";
import type { HolderKey } from "./holder_key.js";
import type { KeptClock } from "./server_clock.js";

export interface Kept {
  /** The issuer's name, as the proofs call it. */
  readonly issuer: string;
  /** Opens the wallet's routes; the first SD-JWT is bound to it. */
  readonly deviceKey: HolderKey;
  readonly credentials: readonly Bound[];
  /** One-time copies for checks without internet: a key of its own each, so that two visits cannot be linked. */
  readonly copies: readonly Bound[];
}

/** A credential and the key it is bound to. */
export interface Bound {
  readonly credential: string;
  readonly key: HolderKey;
}

/** What was known last of the right. */
export interface KeptState {
  readonly state: RightState;
  readonly category: string;
  readonly valid_until: string | null;
}

/** A code of this phone that somebody has accepted. Stays on the phone. */
export interface Use {
  readonly step: number;
  /** By the server's clock. */
  readonly at_ms: number;
}

export interface Everything {
  readonly wallet: Kept | null;
  readonly state: KeptState | null;
  readonly book: CodeBook | null;
  readonly clock: KeptClock | null;
  readonly uses: readonly Use[];
}

const MOST_USES = 100;

export class Keep {
  readonly #database = new Database();

  async all(): Promise<Everything> {
    const found = await this.#database.get(["wallet", "state", "book", "clock", "uses"]);
    return {
      wallet: (found["wallet"] as Kept | undefined) ?? null,
      state: (found["state"] as KeptState | undefined) ?? null,
      book: (found["book"] as CodeBook | undefined) ?? null,
      clock: (found["clock"] as KeptClock | undefined) ?? null,
      uses: (found["uses"] as Use[] | undefined) ?? [],
    };
  }

  /** Fails with NoStoreError where keys cannot be kept, which private windows of some browsers show only when asked. */
  async trial(key: HolderKey): Promise<void> {
    await this.#database.put({ trial: key });
    await this.#database.put({ trial: null });
  }

  /** A new wallet in place of whatever was there; the history of uses is the person's and stays. */
  async wallet(wallet: Kept): Promise<void> {
    await this.#database.put({ wallet, state: null, book: null, clock: null });
  }

  async copies(wallet: Kept, copies: readonly Bound[]): Promise<Kept> {
    const next = { ...wallet, copies };
    await this.#database.put({ wallet: next });
    return next;
  }

  async codes(book: CodeBook | null, clock: KeptClock | null): Promise<void> {
    await this.#database.put({ book, clock });
  }

  /** The codes of a right that is not active are worthless, and go with it. */
  async state(state: KeptState): Promise<void> {
    await this.#database.put(state.state === "active" ? { state } : { state, book: null });
  }

  async used(use: Use, before: readonly Use[]): Promise<readonly Use[]> {
    const uses = [use, ...before.filter(({ step }) => step !== use.step)].slice(0, MOST_USES);
    await this.#database.put({ uses });
    return uses;
  }

  async nothing(): Promise<void> {
    await this.#database.clear();
  }
}
