/**
 * The stream of changes, open while the page is looked at. Reconnecting after a broken line is the browser's
 * (with Last-Event-ID); a stream that the server refuses is tried again much later.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { hosted } from "../api/request.js";
import { readChange, readSeq, touches, type Watched } from "./touches.js";

/** Many pages hear the same event: they do not all ask in the same moment. */
const JITTER_MS = 300;
const REFUSED_MS = 60_000;

export interface LiveHost extends Pick<ReactiveControllerHost, "addController"> {
  /** What is shown now, or null while there is nothing to keep fresh. */
  watched(): Watched | null;
  /** Ask again, for a state no older than `min_seq` (null: as it is now). */
  refresh(min_seq: number | null): void;
}

export class LiveChanges implements ReactiveController {
  readonly #host: LiveHost;
  readonly #address: string | null;
  #source: EventSource | null = null;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #min_seq: number | null = null;
  #heard_seq = 0;

  /** `address` of the stream, where it is not that of the host that all requests go to. */
  constructor(host: LiveHost, address: string | null = null) {
    this.#host = host;
    this.#address = address;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.#seen);
    this.#seen();
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.#seen);
    this.#close();
  }

  #seen = (): void => {
    if (document.visibilityState !== "visible") return this.#close();
    if (this.#source !== null) return;
    this.#open();
  };

  #open(): void {
    if (typeof EventSource === "undefined") return;
    clearTimeout(this.#retry);
    const source = (this.#source = new EventSource(this.#address ?? hosted("/api/v1/events")));
    // A new line begins with the present number: what came between the answer and now was missed.
    source.addEventListener("hello", (event: MessageEvent<string>) => {
      const now_seq = readSeq(event.data);
      const seq = Math.max(this.#host.watched()?.seq ?? Infinity, this.#heard_seq);
      if (now_seq !== null && now_seq > seq) this.#soon(now_seq);
      this.#heard_seq = Math.max(this.#heard_seq, now_seq ?? 0);
    });
    source.addEventListener("change", (event: MessageEvent<string>) => {
      const change = readChange(event.data);
      const watched = this.#host.watched();
      if (change === null) return;
      if (watched !== null && touches(change, watched, this.#heard_seq)) this.#soon(change.to_seq);
      this.#heard_seq = Math.max(this.#heard_seq, change.to_seq);
    });
    source.addEventListener("reset", (event: MessageEvent<string>) => {
      this.#heard_seq = readSeq(event.data) ?? 0; // the numbers may have begun anew
      this.#soon(null);
    });
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#source = null;
      this.#retry = setTimeout(this.#seen, REFUSED_MS);
    });
  }

  /** One question for all that comes within the jitter. */
  #soon(min_seq: number | null): void {
    if (min_seq !== null) this.#min_seq = Math.max(this.#min_seq ?? 0, min_seq);
    this.#refresh ??= setTimeout(() => {
      const seq = this.#min_seq;
      this.#refresh = undefined;
      this.#min_seq = null;
      this.#host.refresh(seq);
    }, Math.random() * JITTER_MS);
  }

  #close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#refresh);
    this.#refresh = undefined;
    if (this.#source === null) return;
    this.#source.close();
    this.#source = null;
  }
}
