/**
 * The chosen place: which one, its full record, how it was chosen and how it is let go again. Choosing is a step of the
 * browser's history, so Back closes the card; closing it by its button takes the same step.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { location as findLocation, ProblemError } from "../api/client.js";
import type { Feature, LocationDetail } from "../api/types.js";
import { language } from "../i18n/index.js";
import { explain } from "./results.js";

export interface ChosenHost extends ReactiveControllerHost {
  /** Choosing is a step of the browser's history. Not in a frame: Back would leave the page around it. */
  readonly steps: boolean;
  /** Puts the present state into the address. */
  write(how: "push" | "replace"): void;
  /** Another place is chosen, or none, and drawn: the focus follows. */
  focusAfter(before: string | null): void;
}

export class Chosen implements ReactiveController {
  id: string | null;
  feature: Feature<LocationDetail> | null = null;
  /** Why there is no record, in words. */
  problem: string | null = null;
  /** What it was chosen by, and where the focus goes back to. */
  by: "row" | "pin" = "row";
  /** It is to be brought into sight on the map. */
  reveals: boolean;
  /** It was pushed on the history by this page, so Back is the way to close it. */
  pushed = false;
  /** Back is this page's own step, to close the card: the map stays where it is. */
  closing = false;
  #drawn: string | null;
  #request = new AbortController();
  readonly #host: ChosenHost;

  constructor(host: ChosenHost, id: string | null, reveals: boolean) {
    this.#host = host;
    this.id = this.#drawn = id;
    this.reveals = reveals;
    host.addController(this);
  }

  hostConnected(): void {
    if (this.id !== null) void this.load();
  }

  hostDisconnected(): void {
    this.#request.abort();
  }

  hostUpdated(): void {
    if (this.#drawn === this.id) return;
    const before = this.#drawn;
    this.#drawn = this.id;
    this.#host.focusAfter(before);
  }

  choose(id: string, by: "row" | "pin"): void {
    const replaces = this.id !== null && this.pushed;
    this.id = id;
    this.by = by;
    this.reveals = true;
    this.pushed = this.#host.steps;
    this.#host.write(replaces || !this.#host.steps ? "replace" : "push");
    this.#host.requestUpdate();
    void this.load();
  }

  close(): void {
    if (this.id === null) return;
    if (this.pushed) {
      this.closing = true;
      return history.back();
    }
    this.id = null;
    this.#host.write("replace");
    this.#host.requestUpdate();
  }

  /** What an address of the history says. */
  restore(id: string | null): void {
    if (id === this.id) return;
    this.id = id;
    this.#host.requestUpdate();
    if (id !== null) void this.load();
  }

  /** Fetches the record; one of the same place stands until the new one has come. */
  async load(min_seq: number | null = null): Promise<void> {
    const { id } = this;
    if (id === null) return;
    this.#request.abort();
    const request = (this.#request = new AbortController());
    if (this.feature?.id !== id) this.feature = null;
    this.problem = null;
    this.#host.requestUpdate();
    try {
      this.feature = await findLocation(id, language(), request.signal, min_seq);
    } catch (error) {
      if (request.signal.aborted) return;
      const gone = error instanceof ProblemError && error.problem.status === 404;
      if (gone) this.feature = null; // withdrawn while it was read
      if (this.feature === null) this.problem = explain(error);
    }
    this.#host.requestUpdate();
  }
}
