/**
 * «На проверке»: the queue on the left, what is open on the right; one key for each decision, and the next one opens at
 * once. The queue refreshes by itself and moves nothing that is being looked at or typed.
 */
import { html, nothing, type TemplateResult } from "lit";
import { approve, reject } from "../../src/api/operator_client.js";
import type { QueueItem } from "../../src/api/operator_types.js";
import type { Category } from "../../src/api/types.js";
import { t } from "../../src/i18n/index.js";
import "../../src/operator/decision_bar.js";
import { forgetDraft, type DecisionBar } from "../../src/operator/decision_bar.js";
import { keyAct } from "../../src/operator/keys.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OpenedRevision } from "../../src/operator/opened_revision.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { keptMarks, standingOf, step } from "../../src/operator/queue_state.js";
import { readQueue } from "../../src/operator/read_queue.js";
import { Ticker } from "../../src/operator/ticker.js";
import { isConflict, isGone, isSignedOut, troubleText } from "../../src/operator/trouble_text.js";
import { nextAfter } from "../../src/ui/row_focus.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./bulk_bar.js";
import type { BulkBar } from "./bulk_bar.js";
import "./keys_help.js";
import type { KeysHelp } from "./keys_help.js";
import "./queue_list.js";
import type { QueueList } from "./queue_list.js";
import { queueStyles } from "./queue_styles.js";
import "./revision_detail.js";
import type { RevisionDetail } from "./revision_detail.js";

const EVERY_MS = 20_000;

class QueueView extends OperatorView {
  static override properties = {
    chosen: {}, known: { attribute: false }, items: { state: true }, total: { state: true }, next: { state: true }, marks: { state: true },
    deciding: { state: true }, stale: { state: true }, conflict: { state: true },
  };
  declare chosen: string | null;
  declare known: readonly Category[];
  declare items: readonly QueueItem[] | null;
  declare total: number;
  declare next: string | null;
  declare marks: ReadonlySet<string>;
  declare deciding: boolean;
  declare stale: string | null;
  /** What happened when somebody was faster. */
  declare conflict: string | null;
  readonly #opened = new OpenedRevision(this);
  /** The one that takes the focus once it is there. */
  #toFocus: string | null = null;
  /** The one that was open: back in the list, the focus begins at its row. */
  #left: string | null = null;
  #refreshing = false;

