/**
 * The guides of `/docs`: every block in them is run or checked, in both languages, against the real service.
 *
 * - `sh` runs in bash, `python` with RYADOM_TEST_PYTHON; GDAL and OWSLib are there in `make test-full` alone, else the syntax is read;
 * - `js` runs in Chromium as a module of another origin, `html` stands in a page of another origin;
 * - `json` and `text` after them are their output: `…` is anything (src/docs/fences.ts);
 * - `css` is put into the page of the `html` before it, and read back;
 * - `text` with directives of a policy is the policy under which the guide's `html` stands;
 * - `example` is a page of examples/: ours here, those for other maps in examples.e2e.ts.
 * A block that nothing checks fails.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { exampleNames } from "../src/build/english.js";
import { fences, fits, linesFit, type Fence } from "../src/docs/fences.js";
import { GUIDES } from "../src/docs/guide_names.js";
import type { Language } from "../src/i18n/index.js";
import { invite, operate, pairing, shownCode, useInvitation, walletPhone } from "./credential_harness.js";
import { signInManager } from "./desk_harness.js";
import { copyTo, byApi, inView, type Drawn, type View } from "./example_view.js";
import { policyFor, startForeignSite, type ForeignSite } from "./foreign_site.js";
import { axe, DESK, get, OPERATOR_TOKEN, PHONE, RESULTS, SLOW, startBrowser, startService, visit, type Service } from "./harness.js";

/** The reader with OWSLib (scripts/ogc_readers.sh makes it). */
const PYTHON = process.env["RYADOM_TEST_PYTHON"];
const run = promisify(execFile);

let service: Service;
let site: ForeignSite;
let browser: Browser;
let folder: string;
/** Of a till at a place, made by the operator. */
let key: string;
/** Of a partner's own program, made in the desk for no place in particular. */
let partnerKey: string;
/** A code that nobody has used, and when it is too old for anybody. */
let unused: { readonly code: string; readonly old_ms: number };

beforeAll(async () => {
  service = await startService();
  site = await startForeignSite();
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), "ryadom-guides-"));
  key = await newKey("demo-001");
  const manager = await signInManager(service, "anna@example.org");
  const made = await manager.call<{ key: string }>("POST", "/api/v1/partner/keys", { name: "Касса", scopes: ["checks:verify"] });
  partnerKey = made.body.key;
  await publish("Пробный музей");
  unused = { code: await freshCode(), old_ms: Date.now() + 46_000 };
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const here = (text: string): string => text.replaceAll("https://HOST", service.url);
const read = (lang: string, name: string): string => readFileSync(new URL(`../../docs/guides/${lang}/${name}.md`, import.meta.url), "utf8");
const needsReaders = ({ kind, text }: Fence): boolean => kind === "python" || /\b(ogrinfo|ogr2ogr)\b/.test(text);
const isPolicy = ({ kind, text }: Fence): boolean => kind === "text" && /^script-src /.test(text);

/** A till's key, as the operator is shown it once. */
async function newKey(location: string): Promise<string> {
  const said = await operate(service, "api-key", "new", "--name", "Касса", "--location", location);
  return /rk_\S+/.exec(said)?.[0] ?? "";
}

/** A place that every filter finds: always open, free, for wheelchairs too. */
async function publish(name: string): Promise<void> {
  const id = "guide-1";
  const properties = { id, name, category: "museum", address: "г. Ставрополь, Пробный переулок, 1", hours: "24/7", wheelchair: "yes", offer: "Бесплатный вход", offer_kind: "free" };
  const response = await fetch(`${service.url}/api/v1/locations/${id}`, {
    method: "PUT", headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, "content-type": "application/geo+json" },
    body: JSON.stringify({ type: "Feature", id, geometry: { type: "Point", coordinates: [41.9642, 45.0344] }, properties }),
  });
  expect([200, 201], await response.text()).toContain(response.status);
}

/** A code that is good now, on the screen of a family's phone. */
async function freshCode(): Promise<string> {
  const phone = await walletPhone(browser, service);
  const code = await shownCode(phone.page);
  await phone.end();
  return code;
}

async function shell({ kind, text }: Fence, env: Record<string, string>, cwd: string): Promise<string> {
  const [command, args]: [string, string[]] = kind === "python" ? [PYTHON ?? "python3", ["-c", here(text)]] : ["bash", ["-euo", "pipefail", "-c", here(text)]];
  const { stdout } = await run(command, args, { cwd, env: { ...process.env, ...env }, timeout: 30_000 });
  return stdout;
}

