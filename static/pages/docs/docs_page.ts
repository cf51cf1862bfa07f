/**
 * The API reference, drawn from /openapi.json.
 *
 * Why our own and not a kept renderer (looked at in November 2026; gzip of the script a page would load):
 * swagger-ui-dist 5.35 460 kB, redoc 3.0 652 kB, rapidoc 9.3 218 kB, @scalar/api-reference 1.46 993 kB. This page is
 * about 26 kB. rapidoc's templates hold some 250 `style="…"` attributes, which `style-src 'self'` refuses. None speaks
 * Russian or follows our tokens, so that light, dark and contrast would be a second design to keep.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { guides } from "virtual:ryadom-guides";
import { NoAnswerError, openapi, ProblemError } from "../../src/api/client.js";
import { curl, groups, mediaExample, resolve, typeName, type Content, type OpenApi, type Operation, type Parameter, type Schema } from "../../src/docs/openapi.js";
import { prose } from "../../src/docs/prose.js";
import { language, Localized, t, type Key } from "../../src/i18n/index.js";
import { readConfig } from "../../src/state/config.js";
import "../../src/ui/page_footer.js";
import "../../src/ui/page_header.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class DocsPage extends LitElement {
  static override properties = { document: { state: true }, problem: { state: true }, copied: { state: true } };
  declare document: OpenApi | null;
  declare problem: string | null;
  /** The operation whose command was copied last. */
  declare copied: string | null;

  readonly #config = readConfig();
  #request = new AbortController();

  constructor() {
    super();
    this.document = null;
    this.problem = null;
    this.copied = null;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override render(): TemplateResult {
    return html`
      <header><ry-page-header ?demo=${this.#config.demo} @language=${this.#titled}></ry-page-header></header>
      ${this.document === null ? html`<main>${this.#absent()}</main>` : this.#present(this.document)}
      <footer><ry-page-footer other="map"></ry-page-footer></footer>`;
  }

  #absent(): TemplateResult {
    const head = html`<h1>${t("docs.heading")}</h1>${guideList()}`;
    if (this.problem === null) return html`${head}<p role="status">${t("docs.loading")}</p>`;
    return html`${head}<p role="alert"><strong>${t("docs.error")}.</strong> ${this.problem}</p>
      <button type="button" class="button" @click=${() => void this.#load()}>${t("list.retry")}</button>`;
  }

  #present(document: OpenApi): TemplateResult {
    const all = groups(document, t("docs.other"));
    const schemas = Object.entries((document.components?.["schemas"] ?? {}) as Record<string, Schema>);
    const [before = "", after = ""] = t("docs.lead", { file: "\n" }).split("\n");
    return html`
      <div class="columns">
        <nav aria-label=${t("docs.contents")}>
          ${all.map((group) => html`<p>${group.name}</p><ul>${group.operations.map((operation) => html`
            <li><a href="#${operation.id}" @click=${this.#jump}><b class=${operation.method}>${operation.method}</b><span>${breakable(operation.path)}</span></a></li>`)}</ul>`)}
          ${schemas.length === 0 ? nothing : html`<ul><li><a href="#schemas" @click=${this.#jump}><span class="plain">${t("docs.schemas")}</span></a></li></ul>`}
        </nav>
        <main>
          <h1>${t("docs.heading")}</h1>
          ${guideList()}
          <p>${before}<a class="file" href="/openapi.json">openapi.json</a>${after} ${document.info?.version ? html`<span class="soft">v${document.info.version}</span>` : nothing}</p>
          <div lang="en">${prose(document.info?.description)}</div>
          ${all.map((group) => html`<section aria-label=${group.name}>
            <h2>${group.name}</h2>
            <div lang="en">${prose(group.description)}</div>
            ${group.operations.map((operation) => this.#operation(document, operation))}
          </section>`)}
          ${schemas.length === 0 ? nothing : html`<section aria-labelledby="schemas">
            <h2 id="schemas" tabindex="-1">${t("docs.schemas")}</h2>
            ${schemas.map(([name, schema]) => html`<details id="schema-${name}"><summary>${name}</summary>
              <div lang="en">${prose(schema.description)}</div>${fields(document, schema)}</details>`)}
          </section>`}
        </main>
      </div>`;
  }

  #operation(document: OpenApi, operation: Operation): TemplateResult {
    const body = operation.requestBody === undefined ? null : resolve(document, operation.requestBody);
    const command = curl(document, operation, location.origin);
    return html`<article aria-labelledby=${operation.id}>
      <h3 id=${operation.id} tabindex="-1"><b class=${operation.method}>${operation.method}</b><code>${breakable(operation.path)}</code>
        ${operation.deprecated === true ? html`<em>${t("docs.deprecated")}</em>` : nothing}</h3>
      ${operation.summary === undefined ? nothing : html`<p lang="en"><strong>${operation.summary}</strong></p>`}
      <div lang="en">${prose(operation.description === operation.summary ? undefined : operation.description)}</div>
      ${operation.parameters.length === 0 ? nothing : html`<h4>${t("docs.parameters")}</h4>
        <dl>${operation.parameters.map((parameter) => parameterRow(parameter))}</dl>`}
      ${body === null ? nothing : html`<h4>${t("docs.body")}</h4>${content(document, body, true)}`}
      <h4>${t("docs.responses")}</h4>
      ${Object.entries(operation.responses ?? {}).map(([status, response]) => {
        const found = resolve(document, response);
        return html`<details class="response"><summary><code class=${status < "400" ? "good" : "bad"}>${status}</code>
          <span lang="en">${found.description ?? ""}</span></summary>${content(document, found, false)}</details>`;
      })}
      <h4 id="curl-${operation.id}">${t("docs.curl")}</h4>
      <div class="command">
        <pre tabindex="0" role="group" aria-labelledby="curl-${operation.id}"><code>${command}</code></pre>
        <button type="button" class="button" @click=${() => void this.#copy(operation.id, command)}>${
          t(this.copied === operation.id ? "docs.copied" : "docs.copy")}<span class="unseen">: ${operation.method} ${operation.path}</span></button>
      </div>
    </article>`;
  }

  async #copy(id: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = id;
    } catch {
      // forbidden: the text is there to be selected by hand
    }
  }

  /** Anchors live in a shadow tree, where the browser's own jump does not look. */
  #jump = (event: Event): void => {
    const id = (event.currentTarget as HTMLAnchorElement).hash.slice(1);
    event.preventDefault();
    history.replaceState(null, "", `#${id}`);
    this.#show(id);
  };

  #show(id: string): void {
    const target = this.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
    target?.scrollIntoView();
    target?.focus({ preventScroll: true });
  }

  #titled = (): void => {
    document.documentElement.lang = language();
    document.title = t("docs.title");
  };

  async #load(): Promise<void> {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.problem = null;
    try {
      this.document = (await openapi(request.signal)) as OpenApi;
      await this.updateComplete;
      if (location.hash.length > 1) this.#show(decodeURIComponent(location.hash.slice(1)));
    } catch (error) {
      if (request.signal.aborted) return;
      if (error instanceof ProblemError) this.problem = error.message;
      else if (error instanceof NoAnswerError) this.problem = t(`error.${error.reason}`);
      else throw error;
    }
  }

  static override styles = [sharedStyles, css`
    .columns { display: grid; max-width: var(--page); margin: 0 auto; }
    main { min-width: 0; padding: 16px; max-width: 860px; }
    h1 { margin-bottom: 8px; font-size: 1.75rem; letter-spacing: -0.015em; line-height: 1.2; }
    h2 { margin: 40px 0 8px; font-size: 1.375rem; }
    h3 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 6px 10px; font-size: 1.0625rem; overflow-wrap: anywhere; scroll-margin-top: 16px; }
    h3 code { font-weight: 650; background: none; padding: 0; }
    h4 { margin: 20px 0 6px; font-size: 0.9375rem; }
    p + p, p + div, .prose { margin-top: 8px; }
    p { max-width: 70ch; }
    .prose { list-style: disc; padding-left: 20px; }
    .soft, small { color: var(--ink-soft); }
    small { font-size: 0.8125rem; }
    code, pre { font-family: var(--mono); font-size: 0.875rem; }
    code { padding: 1px 5px; border-radius: 5px; background: var(--sunken); overflow-wrap: anywhere; }
    pre { margin: 0; padding: 12px 14px; overflow-x: auto; border-radius: var(--radius-small); background: var(--sunken); line-height: 1.5; max-height: 420px; }
    pre code { padding: 0; background: none; overflow-wrap: normal; }
    article { margin-top: 16px; padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
    b { font-family: var(--mono); font-size: 0.75rem; text-transform: uppercase; letter-spacing: 0.03em; padding: 3px 7px; border-radius: 6px; background: var(--sunken); }
    b.get { background: var(--brand-soft); color: var(--brand-deep); }
    b.post, b.put, b.patch { background: var(--benefit-soft); color: var(--benefit); }
    b.delete { color: var(--danger); }
    em { color: var(--danger); font-size: 0.875rem; }
    dl { border-top: 1px solid var(--line); }
    dl > div { padding: 8px 0; border-bottom: 1px solid var(--line); }
    dt { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; }
    dt .must { color: var(--benefit); font-size: 0.8125rem; font-weight: 600; }
    dd { margin-top: 2px; font-size: 0.9375rem; }
    dd small { overflow-wrap: anywhere; }
    dl dl { margin: 6px 0 0 8px; padding-left: 12px; border-top: 0; border-left: 2px solid var(--line); }
    details { border-bottom: 1px solid var(--line); }
    details > :last-child { margin-bottom: 12px; }
    summary { display: flex; align-items: center; gap: 10px; min-height: var(--touch); cursor: pointer; }
    summary::before { content: ""; flex: none; width: 7px; height: 7px; margin: 0 2px 0 4px; border: solid var(--ink-soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
    details[open] > summary::before { transform: rotate(45deg); }
    summary code { flex: none; }
    summary .good { color: var(--open); font-weight: 700; }
    summary .bad { color: var(--danger); font-weight: 700; }
    .media { margin: 8px 0 4px; font-size: 0.875rem; color: var(--ink-soft); }
    .command { display: grid; gap: 8px; justify-items: start; }
    .command pre { width: 100%; }
    .guides h2 { margin-top: 16px; }
    .guides ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 8px 24px; margin-bottom: 24px; }
    .guides a { display: inline-flex; align-items: center; min-height: var(--touch); color: var(--brand-deep); font-weight: 650; }
    .guides li p { color: var(--ink-soft); font-size: 0.9375rem; }
    .file { display: inline-block; padding: 10px 0; margin: -10px 0; }

    nav { padding: 16px; }
    nav p { margin: 12px 0 4px; font-size: 0.875rem; font-weight: 700; }
    nav a { display: flex; align-items: center; gap: 8px; min-height: var(--touch); padding: 4px 8px; border-radius: 8px; color: var(--ink); text-decoration: none; }
    nav a:hover { background: var(--sunken); }
    nav span { font-family: var(--mono); font-size: 0.8125rem; overflow-wrap: anywhere; }
    nav .plain { font-family: inherit; font-size: 0.9375rem; }
    nav b { flex: none; min-width: 46px; text-align: center; font-size: 0.6875rem; }
    @media (max-width: 1023px) { nav { order: 1; border-top: 1px solid var(--line); } }
    @media (min-width: 1024px) {
      .columns { grid-template-columns: 320px minmax(0, 1fr); gap: 32px; padding: 0 32px; }
      nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 8px 0 24px; }
      article { padding: 20px 24px; }
    }
  `];
}

