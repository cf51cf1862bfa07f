import { css, html, nothing, type TemplateResult } from "lit";
import type { Duplicate, Profile, Revision } from "../../src/api/operator_types.js";
import type { Category } from "../../src/api/types.js";
import { ageText } from "../../src/i18n/age_text.js";
import { distanceText } from "../../src/i18n/distance_text.js";
import { language, t } from "../../src/i18n/index.js";
import type { Mark } from "../../src/map/mark_map.js";
import "../../src/operator/change_map.js";
import { changedFields, contentDiff } from "../../src/operator/content_diff.js";
import { fieldName, positionOf } from "../../src/operator/content_words.js";
import { diffTable, diffTableStyles } from "../../src/operator/diff_table.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { wordOr } from "../../src/operator/word_or.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { weekList, weekListStyles } from "../../src/ui/week_list.js";

/** One revision to be judged: what changes, where it is, what speaks against it, who asks. */
export class RevisionDetail extends OperatorView {
  static override properties = { revision: { attribute: false }, known: { attribute: false } };
  declare revision: Revision | null;
  declare known: readonly Category[];

  constructor() {
    super();
    this.revision = null;
    this.known = [];
  }

  /** Where reading begins. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  override render(): TemplateResult | typeof nothing {
    const { revision } = this;
    if (revision === null) return nothing;
    const ru = language() === "ru" ? nothing : "ru";
    const edit = revision.before !== null;
    const rows = contentDiff(revision.before, revision.after, this.known);
    const changed = edit ? changedFields(rows) : rows;
    const rest = rows.filter((row) => !changed.includes(row));
    const at = positionOf(revision.after);
    return html`
      <div class="head">
        <p class="row"><span class="tag">${t(`op.kind_${revision.kind}`)}</span>
          <span class="soft small">${t("op.submitted", { when: ageText(Date.now() - Date.parse(revision.submitted_at)) })}</span></p>
        <h2 id="name" tabindex="-1" lang=${ru}>${String(revision.after["name"] ?? revision.partner.name)}</h2>
      </div>
      <div class="body ${at === null ? "" : "with-map"}">
        <div class="stack">
          ${revision.problems.length === 0 ? nothing : this.#problems(revision)}
          ${revision.duplicates.length === 0 ? nothing : this.#twins(revision.duplicates)}
          ${revision.notes.length === 0 ? nothing : this.#notes(revision)}
          <section class="card" aria-labelledby="changes">
            <h3 id="changes" tabindex="-1">${t(edit ? "op.changes" : "op.all_fields")}</h3>
            ${diffTable(changed, edit, t(edit ? "op.changes" : "op.all_fields"))}
            ${rest.length === 0 ? nothing : html`<details><summary>${t("op.unchanged", { count: rest.length })}</summary>
              ${diffTable(rest.map((row) => ({ ...row, before: "" })), false, t("op.all_fields"))}</details>`}
          </section>
          ${revision.hours_week == null ? nothing : html`<section class="card" aria-labelledby="week"><h3 id="week">${t("op.week")}</h3>${weekList(revision.hours_week)}</section>`}
        </div>
        <div class="stack side">
          ${at === null ? nothing : html`<section aria-label=${t("op.map")}>
            <ry-change-map .marks=${marksOf(revision)}></ry-change-map>
            <p class="small outside"><a href="https://yandex.ru/maps/?pt=${at.lon},${at.lat}&z=17&l=map" target="_blank" rel="noopener noreferrer">${t("op.map_outside")}</a></p></section>`}
          ${revision.kind === "partner" ? nothing : this.#partner(revision.partner)}
        </div>
      </div>`;
  }

  #problems({ problems }: Revision): TemplateResult {
    return html`<section class="card" aria-labelledby="problems"><h3 id="problems">${t("op.problems")}</h3>
      <ul class="rows">${problems.map(({ field, severity, detail }) => html`<li class="problem">
        <span><span class="tag warn">${t(`op.problem_${severity}`)}</span> <strong>${fieldName(field)}</strong>: ${detail}</span></li>`)}</ul></section>`;
  }

  #twins(twins: readonly Duplicate[]): TemplateResult {
    const ru = language() === "ru" ? nothing : "ru";
    return html`<section class="card" aria-labelledby="twins"><h3 id="twins">${t("op.twins")}</h3>
      <ol class="rows twins">${twins.map((twin, index) => html`<li>
        <p><span class="number" aria-hidden="true">${index + 1}</span> <a lang=${ru} href="/operator?view=places&id=${encodeURIComponent(twin.location_id)}" @click=${this.follow}>${twin.name}</a>
          <span class="soft">${t("op.twin_away", { distance: distanceText(twin.distance_m) })}</span></p>
        ${twin.address ? html`<p class="soft small" lang=${ru}>${twin.address}</p>` : nothing}
        <p class="row">${twin.reasons.map((reason) => html`<span class="tag warn">${wordOr(`op.twin_${reason}`, reason)}</span>`)}
          <span class="tag">${wordOr(`op.state_${twin.state}`, twin.state)}</span></p></li>`)}</ol></section>`;
  }

  #partner(partner: Profile & { readonly id: string; readonly state: string }): TemplateResult {
    const facts = (["legal_name", "inn", "ogrn", "kpp", "contact_person", "contact_phone", "contact_email"] as const)
      .filter((field) => partner[field] !== undefined && partner[field] !== null && partner[field] !== "");
    return html`<section class="card" aria-labelledby="partner"><h3 id="partner">${t("op.partner")}</h3>
      <p class="row who"><strong lang="ru">${partner.name}</strong><span class="tag ${partner.state === "published" ? "good" : "warn"}">${wordOr(`op.partner_state_${partner.state}`, partner.state)}</span></p>
      <dl class="facts">${facts.map((field) => html`<dt>${t(`op.field_${field}`)}</dt><dd>${partner[field]}</dd>`)}</dl></section>`;
  }

  #notes({ notes }: Revision): TemplateResult {
    const ru = language() === "ru" ? nothing : "ru";
    return html`<section class="card" aria-labelledby="notes"><h3 id="notes">${t("op.notes")}</h3>
      <ol class="rows">${notes.map(({ at, author, text }) => html`<li class="note ${author}">
        <p class="soft small">${t("op.by", { who: t(`op.note_${author}`), when: ageText(Date.now() - Date.parse(at)) })}</p><p lang=${ru}>${text}</p></li>`)}</ol></section>`;
  }

  static override styles = [sharedStyles, operatorStyles, diffTableStyles, weekListStyles, css`
    .head { display: grid; gap: 6px; margin-bottom: 14px; }
    .body { display: grid; gap: 16px; align-items: start; grid-template-columns: minmax(0, 1fr); }
    .side section p.outside { margin-top: 6px; }
    h3 { margin-bottom: 8px; }
    details { margin-top: 8px; }
    summary { min-height: 36px; padding: 6px 0; color: var(--brand); cursor: pointer; }
    .who { margin-bottom: 8px; }
    .number { display: inline-grid; place-items: center; width: 22px; height: 22px; border-radius: 50%; background: #6a3fa0; color: #fff; font-size: 0.75rem; font-weight: 700; }
    .note { padding-left: 12px; border-left: 3px solid var(--line); }
    .note.partner { border-color: var(--brand); }
    .rows > li.problem, .rows > li.note, .twins > li { gap: 2px; }
    .twins > li + li { padding-top: 8px; border-top: 1px solid var(--line); }
    @media (min-width: 1240px) { .body { grid-template-columns: minmax(0, 1fr) 340px; } }
  `];
}

/** The new place, the one before when it was elsewhere, and what is like it, numbered as in the list. */
function marksOf({ before, after, duplicates }: Revision): readonly Mark[] {
  const [old, next] = [positionOf(before), positionOf(after)];
  if (next === null) return [];
  const moved = old !== null && (old.lon !== next.lon || old.lat !== next.lat);
  return [
    { kind: "new", position: next, sign: "", label: t("op.map_new") },
    ...(moved ? [{ kind: "old", position: old, sign: "", label: t("op.map_old") } as const] : []),
    ...duplicates.map(({ lon, lat, name }, index): Mark => ({ kind: "twin", position: { lon, lat }, sign: String(index + 1), label: t("op.map_twin", { number: index + 1, name }) })),
  ];
}

customElements.define("ry-revision-detail", RevisionDetail);