function expectOutput(fence: Fence, said: string, where: string): void {
  const shown = here(fence.text);
  if (fence.kind === "json") {
    const answer = JSON.parse(said) as unknown;
    if (!fits(JSON.parse(shown), answer)) expect(answer, where).toEqual(JSON.parse(shown));
  } else if (!linesFit(shown, said)) expect(said, where).toBe(shown);
}

/** A page of another origin; whatever it says to the console as an error fails. */
async function foreignPage(inside: string, policy: string | null): Promise<{ page: Page; said: string[]; end(): Promise<void> }> {
  site.put("/guide", `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Газета</title></head><body><main><h1>Газета</h1>${inside}</main></body></html>`, policy);
  const context = await browser.newContext({ viewport: PHONE, locale: "ru-RU" });
  const page = await context.newPage();
  const [said, errors]: [string[], string[]] = [[], []];
  page.on("console", (message) => {
    if (message.text().includes("GL Driver Message")) return;
    if (message.type() === "log") said.push(message.text());
    else if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${site.url}/guide`);
  return {
    page, said,
    end: async () => {
      await context.close();
      expect(errors, "console errors").toEqual([]);
    },
  };
}

describe.each(GUIDES.flatMap((name) => (["ru", "en"] as const).map((lang) => [name, lang] as const)))("%s (%s)", (name, lang) => {
  it("says what is true", async () => {
    const blocks = fences(read(lang, name));
    const env: Record<string, string> = { RYADOM_KEY: key, LC_ALL: "C.UTF-8" };
    const cwd = mkdtempSync(join(folder, `${name}-${lang}-`)); // what one guide has downloaded is in no other's way
    if (blocks.some(({ text }) => text.includes("$CODE"))) env["CODE"] = await freshCode();
    if (blocks.some(({ text }) => text.includes("$PAIRING"))) env["PAIRING"] = await pairing(service);
    const policy = blocks.find(isPolicy);
    let output: string | null = null;
    let skipped = false; // its program is not here, nor then its output
    let opened: Awaited<ReturnType<typeof foreignPage>> | null = null;
    for (const [i, block] of blocks.entries()) {
      const where = `docs/guides/${lang}/${name}.md:${block.line}`;
      const next = blocks[i + 1];
      try {
        switch (block.kind) {
          case "sh":
          case "python":
            skipped = needsReaders(block) && !SLOW;
            if (!skipped) output = await shell(block, env, cwd);
            else if (block.kind === "sh") await run("bash", ["-n", "-c", here(block.text)]);
            else await run("python3", ["-c", "import ast, sys; ast.parse(sys.argv[1])", here(block.text)]);
            break;
          case "js": {
            const { page, said, end } = await foreignPage("", null);
            await page.addScriptTag({ type: "module", content: here(block.text) });
            if (block.text.includes("/api/v1/events")) {
              await expect.poll(() => said.length, { message: `${where} hears nothing` }).toBeGreaterThan(0);
              await publish(`Пробный музей ${lang}`); // what it listens for
            }
            if (next?.kind === "text") await expect.poll(() => (linesFit(here(next.text), said.join("\n")) ? "fits" : said.join("\n")), { timeout: 15_000 }).toBe("fits");
            output = said.join("\n");
            await end();
            break;
          }
          case "html":
            await opened?.end();
            opened = await foreignPage(here(block.text), policy === undefined ? policyFor(service.url) : `default-src 'none'; ${here(policy.text)}`);
            if (block.text.includes("<iframe")) await opened.page.frameLocator("iframe").locator("a[data-id]").first().waitFor();
            else await opened.page.locator("ryadom-map ry-place-list a[data-id]").first().waitFor();
            break;
          case "css": {
            const [, variable = "", value = ""] = /(--ryadom-[\w-]+): (.+);/.exec(block.text) ?? [];
            if (opened === null) throw new Error("there is no page to style");
            await opened.page.evaluate((css) => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(css);
              document.adoptedStyleSheets.push(sheet);
            }, block.text);
            expect(await opened.page.locator("ryadom-map").evaluate((element, wanted) => getComputedStyle(element).getPropertyValue(wanted), variable)).toBe(value);
            const drawn = (rule: string): Promise<string> => opened!.page.locator("ryadom-map").evaluate((element, wanted) => getComputedStyle(element.shadowRoot!.querySelector(".root")!).getPropertyValue(wanted), rule);
            expect([await drawn("border-top-left-radius"), await drawn("font-family")]).toEqual(["0px", "Georgia, serif"]);
            break;
          }
          case "json":
          case "text":
            if (isPolicy(block)) break;
            if (skipped) break;
            if (output === null) throw new Error("nothing has said this");
            expectOutput(block, output, where);
            output = null;
            break;
          case "example":
            break;
          default:
            throw new Error(`nothing checks ${block.kind}`);
        }
      } catch (error) {
        throw new Error(where, { cause: error });
      }
    }
    await opened?.end();
  });
});

/** The guides' own pages, at the service and copied. */
async function openExample(name: string, where: "here" | "copied", viewport = PHONE, lang: Language = "ru"): Promise<{ page: Page; errors: string[]; shot(name: string): Promise<void>; end(): Promise<void> }> {
  const context = await browser.newContext({ viewport, locale: lang === "ru" ? "ru-RU" : "en-GB", timezoneId: "Europe/Moscow" });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (!message.text().includes("GL Driver Message") && ["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(where === "here" ? `${service.url}/docs/examples/${name}.html?lang=${lang}` : copyTo(site, name, service.url, lang));
  return {
    page, errors,
    shot: async (file) => void (await page.screenshot({ path: join(RESULTS, `${file}.png`) })),
    end: async () => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
      expect(await axe(page, { preload: where === "here" })).toEqual([]);
      await context.close();
      expect(errors, "console errors").toEqual([]);
    },
  };
}

const VIEW = "(() => { const [[west, south], [east, north]] = map.getBounds().toArray(); return { west, south, east, north, zoom: Math.floor(map.getZoom()) }; })()";
const TILES = "map.querySourceFeatures('locations', { sourceLayer: 'locations' }).map(({ geometry: { coordinates: [lon, lat] }, properties: { id, point_count } }) => ({ id, lon, lat, point_count }))";

async function expectSame(page: Page, filter = ""): Promise<string[]> {
  let shown: string[] = [];
  await expect.poll(async () => {
    if (!(await page.evaluate<boolean>("map.loaded() && map.areTilesLoaded()"))) return "the map is not there yet";
    const view = await page.evaluate<View>(VIEW);
    shown = inView(await page.evaluate<Drawn[]>(TILES), view);
    const said = await byApi(service.url, view, "tiles", filter);
    return shown.length > 0 && shown.join() === said.join() ? "same" : `${shown.join()} is not ${said.join()}`;
  }, { timeout: 20_000 }).toBe("same");
  return shown;
}

it("every example page runs at the service too, in both languages, under the policy it is sent with", async () => {
  for (const name of exampleNames().filter((name) => name !== "2gis")) {
    for (const lang of SLOW ? ["ru", "en"] as const : ["en"] as const) {
      const { page, errors, shot } = await openExample(name, "here", PHONE, lang);
      await page.waitForLoadState("networkidle");
      expect(await page.locator("html").getAttribute("lang"), name).toBe(lang);
      await shot(`example-${name}-here-${lang}`);
      expect(errors, name).toEqual([]);
      await page.context().close();
    }
  }
});

describe.each(SLOW ? ["copied", "here"] as const : ["copied"] as const)("the guides' examples (%s)", (where) => {
  it.each(["ru", "en"] as const)("first-map shows what the API says (%s)", async (lang) => {
    const { page, shot, end } = await openExample("first-map", where, PHONE, lang);
    await page.waitForFunction("typeof map === 'object' && map.getSource('locations') !== undefined");
    await expectSame(page);
    await shot(`example-first-map-${where}-${lang}`);
    await end();
  });

  it("filters: map, count and API agree for each choice", async () => {
    const { page, shot, end } = await openExample("filters", where, where === "here" ? DESK : PHONE);
    await page.locator("output", { hasText: "на карте" }).waitFor();
    const address = page.url();
    const all = await expectSame(page);
    const count = async (): Promise<number> => Number(/\d+/.exec((await page.locator("output").textContent()) ?? "")?.[0]);
    const counted = async (filter: string): Promise<number> => {
      const { west, south, east, north } = await page.evaluate<View>(VIEW);
      return (await get<{ matched: number }>(`${service.url}/api/v1/locations?bbox=${west},${south},${east},${north}&zoom=7${filter}`)).matched;
    };
    const narrowed = async (filter: string): Promise<string[]> => {
      const shown = await expectSame(page, filter);
      await expect.poll(async () => (await count()) === (await counted(filter)), { message: `the count of ${filter}` }).toBe(true);
      return shown;
    };
    const tick = (label: string, on: boolean): Promise<void> => page.getByLabel(label).setChecked(on);
    const find = async (words: string): Promise<void> => {
      await page.getByLabel("Слова").fill(words);
      await page.getByLabel("Слова").press("Enter");
    };
    // Each by itself, and each leaves something out.
    for (const [filter, choose, undo] of [
      ["&category=library", () => page.selectOption("select", "library"), () => page.selectOption("select", "")],
      ["&benefit=free", () => tick("бесплатно", true), () => tick("бесплатно", false)],
      ["&open_at=now", () => tick("открыто сейчас", true), () => tick("открыто сейчас", false)],
      ["&wheelchair=yes", () => tick("доступно на коляске", true), () => tick("доступно на коляске", false)],
      [`&q=${encodeURIComponent("музей")}`, () => find("музей"), () => find("")],
    ] as const) {
      await choose();
      expect((await narrowed(filter)).join(), filter).not.toBe(all.join());
      await undo();
    }
    expect(await narrowed("")).toEqual(all);
    // And together.
    await tick("бесплатно", true);
    await tick("доступно на коляске", true);
    expect(await narrowed("&benefit=free&wheelchair=yes")).toEqual(["guide-1"]);
    expect(page.url(), "Enter has sent no form").toBe(address);
    await shot(`example-filters-${where}`);
    await end();
  });

  it("clusters: pies count what the API counts, and come nearer by a click", async () => {
    const { page, shot, end } = await openExample("clusters", where);
    await page.locator(".pie").first().waitFor();
    const view = await page.evaluate<View>(VIEW);
    const { features } = await get<{ features: { properties: { point_count?: number } }[] }>(`${service.url}/api/v1/locations?bbox=${view.west},${view.south},${view.east},${view.north}&zoom=${view.zoom}`);
    const sorted = (numbers: number[]): number[] => numbers.sort((a, b) => a - b);
    const shown = await page.locator(".pie").evaluateAll((pies) => pies.map((pie) => Number(pie.querySelector("text")?.textContent ?? 1)));
    expect(sorted(shown)).toEqual(sorted(features.map(({ properties }) => properties.point_count ?? 1)));
    for (const dashes of await page.locator(".pie").first().locator("circle[pathLength]").evaluateAll((arcs) => arcs.map((arc) => arc.getAttribute("stroke-dasharray")))) expect(dashes).toMatch(/^\d+ \d+$/);
    await page.waitForTimeout(400); // for the picture
    await shot(`example-clusters-${where}`);
    await page.locator(".pie[title^=Мест]").first().press("Enter");
    await expect.poll(async () => (await page.evaluate<View>(VIEW)).zoom).toBeGreaterThan(view.zoom);
    await expect.poll(() => page.evaluate("map.isMoving()")).toBe(false);
    await end();
  });

  it("widget: a choice is caught, and an attribute changes the list", async () => {
    const { page, shot, end } = await openExample("widget", where);
    const rows = page.locator("ryadom-map ry-place-list a[data-id]");
    await rows.first().waitFor();
    const before = await rows.first().getAttribute("data-id");
    const pages = page.context().pages().length;
    await rows.first().click();
    await page.getByText(/^Вы выбрали: /).waitFor();
    expect(page.context().pages().length, "no other page was opened").toBe(pages);
    await page.getByRole("button", { name: "Спорт и отдых" }).click();
    await expect.poll(() => rows.first().getAttribute("data-id")).not.toBe(before);
    await shot(`example-widget-${where}`);
    await end();
  });

  it("till: every verdict in its own tone, and clears itself", { timeout: 120_000 }, async () => {
    const { page, shot, errors, end } = await openExample("till", where);
    const scan = async (text: string): Promise<void> => {
      await page.locator("#code").fill(text);
      await page.locator("#code").press("Enter");
    };
    const verdict = (tone: string, words: string): Promise<void> => page.locator(`#verdict[data-tone="${tone}"]`, { hasText: words }).waitFor({ timeout: 12_000 });
    const code = await freshCode();
    await page.locator("#key").fill("rk_wrong");
    await scan(code);
    await verdict("unsure", "Не проверено");
    await page.locator("#key").fill(key);
    await scan(code);
    await verdict("yes", "Действует");
    expect(await page.locator("#verdict span").textContent()).toMatch(/^Что дать: \S+.*Проверка \w{4}-\w{4}$/);
    expect(await page.locator("#code").inputValue(), "ready for the next").toBe("");
    await shot(`example-till-${where}`);
    await page.locator("#key").fill(partnerKey);
    await scan(code);
    await verdict("again", "уже проверен");
    await scan(await freshCode());
    await verdict("yes", "по правилам вашей кассы"); // a key without a place: the right holds all the same
    await scan("4607001234567");
    await verdict("no", "не код");

    const family = await visit(browser, `${service.url}/wallet`);
    const invited = await invite(service);
    await useInvitation(family.page, invited);
    const revoked = await shownCode(family.page);
    await family.page.context().setOffline(true); // it keeps the code that was good a moment ago
    await operate(service, "right", "revoke", invited.right_id);
    await scan(revoked);
    await verdict("no", "отозвано");
    await shot(`example-till-revoked-${where}`);
    await family.page.context().close(); // its console has the browser's words about the missing network, at any moment

    await page.context().setOffline(true);
    await scan(code);
    await verdict("unsure", "Нет связи");
    await page.context().setOffline(false);
    for (const [reason, tone, words] of [["not_yet", "no", "Ещё не действует"], ["of_another_year", "no", "не принят"]] as const) {
      await page.route("**/api/v1/verify", (route) => route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: { result: "invalid", reason } }), { times: 1 });
      await scan(code);
      await verdict(tone, words);
    }
    await page.waitForTimeout(Math.max(0, unused.old_ms - Date.now()));
    await scan(unused.code);
    await verdict("again", "устарел");
    await page.clock.install();
    await scan("4607001234567");
    await verdict("no", "не код");
    await page.clock.fastForward(19_000);
    await verdict("no", "не код");
    await page.clock.fastForward(2_000);
    await verdict("", "Готово");
    expect(errors.splice(0).filter((text) => !/status of 401|ERR_INTERNET_DISCONNECTED/.test(text)), "only what was provoked").toEqual([]);
    await end();
  });
});

