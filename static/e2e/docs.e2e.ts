/** The page `/docs` against the real service: every operation of /openapi.json is there, readable by everyone. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { axe, DESK, get, PHONE, SLOW, startBrowser, startService, visit, type Service } from "./harness.js";

let service: Service;
let browser: Browser;

beforeAll(async () => {
  service = await startService();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

describe.each([["phone", PHONE, "light"], ["desk", DESK, "dark"]] as const)("on a %s", (device, viewport, look) => {
  it.each(SLOW ? ["light", "dark"] as const : [look])("shows every operation (%s)", async (colorScheme) => {
    const { paths } = await get<{ paths: Record<string, Record<string, unknown>> }>(`${service.url}/openapi.json`);
    const expected = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).filter((key) => /^(get|post|put|patch|delete)$/.test(key)).map((method) => `${method} ${path}`));
    const { page, shot, end } = await visit(browser, `${service.url}/docs`, { viewport, colorScheme });
    await page.locator("article").first().waitFor();
    const shown = await page.locator("article h3").evaluateAll((all) => all.map((h3) =>
      `${h3.querySelector("b")?.textContent ?? ""} ${h3.querySelector("code")?.textContent ?? ""}`));
    expect(shown.sort()).toEqual(expected.sort());
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    await page.locator("details").evaluateAll((all) => all.forEach((one) => { (one as HTMLDetailsElement).open = true; }));
    expect(await axe(page)).toEqual([]);
    await page.evaluate(() => scrollTo(0, 0));
    await shot(`docs-${device}-${colorScheme}`);
    await end();
  });
});

it("speaks English, and jumps to an operation by the keyboard", async () => {
  const { page, end } = await visit(browser, `${service.url}/docs?lang=en`, { viewport: DESK });
  await page.getByRole("heading", { name: "API reference" }).waitFor();
  const link = page.locator("nav a").nth(2);
  const id = (await link.getAttribute("href"))!.slice(1);
  await link.focus();
  await page.keyboard.press("Enter");
  expect(new URL(page.url()).hash).toBe(`#${id}`);
  expect(await page.locator(`[id="${id}"]`).evaluate((h3) => (h3.getRootNode() as ShadowRoot).activeElement === h3)).toBe(true);
  await end();
});
