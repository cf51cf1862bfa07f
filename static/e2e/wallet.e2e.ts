/** The page `/wallet` against the real service: from an invitation to a code that a till accepts, and what may go wrong. */
import jsQr from "jsqr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { cameraFile, qrPng, startBrowserWithCamera } from "./fake_camera.js";
import { check, invite, shownCode, useInvitation, validUntilLater, walletPhone } from "./credential_harness.js";
import { axe, DESK, looksOn, PHONE, startBrowser, startService, visit, type Service, type Visit } from "./harness.js";

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

const CODE = /^HTTPS?:\/\/[^/#]+\/Q#A[A-Z2-7]{68}$/;
const wallet = (options = {}, before?: (page: Page) => Promise<unknown>, query?: string): Promise<Visit> => walletPhone(browser, service, options, before, query);
const open = (options = {}): Promise<Visit> => visit(browser, `${service.url}/wallet`, options);
/** Statuses that a test provokes; the browser writes them to the console in words of its own. */
const expectStatuses = ({ errors }: Visit, ...statuses: number[]): void => {
  expect(errors.splice(0).map((text) => Number(/status of (\d+)/.exec(text)?.[1]))).toEqual(statuses);
};
const go = async (page: Page, screen: string): Promise<void> => {
  await page.locator("ry-code-screen .pair button").click();
  await page.locator(`[data-screen=${screen}]`).click();
};
const offline = (page: Page, is: boolean): Promise<void> => page.context().setOffline(is);
const focused = (page: Page): Promise<string> => page.evaluate(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.id || at?.textContent?.trim() || "";
});

/** What a scanner reads off the screen. */
async function scanned(page: Page): Promise<string | undefined> {
  const png = (await page.locator("ry-code-card").screenshot()).toString("base64");
  const { text, width, height } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const text = new TextDecoder("latin1").decode(context.getImageData(0, 0, bitmap.width, bitmap.height).data.map((value) => (value < 128 ? 0 : 127)));
    return { text, width: bitmap.width, height: bitmap.height };
  }, png);
  return jsQr(new Uint8ClampedArray(Buffer.from(text, "latin1")).map((value) => value * 2), width, height)?.data;
}

describe.each([["phone", PHONE], ["desk", DESK]] as const)("on a %s", (device, viewport) => {
  it.each(looksOn(device))("an invitation becomes a code that a scanner reads (%s, %s)", async (colorScheme, lang) => {
    const phone = await visit(browser, `${service.url}/wallet?lang=${lang}`, { viewport, colorScheme });
    const { page, shot, end } = phone;
    await page.locator("ry-get-card h1").waitFor();
    expect(await axe(page)).toEqual([]);
    await shot(`wallet-empty-${device}-${colorScheme}-${lang}`);

    const invited = await invite(service);
    await page.goto(invited.wallet_url.replace("/wallet#", `/wallet?lang=${lang}#`));
    await page.locator("#tx").waitFor();
    expect(await focused(page)).toBe("tx");
    expect(page.url(), "the invitation stays in no address").toBe(`${service.url}/wallet?lang=${lang}`);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.type(invited.tx_code);
    await page.keyboard.press("Enter");

    const text = await shownCode(page);
    expect(text).toMatch(CODE);
    const last = new Date(validUntilLater());
    const month = new Intl.DateTimeFormat(lang, { month: "long", timeZone: "UTC" }).format(last);
    const year = last.getUTCFullYear();
    await page.getByText(lang === "ru" ? `действует по ${month} ${year} года` : `valid through ${month} ${year}`).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(lang);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.waitForTimeout(500); // the code fades in
    expect(await scanned(page)).toMatch(CODE);
    await shot(`wallet-code-${device}-${colorScheme}-${lang}`);
    expect(await check(service, await shownCode(page))).toMatchObject({ result: "valid" });
    await end();
  });
});

