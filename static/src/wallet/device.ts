/**
 * Speaks to the wallet's own routes in the name of this device. Every request carries a proof of the device key over a
 * nonce of the server; answers bring the next nonce, so that only the first request needs one of its own.
 */
import { NoAnswerError, ProblemError } from "../api/request.js";
import { asDevice, takeNonce, type Codes, type WalletState } from "../api/wallet_client.js";
import { BATCH } from "./codes.js";
import type { Kept } from "./keep.js";
import { deviceProof } from "./proof.js";
import type { ServerClock } from "./server_clock.js";

export interface Move {
  readonly wallet_url: string;
  readonly offer_uri: string;
  readonly tx_code: string;
  readonly expires_in_s: number;
}

export class Device {
  readonly #wallet: Kept;
  readonly #clock: ServerClock;
  #nonce: string | null = null;

  constructor(wallet: Kept, clock: ServerClock) {
    this.#wallet = wallet;
    this.#clock = clock;
  }

  async codes(signal: AbortSignal): Promise<Codes> {
    const codes = (await this.#ask("codes", { count: BATCH }, signal)) as Codes;
    this.#clock.take(codes.server_time_ms);
    return codes;
  }

  /** `code`: the text being shown, to learn whether somebody has accepted it. */
  async state(code: string | null, signal: AbortSignal): Promise<WalletState> {
    const state = (await this.#ask("state", code === null ? {} : { code }, signal)) as WalletState;
    this.#clock.take(state.server_time_ms);
    return state;
  }

  async spoken(terminal: string, signal: AbortSignal): Promise<{ digits: string; expires_in_s: number }> {
    return (await this.#ask("spoken", { terminal }, signal)) as { digits: string; expires_in_s: number };
  }

  async recovery(signal: AbortSignal): Promise<string> {
    return ((await this.#ask("recovery", {}, signal)) as { recovery_code: string }).recovery_code;
  }

  async move(signal: AbortSignal): Promise<Move> {
    return (await this.#ask("move", {}, signal)) as Move;
  }

  async forget(signal: AbortSignal): Promise<void> {
    await this.#ask("forget", {}, signal);
  }

  async #ask(route: string, json: unknown, signal: AbortSignal): Promise<unknown> {
    const path = `/api/v1/wallet/${route}`;
    if (this.#nonce === null) await this.#fetchNonce(signal);
    for (let again = false; ; again = true) {
      const proof = await deviceProof(this.#wallet.deviceKey, {
        url: this.#wallet.issuer + path, nonce: this.#nonce ?? "", iat_ms: this.#clock.best_ms(),
      });
      try {
        const { body, headers } = await asDevice(path, proof, json, signal);
        this.#nonce = headers.get("dpop-nonce") ?? this.#nonce;
        return body;
      } catch (error) {
        if (error instanceof ProblemError) this.#nonce = error.headers.get("dpop-nonce") ?? null;
        const stale = error instanceof ProblemError && error.kind === "use-nonce";
        if (!stale || again) throw error;
        if (this.#nonce === null) await this.#fetchNonce(signal);
      }
    }
  }

  async #fetchNonce(signal: AbortSignal): Promise<void> {
    const { nonce, date_ms } = await takeNonce(signal);
    this.#nonce = nonce;
    // Good to a second, which is enough for a proof; the answer to come tells the time to the millisecond.
    if (date_ms !== null && this.#clock.now_ms() === null) this.#clock.take(date_ms);
  }
}

/** Nobody answered, which passes by itself; everything else is an answer. */
export function isNoConnection(error: unknown): boolean {
  return error instanceof NoAnswerError || (error instanceof ProblemError && error.problem.status >= 502);
}
