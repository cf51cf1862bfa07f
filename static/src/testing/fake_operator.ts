/**
 * The routes of the operator without a server: plain requests in, plain answers out, for Playwright's `page.route` and
 * for tests in Node. Holds a queue that empties; good for working on the page, and no proof.
 */
import type { Content, LocationDocument, QueueItem, Revision } from "../api/operator_types.js";
import { accounts, audit, CATEGORIES, locationDocument, partners, refusals, revisionOf, rights, sampleQueue } from "./fake_operator_data.js";

export interface FakeRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly type: string;
}

type Handler = (match: RegExpExecArray, body: Record<string, unknown>, query: URLSearchParams) => FakeAnswer;

export class FakeOperator {
  standing: "full" | "totp_needed" | "totp_enrol" | "none" = "full";
  role: "operator" | "auditor" | "manager" = "operator";
  queue: QueueItem[];
  /** What was decided, in order: «approve r-1», «reject r-2: reason». */
  readonly decided: string[] = [];
  readonly #revisions = new Map<string, Revision>();
  readonly #places = new Map<string, LocationDocument>();
  #accounts = accounts();
  #refusals = refusals();
  #rights = rights();

  constructor(waiting = 12) {
    this.queue = sampleQueue(waiting);
    this.queue.forEach((item, index) => this.#revisions.set(item.id, revisionOf(item, index)));
  }

  /** What a partner, or another operator, does meanwhile. */
  edit(id: string, change: Content): void {
    const revision = this.#revisions.get(id)!;
    this.#revisions.set(id, { ...revision, version: revision.version + 1, after: { ...revision.after, ...change } });
    this.queue = this.queue.map((item) => (item.id === id ? { ...item, version: item.version + 1 } : item));
  }

  take(id: string): void {
    this.queue = this.queue.filter((item) => item.id !== id);
  }

  answer({ method, url, headers, body }: FakeRequest): FakeAnswer {
    const { pathname, searchParams } = new URL(url, "http://fake");
    const given = parsed(body);
    if (pathname === "/api/v1/session" && method === "DELETE") this.standing = "none";
    else if (pathname === "/api/v1/session/end-all") this.standing = "none";
    else if (pathname === "/api/v1/session") return this.standing === "none" ? problem(401, "not-signed-in", "Вход не выполнен") : ok(this.#session());
    else if (pathname === "/api/v1/categories") return ok({ categories: CATEGORIES });
    else {
      if (this.standing !== "full") return problem(401, "not-signed-in", "Вход закончился");
      if (method !== "GET" && headers["x-csrf-token"] !== "fake-csrf") return problem(403, "csrf", "Нет слова против подделки");
      for (const [verb, path, handler] of this.#routes) {
        const match = verb === method ? path.exec(pathname) : null;
        if (match !== null) return handler(match, given, searchParams);
      }
      return problem(404, "no-route", `Нет такого адреса: ${method} ${pathname}`);
    }
    return { status: 204, body: null, type: "application/json" };
  }

  #session(): unknown {
    return {
      account: { id: "a-1", email: "olga.sergeeva@ministry.example", role: this.role }, partner: null, standing: this.standing,
      csrf: "fake-csrf", to: "/operator", expires_at: "2026-12-01T00:00:00Z",
    };
  }

  #decide(id: string, version: unknown, word: string): FakeAnswer {
    const revision = this.#revisions.get(id);
    if (revision === undefined) return problem(404, "no-revision", "Такой заявки нет");
    if (!this.queue.some((item) => item.id === id)) return problem(409, "decided", "Её решил другой оператор минуту назад.");
    if (revision.version !== version) return problem(409, "decided", "Партнёр изменил её после того, как вы её открыли.");
    this.take(id);
    this.decided.push(word);
    return ok({ location_id: revision.location_id, seq: 100 + this.decided.length });
  }

