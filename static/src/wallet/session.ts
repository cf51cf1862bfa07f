/**
 * The wallet at work: what is kept, what time it is at the server, which code to show, and the asking for more.
 *
 * While its screen is shown (`show(true)`), it looks at the clock four times a second, asks for the state of the right
 * every five seconds, and for codes when few are left. Whatever fails for want of a connection is tried again by
 * itself; the codes at hand are shown as long as they are good.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ProblemError } from "../api/request.js";
import type { RightState, WalletState } from "../api/wallet_client.js";
import { bookOf, showing, wantsMore, type Showing } from "./codes.js";
import { Device, isNoConnection } from "./device.js";
import { Keep, type Everything, type Kept, type KeptState } from "./keep.js";
import { ServerClock } from "./server_clock.js";

const TICK_MS = 250;
const ASK_MS = 5000;
/** A right that is not active changes in days, not in seconds. */
const ASK_SELDOM_MS = 30_000;
/** So long a code that was accepted is spoken of to somebody who comes back to the page. */
const USED_MS = 120_000;

const REFUSALS: Readonly<Record<string, RightState>> = {
  "right-suspended": "suspended", "right-revoked": "revoked", "right-ended": "ended", "wallet-replaced": "replaced", "unknown-device": "unknown",
};

const NOTHING: Everything = { wallet: null, state: null, book: null, clock: null, uses: [] };

export class Session implements ReactiveController {
  readonly keep = new Keep();
  readonly clock: ServerClock;
  device: Device | null = null;
  kept: Everything = NOTHING;
  /** null until the store has been read; a failure of the store counts as having nothing. */
  loaded = false;
  broken = false;
  now: Showing = { kind: "none" };
  /** The last asking had no answer. */
  offline = false;
  /** The code that somebody has accepted, until a new one is asked for. */
  used: { readonly text: string; readonly at_ms: number } | null = null;

  readonly #host: ReactiveControllerHost;
  #request = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;
  #shown = false;
  #second = -1;
  #asking = false;
  #fetching = false;
  #askAt = 0;
  #fetchAt = 0;

  constructor(host: ReactiveControllerHost, clock = new ServerClock()) {
    this.#host = host;
    this.clock = clock;
    host.addController(this);
  }

