/**
 * The page `/operator` in a browser, served by the real service with its real Content-Security-Policy. The operator's
 * answers come from src/testing/fake_operator.ts, so that rivals, edits and long queues can be made at will; the story
 * against the real answers is operator.e2e.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { FakeOperator } from "../src/testing/fake_operator.js";
import { axe, DESK, looksOn, PHONE, still, startBrowser, startService, visit, type Service, type Visit } from "./harness.js";

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

interface Desk extends Visit {
  readonly fake: FakeOperator;
  /** Takes the browser's own words about refused requests off the list of errors. */
  forgive(): void;
}

async function open(query = "", options: BrowserContextOptions = {}, fake = new FakeOperator()): Promise<Desk> {
  const opened = await visit(browser, `${service.url}/operator${query}`, { viewport: DESK, ...options }, (page) =>
    page.route(({ pathname }) => /^\/(api\/v1|photos|style)\//.test(pathname), async (route) => {
      const request = route.request();
      const { status, type, body } = fake.answer({ method: request.method(), url: request.url(), headers: request.headers(), body: request.postData() });
      await route.fulfill({ status, contentType: type, body: body === null ? "" : JSON.stringify(body) });
    }));
  return {
    ...opened, fake,
    forgive: () => {
      const kept = opened.errors.filter((text) => !text.startsWith("Failed to load resource"));
      opened.errors.splice(0, opened.errors.length, ...kept);
    },
    end: async () => {
      const kept = opened.errors.filter((text) => !(text.startsWith("Failed to load resource") && text.includes("404"))); // the fake has no map style
      opened.errors.splice(0, opened.errors.length, ...kept);
      await opened.end();
    },
  };
}

/** Waits until this one is open, and longer than a second press of a key counts as meant for it. */
async function opened({ page }: Visit, id: string): Promise<void> {
  await page.waitForURL(new RegExp(`id=${id}$`));
  await page.locator("ry-decision-bar [data-act=approve]:enabled, ry-decision-bar textarea").first().waitFor();
  await page.waitForTimeout(500);
}

describe("the queue", () => {
  it("empties by keys: A approves, R rejects with a reason, the next one opens at once", async () => {
    const desk = await open();
    const { page, fake } = desk;
    await opened(desk, "r-1");
    await page.keyboard.press("a");
    await opened(desk, "r-2");
    expect(await page.getByRole("status").filter({ hasText: "Одобрено" }).count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.shadowRoot?.activeElement?.shadowRoot?.activeElement?.localName)).toBe("h2");
    await page.keyboard.press("r");
    await page.locator("ry-decision-bar textarea").waitFor();
    await page.keyboard.press("Enter"); // without a reason nothing happens
    await page.locator("ry-decision-bar #lacking").waitFor();
    await page.getByRole("button", { name: "Уточните льготу" }).click();
    await page.keyboard.press("Enter");
    await opened(desk, "r-3");
    expect(fake.decided).toEqual(["approve r-1", "reject r-2: Уточните льготу."]);
    await page.keyboard.press("j");
    await opened(desk, "r-4");
    await page.keyboard.press("k");
    await opened(desk, "r-3");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Клавиши" }).waitFor();
    await page.keyboard.press("a"); // not while a dialog is open
    await page.keyboard.press("Escape");
    expect(fake.decided.length).toBe(2);
    await desk.end();
  });

  it("decides nothing that has not been seen: a double press approves one", async () => {
    const desk = await open();
    await opened(desk, "r-1");
    await desk.page.keyboard.press("a");
    await desk.page.keyboard.press("a");
    await opened(desk, "r-2");
    expect(desk.fake.decided).toEqual(["approve r-1"]);
    await desk.end();
  });

  it("shows what happened when somebody was faster, or the partner edited", async () => {
    const desk = await open();
    const { page, fake } = desk;
    await opened(desk, "r-1");
    fake.edit("r-1", { name: "Музей, новое имя" });
    await page.keyboard.press("a");
    await page.getByRole("alert").filter({ hasText: "решение не записано" }).waitFor();
    await page.getByRole("heading", { name: "Музей, новое имя" }).waitFor();
    fake.take("r-1");
    await page.waitForTimeout(500);
    await page.keyboard.press("a");
    await page.getByRole("alert").filter({ hasText: "уже решили без вас" }).waitFor();
    await opened(desk, "r-2");
    expect(fake.decided).toEqual([]);
    desk.forgive();
    await desk.end();
  });

  it("refreshes without taking the focus or a half-written reason", async () => {
    const desk = await open();
    const { page, fake } = desk;
    await opened(desk, "r-1");
    await page.keyboard.press("r");
    await page.locator("ry-decision-bar textarea").fill("Проверьте ");
    fake.take("r-3");
    fake.take("r-1");
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))); // as after twenty seconds
    await page.getByText("Заявки больше нет в очереди").waitFor();
    await page.keyboard.type("адрес");
    expect(await page.locator("ry-decision-bar textarea").inputValue()).toBe("Проверьте адрес");
    expect(await page.locator("ry-queue-list li").count()).toBe(10);
    await desk.end();
  });

  it("approves what is marked after a question, and names what was refused", async () => {
    const desk = await open("?view=queue&id=r-1");
    const { page, fake } = desk;
    await opened(desk, "r-1");
    await page.keyboard.press("x");
    await page.locator('[data-mark="r-3"]').check();
    await page.locator('[data-mark="r-4"]').check();
    fake.edit("r-4", { name: "Другое" });
    await page.getByRole("button", { name: "Одобрить отмеченные" }).click();
    await page.getByRole("dialog", { name: "Одобрить 3 заявки?" }).getByRole("button", { name: "Да, одобрить" }).click();
    await page.getByRole("alert").filter({ hasText: "Не одобрена 1 заявка" }).waitFor();
    expect(fake.decided).toEqual(["approve r-1", "approve r-3"]);
    await opened(desk, "r-2");
    await desk.end();
  });

  it("keeps what was typed when the session ends, and goes on after signing in again", async () => {
    const desk = await open();
    const { page, fake } = desk;
    await opened(desk, "r-1");
    await page.keyboard.press("r");
    await page.locator("ry-decision-bar textarea").fill("Уточните часы");
    fake.standing = "none";
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Войти в новой вкладке" }).waitFor();
    fake.standing = "full";
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))); // back from the other tab
    await page.getByRole("link", { name: "Войти в новой вкладке" }).waitFor({ state: "detached" });
    await page.locator("ry-decision-bar textarea").press("Enter");
    await opened(desk, "r-2");
    expect(fake.decided).toEqual(["reject r-1: Уточните часы"]);
    desk.forgive();
    await desk.end();
  });
});

