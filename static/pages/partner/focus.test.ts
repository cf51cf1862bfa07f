// @vitest-environment happy-dom
/** The focus after an act in the cabinet: never the body, and the page is told what has happened. */
import { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepSession } from "../../src/api/desk_request.js";
import { openDraftKeep } from "../../src/desk/draft_keep.js";
import { FakeDesk } from "../../src/testing/fake_desk.js";
import { add } from "../../src/testing/fake_desk_locations.js";
import { SAMPLE, seed } from "../../src/testing/fake_desk_seed.js";
import "./words.js";
import "./bulk_tab.js";
import "./keys_tab.js";
import "./organisation_tab.js";
import "./refusals_tab.js";
import "./tills_tab.js";

vi.setConfig({ testTimeout: 20_000 });
/** Elements draw in their own time; a busy machine takes more of it. */
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 5000 });

let desk: FakeDesk;
let said: string[];

beforeEach(() => {
  desk = new FakeDesk();
  seed(desk, "full");
  keepSession(desk.session);
  said = [];
  document.body.addEventListener("say", heard);
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const headers = Object.fromEntries(Object.entries(init.headers as Record<string, string>).map(([name, value]) => [name.toLowerCase(), value]));
    const answer = desk.answer({ method: init.method ?? "GET", path, headers, text: typeof init.body === "string" ? init.body : "" });
    if (answer === null) return new Response(JSON.stringify({ categories: [{ code: "museum", ru: "Музеи и выставки", en: "Museums", aliases: [], count: 1 }, { code: "cafe", ru: "Кафе и еда", en: "Food", aliases: [], count: 1 }] }));
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), { status: answer.status, headers: { "content-type": "application/json" } });
  });
});

