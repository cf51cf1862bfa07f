import { language } from "../i18n/index.js";
import { exchange } from "./request.js";

export const REFUSAL_REASONS = ["not_honoured", "other_terms", "closed", "code_not_taken", "other"] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export interface Refusal {
  readonly reason: RefusalReason;
  /** YYYY-MM-DD */
  readonly day: string;
  readonly text: string;
}

/** «Здесь отказали в льготе»: without an account, and nothing goes with it but what was chosen and typed. */
export async function reportRefusal(location_id: string, { reason, day, text }: Refusal, signal: AbortSignal): Promise<void> {
  await exchange(`/api/v1/locations/${encodeURIComponent(location_id)}/refusals`, signal, {
    json: { reason, day, ...(text === "" ? {} : { text }) }, headers: { "accept-language": language() },
  });
}
