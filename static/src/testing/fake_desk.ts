/**
 * The registry desk in memory: enough of its contract to drive the pages by. Not a second definition of it, and the e2e
 * tests count only against the real binary. The links of its mails end in `#manager` or `#operator`; «131313» is the
 * code of an operator's phone.
 */
import type { Session } from "../api/desk_request.js";
import type { PartnerDocument, Profile } from "../api/desk_types.js";
import { answerCabinet, newCabinet, type Cabinet } from "./fake_desk_cabinet.js";
import { checkPartner, understand } from "./fake_desk_check.js";
import { answerLocations, newShelf, type Shelf } from "./fake_desk_locations.js";

export interface FakeRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function problem(status: number, kind: string, title: string, more: object = {}): FakeAnswer {
  return { status, body: { type: `/problems/${kind}`, title, status, detail: title, ...more }, headers: { "content-type": "application/problem+json" } };
}

export const NOTHING: FakeAnswer = { status: 204, body: null };

export class FakeDesk {
  session: Session | null = null;
  partner: PartnerDocument | null = null;
  readonly shelf: Shelf = newShelf();
  readonly cabinet: Cabinet = newCabinet();
  #version = 0;

  /** null: not an address of the desk. */
  answer(request: FakeRequest): FakeAnswer | null {
    const url = new URL(request.path, "http://fake");
    if (url.pathname.startsWith("/api/v1/session")) return this.#answerSession(url.pathname, request);
    if (!url.pathname.startsWith("/api/v1/partner")) return null;
    if (this.session === null) return problem(401, "not-signed-in", "Войдите ещё раз");
    if (request.method !== "GET" && request.headers["x-csrf-token"] !== this.session.csrf) return problem(403, "csrf", "Обновите страницу");
    const path = url.pathname.slice("/api/v1/partner".length);
    return this.#answerPartner(path, request) ?? answerLocations(this.shelf, path, url.searchParams, request) ?? answerCabinet(this.cabinet, path, url.searchParams, request);
  }

  signIn(role: "manager" | "operator" = "manager"): void {
    const to = role === "manager" ? "/partner" : "/operator";
    const account = { id: "a-1", email: "anna@example.org", role };
    this.session = { account, partner: this.#name(), standing: role === "manager" ? "full" : "totp_enrol", csrf: "fake-word", to, expires_at: "2027-01-01T00:00:00Z" };
  }

  #name(): Session["partner"] {
    return this.partner === null ? null : { id: this.partner.id, name: this.partner.profile.name ?? "" };
  }

  #answerSession(path: string, { method, text }: FakeRequest): FakeAnswer {
    const given = text === "" ? {} : (JSON.parse(text) as Record<string, string>);
    if (path === "/api/v1/session/link") {
      if (!/^\S+@\S+\.\S+$/.test(given["email"] ?? "")) return problem(422, "invalid-account", "Это не похоже на адрес почты");
      return { status: 202, body: { sent: true, dev_mail: true } };
    }
    if (path === "/api/v1/session/end-all" || method === "DELETE") {
      this.session = null;
      return NOTHING;
    }
    if (path === "/api/v1/session" && method === "POST") {
      const role = given["token"];
      if (role !== "manager" && role !== "operator") return problem(404, "no-sign-in", "Ссылка уже использована или устарела");
      this.signIn(role);
    }
    if (this.session === null) return problem(401, "not-signed-in", "Войдите");
    if (path === "/api/v1/session/totp" && method === "GET") return { status: 200, body: ENROLMENT };
    if (path === "/api/v1/session/totp") {
      if (given["code"] !== "131313") return problem(422, "invalid-account", "Код не подошёл");
      this.session = { ...this.session, standing: "full" };
    }
    return { status: 200, body: { ...this.session, partner: this.#name() } };
  }

  #answerPartner(path: string, { method, text, headers }: FakeRequest): FakeAnswer | null {
    if (path === "/check") return { status: 200, body: understand(JSON.parse(text) as never) };
    if (path === "" && method === "GET") return this.partner === null ? problem(404, "no-partner", "Организации ещё нет") : { status: 200, body: this.partner };
    if (path === "" && method === "PUT") {
      const profile = JSON.parse(text) as Profile;
      const problems = checkPartner(profile);
      if (problems.some(({ severity }) => severity === "reject")) {
        return problem(422, "invalid-partner", "Проверьте поля", { errors: problems.map(({ field, detail }) => ({ parameter: field, detail })), problems });
      }
      if (this.partner !== null && headers["if-match"] !== this.partner.etag) return problem(412, "version-conflict", "Кто-то уже изменил", { current: this.partner });
      const managers = this.partner?.managers ?? [{ id: "a-1", email: "anna@example.org" }];
      this.partner = { id: "p-1", etag: `"p${++this.#version}"`, profile, state: "pending", locations: this.shelf.documents.size, problems, managers };
      return { status: 200, body: this.partner };
    }
    if (!path.startsWith("/managers") || this.partner === null) return null;
    const id = path.split("/")[2];
    const { managers } = this.partner;
    const email = id === undefined ? (JSON.parse(text) as { email: string }).email : "";
    this.partner = { ...this.partner, managers: id === undefined ? [...managers, { id: `a-${managers.length + 1}`, email }] : managers.filter((one) => one.id !== id) };
    return id === undefined ? { status: 201, body: {} } : NOTHING;
  }
}

const ENROLMENT = {
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", uri: "otpauth://totp/Ryadom:anna@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Ryadom",
  svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><rect width="29" height="29" fill="#fff"/><path d="M4 4h7v7h-7zM18 4h7v7h-7zM4 18h7v7h-7zM13 13h3v3h-3z"/></svg>',
};
