/**
 * One location while it is edited: what the server has, what was typed since, and the way from one to the other. The
 * typed is kept on the device at once and goes to the server by itself after two seconds of quiet, once the location
 * exists and no operator is looking at it. A lost race keeps both versions for a person to choose. What is kept opens
 * without a connection; of a location that is gone, the words begin a new one.
 */
import type { Content, LocationDocument } from "../api/desk_types.js";
import { changeLocation, conflictOf, createLocation, readLocation, submitLocation } from "../api/partner_client.js";
import { patchOf, resolved, tidied } from "./content.js";
import type { Creation, DraftKeep } from "./draft_keep.js";
import { isGone, isOffline, isUnanswered, isVerdict } from "./failure.js";

export type DraftStatus = "new" | "clean" | "dirty" | "saving" | "offline" | "conflict" | "refused";

export const QUIET_MS = 2000;

export interface DraftApi {
  readLocation: typeof readLocation;
  createLocation: typeof createLocation;
  changeLocation: typeof changeLocation;
  submitLocation: typeof submitLocation;
}

function isDifferent(before: Content, after: Content): boolean {
  return Object.keys(patchOf(before, after)).length > 0;
}

export class LocationDraft {
  document: LocationDocument | null = null;
  content: Content = {};
  status: DraftStatus = "new";
  /** What an earlier visit had left unsaved is back. */
  restored = false;
  /** The location is gone, and what was typed stands here as a new one. */
  orphaned = false;
  /** Theirs, when somebody was faster. */
  conflict: LocationDocument | null = null;
  /** The last refusal, for its words. */
  failure: unknown = null;

  /** What the server has, in the words of this form. */
  base: Content = {};
  /** Under which id it was opened and is kept on the device: an orphan stays where it was, beside another new one. */
  slot: string | null = null;
  #etag: string | null = null;
  #creation: Creation | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<boolean> | null = null;
  readonly #leaving = new AbortController();
  readonly #account: string;
  readonly #keep: DraftKeep;
  readonly #changed: () => void;
  readonly #api: DraftApi;
  readonly #random: () => string;

  constructor(
    account: string, keep: DraftKeep, changed: () => void,
    api: DraftApi = { readLocation, createLocation, changeLocation, submitLocation }, random: () => string = () => crypto.randomUUID(),
  ) {
    this.#account = account;
    this.#keep = keep;
    this.#changed = changed;
    this.#api = api;
    this.#random = random;
  }

  get id(): string | null {
    return this.document?.id ?? null;
  }

  /** A creation is on its way, or was, and nobody has said what became of it. */
  get isBeingCreated(): boolean {
    return this.#creation !== null;
  }

  /** Throws what the server answers where nothing on the device can stand for it; what was kept comes back in any case. */
  async open(id: string | null): Promise<void> {
    const kept = await this.#keep.read(this.#account, id);
    this.slot = id;
    if (id !== null) {
      try {
        if (kept?.document === null) this.orphaned = true;
        else this.#take(await this.#api.readLocation(id, this.#leaving.signal));
      } catch (error) {
        if (kept === null) throw error;
        if (isGone(error)) this.orphaned = true;
        else if (isUnanswered(error) && kept.document != null) {
          this.#take(kept.document);
          this.failure = error;
        } else throw error;
      }
    }
    if (kept !== null && this.orphaned) {
      this.content = kept.content;
      this.#creation = kept.creation;
    } else if (kept !== null && Object.keys(patchOf(this.content, kept.content)).length > 0) {
      this.content = kept.content;
      this.#creation = kept.creation;
      this.restored = true;
      if (kept.etag !== null) {
        this.base = kept.base;
        this.#etag = kept.etag; // an older one: the server will say that somebody was faster
      }
    } else if (kept !== null && id !== null) void this.#keep.forget(this.#account, id);
    this.status = this.document === null ? "new" : isOffline(this.failure) ? "offline" : this.#isDirty() ? "dirty" : "clean";
    this.#changed();
  }

