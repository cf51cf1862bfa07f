/**
 * The pages `/scan` and `/q` in a browser, served by the real service with its real Content-Security-Policy. The answers
 * of `/api/v1/verify` and `/api/v1/terminals/*` come from src/testing/fake_verify.mjs, so that every verdict can be seen;
 * what the service itself answers is the matter of its own tests and of the wallet's e2e file.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, BrowserContextOptions, Page, Request } from "playwright-core";
import { answerChecks, PAIRING, SPOKEN } from "../src/testing/fake_verify.mjs";
import { cameraFile, qrPng, startBrowserWithCamera } from "./fake_camera.js";
import { axe, DESK, looksOn, PHONE, SLOW, startBrowser, startService, visit, type Service, type Visit } from "./harness.js";

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

/** What a code's payload brings about, see fake_verify.mjs. */
const code = (scenario: string): string => `HTTPS://${new URL(service.url).host.toUpperCase()}/Q#A${scenario}`;

const CHECKS = /\/api\/v1\/(verify$|terminals\/)/;

async function fakeChecks(page: Page): Promise<void> {
  await page.route(CHECKS, async (route) => {
    const request = route.request();
    const send = (status: number, body: unknown, type = "application/json", headers: Record<string, string> = {}): Promise<void> =>
      route.fulfill({ status, contentType: type, headers, body: JSON.stringify(body) });
    const refuse = (status: number, title: string, detail: string, headers: Record<string, string> = {}): Promise<void> =>
      send(status, { type: "/problems/refused", title, status, detail }, "application/problem+json", headers);
    await answerChecks(new URL(request.url()), { headers: request.headers() }, async () => request.postData() ?? "", send, refuse);
  });
}

interface Till extends Visit {
  /** Bodies sent to be verified, in order. */
  readonly sent: Record<string, unknown>[];
  /** Starting frequencies of all notes played, in order. */
  notes(): Promise<number[]>;
  /** Takes the browser's own words about refused or failed requests off the list of errors. */
  forgive(): void;
}

async function open(
  path: string, options: BrowserContextOptions = {}, of: Browser = browser, before: (page: Page) => Promise<unknown> = async () => {},
): Promise<Till> {
  const sent: Record<string, unknown>[] = [];
  const opened = await visit(of, `${service.url}${path}`, options, async (page) => {
    await page.addInitScript(() => {
      const notes: number[] = ((globalThis as unknown as { notes: number[] }).notes = []);
      const Original = OscillatorNode;
      (globalThis as unknown as { OscillatorNode: unknown }).OscillatorNode = class extends Original {
        constructor(context: BaseAudioContext, given?: OscillatorOptions) {
          super(context, given);
          notes.push(given?.frequency ?? 0);
        }
      };
    });
    await fakeChecks(page);
    await before(page);
    page.on("request", (request: Request) => {
      if (new URL(request.url()).pathname === "/api/v1/verify") sent.push(request.postDataJSON() as Record<string, unknown>);
    });
  });
  return {
    ...opened, sent,
    notes: () => opened.page.evaluate(() => (globalThis as unknown as { notes: number[] }).notes.splice(0)),
    forgive: () => {
      const kept = opened.errors.filter((text) => !text.startsWith("Failed to load resource"));
      opened.errors.splice(0, opened.errors.length, ...kept);
    },
  };
}

async function openPaired(options: BrowserContextOptions = {}, path = "/scan", of: Browser = browser): Promise<Till> {
  const till = await open(path, options, of);
  await pairWith(till.page, PAIRING);
  await till.page.locator("ry-spoken-form").waitFor();
  return till;
}

async function pairWith(page: Page, text: string): Promise<void> {
  await page.locator("ry-pair-form input").fill(text);
  await page.keyboard.press("Enter");
}

/** As a hardware scanner does it. */
async function scan(page: Page, text: string, enter = true): Promise<void> {
  await page.keyboard.type(text);
  if (enter) await page.keyboard.press("Enter");
}

