/** The fake desk's tills, keys, refusals and files. */
import type { ApiKey, BulkDocument, BulkRow, DeskTerminal, Refusal } from "../api/desk_types.js";
import { NOTHING, problem, type FakeAnswer, type FakeRequest } from "./fake_desk.js";

export interface Cabinet {
  terminals: DeskTerminal[];
  keys: ApiKey[];
  refusals: Refusal[];
  bulk: BulkDocument | null;
}

const AT = "2026-11-27T10:00:00Z";

export const newCabinet = (): Cabinet => ({
  terminals: [
    { id: "t-1", name: "Касса у входа", number: "4821", paired_at: AT, last_seen_at: AT },
    { id: "t-2", name: "Касса в кафе", number: "5107", paired_at: AT, last_seen_at: null },
  ],
  keys: [{ id: "k-1", name: "1С", scopes: ["locations:read"], created_at: AT, last_used_at: null }],
  refusals: [
    { id: "f-1", location_id: "l-1", location_name: "Музей", day: "2026-11-20", reason: "not_honoured", text: "Сказали, что скидки <b>нет</b>", answer: null, state: "open" },
    { id: "f-2", location_id: "l-1", location_name: "Музей", day: "2026-11-02", reason: "closed", text: null, answer: "Был санитарный день, извините", state: "answered" },
  ],
  bulk: null,
});

const ROWS: readonly BulkRow[] = [
  { line: 2, external_id: "A-1", name: "Аптека № 1", outcome: "new", changes: [], problems: [{ field: "phone", severity: "warning", code: "phone-ext", detail: "Добавочный отделён" }] },
  { line: 3, external_id: "A-2", name: "Аптека № 2", outcome: "changed", changes: [{ field: "phone", before: "+78652123456", after: "+78652654321" }, { field: "opening_hours", before: null, after: "Mo-Fr 09:00-18:00" }, { field: "category", before: "museum", after: "cafe" }], problems: [] },
  { line: 4, external_id: null, name: "<img src=x onerror=alert(1)>", outcome: "rejected", changes: [], problems: [{ field: "lon", severity: "reject", code: "swapped", detail: "Похоже, широта и долгота поменяны местами" }] },
];

export function answerCabinet(cabinet: Cabinet, path: string, query: URLSearchParams, { method, text, headers }: FakeRequest): FakeAnswer {
  const ok = (body: unknown = {}, status = 200): FakeAnswer => ({ status, body });
  const [, room, id, act] = path.split("/");
  const json = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
  if (room === "locations") return method === "GET" ? ok({ terminals: cabinet.terminals }) : ok({ code: "K7QM-2XPD", expires_in_s: 86_400 }, 201);
  if (room === "terminals") {
    if (method === "PATCH") cabinet.terminals = cabinet.terminals.map((one) => (one.id === id ? { ...one, name: String(json()["name"]) } : one));
    else cabinet.terminals = cabinet.terminals.filter((one) => one.id !== id);
    return method === "PATCH" ? ok() : NOTHING;
  }
  if (room === "keys") {
    if (method === "GET") return ok({ keys: cabinet.keys });
    if (method === "DELETE") {
      cabinet.keys = cabinet.keys.filter((one) => one.id !== id);
      return NOTHING;
    }
    const made = { id: `k-${cabinet.keys.length + 1}`, name: String(json()["name"]), scopes: json()["scopes"] as ApiKey["scopes"], created_at: AT, last_used_at: null };
    cabinet.keys = [...cabinet.keys, made];
    return ok({ ...made, key: "ryk_fake_0123456789abcdefghijklmnop" }, 201);
  }
  if (room === "refusals") {
    if (id === undefined) return ok({ refusals: cabinet.refusals, next: null });
    cabinet.refusals = cabinet.refusals.map((one) => (one.id === id ? { ...one, answer: String(json()["text"]), state: "answered" } : one));
    return ok();
  }
  if (room !== "bulk") return problem(404, "not-found", "Нет такого адреса");
  if (id === undefined) {
    const name = decodeURIComponent(headers["ryadom-filename"] ?? "");
    cabinet.bulk = { id: "b-1", name, state: "reading", rows: 3, done: 1, counts: { new: 0, changed: 0, unchanged: 0, rejected: 0 }, warnings: 0, fault: null, unknown_columns: [] };
    return ok({ id: "b-1" }, 202);
  }
  if (cabinet.bulk === null) return problem(404, "no-bulk", "Нет такого файла");
  if (act === "rows") return ok({ rows: ROWS.filter(({ outcome }) => outcome === query.get("outcome")), next: null });
  if (method === "DELETE") {
    cabinet.bulk = null;
    return NOTHING;
  }
  const now = cabinet.bulk;
  if (act === "apply") cabinet.bulk = { ...now, state: "applied" };
  else if (now.state === "reading") cabinet.bulk = { ...now, state: "ready", done: 3, counts: { new: 1, changed: 1, unchanged: 0, rejected: 1 }, warnings: 1, unknown_columns: ["Комментарий"] };
  return ok(now.state === "reading" ? now : cabinet.bulk);
}