  constructor() {
    super();
    this.chosen = null;
    this.known = [];
    this.items = null;
    this.total = 0;
    this.next = null;
    this.marks = new Set();
    this.deciding = false;
    this.stale = null;
    this.conflict = null;
    new Ticker(this, EVERY_MS, () => {
      if (this.items !== null && !this.deciding && !this.#refreshing) void this.#refresh();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#key);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#key);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("chosen") && this.chosen !== (this.#opened.value?.id ?? null)) void this.#open(this.chosen);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("chosen")) return;
    if (this.chosen === null && this.#left !== null) this.#focusList(this.#left);
    else this.#list()?.reveal();
    this.#left = null;
  }

  protected override again(): void {
    if (this.items === null) void this.#start();
    else void this.#refresh();
    if (this.chosen !== null && this.#opened.value === null) void this.#open(this.chosen);
  }

  override render(): TemplateResult {
    const { items } = this;
    if (items === null) {
      return html`<div class="alone">${this.trouble === null ? html`<p class="empty" role="status">${t("op.loading")}</p>` : html`
        <div class="trouble" role="alert"><p>${this.trouble}</p><button type="button" class="button" @click=${() => void this.#start()}>${t("op.retry")}</button></div>`}</div>`;
    }
    if (items.length === 0 && this.#opened.value === null) {
      return html`${this.conflict === null ? nothing : html`<p class="trouble conflict alone" role="alert">${this.conflict}</p>`}
        <p class="empty alone" tabindex="-1"><strong>${t("op.queue_empty")}</strong>${t("op.queue_empty_more")}</p>`;
    }
    return html`
      <div class="columns ${this.chosen === null ? "" : "open"}">
        <section class="list" aria-label=${t("op.view_queue")}>
          <div class="bar">
            <p class="total" role="status">${t("op.queue_total", { count: this.total })}</p>
            <button type="button" class="button plain keys" @click=${() => this.#help()?.show()}>${t("op.keys")} <kbd>?</kbd></button>
          </div>
          ${this.stale === null ? nothing : html`<p class="trouble small">${t("op.queue_stale", { why: this.stale })}</p>`}
          <ry-bulk-bar .items=${items} .marks=${this.marks} @marks=${this.#marked} @decided=${this.#bulkDecided}></ry-bulk-bar>
          <div class="scroll"><ry-queue-list .items=${items} .chosen=${this.chosen} .marks=${this.marks} ?more=${this.next !== null}
            @choose=${(event: CustomEvent<string>) => this.#go(event.detail, true)} @mark=${(event: CustomEvent<string>) => this.#toggle(event.detail)}
            @more=${() => void this.#more()}></ry-queue-list></div>
        </section>
        <section class="detail" aria-label=${t("op.submission")}>${this.#detail(items)}</section>
      </div>
      <ry-keys-help></ry-keys-help>`;
  }

  #detail(items: readonly QueueItem[]): TemplateResult {
    const back = html`<button type="button" class="button plain back" @click=${() => this.#go(null, true)}>← ${t("op.queue_back")}</button>`;
    const conflict = this.conflict === null ? nothing : html`<p class="trouble conflict" role="alert">${this.conflict}</p>`;
    const revision = this.#opened.value;
    if (this.chosen === null || revision === null) {
      return html`${this.chosen === null ? nothing : back}${conflict}
        ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
        <p class="empty">${this.chosen !== null && this.trouble === null ? t("op.loading") : html`
          <button type="button" class="button" @click=${() => this.#go(items[0]?.id ?? null, true)}>${t("op.queue_first")}</button>`}</p>`;
    }
    const standing = this.busy ? "here" : standingOf(items, this.next === null, revision);
    return html`${back}${conflict}
      <ry-revision-detail .revision=${revision} .known=${this.known}></ry-revision-detail>
      <div class="decide">
        ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
        ${standing === "here" ? nothing : html`<p class="trouble row spread" role="status"><span>${t(`op.${standing}`)}</span>
          <button type="button" class="button" @click=${() => (standing === "gone" ? this.#go(items[0]?.id ?? null, true) : void this.#open(revision.id))}>
            ${t(standing === "gone" ? "op.next" : "op.reload")}</button></p>`}
        <ry-decision-bar .of=${revision.id} ?waiting=${this.deciding} @approve=${() => void this.#decide(null)}
          @reject=${(event: CustomEvent<string>) => void this.#decide(event.detail)}></ry-decision-bar>
      </div>`;
  }

  async #start(): Promise<void> {
    await this.run((signal) => this.#read(1, signal));
    const wide = matchMedia("(min-width: 900px)").matches; // on a phone the list comes first
    if (this.chosen === null && wide && this.items !== null && this.items.length > 0) this.#go(this.items[0]!.id, false);
  }

  /** Reads the queue from its beginning, at least as far as it was read before. */
  async #read(least: number, signal: AbortSignal): Promise<void> {
    const { revisions, next, total } = await readQueue(least, signal);
    this.items = revisions;
    this.next = next;
    this.total = total;
    this.marks = keptMarks(this.marks, revisions);
    this.stale = null;
    this.tell("waiting", this.total);
  }

  async #refresh(): Promise<void> {
    this.#refreshing = true;
    const { signal } = this;
    try {
      await this.#read(this.items?.length ?? 1, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (isSignedOut(error)) this.tell("signed-out");
      else this.stale = troubleText(error);
    } finally {
      this.#refreshing = false;
    }
  }

  async #more(): Promise<void> {
    await this.run((signal) => this.#read((this.items?.length ?? 0) + 1, signal));
  }

  #go(id: string | null, focus: boolean): void {
    this.conflict = null;
    if (focus && id === null) this.#left = this.chosen;
    this.tell("open", id);
    if (focus && id !== null) void this.#focused(id);
  }

  /** The list, or the word that nothing is left in it. */
  #focusList(from: string | null): void {
    const empty = this.renderRoot.querySelector<HTMLElement>(".empty.alone");
    if (empty !== null) empty.focus();
    else this.#list()?.focusRow(from);
  }

  async #focused(id: string): Promise<void> {
    await this.updateComplete;
    if (this.#opened.value?.id === id) this.#detailElement()?.focus();
    else this.#toFocus = id;
  }

  async #open(id: string | null): Promise<void> {
    this.trouble = null;
    if (id === null) return this.#opened.close();
    try {
      if (!await this.#opened.open(id)) return;
      if (this.#toFocus === id) {
        this.#toFocus = null;
        await this.updateComplete;
        await this.#detailElement()?.updateComplete;
        this.#detailElement()?.focus();
        scrollTo({ top: 0 });
      }
    } catch (error) {
      if (isGone(error)) this.trouble = t("op.gone");
      else this.failed(error);
    }
  }

  /** `reason` null: approve. */
  async #decide(reason: string | null): Promise<void> {
    const { items } = this;
    const revision = this.#opened.value;
    if (revision === null || items === null || this.deciding) return;
    const { id, version } = revision;
    const name = String(revision.after["name"] ?? revision.partner.name);
    this.deciding = true;
    this.conflict = null;
    const { signal } = this;
    const done = await this.run(async () => {
      try {
        if (reason === null) await approve(id, version, signal);
        else await reject(id, version, reason, signal);
      } catch (error) {
        if (!isConflict(error) && !isGone(error)) throw error;
        await this.#overtaken(id, name, troubleText(error), signal);
        return;
      }
      forgetDraft(id);
      const place = revision.location_id === null || reason !== null ? undefined
        : { text: t("op.approved_history"), href: `/operator?view=places&id=${encodeURIComponent(revision.location_id)}` };
      this.say(t(reason === null ? "op.approved" : "op.rejected", { name }), place);
      this.#took(new Set([id]));
    });
    this.deciding = false;
    if (done && this.items !== null && this.items.length < 10 && this.next !== null) void this.#refresh();
    if (!done && !signal.aborted) await this.#focusBar();
  }

  /** After a decision that was not written: its button was out of use meanwhile and has lost the focus. */
  async #focusBar(): Promise<void> {
    await this.updateComplete;
    const bar = this.renderRoot.querySelector<DecisionBar>("ry-decision-bar");
    await bar?.updateComplete;
    const held = this.shadowRoot?.activeElement ?? null;
    if (held === null || held === bar) bar?.focus();
  }

  /** Somebody was faster, or it was edited: show what it is now. */
  async #overtaken(id: string, name: string, detail: string, signal: AbortSignal): Promise<void> {
    await this.#read(this.items?.length ?? 1, signal);
    const still = this.items?.some((item) => item.id === id) ?? false;
    if (still) {
      await this.#open(id);
      this.conflict = t("op.conflict", { detail });
      return;
    }
    const next = this.items?.[0]?.id ?? null;
    this.#opened.close();
    this.#go(next, true);
    this.conflict = t("op.conflict_gone", { name, detail });
  }

  /** Takes what was decided off the list; what stood below it opens. Answers whether something else is open now. */
  #took(ids: ReadonlySet<string>): boolean {
    const items = this.items ?? [];
    let next = this.chosen;
    let left = items;
    for (const id of ids) {
      if (next === id) next = nextAfter(left, id);
      left = left.filter((item) => item.id !== id);
    }
    this.total = Math.max(left.length, this.total - (items.length - left.length));
    this.items = left;
    this.marks = keptMarks(this.marks, left);
    this.tell("waiting", this.total);
    if (next === this.chosen) return false;
    this.#opened.close();
    this.#go(next, true);
    return true;
  }