describe("who may come in", () => {
  it.each([["none", "operator", "Войти"], ["totp_enrol", "operator", "Закончить вход"], ["full", "manager", "В кабинет партнёра"]] as const)(
    "%s, %s: «%s»", async (standing, role, words) => {
      const fake = new FakeOperator();
      Object.assign(fake, { standing, role });
      const desk = await open("", {}, fake);
      await desk.page.getByRole("link", { name: words }).waitFor();
      expect(await axe(desk.page)).toEqual([]);
      desk.forgive();
      await desk.end();
    });

  it("shows an auditor the log alone", async () => {
    const fake = new FakeOperator();
    fake.role = "auditor";
    const desk = await open("?view=queue", {}, fake);
    await desk.page.getByRole("table", { name: "Журнал решений" }).waitFor();
    expect(await desk.page.locator("nav a").count()).toBe(1);
    await desk.end();
  });
});

describe("a place", () => {
  it("goes back to an earlier version", async () => {
    const desk = await open("?view=places&id=place-2");
    const { page } = desk;
    await page.locator('[data-revert="1"]').click();
    await page.getByRole("dialog").getByRole("button", { name: "Вернуть эту версию" }).click();
    await page.getByRole("status").filter({ hasText: "Версия 1 снова на карте" }).waitFor();
    await page.locator('li[data-version="4"]').filter({ hasText: "сейчас на карте" }).waitFor();
    await page.locator('[data-act="suspend"]').click();
    await page.getByRole("dialog").getByRole("textbox").fill("Ремонт");
    await page.keyboard.press("Enter");
    await page.locator('[data-act="resume"]').waitFor();
    await desk.end();
  });
});

const VIEWS = ["queue", "queue&id=r-2", "places", "places&id=place-1", "partners", "accounts", "accounts&id=p-1", "refusals", "rights", "audit"];

describe.each([["phone", PHONE], ["desk", DESK]] as const)("on a %s", (device, viewport) => {
  it.each(VIEWS.flatMap((view) => looksOn(device).map((look) => [view, ...look] as const)))("%s passes axe and fits (%s, %s)", async (view, colorScheme, lang) => {
    const desk = await open(`?view=${view}&lang=${lang}`, { viewport, colorScheme }, new FakeOperator(300));
    await desk.page.waitForLoadState("networkidle");
    await still(desk.page);
    await desk.shot(`operator-${view.replaceAll(/\W/g, "-")}-${device}-${colorScheme}`);
    expect(await axe(desk.page)).toEqual([]);
    expect(await desk.page.evaluate(() => document.documentElement.scrollWidth - innerWidth), "sideways").toBeLessThanOrEqual(0);
    await desk.end();
  });
});
