/** The fake desk's locations: drafts, submitting, lost races, photos. `publish` and `reject` play the operator. */
import type { Content, LocationDocument, LocationRow, Revision } from "../api/desk_types.js";
import { checkLocation } from "./fake_desk_check.js";
import { NOTHING, problem, type FakeAnswer, type FakeRequest } from "./fake_desk.js";

export interface Shelf {
  readonly documents: Map<string, LocationDocument>;
  /** Idempotency keys and what was answered. */
  readonly kept: Map<string, FakeAnswer>;
  count: number;
}

const AT = "2026-11-27T10:00:00Z";

export const newShelf = (): Shelf => ({ documents: new Map(), kept: new Map(), count: 0 });

const shown = (document: LocationDocument, status = 200): FakeAnswer => ({ status, body: document, headers: { etag: document.etag } });

function put(shelf: Shelf, before: LocationDocument | null, content: Content, state: Revision["state"]): LocationDocument {
  shelf.count += 1;
  const id = before?.id ?? `l-${shelf.count}`;
  const revision: Revision = {
    id: `r-${shelf.count}`, state, version: (before?.published?.version ?? 0) + 1, content, problems: checkLocation(content), reason: null,
    notes: before?.revision?.notes ?? [], submitted_at: state === "pending" ? AT : null, updated_at: AT,
  };
  const document: LocationDocument = {
    id, etag: `"e${shelf.count}"`, state: before?.published != null ? before.state : state, on_map: before?.on_map ?? false,
    published: before?.published ?? null, revision, content,
  };
  shelf.documents.set(id, document);
  return document;
}

export function publish(shelf: Shelf, id: string): void {
  const document = shelf.documents.get(id)!;
  shelf.documents.set(id, {
    ...document, etag: `"e${++shelf.count}"`, state: "published", on_map: true, revision: null,
    published: { version: document.revision?.version ?? 1, content: document.content, at: AT },
  });
}

export function reject(shelf: Shelf, id: string, reason: string): void {
  const document = shelf.documents.get(id)!;
  if (document.revision === null) return;
  shelf.documents.set(id, { ...document, etag: `"e${++shelf.count}"`, state: document.published === null ? "rejected" : document.state, revision: { ...document.revision, state: "rejected", reason } });
}

export function add(shelf: Shelf, content: Content, state: Revision["state"] = "draft"): LocationDocument {
  return put(shelf, null, content, state);
}

export function answerLocations(shelf: Shelf, path: string, query: URLSearchParams, request: FakeRequest): FakeAnswer | null {
  const [, room, id, act] = path.split("/");
  if (room !== "locations" || act === "terminals") return null;
  const { method, headers } = request;
  const json = (): never => JSON.parse(request.text) as never;
  if (id === undefined) return method === "GET" ? list(shelf, query) : create(shelf, request);
  const document = shelf.documents.get(id);
  if (document === undefined) return problem(404, "no-location", "Такого места нет");
  if (method === "GET") return shown(document);
  if (act === "answer") {
    const note = { at: AT, author: "partner" as const, text: (json() as { text: string }).text };
    const answered = { ...document, revision: { ...document.revision!, notes: [...document.revision!.notes, note] } };
    shelf.documents.set(id, answered);
    return shown(answered);
  }
  if (headers["if-match"] === undefined) return problem(428, "if-match-needed", "Нужен If-Match");
  if (headers["if-match"] !== document.etag) return problem(412, "version-conflict", "Место изменил кто-то другой", { current: document });
  if (act === "photo") return shown(put(shelf, document, { ...document.content, photo: method === "PUT" ? "photo-1" : null }, "draft"));
  if (act === "submit") return submitted(shelf, document, document.content);
  if (method === "PATCH") {
    const { content: patch, submit } = json() as { content: Content; submit: boolean };
    const content = Object.fromEntries(Object.entries({ ...document.content, ...patch }).filter(([, value]) => value !== null));
    return submit ? submitted(shelf, document, content) : shown(put(shelf, document, content, document.revision?.state === "rejected" ? "rejected" : "draft"));
  }
  if (act === "discard" && document.published !== null) {
    const left = { ...document, etag: `"e${++shelf.count}"`, revision: null, content: document.published.content };
    shelf.documents.set(id, left);
    return shown(left);
  }
  shelf.documents.delete(id);
  return NOTHING;
}

function submitted(shelf: Shelf, before: LocationDocument | null, content: Content): FakeAnswer {
  const problems = checkLocation(content);
  if (problems.some(({ severity }) => severity === "reject")) {
    return problem(422, "invalid-location", "Проверьте поля", { errors: problems.filter(({ severity }) => severity === "reject").map(({ field, detail }) => ({ parameter: field, detail })) });
  }
  return shown(put(shelf, before, content, "pending"), before === null ? 201 : 200);
}

function create(shelf: Shelf, { text, headers }: FakeRequest): FakeAnswer {
  const key = headers["idempotency-key"] ?? "";
  const before = shelf.kept.get(key);
  if (before !== undefined) return before;
  const { content, submit } = JSON.parse(text) as { content: Content; submit: boolean };
  const answer = submit ? submitted(shelf, null, content) : shown(put(shelf, null, content, "draft"), 201);
  if (answer.status === 201) shelf.kept.set(key, answer);
  return answer;
}

function list(shelf: Shelf, query: URLSearchParams): FakeAnswer {
  const [q, state] = [(query.get("q") ?? "").toLowerCase(), query.get("state")];
  const rows = [...shelf.documents.values()].map((one): LocationRow => ({
    id: one.id, name: one.content.name ?? null, address: one.content.address ?? null, state: one.state, on_map: one.on_map,
    waiting: one.published !== null && one.revision?.state === "pending", updated_at: AT, reason: one.revision?.reason ?? null,
  })).filter((row) => `${row.name} ${row.address}`.toLowerCase().includes(q) && (state === null || row.state === state));
  const from = rows.findIndex(({ id }) => id === query.get("cursor")) + 1;
  const page = rows.slice(from, from + Number(query.get("limit") ?? 50));
  return { status: 200, body: { locations: page, next: from + page.length < rows.length ? page.at(-1)?.id : null } };
}