describe.each([["phone", PHONE], ["desk", DESK]] as const)("the pages of the guides on a %s", (device, viewport) => {
  const looks = SLOW ? GUIDES.flatMap((name) => (["light", "dark"] as const).flatMap((scheme) => (["ru", "en"] as const).map((lang) => [name, scheme, lang] as const)))
    : ([["first-map", "light", "ru"], ["till", "dark", "en"]] as const);
  it.each(looks)("%s is readable (%s, %s)", async (name, colorScheme, lang) => {
    const { page, shot, end } = await visit(browser, `${service.url}/docs/${name}?lang=${lang}`, { viewport, colorScheme });
    expect(await page.locator("html").getAttribute("lang")).toBe(lang);
    await page.locator("ry-page-header").getByRole("group").first().waitFor();
    expect(await page.locator("nav a[aria-current=page]").count()).toBe(1);
    expect(await page.locator(".code").count()).toBe(await page.getByRole("button", { name: lang === "ru" ? /^Скопировать: / : /^Copy: / }).count() + await page.locator("details:not([open]) .code").count());
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    expect(await axe(page)).toEqual([]);
    await shot(`guide-${name}-${device}-${colorScheme}-${lang}`);
    await end();
  });
});

it("a guide is the other language's by one press, and its code is copied", async () => {
  const { page, end } = await visit(browser, `${service.url}/docs/filters`, { viewport: DESK, permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("button", { name: /^Скопировать: Пример/ }).first().click();
  await page.getByRole("button", { name: /^Скопировано/ }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`${service.url}/api/v1/categories`);
  await page.getByRole("button", { name: /^EN/ }).click();
  await page.getByRole("heading", { name: "Filters", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Tiles", exact: true }).first().click();
  await page.getByRole("heading", { name: "Tiles", level: 1 }).waitFor();
  await end();
});