  #place(id: string): LocationDocument {
    return this.#places.get(id) ?? locationDocument(id);
  }

  #routes: readonly (readonly [string, RegExp, Handler])[] = [
    ["GET", /\/operator\/queue$/, (_match, _body, query) => {
      const from = Number(query.get("cursor") ?? 0);
      const to = from + Number(query.get("limit") ?? 50);
      return ok({ revisions: this.queue.slice(from, to), next: to < this.queue.length ? String(to) : null, total: this.queue.length });
    }],
    ["GET", /\/operator\/revisions\/([^/]+)$/, ([, id = ""]) => {
      const revision = this.#revisions.get(id);
      return revision === undefined || !this.queue.some((item) => item.id === id) ? problem(404, "no-revision", "Такой заявки нет") : ok(revision);
    }],
    ["POST", /\/revisions\/([^/]+)\/approve$/, ([, id = ""], { version }) => this.#decide(id, version, `approve ${id}`)],
    ["POST", /\/revisions\/([^/]+)\/reject$/, ([, id = ""], { version, reason }) =>
      typeof reason !== "string" || reason === "" ? problem(422, "invalid", "Без причины нельзя") : this.#decide(id, version, `reject ${id}: ${reason}`)],
    ["POST", /\/operator\/approvals$/, (_match, { revisions }) => {
      const wanted = revisions as { id: string; version: number }[];
      const answers = wanted.map(({ id, version }) => ({ id, answer: this.#decide(id, version, `approve ${id}`) }));
      return ok({
        approved: answers.filter(({ answer }) => answer.status === 200).map(({ id }) => id),
        refused: answers.filter(({ answer }) => answer.status !== 200).map(({ id, answer }) => ({ id, detail: (answer.body as { detail: string }).detail })),
      });
    }],
    ["GET", /\/operator\/locations$/, (_match, _body, query) => {
      const all = sampleQueue(60).map(({ location_id }) => this.#place(location_id ?? "")).filter((place) =>
        (query.get("state") ?? place.state) === place.state && String(place.content["name"]).toLowerCase().includes((query.get("q") ?? "").toLowerCase()));
      const from = Number(query.get("cursor") ?? 0);
      const rows = all.slice(from, from + 50).map(({ id, content, state, on_map, revision, partner }) => ({
        id, name: content["name"], address: content["address"], state, on_map, waiting: revision !== null, updated_at: "2026-11-20T10:00:00Z", reason: null, partner,
      }));
      return ok({ locations: rows, next: from + 50 < all.length ? String(from + 50) : null });
    }],
    ["GET", /\/operator\/locations\/([^/]+)$/, ([, id = ""]) => ok(this.#place(id))],
    ["POST", /\/operator\/locations\/([^/]+)\/revert$/, ([, id = ""], { version, expected }) => {
      const place = this.#place(id);
      const now = place.published?.version ?? 0;
      const old = place.history.find((entry) => entry.version === version);
      if (expected !== now || old === undefined) return problem(409, "version-conflict", "Место уже изменилось.");
      const at = new Date().toISOString();
      const entry = { ...old, version: now + 1, at, actor: "olga.sergeeva@ministry.example" };
      this.#places.set(id, { ...place, published: { version: now + 1, content: old.content, at }, content: old.content, history: [entry, ...place.history] });
      return ok({ version: now + 1, seq: 7 });
    }],
    ["POST", /\/operator\/locations\/([^/]+)\/(suspend|resume|archive)$/, ([, id = "", act = ""]) => {
      const state = ({ suspend: "suspended", resume: "published", archive: "archived" } as const)[act] ?? "published";
      this.#places.set(id, { ...this.#place(id), state, on_map: state === "published" });
      return ok({});
    }],
    ["GET", /\/operator\/partners$/, (_match, _body, query) => ok({
      partners: partners().filter(({ profile }) => JSON.stringify(profile).toLowerCase().includes((query.get("q") ?? "").toLowerCase())), next: null,
    })],
    ["GET", /\/operator\/accounts$/, () => ok({ accounts: this.#accounts })],
    ["POST", /\/operator\/accounts$/, (_match, { email, role, partner_id }) => {
      if (!/.+@.+\..+/.test(String(email))) return problem(422, "invalid-account", "Это не похоже на адрес почты.");
      const partner = partners().find(({ id }) => id === partner_id);
      this.#accounts = [...this.#accounts, {
        id: `a-${this.#accounts.length + 1}`, email: String(email), role: role as "operator", created_at: new Date().toISOString(), disabled: false,
        partner: partner === undefined ? null : { id: partner.id, name: partner.profile.name },
      }];
      return { ...ok({}), status: 201 };
    }],
    ["DELETE", /\/operator\/accounts\/([^/]+)$/, ([, id = ""]) => {
      this.#accounts = this.#accounts.map((account) => (account.id === id ? { ...account, disabled: true } : account));
      return { status: 204, body: null, type: "application/json" };
    }],
    ["GET", /\/operator\/refusals$/, () => ok({ refusals: this.#refusals, next: null })],
    ["POST", /\/operator\/refusals\/([^/]+)\/close$/, ([, id = ""]) => {
      this.#refusals = this.#refusals.map((refusal) => (refusal.id === id ? { ...refusal, state: "closed" as const } : refusal));
      return ok({});
    }],
    ["GET", /\/operator\/audit$/, (_match, _body, query) => ok(audit(Number(query.get("cursor") ?? 240)))],
    ["GET", /\/api\/v1\/rights$/, (_match, _body, query) => ok({ rights: this.#rights.filter(({ state }) => state === (query.get("state") ?? state)) })],
    ["POST", /\/api\/v1\/rights$/, (_match, { category, valid_until }) => {
      const right = { ...this.#rights[0]!, id: `right-${this.#rights.length + 1}`, category: String(category), valid_until: String(valid_until), state: "confirmed" };
      this.#rights = [right, ...this.#rights];
      return { ...ok({ ...right, offer: OFFER }), status: 201 };
    }],
    ["POST", /\/api\/v1\/rights\/list$/, () => ok({ rights: 214 })],
    ["POST", /\/api\/v1\/rights\/([^/]+)\/(\w+)$/, ([, id = "", act = ""], { reason }) => {
      if (act === "offer") return { ...ok(OFFER), status: 201 };
      const state = ({ confirm: "confirmed", resume: "confirmed", refuse: "refused", suspend: "suspended", revoke: "revoked" } as Record<string, string>)[act] ?? "applied";
      this.#rights = this.#rights.map((right) => (right.id === id ? { ...right, state, reason: (reason as string | undefined) ?? null } : right));
      return ok(this.#rights.find((right) => right.id === id));
    }],
  ];
}

const OFFER = { wallet_url: "https://ryadom.example/wallet#offer=eyJjcmVkZW50aWFsX2lzc3VlciI6Imh0dHBz", tx_code: "481592", offer_uri: "openid-credential-offer://", right_id: "right-1" };

function ok(body: unknown): FakeAnswer {
  return { status: 200, body, type: "application/json" };
}

function problem(status: number, kind: string, detail: string): FakeAnswer {
  return { status, body: { type: `/problems/${kind}`, title: detail, status, detail }, type: "application/problem+json" };
}

function parsed(body: string | null): Record<string, unknown> {
  try {
    return JSON.parse(body ?? "{}") as Record<string, unknown>;
  } catch {
    return {}; // a file
  }
}
