/** The sections of a location that are plain fields: what it is, and how to reach it. */
import { html, type TemplateResult } from "lit";
import type { Content, FieldProblem, Understood } from "../../src/api/desk_types.js";
import type { Category } from "../../src/api/types.js";
import { codesOf } from "../../src/desk/content.js";
import { problemsOf, problemsUnder } from "../../src/desk/field_problems.js";
import { choice, field, many, radios } from "../../src/desk/fields.js";
import { language, t } from "../../src/i18n/index.js";

type Edit = (patch: Content) => void;

export function nameSection(content: Content, problems: readonly FieldProblem[], known: readonly Category[], edit: Edit): TemplateResult {
  const code = content.category ?? "";
  const more = codesOf(content.categories_more);
  // A code that the list does not have, or not yet, is shown as it is: choosing another must not lose it.
  const missing = [code, ...more].filter((each) => each !== "" && !known.some((one) => one.code === each));
  const options = [...missing.map((each) => [each, each] as const), ...known.map((each) => [each.code, each[language()]] as const)];
  const chosen = options.filter(([each]) => more.includes(each)).map(([, words]) => words).join(", ");
  const moreProblems = problemsUnder(problems, "categories_more");
  return html`<section class="panel" aria-labelledby="section-name"><h2 id="section-name">${t("place.section_name")}</h2>
    ${field({ name: "name", label: t("place.name"), value: content.name, hint: t("place.name_hint"), problems: problemsOf(problems, "name"), maxlength: 200, input: (name) => edit({ name }) })}
    ${choice({
      name: "category", label: t("place.category"), value: code, problems: problemsUnder(problems, "category"),
      options: [["", t("place.category_none")], ...options],
      pick: (category) => edit({ category: category === "" ? null : category, ...(more.includes(category) ? { categories_more: more.filter((each) => each !== category) } : {}) }),
    })}
    <details>
      <summary>${chosen === "" ? t("place.categories_more") : t("place.categories_more_chosen", { names: chosen })}</summary>
      ${many({
        name: "categories_more", label: t("place.categories_more"), values: more, hint: t("place.categories_more_hint"), problems: moreProblems,
        options: options.filter(([each]) => each !== code), pick: (values) => edit({ categories_more: values }),
      })}
    </details>
  </section>`;
}

export function contactSection(content: Content, problems: readonly FieldProblem[], understood: Understood, edit: Edit): TemplateResult {
  const shown = understood.phone_display ?? null;
  const ext = understood.phone_ext ?? content.phone_ext ?? null;
  const phone = shown === null || !content.phone ? undefined : t("place.phone_understood", { phone: ext === null ? shown : `${shown} ${t("card.phone_ext", { ext })}` });
  return html`<section class="panel" aria-labelledby="section-contact"><h2 id="section-contact">${t("place.section_contact")}</h2>
    ${field({ name: "phone", label: t("place.phone"), value: content.phone, hint: phone ?? t("place.phone_hint"), problems: problemsOf(problems, "phone", "phone_ext"), type: "tel", inputmode: "tel", autocomplete: "tel", optional: true, input: (typed) => edit({ phone: typed }) })}
    ${field({ name: "website", label: t("place.website"), value: content.website, problems: problemsOf(problems, "website"), type: "url", inputmode: "url", autocomplete: "url", optional: true, input: (website) => edit({ website }) })}
    ${radios({
      name: "wheelchair", label: t("place.wheelchair"), value: content.wheelchair ?? "", hint: t("place.wheelchair_hint"), problems: problemsOf(problems, "wheelchair"),
      options: [["yes", t("card.wheelchair_yes")], ["limited", t("card.wheelchair_limited")], ["no", t("card.wheelchair_no")], ["", t("place.wheelchair_unsaid")]],
      pick: (said) => edit({ wheelchair: said === "" ? null : (said as "yes") }),
    })}
    ${field({ name: "external_id", label: t("place.external_id"), value: content.external_id, hint: t("place.external_id_hint"), problems: problemsOf(problems, "external_id"), optional: true, maxlength: 100, input: (external_id) => edit({ external_id }) })}
  </section>`;
}
