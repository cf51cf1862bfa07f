/** What the registry desk answers, as far as the cabinet of a partner reads it. Optional text may be absent or `null`. */
import type { BenefitKind, DayHours } from "./types.js";

export interface ContentBenefit {
  readonly title?: string | null;
  readonly kind?: BenefitKind | null;
  readonly value?: number | null;
  readonly terms?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  /** When the benefit, not the place, applies: OSM text. */
  readonly hours?: string | null;
}

/** All that is said of a location. A field that is absent or `null` is not said. */
export interface Content {
  readonly name?: string | null;
  readonly category?: string | null;
  readonly categories_more?: readonly string[] | null;
  readonly lon?: number | null;
  readonly lat?: number | null;
  readonly address?: string | null;
  readonly address_note?: string | null;
  readonly fias_id?: string | null;
  readonly opening_hours?: string | null;
  readonly hours_unknown?: boolean | null;
  readonly special_hours?: string | null;
  readonly phone?: string | null;
  readonly phone_ext?: string | null;
  readonly website?: string | null;
  readonly wheelchair?: "yes" | "limited" | "no" | null;
  readonly benefits?: readonly ContentBenefit[] | null;
  readonly photo?: string | null;
  readonly external_id?: string | null;
}

export type ContentField = keyof Content;

export interface Profile {
  readonly name?: string | null;
  readonly legal_name?: string | null;
  readonly inn?: string | null;
  readonly ogrn?: string | null;
  readonly kpp?: string | null;
  readonly contact_person?: string | null;
  readonly contact_email?: string | null;
  readonly contact_phone?: string | null;
}

export interface FieldProblem {
  readonly field: string;
  readonly severity: "reject" | "warning";
  readonly code: string;
  readonly detail: string;
}

export interface Understood {
  readonly phone?: string | null;
  readonly phone_display?: string | null;
  readonly phone_ext?: string | null;
  readonly opening_hours?: string | null;
  readonly time_zone?: string | null;
  readonly settlement?: { readonly name: string; readonly distance_m: number } | null;
  readonly hours_week?: readonly DayHours[] | null;
}

export interface CheckAnswer {
  readonly problems: readonly FieldProblem[];
  readonly understood: Understood;
}

export interface PartnerDocument {
  readonly id: string;
  readonly etag: string;
  readonly profile: Profile;
  readonly state: "new" | "pending" | "published";
  readonly locations: number;
  readonly problems: readonly FieldProblem[];
  readonly managers: readonly { readonly id: string; readonly email: string }[];
}

export type LocationState = "draft" | "pending" | "rejected" | "published" | "suspended" | "archived";

export interface LocationRow {
  readonly id: string;
  readonly name: string | null;
  readonly address: string | null;
  readonly state: LocationState;
  readonly on_map: boolean;
  /** A change waits for the operator while the old content stays on the map. */
  readonly waiting: boolean;
  readonly updated_at: string;
  readonly reason?: string | null;
}

export interface Revision {
  readonly id: string;
  readonly state: "draft" | "pending" | "rejected";
  readonly version: number;
  readonly content: Content;
  readonly problems: readonly FieldProblem[];
  readonly reason?: string | null;
  readonly notes: readonly { readonly at: string; readonly author: "operator" | "partner"; readonly text: string }[];
  readonly submitted_at?: string | null;
  readonly updated_at: string;
}

export interface LocationDocument {
  readonly id: string;
  readonly etag: string;
  readonly state: LocationState;
  readonly on_map: boolean;
  readonly published: { readonly version: number; readonly content: Content; readonly at: string } | null;
  readonly revision: Revision | null;
  /** What a form shows: the revision's content, else the published one. */
  readonly content: Content;
}

export interface DeskTerminal {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly paired_at: string;
  readonly last_seen_at: string | null;
}

export const SCOPES = ["locations:read", "locations:write", "checks:verify"] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: string;
  readonly last_used_at: string | null;
}

export interface Refusal {
  readonly id: string;
  readonly location_id: string;
  readonly location_name: string;
  readonly day: string;
  readonly reason: "not_honoured" | "other_terms" | "closed" | "code_not_taken" | "other";
  readonly text: string | null;
  readonly answer: string | null;
  readonly state: "open" | "answered" | "closed";
}

export const OUTCOMES = ["new", "changed", "unchanged", "rejected"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface BulkDocument {
  readonly id: string;
  readonly name: string;
  readonly state: "reading" | "ready" | "applied" | "failed";
  readonly rows: number;
  readonly done: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly warnings: number;
  readonly fault: string | null;
  readonly unknown_columns: readonly string[];
}

export interface BulkRow {
  readonly line: number;
  readonly external_id: string | null;
  readonly name: string | null;
  readonly outcome: Outcome;
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
  readonly problems: readonly FieldProblem[];
}
