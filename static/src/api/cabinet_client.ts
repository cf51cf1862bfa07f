/** What the other tabs of the cabinet ask: tills, files, refusals, keys. */
import type { Language } from "../i18n/index.js";
import { desk } from "./desk_request.js";
import type { ApiKey, BulkDocument, BulkRow, DeskTerminal, Outcome, Refusal, Scope } from "./desk_types.js";

const PARTNER = "/api/v1/partner";
const FILE_TIMEOUT_MS = 180_000;
const of = (id: string): string => encodeURIComponent(id);

export interface PairingCode {
  readonly code: string;
  readonly expires_in_s: number;
}

export async function listTerminals(location: string, signal: AbortSignal): Promise<readonly DeskTerminal[]> {
  return ((await desk(`${PARTNER}/locations/${of(location)}/terminals`, signal)).body as { terminals: DeskTerminal[] }).terminals;
}

export async function createTerminal(location: string, name: string, signal: AbortSignal): Promise<PairingCode> {
  return (await desk(`${PARTNER}/locations/${of(location)}/terminals`, signal, { json: { name } })).body as PairingCode;
}

export async function renameTerminal(id: string, name: string, signal: AbortSignal): Promise<void> {
  await desk(`${PARTNER}/terminals/${of(id)}`, signal, { method: "PATCH", json: { name } });
}

export async function revokeTerminal(id: string, signal: AbortSignal): Promise<void> {
  await desk(`${PARTNER}/terminals/${of(id)}`, signal, { method: "DELETE" });
}

export async function listKeys(signal: AbortSignal): Promise<readonly ApiKey[]> {
  return ((await desk(`${PARTNER}/keys`, signal)).body as { keys: ApiKey[] }).keys;
}

/** The key itself is in this answer and never again. */
export async function createKey(name: string, scopes: readonly Scope[], location: string | null, signal: AbortSignal): Promise<string> {
  const json = { name, scopes, ...(location === null ? {} : { location_id: location }) };
  return ((await desk(`${PARTNER}/keys`, signal, { json })).body as { key: string }).key;
}

export async function revokeKey(id: string, signal: AbortSignal): Promise<void> {
  await desk(`${PARTNER}/keys/${of(id)}`, signal, { method: "DELETE" });
}

export async function listRefusals(cursor: string | null, signal: AbortSignal): Promise<{ readonly refusals: readonly Refusal[]; readonly next: string | null }> {
  const query = cursor === null ? "" : `?${new URLSearchParams({ cursor })}`;
  return (await desk(`${PARTNER}/refusals${query}`, signal)).body as { refusals: Refusal[]; next: string | null };
}

export async function answerRefusal(id: string, text: string, signal: AbortSignal): Promise<void> {
  await desk(`${PARTNER}/refusals/${of(id)}/answer`, signal, { json: { text } });
}

/** A link that the browser follows by itself, without the page's headers: the language stands in it. */
export const templatePath = (kind: "csv" | "xlsx", lang: Language): string => `${PARTNER}/bulk/template.${kind}?lang=${lang}`;

export async function sendBulk(file: File, signal: AbortSignal): Promise<string> {
  const headers = { "ryadom-filename": encodeURIComponent(file.name) };
  return ((await desk(`${PARTNER}/bulk`, signal, { blob: file, headers, timeout_ms: FILE_TIMEOUT_MS })).body as { id: string }).id;
}

export async function readBulk(id: string, signal: AbortSignal): Promise<BulkDocument> {
  return (await desk(`${PARTNER}/bulk/${of(id)}`, signal)).body as BulkDocument;
}

export async function listBulkRows(
  id: string, outcome: Outcome, cursor: string | null, signal: AbortSignal,
): Promise<{ readonly rows: readonly BulkRow[]; readonly next: string | null }> {
  const query = new URLSearchParams({ outcome, limit: "100", ...(cursor === null ? {} : { cursor }) });
  return (await desk(`${PARTNER}/bulk/${of(id)}/rows?${query}`, signal)).body as { rows: BulkRow[]; next: string | null };
}

export async function applyBulk(id: string, signal: AbortSignal): Promise<BulkDocument> {
  return (await desk(`${PARTNER}/bulk/${of(id)}/apply`, signal, { method: "POST", timeout_ms: FILE_TIMEOUT_MS })).body as BulkDocument;
}

export async function deleteBulk(id: string, signal: AbortSignal): Promise<void> {
  await desk(`${PARTNER}/bulk/${of(id)}`, signal, { method: "DELETE" });
}