/** The same keys while the Russian layout is on: what the browser then makes of them. */
async function scanRussian(page: Page, text: string): Promise<void> {
  const latin = "QWERTYUIOPASDFGHJKLZXCVBNM";
  const russian = "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ";
  const signs: Readonly<Record<string, string>> = { ":": "Ж", "/": ".", ".": "ю", "#": "№" };
  const keys = [...text].map((sign) => signs[sign] ?? russian[latin.indexOf(sign)] ?? sign);
  await page.evaluate((all) => {
    for (const key of [...all, "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
  }, keys);
}

/** A screenshot of a phone that shows a code of the usual size among other things. */
async function phoneShowing(text: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: PHONE });
  await page.setContent(`<body style="margin:0;background:#f6f4ef;font:16px sans-serif;text-align:center"><h1>Рядом</h1>
    <img width="280" src="data:image/png;base64,${qrPng(text).toString("base64")}"><p>Покажите код на кассе</p><p>Новый через 12 с</p></body>`);
  const shot = await page.screenshot();
  await page.close();
  return shot;
}

const word = (page: Page): Promise<string> => page.locator(".cover ry-verdict .word").innerText();
const isReady = (page: Page): Promise<void> => page.locator(".cover").waitFor({ state: "detached" });

const VERDICTS = [
  ["VALID", "yes", "Действует", "Valid"], ["EXPIRED", "again", "Код устарел", "Code is old"], ["USED", "again", "Код уже проверен", "Code already used"],
  ["SEEN", "again", "Код уже показывали", "Code already shown"], ["CLOCK", "again", "Часы расходятся", "Clocks disagree"],
  ["REVOKED", "no", "Право отозвано", "Right withdrawn"], ["SUSPENDED", "no", "Право приостановлено", "Right suspended"],
  ["ENDED", "no", "Право закончилось", "Right has ended"], ["NOTYET", "no", "Право ещё не началось", "Right not begun yet"],
  ["FOREIGN", "no", "Это не наш код", "Not our code"], ["YOUNGER", "no", "Код не принят", "Code refused"],
  ["STALE", "unsure", "Не можем проверить", "Cannot check"], ["OLD", "unsure", "Не можем проверить", "Cannot check"],
  ["LIMITED", "unsure", "Слишком часто", "Too often"], ["DOWN", "unsure", "Сервис не отвечает", "Service is down"],
] as const;
const NOTES = { yes: [660, 990], again: [620], no: [440, 277], unsure: [185] } as const;

/**
 * Every size, theme and language with each other. `make test-full` shows every verdict in all of them; otherwise the
 * first four, in which any two of these meet, share the verdicts among them. Every fourth: so each has every bad tone.
 */
const LOOKS = [
  ["phone", PHONE, "light", "ru"], ["phone", PHONE, "dark", "en"], ["desk", DESK, "light", "en"], ["desk", DESK, "dark", "ru"],
  ["phone", PHONE, "light", "en"], ["phone", PHONE, "dark", "ru"], ["desk", DESK, "light", "ru"], ["desk", DESK, "dark", "en"],
] as const;
const QUICK = 4;
const MATRIX = LOOKS.slice(0, SLOW ? LOOKS.length : QUICK).map((look, at) => ({
  look, verdicts: SLOW ? VERDICTS : VERDICTS.filter((_verdict, index) => index % QUICK === at),
}));

it.each(MATRIX)("says its verdicts with their own word, colour and sound ($look.0, $look.2, $look.3)", async ({ look: [device, viewport, colorScheme, lang], verdicts }) => {
  const till = await openPaired({ viewport, colorScheme }, `/scan?lang=${lang}`);
  const { page, shot } = till;
  await page.locator("ry-till-settings summary").click();
  await page.locator("ry-till-settings input").first().check(); // hold, so that there is time to look
  await till.notes();
  const colours = new Map<string, Set<string>>();
  for (const [scenario, tone, ru, en] of verdicts) {
    await scan(page, code(scenario));
    await page.locator(".cover.verdict").waitFor();
    expect(await word(page)).toBe(lang === "ru" ? ru : en);
    const verdict = page.locator(".cover ry-verdict");
    expect(await verdict.getAttribute("tone"), scenario).toBe(tone);
    expect(await page.locator("p[role=alert].unseen").innerText()).toContain(lang === "ru" ? ru : en);
    expect(await till.notes(), scenario).toEqual([...NOTES[tone]]);
    const colour = await verdict.evaluate((element) => getComputedStyle(element).backgroundColor);
    colours.set(tone, (colours.get(tone) ?? new Set()).add(colour));
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    const fits = await page.locator(".cover").evaluate((cover) => cover.scrollHeight <= cover.clientHeight && cover.scrollWidth <= cover.clientWidth);
    expect(fits, `${scenario} fits the screen`).toBe(true);
    expect(await axe(page), scenario).toEqual([]);
    await shot(`scan-${device}-${colorScheme}-${lang}-${scenario.toLowerCase()}`);
    await page.locator(".cover .next").click();
    await isReady(page);
  }
  const shown = [...colours.values()];
  expect(shown.map((all) => all.size), "one colour for each tone").toEqual(shown.map(() => 1));
  expect(new Set(shown.map((all) => [...all][0])).size, "and another one for each").toBe(new Set(verdicts.map(([, tone]) => tone)).size);
  till.forgive(); // the 503
  await till.end();
});

