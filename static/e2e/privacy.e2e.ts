/**
 * What is left of a family after its story: nothing in logs, metrics, addresses, checks or their rows that names it or
 * opens anything of it; and two checks of one family have no more in common than those of two families.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { invite, pairing, shownCode, useInvitation, validUntilLater, type Invited } from "./credential_harness.js";
import { OPERATOR_TOKEN, startBrowser, visit, type Visit } from "./harness.js";
import { startDeployment, type Deployment } from "./tls_proxy.js";

const OUTSIDE_IDS = ["26-АВ 004217", "26-АВ 004218"] as const;

let service: Deployment;
let browser: Browser;

beforeAll(async () => {
  service = await startDeployment({ RYADOM_LOG: "debug" });
  browser = await startBrowser(service.browser_trust);
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

async function post<T>(path: string, body: unknown, token?: string): Promise<T> {
  const answer = await service.fetch(`${service.url}${path}`, {
    method: "POST", headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }, body: JSON.stringify(body),
  });
  expect(answer.ok, path).toBe(true);
  return (await answer.json()) as T;
}

/** Rows of the service's database, bytes as hex and long numbers as text. Node 20 reads no SQLite; Python does. */
async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const script = `import json, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
db.row_factory = sqlite3.Row
plain = lambda v: v.hex() if isinstance(v, bytes) else str(v) if isinstance(v, int) and abs(v) >= 2**53 else v
print(json.dumps([{k: plain(v) for k, v in dict(row).items()} for row in db.execute(sys.argv[2])]))`;
  const { stdout } = await promisify(execFile)("python3", ["-c", script, join(service.directory ?? "", "demo.db"), sql]);
  return JSON.parse(stdout) as Record<string, unknown>[];
}

interface Family {
  readonly phone: Visit;
  readonly right_id: string;
  /** All that the phone was given and must not turn up anywhere. */
  readonly secrets: Set<string>;
}

async function family(invited: Invited): Promise<Family> {
  const secrets = new Set<string>();
  const offer = new URL(invited.offer_uri).searchParams.get("credential_offer_uri")!;
  const handle = decodeURIComponent(new URL(offer).pathname.split("/").at(-1)!);
  secrets.add(handle);
  const waiting: Promise<void>[] = [];
  const phone = await visit(browser, `${service.url}/wallet`, {}, async (page: Page) => {
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (!/^\/(credentials|api\/v1\/wallet)\//.test(pathname) || response.status() !== 200) return;
      waiting.push(response.json().then((body: unknown) => {
        const found = JSON.stringify(body);
        for (const [, secret] of found.matchAll(/"(?:pre-authorized_code|access_token|credential|recovery_code|notification_id|c_nonce)":"([^"]+)"/g)) {
          for (const part of secret!.split(/[.~]/)) if (part.length > 10) secrets.add(part);
        }
        for (const [, token] of found.matchAll(/\/Q#A([A-Z2-7]{68})/g)) secrets.add(token!);
      }).catch(() => {})); // a page that was left meanwhile
    });
  });
  await useInvitation(phone.page, invited);
  await Promise.all(waiting);
  // The handle, a code of the offer, an access token, twelve copies in parts, ten codes.
  expect(secrets.size).toBeGreaterThan(25);
  expect(secrets).toContain((await shownCode(phone.page)).split("#A")[1]);
  return { phone, right_id: invited.right_id, secrets };
}

/** Shows a code, which is taken, and makes place for the next. */
async function showTo({ phone: { page } }: Family, token: string): Promise<Record<string, unknown>> {
  const verdict = await post<Record<string, unknown>>("/api/v1/verify", { text: await shownCode(page) }, token);
  expect(verdict).toMatchObject({ result: "valid" });
  await page.getByRole("button", { name: "Показать новый" }).click({ timeout: 12_000 });
  await shownCode(page);
  return verdict;
}

/** Names of members that have one value in both; times, and what is the place's own, aside. */
function common(one: Record<string, unknown>, other: Record<string, unknown>): string[] {
  const aside = ["checked_at", "status_as_of", "at_s", "location", "benefits", "shift_mark"];
  return Object.keys(one).filter((name) => !aside.includes(name) && JSON.stringify(one[name]) === JSON.stringify(other[name])).sort();
}

