/** What the cabinet of a partner asks: the organisation and its locations. Every write of a document names the version it changes. */
import { desk } from "./desk_request.js";
import type { CheckAnswer, Content, LocationDocument, LocationRow, PartnerDocument, Profile } from "./desk_types.js";
import { allPages } from "./pages.js";
import { ProblemError } from "./request.js";

const PARTNER = "/api/v1/partner";
const PHOTO_TIMEOUT_MS = 120_000;

const locationPath = (id: string, rest = ""): string => `${PARTNER}/locations/${encodeURIComponent(id)}${rest}`;

/** An ETag as the header wants it, quoted. */
export function ifMatch(etag: string): Record<string, string> {
  return { "if-match": /^(W\/)?"/.test(etag) ? etag : `"${etag}"` };
}

/** What is wrong and what is understood, in words; changes nothing. */
export async function check(given: { readonly location?: Content; readonly partner?: Profile }, signal: AbortSignal): Promise<CheckAnswer> {
  return (await desk(`${PARTNER}/check`, signal, { json: given })).body as CheckAnswer;
}

/** null: the account has no organisation yet. */
export async function readPartner(signal: AbortSignal): Promise<PartnerDocument | null> {
  try {
    return (await desk(PARTNER, signal)).body as PartnerDocument;
  } catch (error) {
    if (error instanceof ProblemError && error.kind === "no-partner") return null;
    throw error;
  }
}

export async function writePartner(profile: Profile, etag: string | null, signal: AbortSignal): Promise<PartnerDocument> {
  return (await desk(PARTNER, signal, { method: "PUT", json: profile, headers: etag === null ? {} : ifMatch(etag) })).body as PartnerDocument;
}

export async function invite(email: string, signal: AbortSignal): Promise<void> {
  await desk(`${PARTNER}/managers`, signal, { json: { email } });
}

export async function removeManager(id: string, signal: AbortSignal): Promise<void> {
  await desk(`${PARTNER}/managers/${encodeURIComponent(id)}`, signal, { method: "DELETE" });
}

export interface LocationPage {
  readonly locations: readonly LocationRow[];
  readonly next: string | null;
}

export async function listLocations(
  { q = "", state = "", cursor = null, limit = 50 }: { readonly q?: string; readonly state?: string; readonly cursor?: string | null; readonly limit?: number },
  signal: AbortSignal,
): Promise<LocationPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (q !== "") query.set("q", q);
  if (state !== "") query.set("state", state);
  if (cursor !== null) query.set("cursor", cursor);
  return (await desk(`${PARTNER}/locations?${query}`, signal)).body as LocationPage;
}

/** Every location, for a choice among them; in the largest pages that the server gives. */
export function listAllLocations(signal: AbortSignal): Promise<readonly LocationRow[]> {
  return allPages(async (cursor) => {
    const { locations, next } = await listLocations({ cursor, limit: 200 }, signal);
    return { rows: locations, next };
  });
}

export async function readLocation(id: string, signal: AbortSignal): Promise<LocationDocument> {
  return (await desk(locationPath(id), signal)).body as LocationDocument;
}

/** `key` makes a second try of the same creation harmless. */
export async function createLocation(content: Content, submit: boolean, key: string, signal: AbortSignal): Promise<LocationDocument> {
  return (await desk(`${PARTNER}/locations`, signal, { json: { content, submit }, headers: { "idempotency-key": key } })).body as LocationDocument;
}

export async function changeLocation(id: string, etag: string, content: Content, submit: boolean, signal: AbortSignal): Promise<LocationDocument> {
  return (await desk(locationPath(id), signal, { method: "PATCH", json: { content, submit }, headers: ifMatch(etag) })).body as LocationDocument;
}

export async function submitLocation(id: string, etag: string, signal: AbortSignal): Promise<LocationDocument> {
  return (await desk(locationPath(id, "/submit"), signal, { method: "POST", headers: ifMatch(etag) })).body as LocationDocument;
}

/** null: nothing is left of it, a draft that never was on the map. */
export async function discardRevision(id: string, etag: string, signal: AbortSignal): Promise<LocationDocument | null> {
  return (await desk(locationPath(id, "/discard"), signal, { method: "POST", headers: ifMatch(etag) })).body as LocationDocument | null;
}

export async function answerRejection(id: string, text: string, signal: AbortSignal): Promise<LocationDocument> {
  return (await desk(locationPath(id, "/answer"), signal, { json: { text } })).body as LocationDocument;
}

export async function deleteLocation(id: string, etag: string, signal: AbortSignal): Promise<void> {
  await desk(locationPath(id), signal, { method: "DELETE", headers: ifMatch(etag) });
}

export async function putPhoto(id: string, etag: string, photo: Blob, signal: AbortSignal): Promise<LocationDocument> {
  return (await desk(locationPath(id, "/photo"), signal, { method: "PUT", blob: photo, headers: ifMatch(etag), timeout_ms: PHOTO_TIMEOUT_MS })).body as LocationDocument;
}

export async function deletePhoto(id: string, etag: string, signal: AbortSignal): Promise<LocationDocument> {
  return (await desk(locationPath(id, "/photo"), signal, { method: "DELETE", headers: ifMatch(etag) })).body as LocationDocument;
}

/** The document that a lost race names, out of the problem `version-conflict`. */
export function conflictOf(error: unknown): LocationDocument | null {
  if (!(error instanceof ProblemError) || error.problem.status !== 412) return null;
  return (error.problem as { current?: LocationDocument }).current ?? null;
}
