/**
 * The story of the credential as it goes in a deployment: over https, with the real binary and nobody's fake answers. An
 * office invites a family, its phone shows codes, a till's camera sees that phone's screen, and the office suspends,
 * resumes and revokes.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { invite, operate, pairing, shownCode, useInvitation } from "./credential_harness.js";
import { cameraFile, qrPng, startBrowserWithCamera, type CameraFile } from "./fake_camera.js";
import { axe, DESK, PHONE, RESULTS, startBrowser, visit, type Visit } from "./harness.js";
import { startDeployment, type Deployment } from "./tls_proxy.js";

const STEP_MS = 30_000;
/** Shorter than a deployment's, so that a code is old sooner. */
const GRACE_S = 8;
/** What there must be left of a code that is to go through many hands. */
const FRESH_MS = 12_000;
/** How long a person with a queue behind her looks at "checking". */
const PATIENCE_MS = 8_000;

let service: Deployment;
let phones: Browser;

beforeAll(async () => {
  service = await startDeployment({ RYADOM_CODE_GRACE_S: String(GRACE_S) });
  phones = await startBrowser(service.browser_trust);
});

afterAll(async () => {
  await phones?.close();
  await service?.stop();
});

interface Picture {
  readonly png: Buffer;
  /** When the code on it is no longer taken. */
  readonly old_ms: number;
}

/** A photo of the wallet's screen with a code that has some life before it. */
async function photo(page: Page): Promise<Picture> {
  const before = await shownCode(page);
  if (STEP_MS - (Date.now() % STEP_MS) < FRESH_MS) await expect.poll(() => shownCode(page), { timeout: STEP_MS }).not.toBe(before);
  await page.waitForTimeout(900); // the code of a new step fades in
  const step = Math.floor(Date.now() / STEP_MS);
  return { png: await page.screenshot(), old_ms: (step + 1) * STEP_MS + GRACE_S * 1000 };
}

interface Till extends Visit {
  readonly camera: CameraFile;
  readonly number: string;
}

async function pairedTill(tills: Browser, camera: CameraFile, lang: string, name: string, options: BrowserContextOptions): Promise<Till> {
  const till = await visit(tills, `${service.url}/scan?lang=${lang}`, { permissions: ["camera"], ...options });
  await till.page.locator("ry-pair-form input").fill(await pairing(service, "demo-001", name));
  await till.page.keyboard.press("Enter");
  const number = await till.page.locator("ry-spoken-form .number strong").innerText();
  expect(number).toMatch(/^\d{4,5}$/);
  return { ...till, camera, number };
}

interface Seen {
  readonly word: string;
  readonly tone: string;
  readonly colour: string;
  readonly picture: string;
  readonly text: string;
}

/** The verdict that covers a till's screen. */
async function verdict({ page, shot }: Visit, name: string): Promise<Seen> {
  const cover = page.locator(".cover.verdict ry-verdict");
  await cover.waitFor({ timeout: PATIENCE_MS });
  const seen = {
    word: await cover.locator(".word").innerText(), tone: (await cover.getAttribute("tone")) ?? "",
    colour: await cover.evaluate((element) => getComputedStyle(element).backgroundColor),
    picture: await cover.locator(".head svg").innerHTML(), text: await cover.evaluate(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll("p, dd") ?? [])].map(({ textContent }) => textContent).join("\n")),
  };
  await shot(name);
  await page.keyboard.press("Escape");
  await page.locator(".cover").waitFor({ state: "detached" });
  return seen;
}

/** Switches the camera on before a picture, as a cashier does, and reads what the till says. */
async function seenBy(till: Till, { png }: Picture, name: string): Promise<Seen> {
  till.camera.show(png);
  await till.page.locator("ry-camera-view button.main").click();
  const seen = await verdict(till, name);
  await till.page.locator("ry-camera-view .buttons button").first().click();
  await till.page.locator("ry-camera-view button.main:enabled").waitFor();
  return seen;
}