/** What to read before the reference. It stands even when the reference cannot be loaded. */
function guideList(): TemplateResult {
  const lang = language();
  return html`<section class="guides" aria-labelledby="guides">
    <h2 id="guides">${t("docs.guides")}</h2>
    <ul>${guides[lang].map(({ name, title, summary }) => html`
      <li><a href="/docs/${name}${lang === "ru" ? "" : `?lang=${lang}`}">${title}</a><p>${summary}</p></li>`)}</ul>
  </section>`;
}

/** A long path may break after a slash, not inside a word. */
function breakable(path: string): (string | TemplateResult)[] {
  return path.split(/(?<=\/)/).flatMap((part) => [part, html`<wbr>`]);
}

const PLACES: Readonly<Record<string, Key>> = {
  query: "docs.in_query", path: "docs.in_path", header: "docs.in_header", cookie: "docs.in_cookie",
};

function parameterRow(parameter: Parameter): TemplateResult {
  const place = PLACES[parameter.in];
  return html`<div><dt><code>${parameter.name}</code><small>${typeName(parameter.schema)}${place === undefined ? "" : `, ${t(place)}`}</small>
    ${parameter.required === true ? html`<span class="must">${t("docs.required")}</span>` : nothing}</dt>
    <dd><div lang="en">${prose(parameter.description)}</div>${limits(parameter.schema)}</dd></div>`;
}