describe.each([["phone", PHONE], ["desk", DESK]] as const)("on a %s", (device, viewport) => {
  it.each(looksOn(device))("is readable by everyone, ready and unpaired (%s, %s)", async (colorScheme, lang) => {
    const till = await open(`/scan?lang=${lang}`, { viewport, colorScheme });
    const { page, shot } = till;
    await page.locator("ry-pair-form").waitFor();
    expect(await axe(page)).toEqual([]);
    await shot(`scan-${device}-${colorScheme}-pair`);
    await pairWith(page, PAIRING);
    await page.locator("ry-spoken-form").waitFor();
    await scan(page, code("VALID"));
    await page.locator(".cover.verdict").waitFor();
    await isReady(page);
    await page.locator("ry-till-settings summary").click();
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    await shot(`scan-${device}-${colorScheme}-ready`);
    await till.end();
  });
});

describe("pairing", () => {
  it("forgives how the code is typed, and lasts", async () => {
    const till = await open("/scan");
    const { page } = till;
    await pairWith(page, "K7QM");
    await page.getByText("восемь латинских букв").waitFor();
    await pairWith(page, "AAAA-AAAA");
    await page.getByText("Такого кода нет").waitFor();
    await pairWith(page, "WAIT-WAIT");
    await page.getByText(/Подождите 60\sс/).waitFor();
    await pairWith(page, "л7йь 2чзв"); // the Russian layout was on
    await page.getByText("Музей изобразительных искусств").waitFor();
    await page.getByText("4821").waitFor();
    await page.getByText("🦊 4").first().waitFor();
    await page.reload();
    await page.getByText("4821").waitFor();
    till.forgive();
    await till.end();
  });

  it("comes back with its reason when the till was switched off", async () => {
    const till = await openPaired();
    await till.page.evaluate(() => fetch("/api/v1/terminals/forget-all"));
    await scan(till.page, code("VALID"));
    await till.page.getByText("Эту кассу отключили").waitFor();
    expect(await till.page.evaluate(() => localStorage.getItem("ryadom.scan.terminal"))).toBeNull();
    till.forgive();
    await till.end();
  });

  it("ends at the second press of a button", async () => {
    const till = await openPaired();
    await till.page.locator("summary").click();
    await till.page.getByRole("button", { name: "Отключить кассу" }).click();
    await till.page.getByRole("button", { name: "Точно отключить?" }).click();
    await till.page.locator("ry-pair-form").waitFor();
    await till.end();
  });
});

describe("a hardware scanner", () => {
  it("is heard anywhere, and the till is ready again by itself", async () => {
    const till = await openPaired();
    const { page, sent } = till;
    await scan(page, code("VALID"));
    await page.locator(".cover.verdict").waitFor();
    expect(await word(page)).toBe("Действует");
    await page.getByText("Скидка 10 % на билеты").first().waitFor();
    await isReady(page);
    expect(sent).toEqual([{ text: code("VALID") }]);
    await page.getByText("Сегодня 1 проверка").waitFor();
    await till.end();
  });

  it("works while the Russian layout is on, in small letters, and without Enter", async () => {
    const till = await openPaired();
    const { page, sent } = till;
    await scanRussian(page, code("VALID"));
    await page.locator(".cover.verdict").waitFor();
    await scan(page, code("EXPIRED").toLowerCase());
    await page.getByText("Код устарел").first().waitFor();
    await scan(page, code("REVOKED"), false);
    await page.getByText("Право отозвано").first().waitFor();
    expect(sent.map(({ text }) => text)).toEqual([code("VALID"), code("EXPIRED"), code("REVOKED")]);
    await till.end();
  });

  it("leaves a field as it was", async () => {
    const till = await openPaired();
    const { page } = till;
    const input = page.locator("ry-spoken-form input");
    await input.fill("53");
    await scan(page, code("VALID"));
    await page.locator(".cover.verdict").waitFor();
    await isReady(page);
    expect(await input.inputValue()).toBe("53");
    expect(await input.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element), "the focus came back").toBe(true);
    await till.end();
  });

  it.each(["https://evil.example/Q#AVALID", "4601234567890", "HTTPS://EVIL.EXAMPLE/?x=1"])("that reads %s says so, and asks nobody", async (text) => {
    const till = await openPaired();
    const { page, sent, addresses } = till;
    await scan(page, text);
    await page.locator(".cover.verdict").waitFor();
    expect(await word(page)).toBe("Это не наш код");
    expect(sent).toEqual([]);
    expect(addresses.join()).not.toContain("evil");
    await till.end();
  });
});

