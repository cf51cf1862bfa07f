// @vitest-environment happy-dom
/** The cabinet as a whole: signing out at any time, and a location whose ground has gone. */
import "fake-indexeddb/auto";
import type { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDraftKeep } from "../../src/desk/draft_keep.js";
import { FakeDesk } from "../../src/testing/fake_desk.js";
import { add } from "../../src/testing/fake_desk_locations.js";
import { SAMPLE, seed } from "../../src/testing/fake_desk_seed.js";
import "./words.js";
import "./partner_page.js";

vi.setConfig({ testTimeout: 20_000 });
/** Elements draw in their own time; a busy machine takes more of it. */
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 5000 });

const CATEGORIES = [["museum", "Музеи и выставки", "Museums"], ["cafe", "Кафе и еда", "Food"], ["shop", "Другие магазины", "Shops"]].map(([code, ru, en]) => ({ code, ru, en, aliases: [], count: 1 }));
const keep = openDraftKeep();
let desk: FakeDesk;
let online: boolean;
let page: LitElement;

const at = (...path: readonly string[]): HTMLElement | null =>
  path.reduce<HTMLElement | null>((from, selector) => from?.shadowRoot?.querySelector<HTMLElement>(selector) ?? null, page);

const there = (...path: readonly string[]): Promise<HTMLElement> => until(() => {
  const found = at(...path);
  expect(found, path.join(" › ")).not.toBeNull();
  return found!;
});

async function open(query = ""): Promise<void> {
  history.replaceState(null, "", `/partner${query}`);
  page = document.createElement("ry-partner-page") as LitElement;
  document.body.append(page);
  await there("main");
}

function type(text: string, ...path: readonly string[]): void {
  const field = at(...path) as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event("input"));
}

/** Presses it once it is there and in use. */
async function press(words: string, ...path: readonly string[]): Promise<void> {
  const found = await until(() => {
    const button = [...at(...path)!.shadowRoot!.querySelectorAll("button")].find(({ textContent, disabled }) => !disabled && textContent.includes(words));
    expect(button, words).toBeDefined();
    return button!;
  });
  found.click();
}

beforeEach(async () => {
  desk = new FakeDesk();
  online = true;
  await keep.forgetAll();
  vi.stubGlobal("scrollTo", () => {});
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (!online) throw new TypeError("Failed to fetch");
    const headers = Object.fromEntries(Object.entries(init.headers as Record<string, string>).map(([name, value]) => [name.toLowerCase(), value]));
    const answer = desk.answer({ method: init.method ?? "GET", path, headers, text: typeof init.body === "string" ? init.body : "" }) ?? { status: 200, body: { categories: CATEGORIES } };
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), { status: answer.status, headers: { "content-type": "application/json" } });
  });
});

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

it("can be left before there is an organisation", async () => {
  seed(desk, "empty");
  await open();
  await there("ry-organisation-form");
  await there("ry-session-panel", "button");
  expect(at("ry-session-panel")!.shadowRoot!.textContent).toContain("anna@example.org");
  await press("Выйти", "ry-session-panel");
  const heading = await there(".welcome h1");
  expect(desk.session).toBeNull();
  await until(() => expect(page.shadowRoot!.activeElement).toBe(heading));
});

describe("a location", () => {
  it("takes further categories and the code of its address", async () => {
    seed(desk, "organisation");
    const { id } = add(desk.shelf, { ...SAMPLE, categories_more: ["cafe"] });
    await open(`?view=locations&id=${id}`);
    const editor = await there("ry-location-editor");
    await until(() => expect(editor.shadowRoot!.querySelector("[data-field=categories_more]")?.textContent).toContain("Другие магазины"));
    const summaries = (): string => [...editor.shadowRoot!.querySelectorAll("summary")].map(({ textContent }) => textContent).join("\n");
    expect(summaries()).toContain("Ещё категории: Кафе и еда");
    const boxes = [...editor.shadowRoot!.querySelectorAll<HTMLInputElement>("[data-field=categories_more] input")];
    expect(boxes.map(({ value, checked }) => [value, checked]), "the first category is not offered twice").toEqual([["cafe", true], ["shop", false]]);
    boxes[1]!.checked = true;
    boxes[1]!.dispatchEvent(new Event("change"));
    await until(() => expect(summaries()).toContain("Ещё категории: Кафе и еда, Другие магазины"));
    await there("ry-location-editor", "ry-position-section", "[data-field=fias_id]");
    type("0c5b2444-70a0-4932-980c-b4dc0d3f02b5", "ry-location-editor", "ry-position-section", "[data-field=fias_id]");
    await press("Сохранить черновик", "ry-location-editor");
    await until(() => expect(desk.shelf.documents.get(id)!.content).toMatchObject({ categories_more: ["cafe", "shop"], fias_id: "0c5b2444-70a0-4932-980c-b4dc0d3f02b5" }));
    // What becomes the first category is no further one any more.
    const first = at("ry-location-editor", "[data-field=category]") as HTMLSelectElement;
    first.value = "cafe";
    first.dispatchEvent(new Event("change"));
    await press("Сохранить черновик", "ry-location-editor");
    await until(() => expect(desk.shelf.documents.get(id)!.content).toMatchObject({ category: "cafe", categories_more: ["shop"] }));
  });

  it("opens without a connection where something of it was kept, and goes out when there is one", async () => {
    seed(desk, "organisation");
    const { id } = add(desk.shelf, SAMPLE);
    await open("?view=locations");
    await there("ry-location-list", ".rows a");
    at("ry-location-list", ".rows a")!.click();
    await there("ry-location-editor", "[data-field=name]");
    online = false;
    type("Другое имя", "ry-location-editor", "[data-field=name]");
    await until(async () => expect((await keep.list("a-1")).length).toBe(1));
    at("ry-location-editor", ".back")!.click();
    (await there("ry-location-list", ".kept a")).click();
    const name = await there("ry-location-editor", "[data-field=name]") as HTMLInputElement;
    expect(name.value).toBe("Другое имя");
    expect(at("ry-location-editor", ".status")!.className).toContain("offline");
    expect(at("ry-location-editor", "ry-state-panel")).not.toBeNull();
    online = true;
    dispatchEvent(new Event("online"));
    await until(() => expect(desk.shelf.documents.get(id)!.content.name).toBe("Другое имя"));
  });

  it("that is gone leaves what was written as a new one", async () => {
    seed(desk, "organisation");
    const { id } = add(desk.shelf, SAMPLE);
    await open(`?view=locations&id=${id}`);
    await there("ry-location-editor", "[data-field=name]");
    desk.shelf.documents.clear();
    type("Другое имя", "ry-location-editor", "[data-field=name]");
    await press("Сохранить черновик", "ry-location-editor");
    const notice = await there("ry-location-editor", ".notice");
    expect(notice.textContent).toContain("Этого места больше нет");
    expect((at("ry-location-editor", "[data-field=name]") as HTMLInputElement).value).toBe("Другое имя");
    await press("Сохранить черновик", "ry-location-editor");
    await until(() => expect([...desk.shelf.documents.values()].map(({ content }) => content.name)).toEqual(["Другое имя"]));
    const [made] = desk.shelf.documents.keys();
    await until(() => expect(location.search).toBe(`?view=locations&id=${made}`));
    await until(() => expect(at("ry-location-editor", ".notice")).toBeNull());
  });
});
