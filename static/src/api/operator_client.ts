/** What the page of the operator asks and decides. Errors as in request.ts. */
import { desk } from "./desk_request.js";
import type {
  Account, AuditEntry, LocationDocument, LocationRow, Named, OfferMade, PartnerRow, Queue, RefusalRow, Revision, Right, Role,
} from "./operator_types.js";
import { allPages, type Paged } from "./pages.js";

const ROOT = "/api/v1/operator";
const segment = encodeURIComponent;

async function read<T>(path: string, signal: AbortSignal): Promise<T> {
  return (await desk(path, signal)).body as T;
}

async function write<T>(path: string, signal: AbortSignal, json: unknown = {}): Promise<T> {
  return (await desk(path, signal, { json })).body as T;
}

function query(values: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** Oldest first. */
export function listQueue(cursor: string | null, signal: AbortSignal): Promise<Queue> {
  return read(`${ROOT}/queue${query({ cursor, limit: "50" })}`, signal);
}

export function showRevision(id: string, signal: AbortSignal): Promise<Revision> {
  return read(`${ROOT}/revisions/${segment(id)}`, signal);
}

/** `version` is the one that was on the screen: another one is refused (409). */
export function approve(id: string, version: number, signal: AbortSignal): Promise<{ location_id: string | null; seq: number }> {
  return write(`${ROOT}/revisions/${segment(id)}/approve`, signal, { version });
}

export function reject(id: string, version: number, reason: string, signal: AbortSignal): Promise<unknown> {
  return write(`${ROOT}/revisions/${segment(id)}/reject`, signal, { version, reason });
}

export interface BulkAnswer {
  readonly approved: readonly string[];
  readonly refused: readonly { readonly id: string; readonly detail: string }[];
}

export function approveMany(revisions: readonly { id: string; version: number }[], signal: AbortSignal): Promise<BulkAnswer> {
  return write(`${ROOT}/approvals`, signal, { revisions });
}

export async function listLocations(
  asked: { q: string; state: string; cursor: string | null }, signal: AbortSignal,
): Promise<Paged<LocationRow>> {
  const answer = await read<{ locations: LocationRow[]; next: string | null }>(`${ROOT}/locations${query(asked)}`, signal);
  return { rows: answer.locations, next: answer.next };
}

export function showLocation(id: string, signal: AbortSignal): Promise<LocationDocument> {
  return read(`${ROOT}/locations/${segment(id)}`, signal);
}

/** Publishes an earlier version once more; `expected` is the version that is public now. */
export function revert(id: string, version: number, expected: number, signal: AbortSignal): Promise<{ version: number; seq: number }> {
  return write(`${ROOT}/locations/${segment(id)}/revert`, signal, { version, expected });
}

export type LocationAct = "suspend" | "resume" | "archive";

export function actOnLocation(id: string, act: LocationAct, reason: string | null, signal: AbortSignal): Promise<unknown> {
  return write(`${ROOT}/locations/${segment(id)}/${act}`, signal, reason === null ? {} : { reason });
}

export async function listPartners(q: string, cursor: string | null, signal: AbortSignal): Promise<Paged<PartnerRow>> {
  const { partners, next } = await read<{ partners: PartnerRow[]; next: string | null }>(`${ROOT}/partners${query({ q, cursor })}`, signal);
  return { rows: partners, next };
}

/** All of them: who may sign in is looked through as a whole. */
export async function listAccounts(signal: AbortSignal): Promise<readonly Account[]> {
  // The partner comes by its id alone, or with its name.
  const all = await allPages(async (cursor) => {
    const { accounts, next = null } = await read<{ accounts: (Omit<Account, "partner"> & { partner: Named | string | null })[]; next?: string | null }>(`${ROOT}/accounts${query({ cursor })}`, signal);
    return { rows: accounts, next };
  });
  return all.map((account) => ({ ...account, partner: typeof account.partner === "string" ? { id: account.partner, name: account.partner } : account.partner }));
}

/** `link`: where the mail leads, when the service shows it instead of sending it. */
export function inviteAccount(email: string, role: Role, partner_id: string | null, signal: AbortSignal): Promise<{ readonly link?: string } | null> {
  return write(`${ROOT}/accounts`, signal, { email, role, ...(partner_id === null ? {} : { partner_id }) });
}

export async function disableAccount(id: string, signal: AbortSignal): Promise<void> {
  await desk(`${ROOT}/accounts/${segment(id)}`, signal, { method: "DELETE" });
}

export async function listRefusals(cursor: string | null, signal: AbortSignal): Promise<Paged<RefusalRow>> {
  const { refusals, next } = await read<{ refusals: RefusalRow[]; next: string | null }>(`${ROOT}/refusals${query({ cursor })}`, signal);
  return { rows: refusals, next };
}

export function closeRefusal(id: string, text: string, signal: AbortSignal): Promise<unknown> {
  return write(`${ROOT}/refusals/${segment(id)}/close`, signal, text === "" ? {} : { text });
}

/** Newest first. */
export async function listAudit(cursor: string | null, signal: AbortSignal): Promise<Paged<AuditEntry>> {
  const { entries, next } = await read<{ entries: AuditEntry[]; next: string | null }>(`${ROOT}/audit${query({ cursor })}`, signal);
  return { rows: entries, next };
}

export async function listRights(state: string, signal: AbortSignal): Promise<readonly Right[]> {
  return (await read<{ rights: Right[] }>(`/api/v1/rights${query({ state })}`, signal)).rights;
}

/** Made and confirmed at once, with the invitation that belongs to it. */
export function createRight(category: string, valid_until: string, signal: AbortSignal): Promise<Right & { offer?: OfferMade }> {
  return write("/api/v1/rights", signal, { category, valid_until });
}

export type RightAct = "confirm" | "refuse" | "suspend" | "resume" | "revoke";

export function actOnRight(id: string, act: RightAct, reason: string | null, signal: AbortSignal): Promise<Right> {
  return write(`/api/v1/rights/${segment(id)}/${act}`, signal, reason === null ? {} : { reason });
}

export function offerRight(id: string, signal: AbortSignal): Promise<OfferMade> {
  return write(`/api/v1/rights/${segment(id)}/offer`, signal);
}

/** All rows or none; answers how many. */
export async function uploadRights(file: Blob, signal: AbortSignal): Promise<number> {
  const answer = await desk("/api/v1/rights/list", signal, { blob: new Blob([file], { type: "text/csv" }), timeout_ms: 120_000 });
  return (answer.body as { rights: number }).rights;
}
