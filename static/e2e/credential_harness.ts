/**
 * What the e2e files of wallet and till need: an invitation as the office makes it, and a wallet that has used it.
 *
 * Invitations come from the binary's own command line, against the database of the service under test. Without
 * RYADOM_BIN, RYADOM_URL is taken for src/testing/fake_server.mjs: good for working on the pages, and no proof.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { visit, type Service, type Visit } from "./harness.js";

export interface Invited {
  readonly offer_uri: string;
  readonly wallet_url: string;
  readonly tx_code: string;
  readonly right_id: string;
}

const BINARY = process.env["RYADOM_BIN"];

/** A day that has not come yet, whenever the tests are run. */
export function validUntilLater(): string {
  return new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
}

export async function invite(service: Service, validUntil = validUntilLater(), ...more: string[]): Promise<Invited> {
  if (BINARY === undefined) return post<Invited>(`${service.url}/fake/invite`, {});
  const said = await operate(service, "invite", "--category", "large_family", "--valid-until", validUntil, "--json", "--public-url", service.url, ...more);
  return JSON.parse(said) as Invited;
}

/** What the operator types, and what the binary says to it. */
export async function operate(service: Service, ...words: string[]): Promise<string> {
  const database = process.env["RYADOM_DATABASE_URL"] ?? `sqlite://${join(service.directory ?? "", "demo.db")}`;
  const { stdout } = await promisify(execFile)(BINARY ?? "", [...words, "--database-url", database], {
    env: { ...process.env, ...(service.directory === null ? {} : { RYADOM_DATA_DIR: service.directory }) },
  });
  return stdout;
}

/** A code with which one phone or till is paired at a place. */
export async function pairing(service: Service, location = "demo-001", name = "Касса 1"): Promise<string> {
  const said = await operate(service, "terminal", "pair", location, "--name", name, "--json", "--public-url", service.url);
  return (JSON.parse(said) as { code: string }).code;
}

/** Opens the invitation and enters its digits, as a person does, until the code is on the screen. */
export async function useInvitation(page: Page, { wallet_url, tx_code }: Invited): Promise<void> {
  await page.goto("about:blank"); // else only the fragment changes
  await page.goto(wallet_url);
  await page.locator("#tx").fill(tx_code);
  await page.locator("ry-invitation button.primary").click();
  await shownCode(page);
}

/** A phone with a wallet that shows its code. */
export async function walletPhone(
  browser: Browser, service: Service, options: BrowserContextOptions = {}, before: (page: Page) => Promise<unknown> = async () => {},
  query = "",
): Promise<Visit> {
  const phone = await visit(browser, `${service.url}/wallet${query}`, options, before);
  const invited = await invite(service);
  await useInvitation(phone.page, { ...invited, wallet_url: invited.wallet_url.replace("/wallet#", `/wallet${query}#`) });
  return phone;
}

/** The text of the code on the screen. */
export async function shownCode(page: Page): Promise<string> {
  return (await page.locator("ry-code-card .card:not(.old) svg.qr").getAttribute("data-text")) ?? "";
}

/** Checks a code as a stranger's phone does; the binary's verdict, or the fake's word for it. */
export async function check(service: Service, text: string): Promise<{ result: string; reason: string | null }> {
  if (BINARY === undefined) {
    await post(`${service.url}/fake/use`, { text });
    return { result: "valid", reason: null };
  }
  return post(`${service.url}/api/v1/verify`, { text, check_id: randomBytes(18).toString("base64url") });
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  expect(response.status, url).toBe(200);
  return (await response.json()) as T;
}