describe("without a scanner", () => {
  it("six spoken digits do", async () => {
    const till = await openPaired();
    const { page, sent } = till;
    const input = page.locator("ry-spoken-form input");
    await input.fill("12");
    await page.keyboard.press("Enter");
    await page.getByText("Нужно шесть цифр").waitFor();
    await input.fill("111 111");
    await page.keyboard.press("Enter");
    await page.getByText("Цифры не подошли").first().waitFor();
    await isReady(page);
    await input.fill(SPOKEN);
    await page.keyboard.press("Enter");
    await page.locator(".cover.verdict.yes").waitFor();
    expect(sent).toEqual([{ spoken: "111111" }, { spoken: SPOKEN }]);
    await till.end();
  });

  it("a photo does, read on the device", async () => {
    const till = await openPaired();
    const { page, sent } = till;
    const photo = (text: string): { name: string; mimeType: string; buffer: Buffer } => ({ name: "photo.png", mimeType: "image/png", buffer: qrPng(text, 5) });
    const file = page.locator("input[type=file]");
    await file.setInputFiles(photo(code("VALID")));
    await page.locator(".cover.verdict.yes").waitFor();
    await file.setInputFiles(photo("https://evil.example/"));
    await page.locator(".cover.verdict.no").waitFor();
    await isReady(page);
    await file.setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.getByText("не открылся как фото").waitFor();
    const blank = await page.screenshot();
    await file.setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: blank });
    await page.getByText("На фото не видно кода").waitFor();
    expect(sent).toEqual([{ text: code("VALID") }]);
    await till.end();
  });

  it("pasted text does", async () => {
    const till = await openPaired();
    await till.page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
    }, code("VALID"));
    await till.page.locator(".cover.verdict.yes").waitFor();
    await till.end();
  });
});

describe("the camera", () => {
  it("reads a code under the page's own policy, once while it stays in view", async () => {
    const camera = cameraFile(await phoneShowing(code(`VALID7${"A".repeat(62)}`)));
    const withCamera = await startBrowserWithCamera(camera);
    try {
      const till = await openPaired({}, "/scan", withCamera);
      const { page, sent, shot } = till;
      await page.getByRole("button", { name: "Включить камеру" }).click();
      await page.locator(".cover.verdict.yes").waitFor();
      await shot("scan-camera-verdict");
      await isReady(page);
      await page.waitForTimeout(2500);
      expect(sent.length).toBe(1);
      await shot("scan-camera-ready");
      expect(await axe(page)).toEqual([]);
      await page.reload(); // it comes on by itself next time
      await page.locator(".cover.verdict.yes").waitFor();
      await isReady(page);
      await page.getByRole("button", { name: "Выключить камеру" }).click();
      await page.getByRole("button", { name: "Включить камеру" }).waitFor();
      await till.end();
    } finally {
      await withCamera.close();
      camera.remove();
    }
  });

  it("uses the browser's own reader where there is one, and then loads no other; and lights the torch", async () => {
    const camera = cameraFile(qrPng("nothing that the page would take"));
    const withCamera = await startBrowserWithCamera(camera);
    try {
      const till = await open("/scan", {}, withCamera, (page) => page.addInitScript((text) => {
        Object.assign(globalThis, { BarcodeDetector: class {
          static async getSupportedFormats(): Promise<string[]> { return ["qr_code"]; }
          async detect(source: unknown): Promise<{ rawValue: string }[]> { return source instanceof HTMLVideoElement ? [{ rawValue: text }] : []; }
        } });
        MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true }) as MediaTrackCapabilities;
        MediaStreamTrack.prototype.applyConstraints = async (wanted) => { Object.assign(globalThis, { wanted }); };
      }, code("VALID")));
      const { page } = till;
      await pairWith(page, PAIRING);
      await page.getByRole("button", { name: "Включить камеру" }).click();
      await page.locator(".cover.verdict.yes").waitFor();
      await isReady(page);
      await page.getByRole("button", { name: "Фонарик" }).click();
      await page.locator('button[aria-pressed="true"]', { hasText: "Фонарик" }).waitFor();
      expect(await page.evaluate(() => (globalThis as unknown as { wanted: unknown }).wanted)).toEqual({ advanced: [{ torch: true }] });
      expect(till.addresses.filter((address) => /decoder|wasm/.test(address))).toEqual([]);
      await till.end();
    } finally {
      await withCamera.close();
      camera.remove();
    }
  });

  it("that sees a foreign code says so, and asks nobody", async () => {
    const camera = cameraFile(qrPng("HTTPS://EVIL.EXAMPLE/Q#AVALID"));
    const withCamera = await startBrowserWithCamera(camera);
    try {
      const till = await openPaired({}, "/scan", withCamera);
      await till.page.getByRole("button", { name: "Включить камеру" }).click();
      await till.page.locator(".cover.verdict.no").waitFor();
      expect(till.sent).toEqual([]);
      await till.end();
    } finally {
      await withCamera.close();
      camera.remove();
    }
  });

  it("that is refused leaves the other ways in", async () => {
    const till = await openPaired();
    await till.page.getByRole("button", { name: "Включить камеру" }).click();
    await till.page.locator("ry-camera-view .trouble").filter({ hasText: /./ }).waitFor();
    await till.page.getByRole("button", { name: "Фото кода" }).waitFor();
    await till.end();
  });
});