  #marked = (event: CustomEvent<ReadonlySet<string>>): void => {
    this.marks = event.detail;
  };

  #toggle(id: string): void {
    const marks = new Set(this.marks);
    if (!marks.delete(id)) marks.add(id);
    this.marks = marks;
  }

  #bulkDecided = async (event: CustomEvent<readonly string[]>): Promise<void> => {
    const moved = this.#took(new Set(event.detail));
    void this.#refresh();
    if (moved) return;
    await this.updateComplete; // the button that was pressed goes with the marks
    const bar = this.renderRoot.querySelector<BulkBar>("ry-bulk-bar");
    if (bar === null) this.#focusList(null);
    else bar.focus();
  };

  #key = (event: KeyboardEvent): void => {
    const act = keyAct(event, event.composedPath() as Element[]);
    const { items } = this;
    if (act === null || items === null || this.renderRoot.querySelector<BulkBar>("ry-bulk-bar")?.asking === true) return;
    event.preventDefault();
    if (act === "help") this.#help()?.show();
    else if (act === "next" || act === "previous") this.#go(step(items, this.chosen, act === "next" ? 1 : -1), true);
    else if (act === "mark" && this.chosen !== null) this.#toggle(this.chosen);
    else if (!this.#opened.wasSeen) return;
    else if (act === "approve") void this.#decide(null);
    else if (act === "reject") void this.renderRoot.querySelector<DecisionBar>("ry-decision-bar")?.openReason();
  };

  #list = (): QueueList | null => this.renderRoot.querySelector("ry-queue-list");
  #detailElement = (): RevisionDetail | null => this.renderRoot.querySelector("ry-revision-detail");
  #help = (): KeysHelp | null => this.renderRoot.querySelector("ry-keys-help");

  static override styles = [sharedStyles, operatorStyles, queueStyles];
}

customElements.define("ry-queue-view", QueueView);