  hostConnected(): void {
    this.#request = new AbortController();
    document.addEventListener("visibilitychange", this.#looked);
    addEventListener("online", this.#connected);
    addEventListener("offline", this.#disconnected);
    void this.#load();
  }

  hostDisconnected(): void {
    this.#request.abort();
    document.removeEventListener("visibilitychange", this.#looked);
    removeEventListener("online", this.#connected);
    removeEventListener("offline", this.#disconnected);
    this.show(false);
  }

  get state(): RightState {
    return this.kept.state?.state ?? "active";
  }

  /** The code's screen is in sight, or not. */
  show(shown: boolean): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    clearInterval(this.#timer);
    if (!shown) return;
    this.#timer = setInterval(this.#tick, TICK_MS);
    this.#askAt = this.#fetchAt = 0;
    this.#tick();
  }

  /** A new wallet has been issued. */
  async adopt(wallet: Kept): Promise<void> {
    const former = this.state === "active" || this.state === "suspended" ? this.device : null;
    // A family may have few devices: the one whose key has just been overwritten must not count as one.
    void former?.forget(this.#request.signal).catch(() => {});
    this.kept = { ...(await this.keep.all()), wallet };
    this.used = null;
    this.device = new Device(wallet, this.clock);
    this.#askAt = this.#fetchAt = 0;
    this.#host.requestUpdate();
  }

  /** Fresh codes at once: after one was accepted. True when they have come. */
  async renew(): Promise<boolean> {
    const came = await this.#fetch();
    if (came) this.used = null;
    this.#host.requestUpdate();
    return came;
  }

  /** Asks for the state now. */
  async check(): Promise<void> {
    await this.#ask(null);
  }

  /** What a screen's own request has met: a refusal may tell that the right is not active any more. */
  async learnFrom(error: unknown): Promise<void> {
    await this.#failed(error);
    this.#host.requestUpdate();
  }

  async forget(): Promise<void> {
    await this.keep.nothing().catch(() => {});
    this.kept = NOTHING;
    this.device = null;
    this.now = { kind: "none" };
    this.used = null;
    this.#host.requestUpdate();
  }

  async #load(): Promise<void> {
    try {
      this.kept = await this.keep.all();
    } catch {
      this.broken = true;
    }
    const { wallet, clock } = this.kept;
    if (wallet !== null) this.device = new Device(wallet, this.clock);
    if (clock !== null) this.clock.resume(clock);
    this.offline = !navigator.onLine;
    this.loaded = true;
    this.#host.requestUpdate();
  }

  readonly #tick = (): void => {
    if (this.device === null || document.visibilityState === "hidden") return;
    const before = this.now;
    this.now = showing(this.kept.book, this.clock.now_ms());
    const turned = before.kind === "code" && (this.now.kind !== "code" || this.now.code.text !== before.code.text);
    if (turned && before.kind === "code") void this.#ask(before.code.text); // accepted in its last seconds?
    const moment = performance.now();
    if (moment >= this.#askAt) {
      this.#askAt = moment + (this.state === "active" ? ASK_MS : ASK_SELDOM_MS);
      void this.#ask(this.now.kind === "code" ? this.now.code.text : null);
    }
    if (this.state === "active" && wantsMore(this.kept.book, this.clock.now_ms()) && moment >= this.#fetchAt) {
      this.#fetchAt = moment + ASK_MS;
      void this.#fetch();
    }
    const second = Math.ceil((this.clock.now_ms() ?? moment) / 1000);
    if (turned || before.kind !== this.now.kind || second !== this.#second) this.#host.requestUpdate();
    this.#second = second;
  };

  async #fetch(): Promise<boolean> {
    if (this.device === null || this.#fetching || !navigator.onLine) return false;
    this.#fetching = true;
    try {
      const book = bookOf(await this.device.codes(this.#request.signal));
      this.kept = { ...this.kept, book, clock: this.clock.kept() };
      this.offline = false;
      this.now = showing(book, this.clock.now_ms());
      await this.keep.codes(book, this.clock.kept()).catch(() => {});
      return true;
    } catch (error) {
      await this.#failed(error);
      return false;
    } finally {
      this.#fetching = false;
      this.#host.requestUpdate();
    }
  }

  async #ask(code: string | null): Promise<void> {
    if (this.device === null || this.#asking || !navigator.onLine) return;
    this.#asking = true;
    const step = this.kept.book?.codes.find(({ text }) => text === code)?.step ?? 0;
    try {
      const answer = await this.device.state(code, this.#request.signal);
      this.offline = false;
      if (code !== null && answer.code_used && this.used?.text !== code) await this.#accepted(code, step, answer);
      await this.#learn(answer);
    } catch (error) {
      await this.#failed(error);
    } finally {
      this.#asking = false;
      this.#host.requestUpdate();
    }
  }

  async #accepted(text: string, step: number, { server_time_ms: at_ms }: WalletState): Promise<void> {
    this.used = { text, at_ms };
    const uses = await this.keep.used({ step, at_ms }, this.kept.uses).catch(() => this.kept.uses);
    this.kept = { ...this.kept, uses };
  }

  async #learn(answer: WalletState): Promise<void> {
    const was = this.kept.state;
    if (was !== null && was.state === answer.state && was.valid_until === answer.valid_until && was.category === answer.category) return;
    const { state, category, valid_until } = answer;
    if (state === "active" && was !== null && was.state !== "active") this.#fetchAt = 0;
    await this.#settle({ state, category, valid_until });
  }

  async #settle(state: KeptState): Promise<void> {
    const book = state.state === "active" ? this.kept.book : null;
    this.kept = { ...this.kept, state, book };
    this.now = showing(book, this.clock.now_ms());
    await this.keep.state(state).catch(() => {});
  }

  async #failed(error: unknown): Promise<void> {
    if (this.#request.signal.aborted) return;
    if (isNoConnection(error)) this.offline = true;
    const state = error instanceof ProblemError ? REFUSALS[error.kind] : undefined;
    if (state === undefined) return;
    this.offline = false;
    if (state === this.kept.state?.state) return;
    await this.#settle({ category: "large_family", valid_until: null, ...this.kept.state, state });
  }

  readonly #looked = (): void => {
    if (document.visibilityState === "hidden") return;
    this.clock.wake(); // the steady watch may have stood still
    this.#askAt = 0; // and the server tells the time anew
    if (this.used !== null && (this.clock.now_ms() ?? 0) - this.used.at_ms > USED_MS) this.used = null; // another visit to a till
    if (this.#shown) this.#tick();
  };

  readonly #connected = (): void => {
    this.#askAt = this.#fetchAt = 0;
    if (this.#shown) this.#tick();
  };

  readonly #disconnected = (): void => {
    this.offline = true;
    this.#host.requestUpdate();
  };
}
