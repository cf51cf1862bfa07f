// @vitest-environment happy-dom
/** The page of the operator where the focus and the end of a session are concerned. */
import type { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/i18n/operator_words.js";
import { FakeOperator } from "../../src/testing/fake_operator.js";
import "./invite_form.js";
import "./operator_page.js";

vi.setConfig({ testTimeout: 20_000 });
/** Elements draw in their own time; a busy machine takes more of it. */
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 5000 });

let fake: FakeOperator;
let page: LitElement;

/** Deep in the page: each selector within the shadow tree of the one before. */
function at(...path: readonly string[]): HTMLElement | null {
  return path.reduce<HTMLElement | null>((from, selector) => from?.shadowRoot?.querySelector<HTMLElement>(selector) ?? null, page);
}

const there = (...path: readonly string[]): Promise<HTMLElement> => until(() => {
  const found = at(...path);
  expect(found, path.join(" › ")).not.toBeNull();
  return found!;
});

async function open(query: string): Promise<void> {
  history.replaceState(null, "", `/operator${query}`);
  page = document.createElement("ry-operator-page") as LitElement;
  document.body.append(page);
  await there("main");
}

beforeEach(() => {
  fake = new FakeOperator(1);
  localStorage.clear();
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    const answer = fake.answer({ method: init.method ?? "GET", url, headers, body: typeof init.body === "string" ? init.body : null });
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), { status: answer.status });
  });
});

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe("the queue", () => {
  it("leaves the focus to the word that it is empty, after the last decision", async () => {
    await open("?view=queue&id=r-1");
    const approve = await there("ry-queue-view", "ry-decision-bar", "[data-act=approve]");
    approve.focus();
    approve.click();
    const empty = await there("ry-queue-view", ".empty.alone");
    await until(() => expect(page.shadowRoot!.querySelector("ry-queue-view")!.shadowRoot!.activeElement).toBe(empty));
    expect(empty.textContent).toContain("Очередь пуста");
    expect(at(".live")?.textContent).toContain("Одобрено");
    expect(fake.decided).toEqual(["approve r-1"]);
  });

  it("goes back to the row that was open", async () => {
    fake = new FakeOperator(3);
    await open("?view=queue&id=r-2");
    await there("ry-queue-view", "ry-decision-bar", "[data-act=approve]");
    at("ry-queue-view", ".back")!.click();
    await until(() => expect(at("ry-queue-view", "ry-queue-list")!.shadowRoot!.activeElement).toBe(at("ry-queue-view", "ry-queue-list", 'a[data-id="r-2"]')));
  });

  it("gives the focus back to the decision that was not written", async () => {
    await open("?view=queue&id=r-1");
    const approve = await there("ry-queue-view", "ry-decision-bar", "[data-act=approve]");
    approve.focus();
    fake.standing = "none";
    approve.click();
    await there(".over a");
    await until(() => expect(at("ry-queue-view", "ry-decision-bar")!.shadowRoot!.activeElement).toBe(approve));
  });
});

describe.each([["places", "ry-places-view"], ["partners", "ry-partners-view"], ["accounts", "ry-accounts-view"], ["refusals", "ry-refusals-view"], ["rights", "ry-rights-view"], ["audit", "ry-audit-view"]])("opened after the session has ended, %s", (view, tag) => {
  it("says so, leads to sign-in and back, and is there once somebody has signed in", async () => {
    await open("?view=queue");
    await there("ry-queue-view");
    fake.standing = "none";
    at(`nav a[href="/operator?view=${view}"]`)!.click();
    const trouble = await there(tag, ".trouble");
    expect(trouble.textContent).toContain("Вход закончился");
    expect(at(tag)!.shadowRoot!.textContent).not.toContain("Загружаем");
    const link = at(".over a")!;
    expect(link.getAttribute("href")).toBe("/sign-in?to=/operator");
    link.addEventListener("click", (event) => event.preventDefault());
    link.click();
    expect(localStorage.getItem("ryadom.way_back")).toContain(`view=${view}`);
    fake.standing = "full";
    document.dispatchEvent(new Event("visibilitychange")); // back from the other tab
    await until(() => expect(at(tag, ".trouble")).toBeNull());
    await there(tag, view === "audit" ? "tbody tr" : ".rows > li");
    expect(at(".over")).toBeNull();
  });
});

it("a place shows the hours of its week", async () => {
  await open("?view=places&id=place-1");
  const week = await there("ry-places-view", "ry-place-detail", ".week");
  expect(week.children.length).toBe(7);
  expect(week.textContent).toContain("10:00–18:00");
});

it("the log tells acts in words", async () => {
  await open("?view=audit");
  const table = await there("ry-audit-view", "table");
  expect(table.textContent).toContain("заявка одобрена");
  expect(table.textContent).not.toMatch(/\bapprove\b/);
});

it("a partner beyond the first page can be invited", async () => {
  const row = (number: number): object => ({ id: `p-${number}`, profile: { name: `Партнёр ${number}`, inn: null }, state: "published", locations: 0, managers: [] });
  vi.stubGlobal("fetch", async (url: string) => {
    const cursor = Number(new URL(url, "http://fake").searchParams.get("cursor") ?? 0);
    return new Response(JSON.stringify({ partners: cursor === 1 ? [] : [row(cursor)], next: cursor < 3 ? String(cursor + 1) : null })); // a filter may leave a page empty
  });
  const form = document.createElement("ry-invite-form") as LitElement & { partner: string };
  form.partner = "p-3";
  document.body.append(form);
  await until(() => expect(form.renderRoot.querySelector<HTMLInputElement>("#partner")?.value).toBe("Партнёр 3"));
  const field = form.renderRoot.querySelector<HTMLInputElement>("#partner")!;
  field.value = "Партнёр";
  field.dispatchEvent(new Event("input"));
  await until(() => expect([...form.renderRoot.querySelectorAll("option")].map(({ value }) => value)).toEqual(["Партнёр 0", "Партнёр 2", "Партнёр 3"]));
});