describe("without a connection", () => {
  it("says so in amber, keeps the code, and asks again when the connection is back", async () => {
    const till = await openPaired();
    const { page, shot } = till;
    await page.context().setOffline(true);
    await page.unroute(CHECKS);
    await scan(page, code("VALID"));
    await page.locator(".cover.verdict.unsure").waitFor();
    expect(await word(page)).toBe("Нет связи");
    expect(await axe(page)).toEqual([]);
    await shot("scan-phone-no-connection");
    await page.waitForTimeout(2500);
    await page.locator(".cover").getByRole("button", { name: "Ещё раз" }).click(); // it stayed
    await page.locator(".cover.verdict.unsure").waitFor();
    await fakeChecks(page);
    await page.context().setOffline(false);
    await page.locator(".cover.verdict.yes").waitFor();
    till.forgive();
    await till.end();
  });

  it("says how long to wait when it was too often", async () => {
    const till = await openPaired();
    await scan(till.page, code("BUSY"));
    await till.page.locator(".cover").getByText(/Подождите 42\sс/).waitFor();
    till.forgive();
    await till.end();
  });

  it.each(["/scan", "/q"])("%s opens from what is kept", async (path) => {
    const till = await open(path);
    const { page } = till;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.unroute(CHECKS);
    await page.context().setOffline(true);
    await page.goto(`${service.url}${path === "/q" ? "/Q#AVALID" : path}`);
    if (path === "/q") await page.getByText("Нет связи").first().waitFor();
    else await page.locator("ry-pair-form").waitFor();
    till.forgive();
    await till.end();
  });
});

it.each([["small", { width: 320, height: 568 }], ["lying", { width: 740, height: 360 }], ["desk", DESK]] as const)("keeps word and button in sight however much there is to give: %s", async (name, viewport) => {
  const till = await openPaired({ viewport });
  const { page } = till;
  await page.route(/\/api\/v1\/verify$/, async (route) => {
    const benefits = ["Скидка 10 % на билеты", "Детям до 7 лет — бесплатно", "Экскурсия для всей семьи в последнее воскресенье месяца в подарок", "300 ₽ с абонемента"]
      .map((title) => ({ kind: "gift", value: null, title, terms: "По предварительной записи" }));
    await route.fulfill({ json: { result: "valid", reason: null, category: "large_family", valid_until: "2027-03", receipt: "7K3Q-92MD", shift_mark: "🦊 4", benefits } });
  });
  await scan(page, code("VALID"));
  for (const part of [".word", ".next"]) {
    const box = (await page.locator(`.cover ${part}`).boundingBox())!;
    expect(box.y >= 0 && box.y + box.height <= viewport.height, part).toBe(true);
  }
  await till.shot(`scan-much-${name}`);
  await till.end();
});

