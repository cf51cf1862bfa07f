/** What e2e files of the desk need: accounts that sign in, codes of a second factor, a partner who asks for something. */
import { createHmac, randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { operate } from "./credential_harness.js";
import { get, type Service } from "./harness.js";

/** RFC 6238: six digits, thirty seconds, SHA-1. */
export function totp(secret: string, now_ms = Date.now()): string {
  const bits = [...secret.replaceAll(/[\s=]/g, "").toUpperCase()].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now_ms / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const offset = hash.at(-1)! & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Invites an operator at the command line, opens the link in the browser, enrols the second factor. Answers its secret. */
export async function signInOperator(page: Page, service: Service, email: string): Promise<string> {
  const said = await operate(service, "operator", "invite", email);
  const fragment = /\/sign-in\S*#(\S+)/.exec(said)?.[1];
  expect(fragment, `a link in: ${said}`).toBeDefined();
  await page.goto("about:blank");
  const enrolment = page.waitForResponse((response) => response.url().endsWith("/api/v1/session/totp") && response.request().method() === "GET");
  await page.goto(`${service.url}/sign-in#${fragment}`);
  await page.getByRole("button", { name: "Войти" }).click();
  const { secret } = (await (await enrolment).json()) as { secret: string };
  await page.locator("ry-totp-form input").fill(totp(secret));
  await page.locator("ry-totp-form button").click();
  await page.waitForURL(/\/operator/);
  return secret;
}

export interface Manager {
  call<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: T; headers: Headers }>;
}

/** A manager who signs in by mail, past the page, and registers a partner. */
export async function signInManager(service: Service, email: string): Promise<Manager> {
  const json = { "content-type": "application/json" };
  const asked = await fetch(`${service.url}/api/v1/session/link`, { method: "POST", headers: json, body: JSON.stringify({ email, lang: "ru", to: "/partner" }) });
  expect(asked.status, await asked.text()).toBe(202);
  const mails = await get<{ to: string; text: string }[]>(`${service.url}/dev/mail.json`);
  const token = mails.filter(({ to }) => to === email).map(({ text }) => /\/sign-in\S*#(\S+)/.exec(text)?.[1]).at(-1);
  const answer = await fetch(`${service.url}/api/v1/session`, { method: "POST", headers: json, body: JSON.stringify({ token }) });
  expect(answer.status).toBe(200);
  const { csrf } = (await answer.json()) as { csrf: string };
  const cookie = answer.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  const manager: Manager = {
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(service.url + path, {
        method, headers: { ...json, cookie, "x-csrf-token": csrf, ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as never, headers: response.headers };
    },
  };
  const partner = await manager.call("PUT", "/api/v1/partner", {
    name: "Пекарня «Колос»", legal_name: "ООО «Колос»", inn: "7707083893", ogrn: "1027700132195", kpp: "773601001", contact_person: "Мария", contact_email: email, contact_phone: "+78652260001",
  });
  expect([200, 201], JSON.stringify(partner.body)).toContain(partner.status);
  return manager;
}

/** A location that waits for the operator; answers its id. */
export async function submitLocation(manager: Manager, name: string): Promise<string> {
  const content = {
    name, category: "cafe", lon: 41.9642, lat: 45.0344, address: "г. Ставрополь, ул. Мира, 12", opening_hours: "Mo-Fr 09:00-18:00", phone: "+78652260001",
    benefits: [{ title: "Скидка на хлеб", kind: "percent", value: 10, terms: "по будням", hours: "Mo-Fr 10:00-14:00" }],
  };
  const made = await manager.call<{ id: string }>("POST", "/api/v1/partner/locations", { content, submit: true }, { "idempotency-key": randomUUID() });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

/** The organisation's form on /partner, filled in and sent. */
export async function describeOrganisation(page: Page): Promise<void> {
  await page.getByLabel("ИНН", { exact: true }).fill("7707083893");
  await page.getByLabel("ОГРН или ОГРНИП").fill("1027700132195");
  await page.getByLabel("КПП").fill("773601001");
  await page.getByLabel("Официальное название").fill("ООО «Память»");
  await page.getByLabel("Название на вывеске").fill("Музей «Память»");
  await page.getByLabel("Имя").fill("Анна Иванова");
  await page.locator('[data-field="contact_phone"]').fill("8 (8652) 12-34-56");
  await page.locator('[data-field="contact_email"]').fill("anna@example.org");
  await page.getByRole("button", { name: /^Дальше/ }).click();
  await page.getByRole("heading", { name: "Новое место" }).waitFor();
}

/** The form of a new location, filled in and not sent. */
export async function describeLocation(page: Page): Promise<void> {
  await page.getByLabel("Название", { exact: true }).fill("Музей «Память»");
  await page.getByLabel("Категория").selectOption("museum");
  await page.getByLabel("Вид").selectOption("percent");
  await page.getByLabel("Сколько процентов").fill("50");
  await page.getByLabel("Адрес", { exact: true }).fill("Ставрополь, ул. Дзержинского, 135");
  await page.getByText("Координаты числами").click();
  await page.getByLabel("Широта").fill("45.0362, 41.9634");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Пн–пт" }).click();
  await page.locator(".preview dl").waitFor();
}
