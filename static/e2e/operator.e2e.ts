/**
 * `/operator` against the real service: an invited operator enrols a second factor, a partner's place waits, one key
 * puts it on the public map, another sends it back with a reason; and the word of a parent reaches the desk.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { signInManager, signInOperator, submitLocation, type Manager } from "./desk_harness.js";
import { ask, axe, DESK, looksOn, PHONE, still, startBrowser, startService, STAVROPOL, visit, type Service, type Visit } from "./harness.js";

let service: Service;
let browser: Browser;
let manager: Manager;
let desk: Visit;

beforeAll(async () => {
  service = await startService();
  browser = await startBrowser();
  manager = await signInManager(service, "kolos@example.ru");
  desk = await visit(browser, `${service.url}/operator`, { viewport: DESK });
  await desk.page.getByRole("link", { name: "Войти" }).waitFor();
  await signInOperator(desk.page, service, "olga@ministry.example");
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

/** Opens a revision of the queue by its name, and looks at it for as long as a key needs. */
async function openRevision(name: string): Promise<void> {
  await desk.page.goto(`${service.url}/operator?view=queue`);
  await desk.page.locator("ry-queue-list a").filter({ hasText: name }).click();
  await desk.page.locator("ry-revision-detail").getByRole("heading", { level: 2, name }).waitFor();
  await desk.page.waitForTimeout(500);
}

async function onMap(id: string): Promise<boolean> {
  return (await ask(service.url, { ...STAVROPOL, limit: 50 })).features.some((feature) => feature.id === id);
}

describe("a place that waits", () => {
  it("is on the public map after one key, and not before", async () => {
    const id = await submitLocation(manager, "Пекарня на Мира");
    expect(await onMap(id)).toBe(false);
    await openRevision("Пекарня на Мира");
    await desk.page.keyboard.press("a");
    await desk.page.getByRole("status").filter({ hasText: "Одобрено: Пекарня на Мира" }).waitFor();
    await expect.poll(() => onMap(id), { timeout: 5000 }).toBe(true);

    await desk.page.goto(`${service.url}/operator?view=places&id=${id}`);
    await desk.page.locator('li[data-version="1"]').filter({ hasText: "сейчас на карте" }).waitFor();
  });

  it("goes back to the partner with the reason", async () => {
    const id = await submitLocation(manager, "Пекарня на Ленина");
    await openRevision("Пекарня на Ленина");
    await desk.page.keyboard.press("r");
    await desk.page.getByRole("button", { name: "Уточните льготу" }).click();
    await desk.page.keyboard.press("Enter");
    await desk.page.getByRole("status").filter({ hasText: "Отклонено: Пекарня на Ленина" }).waitFor();
    const { body } = await manager.call<{ revision: { state: string; reason: string } }>("GET", `/api/v1/partner/locations/${id}`);
    expect(body.revision).toMatchObject({ state: "rejected", reason: "Уточните льготу." });
    expect(await onMap(id)).toBe(false);
  });
});

describe("\"I was refused here\"", () => {
  it("goes from the card to the desk, without an account", async () => {
    const card = await visit(browser, `${service.url}/?place=demo-001`, { viewport: PHONE });
    const { page } = card;
    await page.getByRole("button", { name: "Здесь отказали в льготе" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Отправить" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByRole("radio", { name: "Не приняли код или карту" }).check();
    await dialog.getByRole("radio", { name: "Вчера" }).check();
    await dialog.getByRole("textbox").fill("Касса не читает код");
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Отправить" }).click();
    await dialog.getByRole("heading", { name: "Спасибо, передали" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Здесь отказали в льготе" }).waitFor();
    await card.end();
    await desk.page.goto(`${service.url}/operator?view=refusals`);
    await desk.page.getByText("«Касса не читает код»").waitFor();
  });
});

const VIEWS = ["queue", "places", "partners", "accounts", "refusals", "rights", "audit"];

describe.each([["phone", PHONE], ["desk", DESK]] as const)("on a %s", (device, viewport) => {
  it.each(VIEWS.flatMap((view) => looksOn(device).map((look) => [view, ...look] as const)))("%s passes axe (%s, %s)", async (view, colorScheme, lang) => {
    const { page } = desk;
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await page.goto(`${service.url}/operator?view=${view}&lang=${lang}`);
    await page.locator("main h1").waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    await still(page);
    await desk.shot(`operator-real-${view}-${device}-${colorScheme}`);
    expect(await axe(page)).toEqual([]);
  });
});

it("signs out, and the page asks to sign in", async () => {
  await desk.page.setViewportSize(DESK);
  await desk.page.goto(`${service.url}/operator?lang=ru`);
  await desk.page.locator("ry-account-menu summary").click();
  await desk.page.getByRole("button", { name: "Выйти", exact: true }).click();
  await desk.page.getByRole("link", { name: "Войти" }).waitFor();
});
