/** Foreign pages with the widget on them: for every e2e file that looks at it from outside. */
import { join } from "node:path";
import { expect } from "vitest";
import type { Browser, BrowserContextOptions, Frame, FrameLocator, Locator, Page } from "playwright-core";
import { policyFor, startForeignSite, type ForeignSite } from "./foreign_site.js";
import { RESULTS, startBrowser, startService, type Service } from "./harness.js";

export const NARROW = { width: 320, height: 640 };
export const TOWN = 'data-center="41.9642,45.0344" data-zoom="12" data-lang="ru"';

export let service: Service;
export let site: ForeignSite;
export let browser: Browser;

export async function startGuests(): Promise<void> {
  service = await startService();
  site = await startForeignSite();
  browser = await startBrowser();
}

export async function stopGuests(): Promise<void> {
  await browser?.close();
  await site?.stop();
  await service?.stop();
}

export interface Guest {
  readonly page: Page;
  readonly errors: string[];
  /** Every address that was asked, in order. */
  readonly asked: readonly string[];
  shot(name: string): Promise<void>;
  end(): Promise<void>;
}

export const line = (attributes: string): string => `<script async src="${service.url}/w.js" ${attributes}></script>`;
export const around = (inside: string, lang = "ru"): string =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Газета</title></head><body><main><h1>Газета</h1>${inside}</main></body></html>`;

/** Opens a foreign page with `inside` in it; at its end nothing is kept, nobody else was asked and nobody was named. */
export async function guest(inside: string, options: BrowserContextOptions = {}, before: (page: Page) => Promise<unknown> = async () => {}, from = browser): Promise<Guest> {
  site.put("/", around(inside), policyFor(service.url));
  const context = await from.newContext({ viewport: NARROW, locale: "ru-RU", timezoneId: "Europe/Moscow", ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("GL Driver Message")) return;
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  context.on("request", (request) => asked.push(request.url()));
  await before(page);
  await page.goto(site.url);
  return {
    page, errors, asked,
    shot: async (name) => void (await page.screenshot({ path: join(RESULTS, `${name}.png`) })),
    end: async () => {
      expect(await context.cookies(), "cookies").toEqual([]);
      for (const frame of page.frames()) {
        expect(await kept(frame), `kept by ${frame.url()}`).toBe(0);
      }
      await context.close();
      expect(errors, "console errors").toEqual([]);
      const hosts = new Set(asked.filter((url) => url.startsWith("http")).map((url) => new URL(url).host));
      expect([...hosts].sort()).toEqual([new URL(service.url).host, new URL(site.url).host].sort());
    },
  };
}

/** How much of anything a frame has kept; a browser that lends no storage to frames keeps nothing. */
export const kept = (frame: Frame): Promise<number> => frame.evaluate(async () => {
  try {
    return localStorage.length + sessionStorage.length + (await indexedDB.databases()).length;
  } catch {
    return 0;
  }
});
export const rowsOf = (page: Page): Locator => page.locator("ryadom-map ry-place-list a[data-id]");
export const shown = async (page: Page): Promise<string[]> => {
  await rowsOf(page).first().waitFor();
  return rowsOf(page).evaluateAll((links) => links.map((link) => link.getAttribute("data-id") ?? ""));
};
export const frameOf = (page: Page): FrameLocator => page.frameLocator("ryadom-map iframe");
export const mapReady = async (page: Page): Promise<void> => {
  await frameOf(page).locator("button.place, button.cluster").first().waitFor();
};
