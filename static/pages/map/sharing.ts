/** Hands links on, and says in a passing line when the clipboard has them. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { t } from "../../src/i18n/index.js";
import { share } from "../../src/ui/share.js";

const SHOWN_MS = 4000;

export class Sharing implements ReactiveController {
  /** What is to be said now; mostly nothing. */
  words = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  /** `path`: an address of ours, from the root. */
  async share(title: string, path: string): Promise<void> {
    const end = await share(title, location.origin + path);
    if (end === "shared") return;
    clearTimeout(this.#timer);
    this.#say(t(`share.${end}`));
    this.#timer = setTimeout(() => this.#say(""), SHOWN_MS);
  }

  #say(words: string): void {
    this.words = words;
    this.#host.requestUpdate();
  }
}
