import { LitElement, type PropertyDeclarations } from "lit";
import { Localized, t } from "../i18n/index.js";
import { isSignedOut, troubleText } from "./trouble_text.js";

/** A word for the page's live region, and where to look further. */
export interface Said {
  readonly text: string;
  readonly link?: { readonly text: string; readonly href: string };
}

/** Of the window: somebody has signed in again, here or in another tab. */
export const SIGNED_IN = "ryadom-signed-in";

/**
 * What every view of the operator has: its language, its requests, what went wrong. Events, all composed: `said`
 * (Said) after a decision, `signed-out` when the server no longer knows us, `go` (an address of this page). What could
 * not be read for want of a session is read `again` once there is one.
 */
export abstract class OperatorView extends LitElement {
  static override properties: PropertyDeclarations = { trouble: { state: true }, busy: { state: true } };
  /** Why the last request failed, in words; null when it did not. */
  declare trouble: string | null;
  declare busy: boolean;
  #requests = new AbortController();
  /** The last request found nobody signed in. */
  #out = false;

  constructor() {
    super();
    this.trouble = null;
    this.busy = false;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener(SIGNED_IN, this.#signedIn);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener(SIGNED_IN, this.#signedIn);
    this.#requests.abort();
    this.#requests = new AbortController();
  }

  /** Runs one piece of work; a failure becomes `trouble`. Answers whether it was done. */
  protected async run(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { signal } = this.#requests;
    this.busy = true;
    this.trouble = null;
    this.#out = false;
    try {
      await work(signal);
      return true;
    } catch (error) {
      if (!signal.aborted) this.failed(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  protected get signal(): AbortSignal {
    return this.#requests.signal;
  }

  protected failed(error: unknown): void {
    this.#out = isSignedOut(error);
    if (this.#out) this.tell("signed-out");
    this.trouble = this.#out ? t("op.session_first") : troubleText(error);
  }

  /** Reads what the view shows; nothing that was typed or decided is sent by it. */
  protected again(): void {}

  #signedIn = (): void => {
    if (!this.#out) return;
    this.#out = false;
    this.trouble = null;
    this.again();
  };

  protected say(text: string, link?: Said["link"]): void {
    this.tell("said", { text, ...(link === undefined ? {} : { link }) } satisfies Said);
  }

  protected tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Follows one of this page's own links without loading the page again. */
  protected follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.tell("go", (event.currentTarget as HTMLAnchorElement).getAttribute("href"));
  };
}
