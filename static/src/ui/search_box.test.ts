// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SearchResult } from "../api/types.js";
import { SearchBox } from "./search_box.js";

const KNOWN = ["Лысогорка", "Лысогорская"].map((name, index) => ({ kind: "settlement", id: `s-${index}`, title: name, detail: "Георгиевский", lon: 43, lat: 44 }));
let box: SearchBox;
let chosen: SearchResult[];
let answer: () => Promise<Response>;

beforeEach(async () => {
  vi.useFakeTimers();
  answer = async () => new Response(JSON.stringify({ results: KNOWN }));
  vi.stubGlobal("fetch", vi.fn(() => answer()));
  chosen = [];
  box = new SearchBox();
  box.addEventListener("pick", (event) => chosen.push((event as CustomEvent<SearchResult>).detail));
  document.body.append(box);
  await box.updateComplete;
});

afterEach(() => {
  box.remove();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const input = (): HTMLInputElement => box.renderRoot.querySelector("input")!;
const options = (): string[] => [...box.renderRoot.querySelectorAll("[role=option] span")].map((option) => option.textContent ?? "");
const status = (): string => box.renderRoot.querySelector("[role=status]")?.textContent?.trim() ?? "";

async function type(text: string, wait_ms = 300): Promise<void> {
  input().value = text;
  input().dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(wait_ms);
  await box.updateComplete;
}

async function press(key: string): Promise<void> {
  input().dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
  await vi.advanceTimersByTimeAsync(0);
  await box.updateComplete;
}

describe("the search box", () => {
  it("asks once for a burst of letters", async () => {
    await type("Л", 50);
    await type("Лы", 50);
    await type("Лыс");
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(options()).toEqual(["Лысогорка", "Лысогорская"]);
    expect(input().getAttribute("aria-expanded")).toBe("true");
    expect(status()).toBe("2 подсказки");
  });

  it("moves with the arrows round the ends and takes with Enter", async () => {
    await type("Лыс");
    await press("ArrowUp");
    expect(input().getAttribute("aria-activedescendant")).toBe("option-1");
    await press("ArrowDown");
    expect(input().getAttribute("aria-activedescendant")).toBe("option-0");
    await press("Enter");
    expect(chosen.map(({ title }) => title)).toEqual(["Лысогорка"]);
    expect([input().value, input().getAttribute("aria-expanded")]).toEqual(["", "false"]);
  });

  it("takes the first when Enter comes before the answer", async () => {
    await type("Лыс", 10);
    await press("Enter");
    expect(chosen).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(chosen.map(({ title }) => title)).toEqual(["Лысогорка"]);
  });

  it("closes with Escape, and empties with a second one", async () => {
    await type("Лыс");
    await press("Escape");
    expect([input().getAttribute("aria-expanded"), input().value]).toEqual(["false", "Лыс"]);
    await press("Escape");
    expect(input().value).toBe("");
  });

  it("says when nothing is found, and when nobody answers", async () => {
    answer = async () => new Response('{"results":[]}');
    await type("Ъ");
    expect(status()).toContain("не нашли");
    answer = async () => Promise.reject(new TypeError("offline"));
    await type("Ъъ");
    expect(status()).toContain("нет связи");
  });

  it("keeps the word when it is left, and asks again on the way back", async () => {
    await type("Лыс");
    input().dispatchEvent(new FocusEvent("blur"));
    await box.updateComplete;
    expect([input().value, options(), chosen]).toEqual(["Лыс", [], []]);
    input().dispatchEvent(new FocusEvent("focus"));
    await vi.advanceTimersByTimeAsync(300);
    await box.updateComplete;
    expect(options()).toEqual(["Лысогорка", "Лысогорская"]);
  });

  it("drops the answer to an older word", async () => {
    const answers: ((response: Response) => void)[] = [];
    answer = () => new Promise((resolve) => answers.push(resolve));
    await type("Л");
    await type("Лыс");
    answers[1]?.(new Response(JSON.stringify({ results: KNOWN.slice(1) })));
    answers[0]?.(new Response(JSON.stringify({ results: KNOWN })));
    await vi.advanceTimersByTimeAsync(0);
    await box.updateComplete;
    expect(options()).toEqual(["Лысогорская"]);
  });
});
