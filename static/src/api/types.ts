/** The answers of the HTTP API, as far as the pages read them. Optional text is `null`, as on the wire. */
export type BenefitKind = "percent" | "fixed" | "free" | "gift" | "price";

/** What a row of a list knows. Times carry the location's own UTC offset; their wall-clock part is shown as written. */
export interface LocationSummary {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly benefit: string | null;
  readonly benefit_kind: BenefitKind | null;
  readonly benefit_value: number | null;
  readonly address: string | null;
  /** `null`: the hours are not known. */
  readonly open: boolean | null;
  readonly open_until?: string | null;
  readonly opens_at?: string | null;
  readonly distance_m?: number;
}

export interface Interval {
  readonly from: string;
  readonly to: string;
}

export interface DayHours {
  readonly date: string;
  readonly weekday: string;
  readonly holiday: boolean;
  readonly intervals: readonly Interval[];
  /** When it may be open: the hours do not say for certain. */
  readonly unknown?: readonly Interval[];
  readonly comment?: string;
}

export interface Benefit {
  readonly kind: BenefitKind | null;
  readonly value: number | null;
  readonly title: string | null;
  /** Absent when there is nothing to say, as are the dates. */
  readonly terms?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  /** When it applies, where that is not whenever the place is open: OSM opening hours. */
  readonly hours?: string | null;
}

/** What the card shows. */
export interface LocationDetail extends LocationSummary {
  readonly categories_more?: readonly string[];
  readonly hours?: string | null;
  readonly hours_week?: readonly DayHours[] | null;
  readonly time_zone?: string | null;
  readonly phone?: string | null;
  readonly phone_ext?: string | null;
  readonly phone_display?: string | null;
  readonly site?: string | null;
  readonly partner?: { readonly id: string; readonly name: string } | null;
  readonly address_note?: string | null;
  readonly benefits?: readonly Benefit[];
  readonly wheelchair?: "yes" | "limited" | "no" | null;
  readonly last_confirmed?: string | null;
  /** The address of a picture on this host. */
  readonly photo?: string | null;
}

export interface Feature<P> {
  readonly type: "Feature";
  readonly id: string;
  readonly geometry: { readonly type: "Point"; readonly coordinates: readonly [number, number] };
  readonly properties: P;
}

export interface Nearest {
  readonly type: "FeatureCollection";
  readonly seq: number;
  /** `limit` cut nothing off. */
  readonly complete: boolean;
  readonly features: readonly Feature<LocationSummary>[];
}

/** Many places drawn as one. Its id and numbers are good for the answer they came in. */
export interface ClusterProperties {
  readonly cluster: true;
  readonly point_count: number;
  /** The zoom at which it comes apart; null: its places share one position and never do. */
  readonly expansion_zoom: number | null;
  readonly categories: Readonly<Record<string, number>>;
  readonly bbox: readonly [number, number, number, number];
}

/** Everything in an area, clustered when a zoom was asked for. */
export interface Viewport {
  readonly type: "FeatureCollection";
  readonly seq: number;
  readonly features: readonly Feature<LocationSummary | ClusterProperties>[];
  /** Present with `zoom`: the number of places, and a coarser zoom when there were too many. */
  readonly matched?: number;
  readonly cluster_zoom?: number;
  /** Present without `zoom`, when there is more. */
  readonly next?: string | null;
}

export interface SearchResult {
  readonly kind: "location" | "benefit" | "category" | "settlement";
  /** A benefit's is that of its place. */
  readonly id: string;
  readonly title: string;
  readonly detail: string | null;
  readonly category?: string | null;
  readonly lon?: number | null;
  readonly lat?: number | null;
}

export interface Category {
  readonly code: string;
  readonly ru: string;
  readonly en: string;
  readonly aliases: readonly string[];
  readonly count: number;
}

export interface Settlement {
  readonly id: string;
  readonly name: string;
  readonly district: string | null;
  readonly region: string | null;
  readonly lon: number;
  readonly lat: number;
}

/** RFC 9457, already in the language that was asked for. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
  /** From the header Retry-After. */
  readonly retry_after_s?: number;
}
