/**
 * What every e2e file needs: the running service, a browser, and a witness that watches what the pages do.
 *
 * The service: the one at RYADOM_URL, or else the binary RYADOM_BIN, started as `demo --listen 127.0.0.1:0` with a data
 * directory of its own and stopped at the end. The browser: CHROMIUM, or else /usr/bin/chromium.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { expect } from "vitest";

export const RESULTS = fileURLToPath(new URL("../test-results/", import.meta.url));
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1440, height: 900 };
export const STAVROPOL = { lon: 41.9642, lat: 45.0344 }; // four decimals: what the page sends for its start

/** `make test-full`: what takes long is shown whole. */
export const SLOW = process.env["RYADOM_TEST_SLOW"] === "1";

/** A phone in the light and in Russian, a desk in the dark and in English; all four only when it may take long. */
export function looksOn(device: "phone" | "desk"): (readonly ["light", "ru"] | readonly ["dark", "en"])[] {
  return ([["light", "ru"], ["dark", "en"]] as const).filter(([scheme]) => SLOW || (scheme === "light") === (device === "phone"));
}

/** The operator's key that the service is started with (a running one at RYADOM_URL must know the same). */
export const OPERATOR_TOKEN = "e2e-operator-token-of-at-least-32-characters";

export interface Service {
  readonly url: string;
  /** Its data directory; null for a running one. */
  readonly directory: string | null;
  /** All that it wrote to stdout and stderr so far. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts the service; `settings` go into its environment, for the binary alone. */
export async function startService(settings: Readonly<Record<string, string>> = {}): Promise<Service> {
  mkdirSync(RESULTS, { recursive: true });
  const running = process.env["RYADOM_URL"];
  if (running !== undefined) return { url: running.replace(/\/$/, ""), directory: null, said: () => "", stop: async () => {} };
  const binary = process.env["RYADOM_BIN"];
  if (binary === undefined) throw new Error("set RYADOM_BIN to the built binary, or RYADOM_URL to a running service");
  const directory = mkdtempSync(join(tmpdir(), "ryadom-e2e-"));
  const child = spawn(binary, ["demo", "--listen", "127.0.0.1:0"], {
    env: { ...process.env, RYADOM_DATA_DIR: directory, RYADOM_OPERATOR_TOKEN: OPERATOR_TOKEN, ...settings }, stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => { said += chunk.toString(); });
  const url = await addressOf(child);
  return {
    url,
    directory,
    said: () => said,
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(late);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const late = setTimeout(() => reject(new Error(`no address within 30 s; it said:\n${said}`)), 30_000);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found === null) return;
      clearTimeout(late);
      resolve(found[0]);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", (chunk: Buffer) => { said += chunk.toString(); });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it ended with ${code}; it said:\n${said}`)));
  });
}

export function startBrowser(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", ...more],
  });
}

export interface Visit {
  readonly page: Page;
  /** Bodies of the list's requests, in order. */
  readonly asked: Record<string, unknown>[];
  /** Every address that was opened or asked, in order. */
  readonly addresses: readonly string[];
  /** Console errors expected by this test, taken off the list. */
  readonly errors: string[];
  shot(name: string): Promise<void>;
  /** Checks what must hold for every page at all times, and closes it. */
  end(): Promise<void>;
}