  edit(patch: Content): void {
    this.content = { ...this.content, ...patch };
    if (this.status !== "conflict") this.status = this.document === null ? "new" : this.#isDirty() ? "dirty" : "clean";
    void this.#remember();
    clearTimeout(this.#timer);
    if (this.#savesItself()) this.#timer = setTimeout(() => void this.save(false, false), QUIET_MS);
    this.#changed();
  }

  /** true: the server has it all. `takes` the server's own spelling into the form: not while somebody types. */
  async save(submit: boolean, takes = true): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#running !== null) await this.#running;
    this.#running = this.#save(submit, takes);
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  /** The choice between both versions, and saved on theirs. */
  async resolve(takes: Parameters<typeof resolved>[2]): Promise<boolean> {
    const theirs = this.conflict;
    if (theirs === null) return false;
    this.content = resolved(this.content, theirs.content, takes);
    this.document = theirs;
    this.base = theirs.content;
    this.#etag = theirs.etag;
    this.conflict = null;
    this.status = "dirty";
    await this.#remember();
    return this.save(false);
  }

  /** Both versions stay: the next save asks again. */
  decideLater(): void {
    this.conflict = null;
    this.status = "conflict";
    this.#changed();
  }

  /** Forget what was not saved. */
  async dropMine(): Promise<void> {
    clearTimeout(this.#timer);
    this.conflict = null;
    this.restored = false;
    this.orphaned = false;
    this.failure = null;
    this.#creation = null;
    await this.#keep.forget(this.#account, this.slot);
    if (this.document !== null) this.#take(this.document);
    else this.content = {};
    this.status = this.document === null ? "new" : "clean";
    this.#changed();
  }

  /** A document that came by another way: a photo, an answer, a discarded change. Fields typed since stay. */
  came(document: LocationDocument): void {
    const typed = patchOf(this.base, this.content);
    this.#take(document);
    this.content = { ...document.content, ...typed };
    this.status = this.#isDirty() ? "dirty" : "clean";
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#leaving.abort();
  }

  async #save(submit: boolean, takes: boolean): Promise<boolean> {
    const { signal } = this.#leaving;
    if (this.document !== null && !submit && !this.#isDirty()) {
      this.status = "clean";
      await this.#keep.forget(this.#account, this.slot);
      this.#changed();
      return true;
    }
    this.status = "saving";
    this.failure = null;
    this.#changed();
    const sent = this.content;
    try {
      if (this.document === null) {
        // A creation whose answer was lost is sent once more as it was; what was typed since follows as a change.
        const first = this.#creation ?? { key: this.#random(), content: tidied(sent), submit };
        this.#creation = first;
        await this.#remember();
        this.document = await this.#api.createLocation(first.content, first.submit, first.key, signal);
        await this.#keep.forget(this.#account, this.slot);
        this.#creation = null;
        this.slot = this.document.id;
        this.orphaned = false;
        this.base = first.content;
        this.#etag = this.document.etag;
      }
      const patch = patchOf(this.base, sent);
      if (Object.keys(patch).length > 0) {
        this.document = await this.#api.changeLocation(this.document.id, this.#etag ?? this.document.etag, patch, submit, signal);
      } else if (submit && this.document.revision?.state !== "pending") {
        this.document = await this.#api.submitLocation(this.document.id, this.#etag ?? this.document.etag, signal);
      }
    } catch (error) {
      if (signal.aborted) return false;
      const theirs = conflictOf(error);
      if (theirs !== null && isDifferent(this.base, sent) && !isDifferent(theirs.content, sent)) {
        // The answer to an earlier try was lost: what stands there is what was meant.
        this.document = theirs;
        this.base = theirs.content;
        this.#etag = theirs.etag;
        return this.#save(submit, takes);
      }
      this.#refused(error);
      return false;
    }
    this.#etag = this.document.etag;
    const typedMeanwhile = patchOf(sent, this.content);
    this.base = takes ? this.document.content : sent;
    this.content = takes ? { ...this.document.content, ...typedMeanwhile } : this.content;
    this.restored = false;
    this.status = this.#isDirty() ? "dirty" : "clean";
    if (this.status === "clean") await this.#keep.forget(this.#account, this.slot);
    else await this.#remember();
    if (this.status === "dirty" && this.#savesItself()) this.#timer = setTimeout(() => void this.save(false, false), QUIET_MS);
    this.#changed();
    return true;
  }

  #refused(error: unknown): void {
    if (this.document !== null && isGone(error)) {
      this.document = null;
      this.base = {};
      this.#etag = null;
      this.orphaned = true;
      this.restored = false;
      this.conflict = null;
      this.status = "new";
    } else {
      this.failure = error;
      this.conflict = conflictOf(error);
      // A creation that the server has judged did not happen: the next one is new. Any other may have arrived.
      if (this.document === null && isVerdict(error)) this.#creation = null;
      this.status = this.conflict !== null ? "conflict" : isOffline(error) ? "offline" : "refused";
    }
    void this.#remember();
    this.#changed();
  }

  #take(document: LocationDocument): void {
    this.document = document;
    this.base = document.content;
    this.content = document.content;
    this.#etag = document.etag;
  }

  #isDirty(): boolean {
    return Object.keys(patchOf(this.base, this.content)).length > 0;
  }

  /** Not while it waits for the operator: a change then takes it back out of the queue, and that is a person's wish. */
  #savesItself(): boolean {
    if (this.document === null || this.status === "conflict") return false;
    const { revision, state } = this.document;
    return revision === null ? state === "published" || state === "draft" : revision.state !== "pending";
  }

  async #remember(): Promise<void> {
    await this.#keep.write({
      account: this.#account, id: this.slot, document: this.document, etag: this.#etag, base: this.base, content: this.content, creation: this.#creation,
      at: new Date().toISOString(),
    });
  }
}