const WORDS = {
  ru: {
    valid: "Действует", used: "Код уже проверен", old: "Код устарел", suspended: "Право приостановлено", revoked: "Право отозвано",
    accepted: "Этот код уже приняли", fresh: "Показать новый", say: "Назвать код кассиру", wallet_suspended: "Удостоверение приостановлено",
    wallet_revoked: "Удостоверение отозвано", now: "Проверить сейчас",
  },
  en: {
    valid: "Valid", used: "Code already used", old: "Code is old", suspended: "Right suspended", revoked: "Right withdrawn",
    accepted: "This code has been accepted", fresh: "Show a new one", say: "Tell the cashier a code", wallet_suspended: "The card is suspended",
    wallet_revoked: "The card has been withdrawn", now: "Check now",
  },
} as const;

/** Refusals that a test provokes; the browser writes them to the console in words of its own. */
const forgive = ({ errors }: Visit): void => {
  errors.splice(0, errors.length, ...errors.filter((text) => !/status of 403/.test(text)));
};
const benefits = async (): Promise<string[]> => {
  const card = (await (await service.fetch(`${service.url}/api/v1/locations/demo-001`)).json()) as { properties: { benefits: { title: string }[] } };
  return card.properties.benefits.map(({ title }) => title);
};

// Both at once: most of it is waiting for codes to grow old.
describe.concurrent.each([
  ["ru", { viewport: PHONE, colorScheme: "light" }, { viewport: DESK, colorScheme: "dark" }],
  ["en", { viewport: PHONE, colorScheme: "dark" }, { viewport: PHONE, colorScheme: "light" }],
] as const)("from the invitation to the till and back (%s)", (lang, phone_is, till_is) => {
  const words = WORDS[lang];

  it("a family is invited, shown, checked, suspended, resumed and revoked", { timeout: 180_000 }, async ({ onTestFinished }) => {
    const titles = await benefits();
    expect(titles.length).toBeGreaterThan(0);
    const invited = await invite(service);
    expect(invited.wallet_url.startsWith(`${service.url}/wallet#`)).toBe(true);
    const phone = await visit(phones, `${service.url}/wallet?lang=${lang}`, phone_is);
    const { page } = phone;
    await useInvitation(page, { ...invited, wallet_url: invited.wallet_url.replace("/wallet#", `/wallet?lang=${lang}#`) });
    const camera = cameraFile(qrPng("nothing yet"));
    const tills = await startBrowserWithCamera(camera, service.browser_trust);
    onTestFinished(async () => {
      await tills.close();
      camera.remove();
    });
    const one = await pairedTill(tills, camera, lang, "Касса 1", till_is);
    const two = await pairedTill(tills, camera, lang, "Касса 2", till_is);
    const shot = (name: string): string => `story-${lang}-${name}`;

    // Shown once: valid, and what to give.
    const first = await photo(page);
    await phone.shot(shot("wallet-code"));
    const valid = await seenBy(one, first, shot("till-valid"));
    expect(valid).toMatchObject({ word: words.valid, tone: "yes" });
    for (const title of titles) expect(valid.text).toContain(title);
    // The same picture at the next till.
    const used = await seenBy(two, first, shot("till-used"));
    expect(used).toMatchObject({ word: words.used, tone: "again" });
    for (const title of titles) expect(used.text).not.toContain(title);
    await page.getByRole("heading", { name: words.accepted }).waitFor({ timeout: 12_000 });
    await phone.shot(shot("wallet-accepted"));
    await page.getByRole("button", { name: words.fresh }).click();
    await shownCode(page);

    // Spoken: the till's number to the phone, the phone's digits to the till.
    await page.getByRole("button", { name: words.say }).click();
    await page.locator("#terminal").fill(two.number);
    await page.keyboard.press("Enter");
    const digits = ((await page.locator(".spell").textContent()) ?? "").replace(/\D/g, "");
    expect(digits).toMatch(/^\d{6}$/);
    await phone.shot(shot("wallet-spoken"));
    await one.page.locator("ry-spoken-form input").fill(digits);
    await one.page.keyboard.press("Enter");
    expect(await verdict(one, shot("till-spoken-elsewhere"))).toMatchObject({ tone: "again" });
    await two.page.locator("ry-spoken-form input").fill(digits);
    await two.page.keyboard.press("Enter");
    const spoken = await verdict(two, shot("till-spoken"));
    expect(spoken).toMatchObject({ word: words.valid, tone: "yes" });
    for (const title of titles) expect(spoken.text).toContain(title);
    await page.goBack();

    // Suspended: a code that was good a moment ago is not; then resumed.
    const before_suspension = await photo(page);
    await operate(service, "right", "suspend", invited.right_id);
    const suspended = await seenBy(one, before_suspension, shot("till-suspended"));
    expect(suspended).toMatchObject({ word: words.suspended, tone: "no" });
    await page.getByRole("heading", { name: words.wallet_suspended }).waitFor({ timeout: 12_000 });
    await phone.shot(shot("wallet-suspended"));
    await operate(service, "right", "resume", invited.right_id);
    await page.getByRole("button", { name: words.now }).click();
    await shownCode(page);

    // Opened by a stock camera: one word, once, and no code in the address.
    const stranger = await visit(phones, `${service.url}/q?lang=${lang}`, { viewport: DESK, colorScheme: till_is.colorScheme });
    const [, fragment] = (await shownCode(page)).split("#");
    await stranger.page.goto(`${service.url}/Q?lang=${lang}#${fragment}`);
    await stranger.page.locator('ry-verdict[tone="yes"]').waitFor({ timeout: PATIENCE_MS });
    const bare = await stranger.page.locator("ry-verdict .word").innerText();
    expect(bare).toBe(words.valid);
    expect(stranger.page.url()).toBe(`${service.url}/q?lang=${lang}`);
    const whole = await stranger.page.locator("main").innerText();
    for (const title of titles) expect(whole).not.toContain(title);
    expect(whole).toContain(new URL(service.url).host);
    expect(await axe(stranger.page)).toEqual([]);
    await stranger.shot(shot("q-valid"));
    await stranger.page.reload();
    await stranger.page.locator("ry-verdict").waitFor();
    expect(await stranger.page.locator("ry-verdict .word").innerText(), "a reload shows the same").toBe(words.valid);
    await stranger.end();
    await page.getByRole("heading", { name: words.accepted }).waitFor({ timeout: 12_000 });
    await page.getByRole("button", { name: words.fresh }).click();
    await shownCode(page);

    // The first picture again, when its time is over.
    await page.waitForTimeout(Math.max(0, first.old_ms + 500 - Date.now()));
    const old = await seenBy(two, first, shot("till-old"));
    expect(old).toMatchObject({ word: words.old, tone: "again" });

    // Revoked.
    const before_end = await photo(page);
    await operate(service, "right", "revoke", invited.right_id);
    const revoked = await seenBy(two, before_end, shot("till-revoked"));
    expect(revoked).toMatchObject({ word: words.revoked, tone: "no" });
    await page.getByRole("heading", { name: words.wallet_revoked }).waitFor({ timeout: 12_000 });
    await phone.shot(shot("wallet-revoked"));

    // "Yes", "show a new one" and "no" are never mistaken for one another.
    for (const [one_of, other] of [[valid, used], [valid, old], [valid, suspended], [valid, revoked], [used, suspended], [used, revoked], [old, suspended], [old, revoked]] as const) {
      expect(one_of.word).not.toBe(other.word);
      expect(one_of.colour).not.toBe(other.colour);
      expect(one_of.picture).not.toBe(other.picture);
    }
    expect(new Set([valid, used, old, suspended, revoked].map(({ word }) => word)).size).toBe(5);

    forgive(phone);
    await phone.end();
    await one.end();
    await two.end();
  });
});

it("the place's card says that a benefit was granted today", async () => {
  const card = (await (await service.fetch(`${service.url}/api/v1/locations/demo-001`)).json()) as { properties: { last_confirmed: string } };
  expect(card.properties.last_confirmed).toBe(new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Moscow" }).format());
  const page = await phones.newPage({ viewport: PHONE, locale: "ru-RU", timezoneId: "Europe/Moscow" });
  await page.goto(`${service.url}/place/demo-001`);
  await page.locator("main").waitFor();
  await page.screenshot({ path: join(RESULTS, "story-place-confirmed.png") });
  await page.close();
});