/** Opens a page of its own and watches it: consoles, requests, addresses. */
export async function visit(
  browser: Browser, url: string, options: BrowserContextOptions = {}, before: (page: Page) => Promise<unknown> = async () => {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: PHONE, locale: "ru-RU", timezoneId: "Europe/Moscow", ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const hosts = new Set<string>();
  const addresses: string[] = [];
  const asked: Record<string, unknown>[] = [];
  page.on("console", (message) => {
    if (message.text().includes("GL Driver Message")) return; // the browser's, about its own software rendering
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("framenavigated", (frame) => addresses.push(frame.url()));
  context.on("request", (request) => {
    const address = new URL(request.url());
    if (address.protocol.startsWith("http")) hosts.add(address.host);
    addresses.push(request.url());
    if (address.pathname === "/api/v1/locations/nearest" && request.method() === "POST") {
      asked.push(request.postDataJSON() as Record<string, unknown>);
    }
  });
  await before(page);
  await page.goto(url);
  return {
    page, asked, errors, addresses,
    shot: async (name) => {
      await page.screenshot({ path: join(RESULTS, `${name}.png`) });
    },
    end: async () => {
      addresses.push(page.url());
      await context.close();
      expect(errors, "console errors").toEqual([]);
      expect([...hosts], "hosts asked").toEqual([new URL(url).host]);
      for (const address of addresses) expect(withoutViews(address), "a position in an address").not.toMatch(/[?&#](lon|lat|near|position)=|\d{2}\.\d{3,}/);
    },
  };
}

/** An address without what may stand in it: the map's view, the area asked for, and a search's "about here" of ten kilometres. */
function withoutViews(address: string): string {
  const url = new URL(address);
  if (url.pathname === "/") url.searchParams.delete("map");
  if (["/api/v1/locations", "/ogc/collections/locations/items"].includes(url.pathname)) url.searchParams.delete("bbox");
  if (url.pathname === "/api/v1/search") {
    for (const name of ["lon", "lat"]) if (/^-?\d+\.\d$/.test(url.searchParams.get(name) ?? "")) url.searchParams.delete(name);
  }
  return url.href;
}

export interface Answer {
  readonly complete: boolean;
  readonly features: readonly { readonly id: string; readonly properties: Record<string, unknown>; readonly geometry: { readonly coordinates: readonly [number, number] } }[];
}

/** The API's own answer to a question, asked past the page. */
export async function ask(url: string, question: Record<string, unknown>): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/locations/nearest`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(question),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Answer;
}

export async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  expect(response.status, url).toBe(200);
  return (await response.json()) as T;
}

/** Publishes the place anew under another name, all else as it was. */
export async function republish(url: string, { id, geometry, properties: place }: Answer["features"][number], name: string): Promise<void> {
  const properties: Record<string, unknown> = { id, name };
  for (const [column, member] of [["category", "category"], ["address", "address"], ["hours", "hours"], ["phone", "phone"], ["site", "site"],
    ["offer", "benefit"], ["offer_kind", "benefit_kind"], ["offer_value", "benefit_value"]] as const) {
    if (place[member] != null) properties[column] = place[member];
  }
  const response = await fetch(`${url}/api/v1/locations/${id}`, {
    method: "PUT", headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, "content-type": "application/geo+json" },
    body: JSON.stringify({ type: "Feature", id, geometry, properties }),
  });
  expect([200, 201], await response.text()).toContain(response.status);
}

/** The ids on the page, once its list has settled. */
export async function shownIds(page: Page): Promise<string[]> {
  await settled(page);
  return page.locator("ry-place-list a[data-id]:visible").evaluateAll((links) => links.map((link) => link.getAttribute("data-id") ?? ""));
}

export async function settled(page: Page): Promise<void> {
  await page.locator('ry-place-list[aria-busy="false"], .trouble, .empty').first().waitFor();
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Waits for what moves or fades to come to its end: half faded in, a colour is none that anybody chose. */
export async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const rootsOf = (root: Document | ShadowRoot): (Document | ShadowRoot)[] =>
      [root, ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot === null ? [] : rootsOf(shadowRoot))];
    const moving = rootsOf(document).flatMap((root) => root.getAnimations()).filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}

/**
 * What axe-core finds by WCAG 2.2 AA and its own good practice, as lines; best is none. `preload`: whether it fetches the
 * sheets of other origins, which it puts into the page inline.
 */
export async function axe(page: Page, { preload = true } = {}): Promise<string[]> {
  await still(page);
  await page.evaluate(AXE); // through the debugger, so the page's Content-Security-Policy stays as it is
  return page.evaluate(async (preload) => {
    const run = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> } }).axe;
    const { violations } = await run.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], preload });
    // Where a pin stands is given by the place: WCAG 2.5.8 excepts it, and the list beside it is the equal way in.
    const isPin = (target: unknown): boolean => /button\.(place|cluster)|data-(id|cluster)|maplibregl-marker/.test(JSON.stringify(target));
    return violations.flatMap(({ id, nodes }) => nodes.filter(({ target }) => id !== "target-size" || !isPin(target)).map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary ?? ""}`));
  }, preload);
}
