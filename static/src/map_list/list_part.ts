/** The list's half of the page: what it is a list of, how many, the rows, and what to do when there are none. */
import { html, nothing, type TemplateResult } from "lit";
import type { Category } from "../api/types.js";
import { ageText } from "../i18n/age_text.js";
import { language, t } from "../i18n/index.js";
import { countOf, type ClusterEntry, type Entry } from "../map/entries.js";
import type { Filters } from "../ui/filter_bar.js";
import { icons } from "../ui/icons.js";
import type { Results } from "./results.js";
import type { Stack } from "./stack.js";

export interface ListPart {
  readonly results: Results;
  readonly stack: Stack;
  readonly entries: readonly Entry[];
  readonly stackEntries: readonly Entry[];
  readonly filters: Filters;
  readonly known: readonly Category[];
  readonly chosen: string | null;
  /** The town the list starts from; null: the device's own place. */
  readonly town: string | null;
  /** What the list is called, where that is not "near" somewhere. */
  readonly heading?: string;
  readonly numbered: boolean;
  /** The server has printed the rows of this very question into the page: they stand until ours have come. */
  readonly printed: boolean;
  /** There are more, and they may be asked for; null: no more are ever shown. */
  readonly more: (() => void) | null;
  readonly hrefOf: (id: string) => string;
  choose(id: string): void;
  openCluster(entry: ClusterEntry): void;
  closeStack(): void;
  widen(change: Partial<Filters>): void;
  retry(): void;
}

export function listPart(part: ListPart): TemplateResult {
  return part.stack.entry === null ? resultList(part) : stackList(part);
}

function resultList(part: ListPart): TemplateResult {
  const { results, entries } = part;
  const { features, problem, loading } = results;
  return html`
    <div class="listhead">
      <h2 id="near" tabindex="-1">${headingText(part)}</h2>
      <p class="measure"><span role="status" id="count" class=${features?.length === 0 ? "unseen" : ""}>${countText(part)}</span>${fromText(part)}</p>
    </div>
    ${results.keptAt_ms === null ? nothing : html`<div class="kept" role="status">
      <p>${t("near.kept_age", { age: ageText(Date.now() - results.keptAt_ms) })}</p>
      <button type="button" class="button" @click=${part.retry}>${t("list.retry")}</button></div>`}
    ${problem === null ? nothing : html`<div class="trouble" role="alert">
      <p><strong>${t(features === null ? "list.error" : "list.stale")}</strong> ${problem}</p>
      <button type="button" class="button" @click=${part.retry}>${t("list.retry")}</button></div>`}
    ${features !== null && features.length === 0 ? emptyPart(part) : nothing}
    ${features === null && problem === null && part.printed ? html`<slot name="first-rows"></slot>` : nothing}
    ${features === null && (problem !== null || part.printed) ? nothing : html`
      <ry-place-list class=${loading && features !== null ? "dim" : ""} aria-busy=${loading ? "true" : "false"}
        ?waiting=${features === null} ?numbered=${part.numbered} .rows=${entries} .known=${part.known} .chosen=${part.chosen}
        .hrefOf=${part.hrefOf} @choose=${(event: CustomEvent<string>) => part.choose(event.detail)}
        @cluster=${(event: CustomEvent<ClusterEntry>) => part.openCluster(event.detail)}></ry-place-list>`}
    ${features === null || features.length === 0 ? nothing : morePart(part)}`;
}

function stackList(part: ListPart): TemplateResult {
  const { stack } = part;
  const cluster = stack.entry!.cluster;
  return html`
    <button type="button" class="button back" @click=${part.closeStack}>${icons.back()}<span>${t("near.back")}</span></button>
    <div class="listhead">
      <h2 id="near" tabindex="-1">${t(cluster.expansion_zoom === null ? "near.same_spot" : "near.area")}</h2>
      <p class="measure"><span role="status" id="count">${t("cluster.places", { count: stack.features?.length ?? cluster.point_count })}</span></p>
    </div>
    ${stack.problem === null ? html`
      <ry-place-list aria-busy=${stack.features === null ? "true" : "false"} ?waiting=${stack.features === null} .rows=${part.stackEntries}
        .known=${part.known} .chosen=${part.chosen} .hrefOf=${part.hrefOf}
        @choose=${(event: CustomEvent<string>) => part.choose(event.detail)}></ry-place-list>`
      : html`<div class="trouble" role="alert"><p><strong>${t("list.error")}</strong> ${stack.problem}</p>
        <button type="button" class="button" @click=${() => part.openCluster(stack.entry!)}>${t("list.retry")}</button></div>`}`;
}

function headingText({ results, town, heading }: ListPart): string {
  if (results.keptAt_ms !== null) return t("near.kept");
  if (results.answered?.kind === "view") return t("near.area");
  if (heading !== undefined) return heading;
  return town === null ? t("near.you") : t("near.settlement", { name: town });
}

function countText({ results: { features, loading, complete, answered, keptAt_ms }, entries }: ListPart): string {
  if (features === null) return loading ? t("list.loading") : "";
  const count = countOf(entries);
  if (count === 0) return t("list.empty");
  if (answered?.kind === "view" && keptAt_ms === null) return t("list.here", { count });
  return t(complete ? "list.found" : "list.nearest", { count });
}

/** Which point the distances are from, when it is not the person's. */
function fromText({ results: { features, answered }, town }: ListPart): TemplateResult | typeof nothing {
  if (town === null || features === null || features.length === 0) return nothing;
  return html`<span>, ${t(answered?.kind === "view" ? "near.from_view" : "near.from_centre")}</span>`;
}

function morePart({ results, more }: ListPart): TemplateResult | typeof nothing {
  if (results.complete) return nothing;
  if (more === null) return html`<p class="measure limit">${t("list.limit")}</p>`;
  return html`<button type="button" class="button more" ?disabled=${results.loading} @click=${more}>${t("list.more")}</button>`;
}

/** Nothing found: says what was asked, and takes one condition off per tap. */
function emptyPart({ results, filters: { categories: codes, openNow, free }, known, widen }: ListPart): TemplateResult {
  const names = codes.map((code) => {
    const name = known.find((category) => category.code === code)?.[language()];
    return t("list.filter_category", { name: name ?? code });
  });
  const asked = [...names, ...(openNow ? [t("list.filter_open")] : []), ...(free ? [t("list.filter_free")] : [])];
  const nowhere = t(results.answered?.kind === "view" ? "list.empty_area" : "list.empty_nothing");
  const offer = (name: "open" | "category" | "free", change: Partial<Filters>): TemplateResult => html`
    <button type="button" class="button" data-widen=${name} @click=${() => widen(change)}>${t(`list.widen_${name}`)}</button>`;
  return html`<div class="empty">
    <p><strong>${t("list.empty")}</strong></p>
    <p>${asked.length === 0 ? nowhere : t("list.empty_filters", { filters: asked.join(", ") })}</p>
    <div class="widen">
      ${openNow ? offer("open", { openNow: false }) : nothing}
      ${codes.length > 0 ? offer("category", { categories: [] }) : nothing}
      ${free ? offer("free", { free: false }) : nothing}
    </div>
  </div>`;
}