it("names nobody, opens nothing, and links no two checks", { timeout: 120_000 }, async () => {
  // Two families, one by the command line and one by the operator's route; two tills.
  const first = await family(await invite(service, validUntilLater(), "--outside-id", OUTSIDE_IDS[0]));
  const made = await post<{ id: string; offer: Invited }>("/api/v1/rights", { category: "large_family", valid_until: validUntilLater(), outside_id: OUTSIDE_IDS[1] }, OPERATOR_TOKEN);
  const second = await family({ ...made.offer, right_id: made.id });
  const tokens: string[] = [];
  const codes = [await pairing(service, "demo-001"), await pairing(service, "demo-002")];
  for (const code of codes) tokens.push((await post<{ token: string }>("/api/v1/terminals/pair", { code })).token);
  const [one = "", two = ""] = tokens;

  const at_one = await showTo(first, one);
  const at_two = await showTo(first, two);
  const other_at_two = await showTo(second, two);
  const bare = await post<Record<string, unknown>>("/api/v1/verify", { text: await shownCode(first.phone.page), check_id: randomBytes(18).toString("base64url") });
  expect(Object.keys(bare).sort()).toEqual(["category", "checked_at", "mode", "reason", "result"]);

  // What also writes logs: refusals, a state that changes and comes back, digits, a spare code.
  await service.fetch(`${service.url}/api/v1/verify`, { method: "POST", headers: { "content-type": "application/json" }, body: `{"text":"${await shownCode(second.phone.page)}", broken` });
  await service.fetch(`${service.url}/api/v1/wallet/lost`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ recovery_code: "AAAA-BBBB-CCCC" }) });
  await service.fetch(`${service.url}/api/v1/rights/${first.right_id}`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  await post(`/api/v1/rights/${second.right_id}/suspend`, { reason: "papers" }, OPERATOR_TOKEN);
  await post(`/api/v1/rights/${second.right_id}/resume`, {}, OPERATOR_TOKEN);
  await first.phone.page.goto(`${service.url}/wallet`);
  await first.phone.page.getByRole("button", { name: "Ещё" }).click();
  await first.phone.page.locator("[data-screen=recovery]").click();
  await first.phone.page.getByRole("button", { name: "Показать запасной код" }).click();
  const recovery = (await first.phone.page.locator(".spell").textContent()) ?? "";
  expect(recovery).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);

  const inner = await rows("SELECT id, right_id, device FROM wallets WHERE device IS NOT NULL");
  expect(inner).toHaveLength(2);
  const refs = (await rows("SELECT ref FROM code_refs")).map(({ ref }) => String(ref));
  expect(refs.length).toBeGreaterThan(0);
  const hashes = (await rows("SELECT outside_hash FROM rights WHERE outside_hash IS NOT NULL")).map(({ outside_hash }) => String(outside_hash));
  expect(hashes).toHaveLength(2);
  const ids = OUTSIDE_IDS.flatMap((id) => [id, id.replace(/[^\p{L}\d]/gu, ""), encodeURIComponent(id), id.slice(3)]);
  const secrets = [
    ...ids, ...first.secrets, ...second.secrets, ...tokens, ...tokens.map((token) => token.split(".")[1]!), ...codes, recovery, OPERATOR_TOKEN,
    ...inner.flatMap(({ id, right_id, device }) => [String(id), String(right_id), String(device)]), ...hashes,
  ];
  expect(secrets.filter((secret) => secret.length < 6)).toEqual([]);
  const found = (where: string): string[] => secrets.filter((secret) => where.toLowerCase().includes(secret.toLowerCase()));

  const logs = service.said();
  expect(logs, "the log was on").toMatch(/DEBUG.*answered 200/);
  expect(found(logs), "in logs").toEqual([]);
  const metrics = await (await service.fetch(`${service.url}/metrics`)).text();
  expect(metrics).toContain("ryadom_checks_total");
  expect(found(metrics), "in metrics").toEqual([]);
  // An offer by reference is fetched at its address; it is used up by then, and opens nothing without its digits.
  const handles = [first, second].map(({ secrets: [handle] }) => handle!);
  for (const { phone } of [first, second]) {
    expect(found(phone.addresses.join("\n").replaceAll("%5F", "_").replaceAll("%2D", "-")).filter((secret) => !handles.includes(secret)), "in addresses").toEqual([]);
  }
  expect(found(JSON.stringify([at_one, at_two, other_at_two, bare])), "in answers").toEqual([]);

  const kept = (await rows("SELECT * FROM redemptions ORDER BY at_s, rowid")).map(({ receipt_link: _sealed, ...row }) => row);
  expect(kept).toHaveLength(4);
  expect(found(JSON.stringify(kept)), "in rows").toEqual([]);
  for (const ref of refs) {
    expect(JSON.stringify(kept)).not.toContain(ref);
    expect(JSON.stringify(kept)).not.toContain(BigInt.asUintN(64, BigInt(ref)).toString(16).padStart(16, "0"));
  }

  // One family at two tills has no more in common than two families: the right alone.
  const right = ["category", "mode", "reason", "region", "result", "valid_until"];
  expect(common(at_one, at_two)).toEqual(right);
  expect(common(at_two, other_at_two)).toEqual(right);
  const row_of = ({ receipt }: Record<string, unknown>): Record<string, unknown> => kept.find((row) => row["receipt"] === receipt)!;
  expect(common(row_of(at_one), row_of(at_two)), "nor have the rows").toEqual([]);
  const sealed = (await rows("SELECT receipt_link FROM redemptions")).map(({ receipt_link }) => receipt_link);
  expect(new Set(sealed).size, "a sealed link shows nothing to compare").toBe(4);

  await first.phone.page.waitForTimeout(200);
  for (const { phone } of [first, second]) {
    phone.errors.splice(0, phone.errors.length, ...phone.errors.filter((text) => !/status of 403/.test(text))); // while it was suspended
    await phone.end();
  }
});
