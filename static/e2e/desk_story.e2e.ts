/**
 * The whole story on the real binary, on both stores, with letters through a real SMTP server: a new manager signs in,
 * registers, is rejected with a reason, corrects, is approved, and a parent's open map shows the place; then she edits,
 * and the operator goes back to the state of before.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import type { Browser, Page } from "playwright-core";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeLocation, describeOrganisation, totp } from "./desk_harness.js";
import { addressOf, axe, DESK, shownIds, startBrowser, visit, type Visit } from "./harness.js";

interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** A server that takes every letter, as any mail server would over the wire. */
class Post {
  readonly letters: Letter[] = [];
  readonly #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, session, done) => {
      void simpleParser(stream).then((mail) => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(",");
        this.letters.push({ to, subject: mail.subject ?? "", text: mail.text ?? "" });
        done();
      }, done);
    },
  });
  async start(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => resolve((this.#server.server.address() as { port: number }).port));
    });
  }
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
  /** The newest letter to an address whose text has this in it. */
  async letter(to: string, part: string): Promise<Letter> {
    await expect.poll(() => this.letters.some((one) => one.to === to && one.text.includes(part)), { timeout: 10_000, message: `a letter to ${to} with ${part}` }).toBe(true);
    return this.letters.filter((one) => one.to === to && one.text.includes(part)).at(-1)!;
  }
}

interface Running {
  readonly url: string;
  operate(...words: string[]): string;
  stop(): Promise<void>;
}