describe("the settings", () => {
  it("keep the answer until it is tapped, by hand or by key", async () => {
    const till = await openPaired();
    const { page } = till;
    await page.locator("summary").click();
    await page.getByLabel("Держать ответ").check();
    await page.getByLabel("Звук").uncheck();
    await page.reload();
    await page.locator("ry-spoken-form").waitFor();
    await scan(page, code("REVOKED"));
    await page.locator(".cover.verdict").waitFor();
    await page.waitForTimeout(2500);
    expect(await word(page)).toBe("Право отозвано");
    expect(await till.notes()).toEqual([]);
    await page.keyboard.press("Enter"); // the focus is on "next"
    await isReady(page);
    await scan(page, code("REVOKED"));
    await page.locator(".cover.verdict").waitFor();
    await page.keyboard.press("Escape");
    await isReady(page);
    await scan(page, code("REVOKED"));
    await page.locator(".cover.verdict").click({ position: { x: 20, y: 20 } });
    await isReady(page);
    await till.end();
  });
});

describe.each([["phone", PHONE], ["desk", DESK]] as const)("a code opened by a stock camera, on a %s", (device, viewport) => {
  it.each(looksOn(device))("gets one word and nothing more (%s, %s)", async (colorScheme, lang) => {
    for (const [scenario, tone, ru, en] of VERDICTS.filter(([name]) => ["VALID", "EXPIRED", "ENDED", "STALE"].includes(name))) {
      const till = await open(`/Q?lang=${lang}#A${scenario}${device === "phone" ? "22" : "33"}${lang === "ru" ? "44" : "55"}`.replace(/(EXPIRED|ENDED|STALE)\d+/, "$1"), { viewport, colorScheme });
      const { page, sent } = till;
      await page.locator("ry-verdict").waitFor();
      expect(await page.locator("ry-verdict .word").innerText()).toBe(lang === "ru" ? ru : en);
      expect(await page.locator("ry-verdict").getAttribute("tone")).toBe(tone);
      expect(page.url()).not.toContain("#");
      expect(new URL(page.url()).pathname).toBe("/q");
      expect(sent).toHaveLength(1);
      expect(sent[0]!["check_id"]).toMatch(/^[\w-]{22,}$/);
      const text = await page.locator("main").innerText();
      expect(text).toContain(new URL(service.url).host);
      expect(text).not.toMatch(/Скидка|🦊/);
      expect(await axe(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
      await till.shot(`q-${device}-${colorScheme}-${lang}-${scenario.toLowerCase()}`);
      await page.reload();
      await page.locator("ry-verdict").waitFor();
      expect(await page.locator("ry-verdict .word").innerText(), "a reload shows the same").toBe(lang === "ru" ? ru : en);
      expect(sent).toHaveLength(1);
      till.forgive();
      await till.end();
    }
  });

  it("is explained when there is none", async () => {
    const till = await open("/q", { viewport });
    await till.page.getByRole("heading", { name: "Проверка удостоверения" }).waitFor();
    expect(await axe(till.page)).toEqual([]);
    await till.shot(`q-${device}-none`);
    await till.page.getByRole("link", { name: "Проверять на кассе" }).click();
    await till.page.locator("ry-pair-form").waitFor();
    await till.end();
  });
});

describe("a code at /q", () => {
  it("with something else behind the # is not ours, and asks nobody", async () => {
    const till = await open("/q#<img src=x>");
    await till.page.getByText("Это не наш код").first().waitFor();
    expect(till.sent).toEqual([]);
    expect(till.page.url()).not.toContain("#");
    await till.end();
  });

  it("keeps its id over a lost connection", async () => {
    const till = await open("/Q#ADOWN");
    await till.page.getByRole("button", { name: "Ещё раз" }).click();
    await expect.poll(() => till.sent.length).toBe(2);
    await till.page.getByRole("button", { name: "Ещё раз" }).waitFor();
    await till.page.waitForTimeout(200); // for the browser's own words about it
    expect(till.sent[0]).toEqual(till.sent[1]);
    till.forgive();
    await till.end();
  });

  it("is asked about without the reader of pictures in the page", async () => {
    const till = await open("/Q#AVALIDTINY");
    await till.page.locator("ry-verdict").waitFor();
    expect(till.addresses.filter((address) => /decoder|wasm|create_map/.test(address))).toEqual([]);
    await till.end();
  });
});
