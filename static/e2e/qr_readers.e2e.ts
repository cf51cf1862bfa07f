/**
 * Readers that are not ours, zbar (zbarimg of Debian's zbar-tools) and zxing-cpp (zxing-wasm), before pictures of a real
 * browser: the wallet's code as small as it may get and in bad light, and the poster for a shop's window.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { shownCode, walletPhone } from "./credential_harness.js";
import { RESULTS, startBrowser } from "./harness.js";
import { startDeployment, type Deployment } from "./tls_proxy.js";

/** Width of the code without its quiet zone, in pixels of the picture. */
const CODE_PX = 200;

let service: Deployment;
let browser: Browser;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ryadom-qr-"));
  service = await startDeployment();
  browser = await startBrowser(service.browser_trust);
  const wasm = await readFile(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"));
  await prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) }, fireImmediately: true });
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Read {
  readonly texts: readonly string[];
  /** Version of the symbol, as zxing reports it. */
  readonly version: number;
}

async function zxing(png: Buffer): Promise<Read> {
  const found = await readBarcodes(new Uint8Array(png), { formats: ["QRCode"], tryHarder: true });
  return { texts: found.map(({ text }) => text), version: Number(found[0]?.version ?? 0) };
}

async function zbar(png: Buffer): Promise<string[]> {
  const path = join(directory, "seen.png");
  writeFileSync(path, png);
  const { stdout } = await promisify(execFile)("zbarimg", ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", path]);
  return stdout.trim().split("\n");
}

async function bothRead(png: Buffer, text: string): Promise<Read> {
  const read = await zxing(png);
  expect(read.texts, "zxing").toEqual([text]);
  expect(await zbar(png), "zbar").toEqual([text]);
  return read;
}

/** The wallet's code so wide on the screen, and everything else where the page has it. */
async function narrow(page: Page, filter: string): Promise<string> {
  await page.locator("ry-code-card .card:not(.old) svg.qr").waitFor();
  await page.locator("ry-code-card").evaluate((card, { px, filter }) => {
    const qr = card.shadowRoot!.querySelector<SVGSVGElement>("svg.qr")!;
    const size = qr.viewBox.baseVal.width;
    const now_px = (qr.getBoundingClientRect().width * (size - 8)) / size;
    (card as HTMLElement).style.cssText = `display: block; margin: 0 auto; width: ${(card.getBoundingClientRect().width * px) / now_px}px; filter: ${filter}`;
  }, { px: CODE_PX, filter });
  await page.waitForTimeout(900); // a new code fades in
  return shownCode(page);
}

describe.each(["light", "dark"] as const)("the wallet's code, %s", (colorScheme) => {
  it("is read at 200 px: as it is, blurred, and on a tilted phone", async () => {
    const phone = await walletPhone(browser, service, { colorScheme });
    const { page } = phone;
    for (const [name, filter, tilt] of [["plain", "none", 0], ["blurred", "blur(0.8px)", 0], ["tilted", "none", 8], ["tilted-back", "none", -8], ["blurred-tilted", "blur(0.8px)", 8]] as const) {
      const width_px = async (): Promise<number> => page.locator("ry-code-card svg.qr").evaluate((qr) => {
        const size = (qr as SVGSVGElement).viewBox.baseVal.width;
        return (qr.getBoundingClientRect().width * (size - 8)) / size;
      });
      let text: string;
      let png: Buffer;
      do { // a step may begin in between
        await page.evaluate(() => { document.body.style.transform = ""; });
        text = await narrow(page, filter);
        expect(Math.abs((await width_px()) - CODE_PX), "about 200 px").toBeLessThan(4);
        await page.evaluate((degrees) => { document.body.style.transform = `rotate(${degrees}deg)`; }, tilt);
        png = await page.screenshot({ path: join(RESULTS, `readers-${colorScheme}-${name}.png`) });
      } while ((await shownCode(page)) !== text);
      const { version } = await bothRead(png, text);
      expect(version, name).toBeGreaterThan(0);
      expect(17 + 4 * version, "modules").toBeLessThanOrEqual(37);
    }
    await phone.end();
  });
});

describe("the poster for a shop's window", () => {
  it.each(["ru", "en"])("opens the place's page (%s)", async (lang) => {
    const url = `${service.url}/api/v1/locations/demo-001/poster.svg?lang=${lang}`;
    const answer = await service.fetch(url);
    expect(answer.headers.get("content-type")).toBe("image/svg+xml");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    const page = await browser.newPage({ viewport: { width: 794, height: 1123 } }); // A4 at 96 dots an inch
    await page.goto(url);
    const png = await page.screenshot({ path: join(RESULTS, `poster-${lang}.png`) });
    const { texts } = await zxing(png);
    expect(texts).toEqual([`${service.url}/place/demo-001`]);
    await bothRead(png, texts[0]!);
    await page.goto(texts[0]!);
    await page.getByRole("heading", { name: "Демо-музей № 1" }).first().waitFor();
    await page.close();
  });
});