it("the keys cannot be taken out, and nothing of the wallet lies in caches or localStorage", async () => {
  const { page, end } = await wallet();
  const taken = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("ryadom-wallet");
      request.onsuccess = () => resolve(request.result);
    });
    const kept = await new Promise<{ deviceKey: { privateKey: CryptoKey }; copies: { key: { privateKey: CryptoKey } }[] }>((resolve) => {
      const request = database.transaction("kept").objectStore("kept").get("wallet");
      request.onsuccess = () => resolve(request.result as never);
    });
    const keys = [kept.deviceKey, ...kept.copies.map(({ key }) => key)].map(({ privateKey }) => privateKey);
    const out = await Promise.allSettled(keys.map((key) => crypto.subtle.exportKey("jwk", key)));
    const cached = (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).flat();
    return { keys: keys.length, out: out.map(({ status }) => status), cached: cached.map(({ url }) => url), local: Object.keys(localStorage) };
  });
  expect(taken.keys).toBe(11);
  expect(new Set(taken.out)).toEqual(new Set(["rejected"]));
  expect(taken.cached.filter((url) => /\/api\/v1\/wallet|\/credentials/.test(url))).toEqual([]);
  expect(taken.local.filter((name) => !/language|theme|settlement|last_list/.test(name))).toEqual([]);
  await end();
});

it("wrong digits are told with the tries that are left, and three of them close the invitation", async () => {
  const phone = await open();
  const { page, end } = phone;
  const invited = await invite(service);
  await page.goto(invited.wallet_url);
  const wrong = invited.tx_code === "000000" ? "111111" : "000000";
  for (const left of ["Осталось 2 попытки", "Осталась 1 попытка"]) {
    await page.locator("#tx").fill(wrong);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(left).waitFor();
    expect(await focused(page)).toBe("tx");
    expect(await axe(page)).toEqual([]);
  }
  await page.locator("#tx").fill(wrong);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Приглашение больше не действует" }).waitFor();
  await page.getByText("Цифры не подошли три раза").waitFor();
  expectStatuses(phone, 400, 400, 400, 404);
  await end();
});