afterEach(() => {
  document.body.removeEventListener("say", heard);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const heard = (event: Event): void => void said.push((event as CustomEvent<string>).detail);

async function shown(tag: string, properties: object, selector: string): Promise<LitElement> {
  const element = Object.assign(document.createElement(tag), properties) as LitElement;
  document.body.append(element);
  await there(element, selector);
  return element;
}

const find = (element: LitElement, selector: string): HTMLElement => element.renderRoot.querySelector<HTMLElement>(selector)!;
const there = (element: LitElement, selector: string): Promise<void> => until(() => expect(find(element, selector)).not.toBeNull());

function press(element: LitElement, row: string, words: string): void {
  const button = [...element.renderRoot.querySelectorAll<HTMLElement>(`${row} button`)].find(({ textContent }) => textContent?.includes(words));
  expect(button, `${row}: ${words}`).toBeDefined();
  button!.click();
}

async function agree(): Promise<void> {
  const dialog = await until(() => {
    const found = document.querySelector<LitElement>("ry-ask-dialog");
    expect(found?.renderRoot.querySelector("button")).not.toBeNull();
    return found!;
  });
  find(dialog, "button").click();
}

const focused = (element: LitElement): Element | null => element.shadowRoot!.activeElement;

describe("a till", () => {
  it("that was renamed has the focus", async () => {
    const tab = await shown("ry-tills-tab", { locationId: "l-1" }, "[data-id=t-1]");
    press(tab, "[data-id=t-1]", "Переименовать");
    await there(tab, '[data-field="new-name"]');
    const field = find(tab, '[data-field="new-name"]') as HTMLInputElement;
    field.value = "Касса у окна";
    field.dispatchEvent(new Event("input"));
    find(tab, "[data-id=t-1] form").dispatchEvent(new Event("submit", { cancelable: true }));
    await until(() => expect(focused(tab)).toBe(find(tab, "[data-id=t-1]")));
    expect(find(tab, "[data-id=t-1]").textContent).toContain("Касса у окна");
    expect(said).toEqual(["Касса переименована: Касса у окна"]);
  });

  it("that was disconnected leaves it to the next one, the last one to the heading", async () => {
    const tab = await shown("ry-tills-tab", { locationId: "l-1" }, "[data-id=t-1]");
    press(tab, "[data-id=t-1]", "Отключить");
    await agree();
    await until(() => expect(focused(tab)).toBe(find(tab, "[data-id=t-2]")));
    press(tab, "[data-id=t-2]", "Отключить");
    await agree();
    await until(() => expect(focused(tab)).toBe(find(tab, "#list")));
    expect(said).toEqual(["Касса отключена: Касса у входа", "Касса отключена: Касса в кафе"]);
  });

  it("is offered every place, past the first page", async () => {
    for (let number = 1; number <= 250; number += 1) add(desk.shelf, { ...SAMPLE, name: `Место ${number}` });
    const tab = await shown("ry-tills-tab", {}, "select");
    expect(tab.renderRoot.querySelectorAll("select option").length).toBe(desk.shelf.documents.size);
  });
});

it("a revoked key leaves the focus to the heading of the list", async () => {
  const tab = await shown("ry-keys-tab", {}, "[data-id=k-1]");
  press(tab, "[data-id=k-1]", "Отозвать");
  await agree();
  await until(() => expect(focused(tab)).toBe(find(tab, "#list")));
  expect(said).toEqual(["Ключ отозван: 1С"]);
});

it("a colleague who was removed leaves it to the next one", async () => {
  const tab = await shown("ry-organisation-tab", { partner: desk.partner, session: desk.session, keep: openDraftKeep() }, "[data-id=a-2]");
  press(tab, "[data-id=a-2]", "Убрать");
  await agree();
  await until(() => expect(focused(tab)).toBe(find(tab, "[data-id=a-1]")));
  expect(said).toEqual(["Доступ закрыт: boris@example.org"]);
});

it("a refusal that was answered has the focus", async () => {
  const tab = await shown("ry-refusals-tab", {}, "[data-id=f-1]");
  const field = find(tab, '[data-field="answer-f-1"]') as HTMLTextAreaElement;
  field.value = "Извините, исправим";
  field.dispatchEvent(new Event("input"));
  find(tab, "[data-id=f-1] form").dispatchEvent(new Event("submit", { cancelable: true }));
  await until(() => expect(focused(tab)).toBe(find(tab, "[data-id=f-1]")));
  expect(find(tab, "[data-id=f-1]").textContent).toContain("Извините, исправим");
  expect(said).toEqual(["Ответ отправлен"]);
});

describe("a file", () => {
  const ready = { id: "b-1", name: "места.xlsx", state: "ready", rows: 3, done: 3, counts: { new: 0, changed: 1, unchanged: 0, rejected: 1 }, warnings: 0, fault: null, unknown_columns: [] } as const;

  it("that was applied has the focus at its heading", async () => {
    desk.cabinet.bulk = ready;
    const tab = await shown("ry-bulk-tab", { bulkId: "b-1" }, "#file");
    press(tab, "section", "Применить");
    await agree();
    await until(() => expect(said).toEqual(["Готово: изменения отправлены на проверку."]));
    await until(() => expect(focused(tab)).toBe(find(tab, "#file")));
  });

  it("names categories in words", async () => {
    desk.cabinet.bulk = { ...ready, counts: { ...ready.counts, rejected: 0 } };
    const tab = await shown("ry-bulk-tab", { bulkId: "b-1" }, "ry-bulk-rows");
    const rows = find(tab, "ry-bulk-rows") as LitElement;
    await until(() => expect(rows.renderRoot.textContent).toContain("Музеи и выставки"));
    expect(rows.renderRoot.textContent).toContain("Кафе и еда");
  });

  it("has templates in the language of the page", async () => {
    const tab = await shown("ry-bulk-tab", {}, "a[download]");
    expect([...tab.renderRoot.querySelectorAll("a[download]")].map((link) => link.getAttribute("href"))).toEqual(["/api/v1/partner/bulk/template.xlsx?lang=ru", "/api/v1/partner/bulk/template.csv?lang=ru"]);
  });
});
