/** What the desk of the operator reads. Content is as partners write it: flat, and any field may be absent. */
import type { BenefitKind, DayHours } from "./types.js";

export interface DeskBenefit {
  readonly title?: string | null;
  readonly kind?: BenefitKind | null;
  readonly value?: number | null;
  readonly terms?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly hours?: string | null;
}

/** A location's content, or a partner's profile: fields by name. */
export type Content = Readonly<Record<string, unknown>>;

export interface Profile {
  readonly name: string;
  readonly legal_name?: string | null;
  readonly inn?: string | null;
  readonly ogrn?: string | null;
  readonly kpp?: string | null;
  readonly contact_person?: string | null;
  readonly contact_email?: string | null;
  readonly contact_phone?: string | null;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface FieldProblem {
  readonly field: string;
  readonly severity: "reject" | "warning";
  readonly code: string;
  readonly detail: string;
}

export interface Note {
  readonly at: string;
  readonly author: "operator" | "partner";
  readonly text: string;
}

export type RevisionKind = "new" | "edit" | "partner";

export interface QueueItem {
  readonly id: string;
  readonly location_id: string | null;
  readonly name: string;
  readonly partner: Named;
  readonly kind: RevisionKind;
  readonly version: number;
  readonly submitted_at: string;
  readonly age_s: number;
  readonly warnings: number;
  readonly duplicates: number;
  /** The partner has answered an earlier rejection. */
  readonly answered: boolean;
}

export interface Queue {
  readonly revisions: readonly QueueItem[];
  readonly next: string | null;
  readonly total: number;
}

export interface Duplicate {
  readonly location_id: string;
  readonly name: string;
  readonly address?: string | null;
  readonly distance_m: number;
  readonly state: string;
  readonly reasons: readonly string[];
  readonly lon: number;
  readonly lat: number;
}

export interface Revision {
  readonly id: string;
  readonly version: number;
  readonly location_id: string | null;
  readonly kind: RevisionKind;
  readonly state: string;
  readonly partner: Profile & { readonly id: string; readonly state: string };
  readonly before: Content | null;
  readonly after: Content;
  /** The hours of `after`, for the seven days that come. null: none are known, or they are not understood. */
  readonly hours_week?: readonly DayHours[] | null;
  readonly problems: readonly FieldProblem[];
  readonly duplicates: readonly Duplicate[];
  readonly notes: readonly Note[];
  readonly submitted_at: string;
}

export type LocationState = "draft" | "pending" | "rejected" | "published" | "suspended" | "archived";

export interface LocationRow {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly state: LocationState;
  readonly on_map: boolean;
  readonly waiting: boolean;
  readonly updated_at: string;
  readonly partner: Named | null;
}

export interface HistoryVersion {
  readonly version: number;
  readonly state: string;
  readonly actor: string | null;
  /** Whom an operator knows by that id. */
  readonly actor_name?: string | null;
  readonly at: string;
  readonly content: Content;
}

export interface LocationDocument {
  readonly id: string;
  readonly state: LocationState;
  readonly on_map: boolean;
  readonly published: { readonly version: number; readonly content: Content; readonly at: string } | null;
  readonly revision: { readonly id: string; readonly state: string; readonly reason: string | null } | null;
  readonly content: Content;
  /** The hours of `content`, for the seven days that come. null: none are known, or they are not understood. */
  readonly hours_week?: readonly DayHours[] | null;
  readonly partner: Named | null;
  /** Newest first. */
  readonly history: readonly HistoryVersion[];
}

export interface PartnerRow {
  readonly id: string;
  readonly profile: Profile;
  readonly state: string;
  readonly locations: number;
  readonly managers: readonly { readonly id: string; readonly email: string }[];
}

export type Role = "operator" | "auditor" | "manager";

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly partner: Named | null;
  readonly created_at: string;
  readonly disabled: boolean;
}

export interface RefusalRow {
  readonly id: string;
  readonly location_id: string;
  readonly location_name: string;
  readonly day: string;
  readonly reason: string;
  readonly text: string | null;
  readonly answer: string | null;
  readonly state: "open" | "answered" | "closed";
  readonly partner: Named | null;
}

export interface AuditEntry {
  readonly number: number;
  readonly at: string;
  readonly actor: string | null;
  readonly act: string;
  readonly target: string | null;
  /** Text, or an object of facts. */
  readonly detail: unknown;
}

export interface Right {
  readonly id: string;
  readonly category: string;
  readonly region: string | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly known_outside: boolean;
  readonly updated_at: string;
}

export interface OfferMade {
  readonly wallet_url: string;
  readonly tx_code: string;
}
