import { css, html, nothing, type TemplateResult } from "lit";
import { actOnLocation, revert, showLocation, type LocationAct } from "../../src/api/operator_client.js";
import type { HistoryVersion, LocationDocument } from "../../src/api/operator_types.js";
import type { Category } from "../../src/api/types.js";
import { language, t } from "../../src/i18n/index.js";
import "../../src/operator/ask_dialog.js";
import type { AskDialog, Question } from "../../src/operator/ask_dialog.js";
import "../../src/operator/change_map.js";
import { changedFields, contentDiff } from "../../src/operator/content_diff.js";
import { positionOf } from "../../src/operator/content_words.js";
import { diffTable, diffTableStyles } from "../../src/operator/diff_table.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { momentText } from "../../src/operator/when_text.js";
import { wordOr } from "../../src/operator/word_or.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { weekList, weekListStyles } from "../../src/ui/week_list.js";

/** One location with all it has been, and what may be done with it. Event `changed` after something was. */
export class PlaceDetail extends OperatorView {
  static override properties = { of: {}, known: { attribute: false }, place: { state: true } };
  declare of: string;
  declare known: readonly Category[];
  declare place: LocationDocument | null;

  constructor() {
    super();
    this.of = "";
    this.known = [];
    this.place = null;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("of")) return;
    this.place = null;
    void this.#read().then(async () => {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    });
  }

  protected override again(): void {
    void this.#read();
  }

  override render(): TemplateResult {
    const { place } = this;
    if (place === null) {
      return this.trouble === null ? html`<p class="empty" role="status">${t("op.loading")}</p>`
        : html`<div class="trouble" role="alert"><p>${this.trouble}</p><button type="button" class="button" @click=${() => void this.#read()}>${t("op.retry")}</button></div>`;
    }
    const ru = language() === "ru" ? nothing : "ru";
    const at = positionOf(place.content);
    return html`
      <div class="head">
        <p class="row"><span class="tag ${place.state === "published" ? "good" : "warn"}">${wordOr(`op.state_${place.state}`, place.state)}</span>
          ${place.partner === null ? nothing : html`<span class="soft small" lang=${ru}>${place.partner.name}</span>`}</p>
        <h2 tabindex="-1" lang=${ru}>${String(place.content["name"] ?? t("op.absent"))}</h2>
        <div class="row">${this.#acts(place)}</div>
        ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      </div>
      <div class="body">
        <div class="stack">
          <section class="card" aria-labelledby="now"><h3 id="now">${t("op.all_fields")}</h3>${diffTable(contentDiff(null, place.content, this.known), false, t("op.all_fields"))}</section>
          ${place.hours_week == null ? nothing : html`<section class="card" aria-labelledby="week"><h3 id="week">${t("op.week")}</h3>${weekList(place.hours_week)}</section>`}
          <section aria-labelledby="history"><h3 id="history">${t("op.history")}</h3>
            ${place.history.length === 0 ? html`<p class="soft">${t("op.history_none")}</p>`
              : html`<ol class="rows">${place.history.map((entry, index) => this.#version(place, entry, place.history[index + 1] ?? null))}</ol>`}</section>
        </div>
        ${at === null ? nothing : html`<section aria-label=${t("op.map")}><ry-change-map .marks=${[{ kind: "new", position: at, sign: "", label: String(place.content["name"] ?? "") }]}></ry-change-map></section>`}
      </div>
      <ry-ask-dialog></ry-ask-dialog>`;
  }

  #acts({ id, state, on_map, revision }: LocationDocument): unknown {
    const button = (act: LocationAct, kind: string): TemplateResult => html`<button type="button" class="button ${kind}" data-act=${act} ?disabled=${this.busy}
      @click=${() => void this.#act(act)}>${t(`op.${act}`)}</button>`;
    return [
      revision?.state === "pending" ? html`<a class="button primary" href="/operator?view=queue&id=${encodeURIComponent(revision.id)}" @click=${this.follow}>${t("op.open_revision")}</a>` : nothing,
      on_map ? html`<a class="button" href="/place/${encodeURIComponent(id)}" target="_blank" rel="noopener">${t("op.open_card")}</a>` : nothing,
      state === "published" ? button("suspend", "") : nothing,
      state === "suspended" ? button("resume", "primary") : nothing,
      state === "published" || state === "suspended" ? button("archive", "danger") : nothing,
    ];
  }

  #version(place: LocationDocument, entry: HistoryVersion, older: HistoryVersion | null): TemplateResult {
    const present = entry.version === place.published?.version;
    return html`<li class="card" data-version=${entry.version}>
      <div class="row spread"><h4>${t("op.version", { number: entry.version })} ${present ? html`<span class="tag good">${t("op.version_present")}</span>` : nothing}
          ${entry.state === "published" ? nothing : html`<span class="tag">${wordOr(`op.state_${entry.state}`, entry.state)}</span>`}</h4>
        ${present || Object.keys(entry.content).length === 0 ? nothing : html`<button type="button" class="button" data-revert=${entry.version} ?disabled=${this.busy} @click=${() => void this.#revert(entry.version)}>${t("op.revert")}</button>`}</div>
      <p class="soft small">${t("op.by", { who: entry.actor_name ?? entry.actor ?? t("op.nobody"), when: momentText(entry.at) })}</p>
      ${older === null ? html`<p class="soft">${t("op.version_first")}</p>`
        : diffTable(changedFields(contentDiff(older.content, entry.content, this.known)), true, t("op.version", { number: entry.version }))}</li>`;
  }

  async #read(): Promise<void> {
    const { of } = this;
    await this.run(async (signal) => {
      const place = await showLocation(of, signal);
      if (of === this.of) this.place = place;
    });
  }

  #ask(question: Question): Promise<string | null> {
    return this.renderRoot.querySelector<AskDialog>("ry-ask-dialog")!.ask(question);
  }

  async #act(act: LocationAct): Promise<void> {
    const reason = act === "resume" ? null : await this.#ask({ title: t(`op.${act}_ask`), act: t(`op.${act}`), words: "needed" });
    if (act !== "resume" && reason === null) return;
    await this.#after((signal) => actOnLocation(this.of, act, reason, signal), t(({ suspend: "op.suspended", resume: "op.resumed", archive: "op.archived" } as const)[act]));
  }

  async #revert(version: number): Promise<void> {
    const expected = this.place?.history[0]?.version ?? this.place?.published?.version ?? 0; // a suspension counts as a version, too
    if (await this.#ask({ title: t("op.revert_ask", { number: version }), act: t("op.revert"), words: "none" }) === null) return;
    await this.#after((signal) => revert(this.of, version, expected, signal), t("op.reverted", { number: version }));
  }

  /** After a refusal, too, it is read anew: perhaps somebody was faster. */
  async #after(work: (signal: AbortSignal) => Promise<unknown>, words: string): Promise<void> {
    const done = await this.run(async (signal) => { await work(signal); });
    if (done) this.say(words);
    const why = this.trouble;
    await this.#read();
    this.trouble ??= why;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    if (done) this.dispatchEvent(new CustomEvent("changed"));
  }

  static override styles = [sharedStyles, operatorStyles, diffTableStyles, weekListStyles, css`
    .head { display: grid; gap: 8px; margin: 4px 0 16px; }
    .body { display: grid; gap: 16px; align-items: start; grid-template-columns: minmax(0, 1fr); }
    h3 { margin-bottom: 8px; }
    h4 { margin: 0; font-size: 0.9375rem; }
    @media (min-width: 1100px) { .body { grid-template-columns: minmax(0, 1fr) 360px; } }
  `];
}

customElements.define("ry-place-detail", PlaceDetail);
