/**
 * `/sign-in` and `/partner` against the real service, which shows its mails at /dev/mail: a new manager signs in,
 * registers an organisation and a location, and sees that it waits for the operator.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { describeLocation, describeOrganisation } from "./desk_harness.js";
import { axe, DESK, get, looksOn, PHONE, startBrowser, startService, visit, type Service, type Visit } from "./harness.js";

let service: Service;
let browser: Browser;
let people = 0;

beforeAll(async () => {
  service = await startService();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: string;
}

/** The link in the newest mail to this address. */
async function linkFor(email: string): Promise<string> {
  const mails = (await get<Mail[]>(`${service.url}/dev/mail.json`)).filter(({ to }) => to.includes(email));
  const link = /\/sign-in#\S+/.exec(mails.sort((a, b) => b.at.localeCompare(a.at))[0]?.text ?? "")?.[0];
  expect(link, `a link in the mail to ${email}`).toBeDefined();
  return service.url + link!;
}

/** The browser's own words about answers that are no success: nobody is signed in yet, a form is not complete yet. */
function forgive({ errors }: Visit): void {
  const kept = errors.filter((text) => !/status of (401|404|412|422)/.test(text));
  errors.splice(0, errors.length, ...kept);
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("Адрес электронной почты").fill(email);
  await page.getByRole("button", { name: "Прислать ссылку" }).click();
  await page.getByRole("heading", { name: "Письмо отправлено" }).waitFor();
  await page.goto(await linkFor(email));
  await page.getByRole("button", { name: "Войти" }).waitFor();
  expect(new URL(page.url()).hash, "the token left the address").toBe("");
  await page.getByRole("button", { name: "Войти" }).click();
}

/** The same form as everywhere, after a wrong tax number that it names. */
async function register(page: Page): Promise<void> {
  await page.getByLabel("ИНН", { exact: true }).fill("7707083894");
  await page.locator('[data-field="inn"][aria-invalid="true"]').waitFor();
  await describeOrganisation(page);
}

async function newManager(options: BrowserContextOptions = {}): Promise<Visit> {
  const opened = await visit(browser, `${service.url}/partner`, options);
  people += 1;
  await signIn(opened.page, `anna${people}@example.org`);
  await opened.page.waitForURL(/\/partner/);
  await opened.page.getByLabel("ИНН", { exact: true }).waitFor();
  return opened;
}

it("a new manager registers a location and sees that it waits for the operator", async () => {
  const opened = await newManager();
  const { page, shot, end } = opened;
  await register(page);
  await describeLocation(page);
  await shot("partner-new");

  await page.reload(); // a closed tab
  await page.getByText("Мы вернули то, что вы не успели сохранить.").waitFor();
  expect(await page.getByLabel("Название", { exact: true }).inputValue()).toBe("Музей «Память»");

  await page.getByRole("button", { name: "Отправить на проверку" }).click();
  await page.locator("ry-state-panel .badge", { hasText: "на проверке" }).waitFor();
  await shot("partner-pending");
  await page.getByRole("link", { name: "Ко всем местам" }).click();
  await page.locator(".rows .badge", { hasText: "на проверке" }).waitFor();
  forgive(opened);
  await end();
});

it("what is missing is named on top, with the way to its field", async () => {
  const opened = await newManager();
  const { page, end } = opened;
  await register(page);
  await page.getByLabel("Название", { exact: true }).fill("Лавка");
  await page.getByRole("button", { name: "Отправить на проверку" }).click();
  await page.locator(".summary").waitFor();
  await page.locator(".summary a", { hasText: "Адрес" }).click();
  expect(await page.getByLabel("Адрес", { exact: true }).evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field)).toBe(true);
  forgive(opened);
  await end();
});

it("two tabs at one location: nothing is lost", async () => {
  const opened = await newManager();
  const { page, end } = opened;
  await register(page);
  await describeLocation(page);
  await page.getByRole("button", { name: "Сохранить черновик" }).click();
  await page.waitForURL(/id=(?!new)/);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel("Телефон для посетителей").fill("8 (8652) 11-11-11");
  await other.getByRole("button", { name: "Сохранить черновик" }).click();
  await other.locator(".status.clean").waitFor();
  await page.getByLabel("Телефон для посетителей").fill("8 (8652) 22-22-22");
  // The draft saves itself after a moment, and is told that somebody was faster.
  await page.locator("ry-clash-dialog dialog").waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Всё их" }).click();
  await page.getByRole("button", { name: "Сохранить выбранное" }).click();
  await page.locator(".status.clean").waitFor();
  expect(await page.getByLabel("Телефон для посетителей").inputValue()).toContain("11");
  await other.close();
  forgive(opened);
  await end();
});

it("opening the link of a mail signs nobody in", async () => {
  const opened = await visit(browser, `${service.url}/partner`);
  const email = "scanned@example.org";
  await opened.page.getByLabel("Адрес электронной почты").fill(email);
  await opened.page.getByRole("button", { name: "Прислать ссылку" }).click();
  await opened.page.getByRole("heading", { name: "Письмо отправлено" }).waitFor();
  await opened.page.goto(await linkFor(email));
  await opened.page.getByRole("button", { name: "Войти" }).waitFor();
  expect(await axe(opened.page)).toEqual([]);
  expect((await opened.page.request.get(`${service.url}/api/v1/session`)).status()).toBe(401);
  forgive(opened);
  await opened.end();
});

describe("every view", () => {
  it.each(([["phone", PHONE], ["desk", DESK]] as const).flatMap(([device, viewport]) => looksOn(device).map((look) => [device, viewport, ...look] as const)))(
    "is accessible on a %s (%s, %s, %s)", async (device, viewport, colorScheme, lang) => {
      const welcome = await visit(browser, `${service.url}/partner?lang=${lang}`, { viewport, colorScheme });
      await welcome.page.locator("ry-sign-in-form").waitFor();
      expect(await axe(welcome.page), "welcome").toEqual([]);
      await welcome.shot(`partner-welcome-${device}-${colorScheme}`);
      forgive(welcome);
      await welcome.end();

      const opened = await newManager({ viewport, colorScheme });
      const { page, shot, end } = opened;
      expect(await axe(page), "organisation first").toEqual([]);
      await register(page);
      for (const view of ["locations", "locations&id=new", "tills", "bulk", "refusals", "keys", "organisation"]) {
        await page.goto(`${service.url}/partner?view=${view}&lang=${lang}`);
        await page.locator("main h1").first().waitFor();
        if (view.endsWith("new")) await page.locator("ry-pin-box .side, ry-pin-box .words").first().waitFor();
        await page.waitForLoadState("networkidle");
        expect(await axe(page), view).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view}: no sideways scroll`).toBe(true);
        await shot(`partner-${view.replace("&id=", "-")}-${device}-${colorScheme}`);
      }
      forgive(opened);
      await end();
    },
  );
});
