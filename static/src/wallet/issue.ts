/**
 * From an invitation to credentials on this device.
 *
 * An attempt that breaks off goes on where it stopped when `run` is called again: the token of an offer is given once,
 * and a weak connection must not cost the family a visit to the office. The wallet is kept as soon as its first
 * credential is there; the one-time copies for checks without internet may come later and never stand in the way.
 */
import { issuerName, notify, readOffer, takeCredentials, takeNonce, takeToken, type Issued, type Offer } from "../api/wallet_client.js";
import { NoStoreError } from "./database.js";
import { makeKeys, type HolderKey } from "./holder_key.js";
import type { Bound, Keep, Kept } from "./keep.js";
import { keyProof } from "./proof.js";

/** The first of these is the device key. */
const SD_JWT_KEYS = 2;
const COPIES = 10;
const SD_JWT = "large_family_sd_jwt";
const COPY = "large_family_cwt";

/** The offer is not one that this wallet understands. */
export class StrangeOfferError extends Error {
  override readonly name = "StrangeOfferError";
}

export class Issuing {
  readonly path: string;
  readonly #keep: Keep;
  #offer: Offer | null = null;
  #issuer = "";
  #token: string | null = null;
  #keys: readonly HolderKey[] = [];

  constructor(path: string, keep: Keep) {
    this.path = path;
    this.#keep = keep;
  }

  /** What the invitation asks for; fails as the server fails (404 `no-offer`: used up, expired, unknown). */
  async look(signal: AbortSignal): Promise<Offer> {
    const [offer, issuer] = await Promise.all([readOffer(this.path, signal), issuerName(signal)]);
    if (offer === null || offer.credential_issuer !== issuer || !offer.credential_configuration_ids.includes(SD_JWT)) {
      throw new StrangeOfferError("an offer of another kind");
    }
    this.#issuer = issuer;
    this.#offer = offer;
    return offer;
  }

  /** True once the code of the invitation has been accepted: from here on it is not asked for again. */
  get accepted(): boolean {
    return this.#token !== null;
  }

  async run(tx_code: string | null, signal: AbortSignal): Promise<Kept> {
    const offer = this.#offer ?? (await this.look(signal));
    if (this.#keys.length === 0) this.#keys = await this.#firstKeys(); // before the invitation is used up for nothing
    this.#token ??= await takeToken(offer.code, tx_code, signal);
    const issued = await this.#credentials(SD_JWT, this.#keys, signal);
    const [deviceKey] = this.#keys;
    const credentials = bound(issued, this.#keys);
    if (deviceKey === undefined || credentials.length === 0) throw new StrangeOfferError("no credential in the answer");
    const wallet: Kept = { issuer: this.#issuer, deviceKey, credentials, copies: [] };
    await this.#keep.wallet(wallet);
    await this.#accept(issued, signal);
    return offer.credential_configuration_ids.includes(COPY) ? this.#copies(wallet, signal) : wallet;
  }

  async #firstKeys(): Promise<HolderKey[]> {
    try {
      const keys = await makeKeys(SD_JWT_KEYS);
      if (keys[0] !== undefined) await this.#keep.trial(keys[0]);
      return keys;
    } catch (cause) {
      throw new NoStoreError("no keys here", { cause });
    }
  }

  async #copies(wallet: Kept, signal: AbortSignal): Promise<Kept> {
    try {
      const keys = await makeKeys(COPIES);
      const issued = await this.#credentials(COPY, keys, signal);
      const kept = await this.#keep.copies(wallet, bound(issued, keys));
      await this.#accept(issued, signal);
      return kept;
    } catch {
      return wallet; // codes work without; the copies are for checks without internet
    }
  }

  async #credentials(configuration: string, keys: readonly HolderKey[], signal: AbortSignal): Promise<Issued> {
    const { nonce, date_ms } = await takeNonce(signal);
    const proofs = await Promise.all(keys.map((key) => keyProof(key, { audience: this.#issuer, nonce, iat_ms: date_ms ?? Date.now() })));
    return takeCredentials(this.#token ?? "", configuration, proofs, signal);
  }

  /** A courtesy to the issuer's statistics: whether it arrives changes nothing here. */
  async #accept({ notification_id }: Issued, signal: AbortSignal): Promise<void> {
    if (notification_id === null || this.#token === null) return;
    await notify(this.#token, notification_id, signal).catch(() => {});
  }
}

function bound({ credentials }: Issued, keys: readonly HolderKey[]): Bound[] {
  return credentials.flatMap((credential, index) => {
    const key = keys[index];
    return key === undefined ? [] : [{ credential, key }];
  });
}