it("an invitation of another site is refused before anything is fetched", async () => {
  const { page, addresses, end } = await open();
  await page.locator("ry-get-card h1").waitFor();
  const before = addresses.length;
  await page.goto(`${service.url}/wallet#credential_offer_uri=${encodeURIComponent("https://evil.example/offer")}`);
  await page.getByText("Эта ссылка ведёт на чужой сайт: evil.example").waitFor();
  await page.getByRole("button", { name: "Вставить ссылку" }).click();
  await page.locator("#link").fill("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fevil.example%2Fo");
  await page.getByRole("button", { name: "Дальше" }).click();
  await page.getByRole("alert").getByText("чужой сайт: evil.example").waitFor();
  expect(await axe(page)).toEqual([]);
  expect(addresses.slice(before).filter((url) => !url.startsWith(service.url) || /credentials|well-known/.test(url.replace(/#.*/, "")))).toEqual([]);
  await end();
});

it("a code that was accepted says so at once and makes place for a new one, and the phone remembers it", async () => {
  const { page, end } = await wallet();
  const text = await shownCode(page);
  await check(service, text);
  await page.getByRole("heading", { name: "Этот код уже приняли" }).waitFor({ timeout: 12_000 });
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Показать новый" }).click();
  const next = await shownCode(page);
  expect(next).toMatch(CODE);
  expect(next).not.toBe(text);
  await go(page, "history");
  expect(await page.locator(".uses li").count()).toBe(1);
  await end();
});

it("without a connection the code goes on for five minutes, is then old, and comes back by itself", async () => {
  const { page, end } = await wallet({}, (fresh) => fresh.clock.install({ time: new Date() }));
  const first = await shownCode(page);
  await offline(page, true);
  await page.clock.fastForward(60_000);
  await page.getByText("Нет связи, но код действует.").waitFor();
  expect(await shownCode(page), "a later code of those at hand").not.toBe(first);
  await page.clock.fastForward(330_000);
  await page.locator("ry-code-card .reason").getByText("Код устарел").waitFor();
  expect(await axe(page)).toEqual([]);
  await offline(page, false);
  await page.locator("ry-code-card .card:not(.old) svg.qr").waitFor({ timeout: 15_000 });
  expect(await shownCode(page)).toMatch(CODE);
  await end();
});

it("opens without a connection, with the codes at hand", async () => {
  const { page, errors, end } = await wallet();
  await page.waitForFunction(async () => (await navigator.serviceWorker?.ready)?.active?.state === "activated", null, { timeout: 20_000 });
  await offline(page, true);
  await page.goto(`${service.url}/wallet`);
  expect(await shownCode(page)).toMatch(CODE);
  await page.getByText("Нет связи, но код действует.").waitFor();
  await offline(page, false);
  errors.splice(0); // the browser's own words for requests that failed
  await end();
});

it("a phone whose clock is three days wrong shows codes that are accepted", async () => {
  const { page, end } = await wallet({}, (fresh) => fresh.clock.install({ time: Date.now() + 3 * 86_400_000 }));
  expect(await check(service, await shownCode(page))).toMatchObject({ result: "valid" });
  await end();
});

it("the spare code, typed on another phone, switches this one off", async () => {
  const mine = await wallet();
  await go(mine.page, "recovery");
  await mine.page.getByRole("button", { name: "Показать запасной код" }).click();
  const code = (await mine.page.locator(".spell").textContent()) ?? "";
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  expect(await axe(mine.page)).toEqual([]);
  await mine.page.getByRole("button", { name: "Записали" }).click();

  const other = await open();
  await other.page.getByRole("button", { name: "Потеряли телефон с удостоверением?" }).click();
  const letters = other.page.getByLabel("Запасной код");
  await letters.fill("AAAA-BBBB-CCCC");
  await other.page.keyboard.press("Enter");
  await other.page.getByRole("alert").getByText("Такой код не подошёл").waitFor();
  expectStatuses(other, 404);
  await letters.fill(code.toLowerCase().replaceAll("-", " "));
  await other.page.keyboard.press("Enter");
  await other.page.getByRole("heading", { name: "Удостоверение отключено" }).waitFor();
  expect(await axe(other.page)).toEqual([]);
  await other.end();

  await mine.page.goto(`${service.url}/wallet`);
  await mine.page.getByRole("heading", { name: "Удостоверение отозвано" }).waitFor({ timeout: 12_000 });
  expect(await axe(mine.page)).toEqual([]);
  mine.errors.splice(0); // 403 of a code that was asked for meanwhile
  await mine.end();
});

it("moves to a new phone, and leaves this one", async () => {
  const old = await wallet();
  await go(old.page, "move");
  await old.page.getByRole("button", { name: "Начать перенос" }).click();
  const link = (await old.page.locator("svg.qr").getAttribute("data-text")) ?? "";
  const tx_code = ((await old.page.locator(".spell").textContent()) ?? "").replace(/\D/g, "");
  expect(await axe(old.page)).toEqual([]);
  const next = await open();
  await useInvitation(next.page, { wallet_url: link, tx_code, offer_uri: "", right_id: "" });
  await old.page.getByRole("heading", { name: "Удостоверение на другом телефоне" }).waitFor({ timeout: 15_000 });
  expect(await axe(old.page)).toEqual([]);
  await next.end();
  await old.end();
});

it("is removed from the phone only after a second word, and then nothing is left", async () => {
  const { page, end } = await wallet();
  await go(page, "forget");
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Нет, оставить" }).click();
  await page.goBack(); // from the menu
  await shownCode(page);
  await go(page, "forget");
  await page.getByRole("button", { name: "Да, убрать" }).click();
  await page.getByText("Удостоверение убрано с этого телефона.").waitFor();
  await page.goto(`${service.url}/wallet`);
  await page.locator("ry-get-card h1").waitFor();
  await end();
});

it("a store that was cleaned away is told plainly, with the way to get it again", async () => {
  const { page, end } = await wallet();
  await page.goto(`${service.url}/docs`);
  await page.evaluate(() => new Promise((resolve) => { indexedDB.deleteDatabase("ryadom-wallet").onsuccess = resolve; }));
  await page.goto(`${service.url}/wallet`);
  await page.getByText("Браузер мог удалить его").waitFor();
  await end();
});

it("a till that nobody knows is told while its number is typed again", async () => {
  const phone = await wallet();
  const { page, end } = phone;
  await page.getByRole("button", { name: "Назвать код кассиру" }).click();
  expect(await focused(page)).toBe("terminal");
  await page.keyboard.type("0000");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("Кассы с таким номером нет").waitFor();
  expect(await axe(page)).toEqual([]);
  expectStatuses(phone, 404);
  await end();
});

it("goes by the keyboard alone", async () => {
  const { page, end } = await wallet();
  expect(await focused(page)).toBe("Многодетная семья");
  const seen: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    await page.keyboard.press("Tab");
    seen.push(await focused(page));
  }
  expect(seen).toEqual(["Назвать код кассиру", "Льготы рядом", "Ещё"]);
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Ещё" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toContain("Запасной код");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Показать запасной код" }).waitFor();
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe("Назад");
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Ещё" }).waitFor();
  await end();
});

it("inside MAX asks for a bright screen with every code and forbids captures; a link comes from its scanner", async () => {
  const invited = await invite(service);
  const { page, end } = await visit(browser, `${service.url}/wallet`, {}, async (fresh) => {
    await fresh.clock.install({ time: new Date() });
    await fresh.addInitScript((link) => {
      const calls: string[] = [];
      const note = (name: string) => () => { calls.push(name); return Promise.resolve(); };
      Object.assign(window, { calls, WebApp: {
        ready: note("ready"), requestScreenMaxBrightness: note("bright"), restoreScreenBrightness: note("usual"),
        ScreenCapture: { disableScreenCapture: note("block"), enableScreenCapture: note("allow") },
        openCodeReader: () => Promise.resolve({ value: link }),
      } });
    }, invited.offer_uri);
  });
  const calls = (): Promise<string[]> => page.evaluate(() => (window as unknown as { calls: string[] }).calls.splice(0));
  await page.getByRole("button", { name: "Навести камеру на QR-код" }).click();
  await page.locator("#tx").fill(invited.tx_code);
  await page.keyboard.press("Enter");
  const first = await shownCode(page);
  expect(await calls()).toEqual(["ready", "block", "bright"]);
  await page.clock.fastForward(30_000);
  await page.waitForFunction((text) => document.querySelector("ry-wallet-page")?.shadowRoot?.querySelector("ry-code-screen")?.shadowRoot
    ?.querySelector("ry-code-card")?.shadowRoot?.querySelector(".qr")?.getAttribute("data-text") !== text, first);
  expect(await calls()).toEqual(["bright"]);
  await page.getByRole("button", { name: "Ещё" }).click();
  await page.locator("h1", { hasText: "Ещё" }).waitFor();
  expect((await calls()).slice(-2)).toEqual(["allow", "usual"]);
  await end();
});

it("the camera finds the invitation on the office's sheet", async () => {
  const invited = await invite(service);
  const camera = cameraFile(qrPng(invited.offer_uri, 6));
  const withCamera = await startBrowserWithCamera(camera);
  try {
    const { page, shot, end } = await visit(withCamera, `${service.url}/wallet`);
    await page.getByRole("button", { name: "Навести камеру на QR-код" }).click();
    await page.locator("#tx").fill(invited.tx_code, { timeout: 20_000 });
    await page.keyboard.press("Enter");
    expect(await shownCode(page)).toMatch(CODE);
    await shot("wallet-camera");
    await end();
  } finally {
    await withCamera.close();
    camera.remove();
  }
});

it("with reduced motion nothing glides, and the seconds go on", async () => {
  const { page, end } = await wallet({ reducedMotion: "reduce" });
  await shownCode(page);
  const moving = await page.locator("ry-code-card").evaluate((card) => card.getAnimations({ subtree: true }).length + (card.shadowRoot?.getAnimations().length ?? 0));
  expect(moving).toBe(0);
  const time = page.locator("ry-code-card time");
  const before = await time.textContent();
  await page.waitForTimeout(1500);
  expect(await time.textContent()).not.toBe(before);
  await end();
});
