/** A field with its label, hint and problems, tied together for screen readers. Drawn into the element that asks. */
import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import type { FieldProblem } from "../api/desk_types.js";
import { t } from "../i18n/index.js";
import { isFault } from "./field_problems.js";

export interface FieldOptions {
  /** The field's path in the content: `benefits.0.value`. Errors lead here by it. */
  readonly name: string;
  readonly label: string;
  readonly value: string | number | null | undefined;
  readonly input: (text: string) => void;
  readonly hint?: string | TemplateResult | undefined;
  readonly problems?: readonly FieldProblem[];
  readonly type?: "text" | "email" | "tel" | "url" | "date" | "time" | "search";
  readonly area?: boolean;
  readonly optional?: boolean;
  readonly inputmode?: "numeric" | "decimal" | "tel" | "email" | "url";
  readonly autocomplete?: string;
  readonly maxlength?: number;
  readonly placeholder?: string;
  /** `input` is called when the field is left, not at every key: for numbers. */
  readonly when_left?: boolean;
}

const idOf = (name: string): string => `f-${name.replaceAll(/[^a-z0-9]+/gi, "-")}`;

export function field(options: FieldOptions): TemplateResult {
  const { name, label, value, area = false, optional = false, problems = [], hint } = options;
  const id = idOf(name);
  const say = (event: Event): void => options.input((event.target as HTMLInputElement).value);
  const typed = options.when_left === true ? undefined : say;
  const left = options.when_left === true ? say : undefined;
  const text = value === null || value === undefined ? "" : String(value);
  const described = [hint === undefined ? "" : `${id}-hint`, problems.length === 0 ? "" : `${id}-problems`].filter((each) => each !== "").join(" ");
  const wrong = problems.some(isFault) ? "true" : "false";
  return html`<div class="field">
    <label for=${id}>${label}${optional ? html` <small>${t("desk.optional")}</small>` : nothing}</label>
    ${area
      ? html`<textarea id=${id} data-field=${name} rows="3" maxlength=${options.maxlength ?? 2000} aria-describedby=${described || nothing} aria-invalid=${wrong} .value=${live(text)} @input=${typed}></textarea>`
      : html`<input id=${id} data-field=${name} type=${options.type ?? "text"} inputmode=${ifDefined(options.inputmode)} autocomplete=${options.autocomplete ?? "off"}
          maxlength=${options.maxlength ?? 500} placeholder=${ifDefined(options.placeholder)} aria-describedby=${described || nothing} aria-invalid=${wrong} .value=${live(text)} @input=${typed} @change=${left}>`}
    ${hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${problemList(problems, `${id}-problems`)}
  </div>`;
}

export interface ChoiceOptions {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly pick: (value: string) => void;
  readonly hint?: string;
  readonly problems?: readonly FieldProblem[];
}

export function choice({ name, label, value, options, pick, hint, problems = [] }: ChoiceOptions): TemplateResult {
  const id = idOf(name);
  const described = [hint === undefined ? "" : `${id}-hint`, problems.length === 0 ? "" : `${id}-problems`].filter((each) => each !== "").join(" ");
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select id=${id} data-field=${name} aria-describedby=${described || nothing} aria-invalid=${problems.some(isFault) ? "true" : "false"}
      @change=${(event: Event) => pick((event.target as HTMLSelectElement).value)}>
      ${options.map(([code, words]) => html`<option value=${code} .selected=${live(code === value)}>${words}</option>`)}
    </select>
    ${hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${problemList(problems, `${id}-problems`)}
  </div>`;
}

/** One of a few, shown side by side. */
export function radios({ name, label, value, options, pick, hint, problems = [] }: ChoiceOptions): TemplateResult {
  const id = idOf(name);
  return html`<fieldset class="radios" data-field=${name} tabindex="-1">
    <legend>${label}</legend>
    ${hint === undefined ? nothing : html`<p class="hint">${hint}</p>`}
    <div>${options.map(([code, words]) => html`<label class="chip"><input type="radio" name=${id} value=${code} .checked=${live(code === value)}
      @change=${() => pick(code)}><span>${words}</span></label>`)}</div>
    ${problemList(problems, `${id}-problems`)}
  </fieldset>`;
}

export interface ManyOptions extends Omit<ChoiceOptions, "value" | "pick"> {
  readonly values: readonly string[];
  readonly pick: (values: readonly string[]) => void;
}

/** Any of them, shown side by side in a part that can be folded, whose summary names it to the eye. */
export function many({ name, label, values, options, pick, hint, problems = [] }: ManyOptions): TemplateResult {
  const id = idOf(name);
  const toggle = (code: string, on: boolean): void => pick(on ? [...values, code] : values.filter((each) => each !== code));
  return html`<fieldset class="radios" data-field=${name} tabindex="-1">
    <legend class="unseen">${label}</legend>
    ${hint === undefined ? nothing : html`<p class="hint">${hint}</p>`}
    <div>${options.map(([code, words]) => html`<label class="chip"><input type="checkbox" value=${code} .checked=${live(values.includes(code))}
      @change=${(event: Event) => toggle(code, (event.target as HTMLInputElement).checked)}><span>${words}</span></label>`)}</div>
    ${problemList(problems, `${id}-problems`)}
  </fieldset>`;
}

export function tick(label: string, checked: boolean, change: (checked: boolean) => void, name?: string): TemplateResult {
  return html`<label class="tick"><input type="checkbox" data-field=${ifDefined(name)} .checked=${live(checked)}
    @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}><span>${label}</span></label>`;
}

export function problemList(problems: readonly FieldProblem[], id: string): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing;
  return html`<ul class="problems" id=${id}>${problems.map((problem) => html`<li class=${isFault(problem) ? "fault" : "warning"}>
    <span class="unseen">${t(isFault(problem) ? "desk.fault" : "desk.warning")} </span>${problem.detail}</li>`)}</ul>`;
}