function limits(schema: Schema | undefined): TemplateResult | typeof nothing {
  if (schema === undefined) return nothing;
  const said: (string | TemplateResult)[] = [];
  if (schema.default !== undefined) said.push(html`${t("docs.default")} <code>${JSON.stringify(schema.default)}</code>`);
  const values = schema.enum ?? schema.items?.enum;
  if (values !== undefined) said.push(html`${t("docs.one_of")} ${values.map((value, index) => html`${index > 0 ? ", " : ""}<code>${value}</code>`)}`);
  if (schema.minimum !== undefined || schema.maximum !== undefined) said.push(`${schema.minimum ?? "…"} – ${schema.maximum ?? "…"}`);
  if (schema.pattern !== undefined) said.push(html`<code>${schema.pattern}</code>`);
  return said.length === 0 ? nothing : html`<small>${said.map((part, index) => html`${index > 0 ? "; " : ""}${part}`)}</small>`;
}

function content(document: OpenApi, { content: media = {} }: Content, open: boolean): TemplateResult[] {
  return Object.entries(media).map(([mediaType, one]) => {
    const example = mediaExample(document, one, mediaType);
    return html`<p class="media"><code>${mediaType}</code>${one.schema === undefined ? nothing : html` ${typeName(one.schema)}`}</p>
      ${open && one.schema !== undefined ? fields(document, one.schema) : nothing}
      ${example === null ? nothing : html`<pre tabindex="0" role="group" aria-label="${t("docs.example")}, ${mediaType}"><code>${example}</code></pre>`}`;
  });
}

/** The members of an object, those of inner objects inside, references followed once (types stand below in full). */
function fields(document: OpenApi, schema: Schema, depth = 0): TemplateResult | typeof nothing {
  const found = resolve<Schema>(document, schema);
  const inner = found.properties ?? found.items?.properties;
  if (found.allOf !== undefined) return html`${found.allOf.map((part) => fields(document, part, depth))}`;
  if (inner === undefined || depth > 3) return limits(found);
  const required = found.required ?? found.items?.required ?? [];
  return html`<dl>${Object.entries(inner).map(([name, member]) => html`
    <div><dt><code>${name}</code><small>${typeName(member)}</small>${required.includes(name) ? html`<span class="must">${t("docs.required")}</span>` : nothing}</dt>
      <dd><div lang="en">${prose(member.description)}</div>${limits(member)}
      ${member.$ref === undefined && (member.properties ?? member.items?.properties) !== undefined ? fields(document, member, depth + 1) : nothing}</dd></div>`)}</dl>`;
}

customElements.define("ry-docs-page", DocsPage);