/** A database of its own on the cluster that scripts/with_postgis.sh has started. */
function freshDatabase(): { url: string; drop(): void } | null {
  const shared = process.env["RYADOM_TEST_POSTGIS"];
  if (shared === undefined) return null;
  const [server, template] = [shared.slice(0, shared.lastIndexOf("/")), shared.slice(shared.lastIndexOf("/") + 1)];
  const name = `story_${process.pid}_${Date.now()}`;
  const psql = (sql: string): void => { execFileSync("psql", ["-q", `${server}/postgres`, "-c", sql]); };
  psql(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: `${server}/${name}`, drop: () => psql(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function start(databaseUrl: string | null, smtpPort: number): Promise<Running> {
  const binary = process.env["RYADOM_BIN"];
  if (binary === undefined) throw new Error("set RYADOM_BIN to the built binary");
  const directory = mkdtempSync(join(tmpdir(), "ryadom-story-"));
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl ?? `sqlite://${join(directory, "ryadom.db")}`,
    RYADOM_SEALING_KEY: "5e".repeat(32),
    RYADOM_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    RYADOM_MAIL_FROM: "Рядом <noreply@example.org>",
  };
  const child: ChildProcess = spawn(binary, ["serve", "--listen", "127.0.0.1:0"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const url = await addressOf(child);
  return {
    url,
    operate: (...words) => execFileSync(binary, [...words, "--listen", new URL(url).host], { env, encoding: "utf8" }),
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What a browser says of answers that are no success, before anybody has signed in or a form is complete. */
function forgive({ errors }: Visit): void {
  const kept = errors.filter((text) => !/status of (401|404|412|422)/.test(text));
  errors.splice(0, errors.length, ...kept);
}

async function finishSignIn(page: Page, url: string, text: string): Promise<void> {
  const link = /\/sign-in#\S+/.exec(text)?.[0];
  expect(link, text).toBeDefined();
  await page.goto("about:blank");
  await page.goto(url + link!);
  await page.getByRole("button", { name: "Войти" }).click();
}

/** The only revision that waits, on the operator's page. */
async function openWaiting(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/operator?view=queue`);
  await page.locator("ry-queue-list a").filter({ hasText: name }).click();
  await page.locator("ry-revision-detail").getByRole("heading", { level: 2, name }).waitFor();
  await page.waitForTimeout(500); // a key that comes at once is a double press
}

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
});

describe.each(["sqlite", "postgis"] as const)("on %s", (engine) => {
  it("from a letter to a parent's open map, and back", async ({ skip }) => {
    const database = engine === "postgis" ? freshDatabase() : null;
    if (engine === "postgis" && database === null) return skip("RYADOM_TEST_POSTGIS is not set");
    const post = new Post();
    const service = await start(database?.url ?? null, await post.start());
    try {
      await story(service, post, engine);
    } finally {
      await service.stop();
      await post.stop();
      database?.drop();
    }
  }, 180_000);
});

async function story({ url, operate }: Running, post: Post, engine: string): Promise<void> {
  // A parent's page, open from the beginning; it is never reloaded.
  const parent = await visit(browser, `${url}/?map=41.9634,45.0362,14`, { viewport: DESK });
  await parent.page.locator('ry-place-list[aria-busy="false"], .empty').first().waitFor();

  // The operator, invited at the command line, with a second factor.
  const invitation = operate("operator", "invite", "op@example.org");
  const operator = await visit(browser, `${url}/operator`, { viewport: DESK });
  const enrolment = operator.page.waitForResponse((r) => r.url().endsWith("/api/v1/session/totp") && r.request().method() === "GET");
  await finishSignIn(operator.page, url, invitation);
  const { secret } = (await (await enrolment).json()) as { secret: string };
  await operator.page.locator("ry-totp-form input").fill(totp(secret));
  await operator.page.locator("ry-totp-form button").click();
  await operator.page.waitForURL(/\/operator/);

  // A new manager: letter, button, organisation, location.
  const manager = await visit(browser, `${url}/partner`);
  await manager.page.getByLabel("Адрес электронной почты").fill("anna@example.org");
  await manager.page.getByRole("button", { name: "Прислать ссылку" }).click();
  await manager.page.getByRole("heading", { name: "Письмо отправлено" }).waitFor();
  await finishSignIn(manager.page, url, (await post.letter("anna@example.org", "/sign-in#")).text);
  await manager.page.waitForURL(/\/partner/);
  await manager.page.getByLabel("ИНН", { exact: true }).waitFor();
  await describeOrganisation(manager.page);
  await describeLocation(manager.page);
  await manager.page.getByRole("button", { name: "Отправить на проверку" }).click();
  await manager.page.locator("ry-state-panel .badge", { hasText: "на проверке" }).waitFor();
  const cabinet = manager.page.url();

  // Rejected with a reason, which a letter and the cabinet say.
  await openWaiting(operator.page, url, "Музей «Память»");
  await operator.shot(`story-desk-queue-${engine}`);
  await operator.page.keyboard.press("r");
  await operator.page.getByRole("button", { name: "Уточните льготу" }).click();
  await operator.page.keyboard.press("Enter");
  await operator.page.getByRole("status").filter({ hasText: "Отклонено" }).waitFor();
  expect((await post.letter("anna@example.org", "Оператор не принял")).subject).toContain("Нужно поправить");
  await manager.page.goto(cabinet);
  await manager.page.reload();
  await manager.page.locator("ry-state-panel").filter({ hasText: "Уточните льготу" }).waitFor();
  await manager.shot(`story-desk-rejected-${engine}`);

  // Corrected and approved; the parent's map shows it by itself.
  await manager.page.getByLabel("Сколько процентов").fill("30");
  await manager.page.keyboard.press("Tab");
  await manager.page.getByRole("button", { name: "Отправить на проверку" }).click();
  await manager.page.locator("ry-state-panel .badge", { hasText: "на проверке" }).waitFor();
  expect(await shownIds(parent.page)).toEqual([]);
  await openWaiting(operator.page, url, "Музей «Память»");
  const approval = operator.page.waitForResponse((r) => r.url().endsWith("/approve"));
  await operator.page.keyboard.press("a");
  await approval;
  const approved = Date.now();
  await parent.page.locator("ry-place-list a[data-id]").filter({ hasText: "Музей «Память»" }).waitFor({ timeout: 10_000 });
  const delay = Date.now() - approved;
  console.info(`MEASURED: ${engine}: from the approval to a parent's open page: ${delay} ms`);
  await parent.shot(`story-desk-parent-${engine}`);
  expect((await post.letter("anna@example.org", "Оператор одобрил")).subject).toContain("На карте");

  // An edit waits while the old one stays; approved it shows; the operator goes back.
  await manager.page.reload();
  await manager.page.getByLabel("Название", { exact: true }).fill("Музей «Память и слава»");
  await manager.page.keyboard.press("Tab");
  await manager.page.getByRole("button", { name: "Отправить на проверку" }).click();
  await manager.page.locator("ry-state-panel").filter({ hasText: /ждёт|на проверке/ }).first().waitFor();
  await parent.page.waitForTimeout(1_500);
  expect(await parent.page.locator("ry-place-list a[data-id]").filter({ hasText: "и слава" }).count()).toBe(0);
  await openWaiting(operator.page, url, "Музей «Память и слава»");
  expect(await axe(operator.page)).toEqual([]);
  await operator.page.keyboard.press("a");
  await parent.page.locator("ry-place-list a[data-id]").filter({ hasText: "Музей «Память и слава»" }).waitFor({ timeout: 10_000 });
  const [id] = await shownIds(parent.page);
  await operator.page.goto(`${url}/operator?view=places&id=${id}`);
  await operator.page.locator('li[data-version="1"]').getByRole("button", { name: "Вернуть эту версию" }).click();
  await operator.page.locator("dialog[open]").getByRole("button", { name: /^Вернуть/ }).click();
  await operator.page.locator('li[data-version="3"]').waitFor();
  await operator.shot(`story-desk-history-${engine}`);
  await parent.page.locator("ry-place-list a[data-id]").filter({ hasText: /Музей «Память»/ }).waitFor({ timeout: 10_000 });

  expect(operate("audit", "verify")).toContain("The log is whole");
  for (const opened of [manager, operator, parent]) {
    forgive(opened);
    await opened.end();
  }
}
