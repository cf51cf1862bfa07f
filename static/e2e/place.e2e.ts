/** `/place/{id}` against the real service: whole without a script, and with a small map where there is one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { axe, DESK, get, PHONE, startBrowser, startService, visit, type Service } from "./harness.js";

let service: Service;
let browser: Browser;
let place: { id: string; name: string; benefit: string };

beforeAll(async () => {
  service = await startService();
  browser = await startBrowser();
  const near = await get<{ features: { properties: typeof place }[] }>(`${service.url}/api/v1/locations/nearest?lon=41.97&lat=45.04&limit=1`);
  place = near.features[0]!.properties;
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

describe.each([["phone", PHONE], ["desk", DESK]] as const)("on a %s", (device, viewport) => {
  it.each([["light", "ru"], ["dark", "en"]] as const)("tells the place and shows it on a small map (%s, %s)", async (colorScheme, lang) => {
    const { page, errors, shot, end } = await visit(browser, `${service.url}/place/${place.id}?lang=${lang}`, { viewport, colorScheme });
    await page.getByRole("heading", { level: 1, name: place.name }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(lang);
    expect(await page.getByText(place.benefit, { exact: true }).count()).toBeGreaterThan(0);
    await page.locator("div.map[data-lon]").scrollIntoViewIfNeeded();
    await page.locator("div.map[data-ready] canvas").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.evaluate(() => scrollTo(0, 0));
    await shot(`place-${device}-${colorScheme}-${lang}`);
    expect(errors).toEqual([]);
    await end();
  });
});

it("is whole without a script", async () => {
  const { page, end } = await visit(browser, `${service.url}/place/${place.id}`, { viewport: PHONE, javaScriptEnabled: false });
  expect(await page.title()).toBe(`${place.name} — Рядом`);
  expect(await page.locator('meta[property="og:description"]').getAttribute("content")).toContain(place.benefit);
  expect(await page.getByRole("link", { name: "2ГИС" }).getAttribute("href")).toMatch(/^https:\/\/2gis\.ru\/directions\/points\/%7C/);
  expect(await page.locator(".week dt").count()).toBe(7);
  await end();
});

it("of a place that is gone says so and leads back", async () => {
  const { page, errors, end } = await visit(browser, `${service.url}/place/no-such-place`, { viewport: PHONE });
  await page.getByRole("heading", { name: "Места нет на карте" }).waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByRole("link", { name: "К карте" }).click();
  await page.getByRole("heading", { name: "Льготы для многодетных семей" }).waitFor();
  expect(errors.splice(0)).toEqual([expect.stringContaining("404")]); // the browser's own words for the status
  await end();
});
