//! Every table with its columns, as a backup holds them: one list for both engines.
//!
//! # How to add a table
//! Its line here, parents before children, each column with what kind of thing it holds; a generated column has no line.
//! A table that a migration fills with its first row is [`seeded`]: a restore replaces that row. The test in
//! `tests/it/backup.rs` compares the list with the schema of both engines and fails until they agree.

use Kind::{Blob, Date, Float, Int, Json, Moment, Text};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `TEXT`.
    Text,
    /// `BIGINT`, `INTEGER`.
    Int,
    /// `DOUBLE PRECISION`.
    Float,
    /// `BOOLEAN`.
    Bool,
    /// `BYTEA`, `BLOB`.
    Blob,
    /// `DATE`.
    Date,
    /// `TIMESTAMPTZ`; text on SQLite.
    Moment,
    /// `JSONB`; text on SQLite.
    Json,
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, but generated ones.
    pub columns: &'static [(&'static str, Kind)],
    /// A migration put its first row in.
    pub is_seeded: bool,
}

const fn table(name: &'static str, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { name, columns, is_seeded: false }
}

const fn seeded(name: &'static str, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { name, columns, is_seeded: true }
}

/// Every table, parents before children.
pub static TABLES: &[Table] = &[
    table(
        "partners",
        &[
            ("id", Text),
            ("name", Text),
            ("legal_name", Text),
            ("inn", Text),
            ("ogrn", Text),
            ("kpp", Text),
            ("state", Text),
            ("content_hash", Text),
            ("version", Int),
            ("updated_at", Moment),
        ],
    ),
    table(
        "locations",
        &[
            ("id", Text),
            ("partner_id", Text),
            ("name", Text),
            ("category", Text),
            ("categories_more", Json),
            ("lon", Float),
            ("lat", Float),
            ("address", Text),
            ("address_note", Text),
            ("fias_id", Text),
            ("time_zone", Text),
            ("hours", Text),
            ("phone", Text),
            ("phone_ext", Text),
            ("site", Text),
            ("wheelchair", Text),
            ("benefits", Json),
            ("last_confirmed", Date),
            ("photo", Text),
            ("benefit_edge", Date),
            ("state", Text),
            ("origin", Text),
            ("content_hash", Text),
            ("version", Int),
            ("updated_at", Moment),
        ],
    ),
    table(
        "location_history",
        &[("location_id", Text), ("version", Int), ("state", Text), ("actor", Text), ("at", Moment), ("content", Json)],
    ),
    table("changes", &[("seq", Int), ("location_id", Text)]),
    seeded("feed_head", &[("only_row", Int), ("seq", Int)]),
    table(
        "issuer_keys",
        &[
            ("kid", Text),
            ("public_key", Blob),
            ("sealed", Blob),
            ("created_s", Int),
            ("active_from_s", Int),
            ("retired_s", Int),
            ("last_expiry_s", Int),
        ],
    ),
    table("code_keys", &[("day", Int), ("sealed", Blob)]),
    table(
        "rights",
        &[
            ("id", Text),
            ("outside_hash", Blob),
            ("outside_key_version", Int),
            ("category", Text),
            ("region", Text),
            ("valid_from", Date),
            ("valid_until", Date),
            ("state", Text),
            ("reason", Text),
            ("recovery_hash", Blob),
            ("created_s", Int),
            ("updated_s", Int),
        ],
    ),
    table(
        "right_events",
        &[("right_id", Text), ("number", Int), ("at_s", Int), ("actor", Text), ("state", Text), ("reason", Text)],
    ),
    table("wallets", &[("id", Text), ("right_id", Text), ("device", Blob), ("state", Text), ("created_s", Int)]),
    table(
        "offers",
        &[
            ("handle_hash", Blob),
            ("code_hash", Blob),
            ("tx_code_mac", Blob),
            ("tries_left", Int),
            ("right_id", Text),
            ("replaces", Text),
            ("expires_s", Int),
            ("used_s", Int),
        ],
    ),
    table("access_tokens", &[("token_hash", Blob), ("wallet_id", Text), ("replaces", Text), ("expires_s", Int)]),
    table("status_lists", &[("number", Int), ("size", Int), ("used", Int), ("version", Int)]),
    table(
        "credentials",
        &[("list", Int), ("entry", Int), ("wallet_id", Text), ("kid", Text), ("expires_s", Int), ("status", Int)],
    ),
    table("used_once", &[("id", Blob), ("expires_s", Int)]),
    table("code_refs", &[("ref", Int), ("wallet_id", Text), ("expires_s", Int)]),
    table(
        "redemptions",
        &[
            ("nonce", Blob),
            ("verifier", Blob),
            ("at_s", Int),
            ("verdict", Text),
            ("receipt", Text),
            ("receipt_link", Blob),
        ],
    ),
    table("receipts", &[("receipt", Text), ("at_s", Int), ("receipt_link", Blob)]),
    table(
        "terminals",
        &[
            ("id", Text),
            ("location_id", Text),
            ("name", Text),
            ("number", Text),
            ("secret_hash", Blob),
            ("paired_s", Int),
            ("revoked_s", Int),
            ("spoken_failures", Int),
            ("spoken_locked_s", Int),
            ("last_seen_s", Int),
        ],
    ),
    table("pairings", &[("code_hash", Blob), ("location_id", Text), ("name", Text), ("expires_s", Int)]),
    table("spoken_codes", &[("terminal_id", Text), ("digits_mac", Blob), ("wallet_id", Text), ("expires_s", Int)]),
    table(
        "api_keys",
        &[
            ("id", Text),
            ("name", Text),
            ("location_id", Text),
            ("secret_hash", Blob),
            ("created_s", Int),
            ("revoked_s", Int),
            ("partner_id", Text),
            ("scopes", Text),
            ("last_used_s", Int),
        ],
    ),
    table("attempts", &[("subject", Text), ("window_s", Int), ("count", Int)]),
    table(
        "accounts",
        &[
            ("id", Text),
            ("email", Text),
            ("role", Text),
            ("partner_id", Text),
            ("created_s", Int),
            ("disabled_s", Int),
            ("totp_sealed", Blob),
            ("totp_confirmed", Int),
            ("totp_last_step", Int),
        ],
    ),
    table(
        "sign_in_links",
        &[("token_hash", Blob), ("email", Text), ("destination", Text), ("partner_id", Text), ("expires_s", Int)],
    ),
    table(
        "sessions",
        &[("token_hash", Blob), ("account_id", Text), ("created_s", Int), ("expires_s", Int), ("totp_ok", Int)],
    ),
    table(
        "organisations",
        &[("id", Text), ("profile", Json), ("state", Text), ("version", Int), ("created_s", Int), ("updated_s", Int)],
    ),
    table(
        "revisions",
        &[
            ("id", Text),
            ("location_id", Text),
            ("partner_id", Text),
            ("kind", Text),
            ("name", Text),
            ("address", Text),
            ("content", Json),
            ("base_version", Int),
            ("state", Text),
            ("is_open", Int),
            ("version", Int),
            ("reason", Text),
            ("submitted_s", Int),
            ("decided_s", Int),
            ("decided_by", Text),
            ("created_s", Int),
            ("updated_s", Int),
        ],
    ),
    table("revision_notes", &[("revision_id", Text), ("number", Int), ("at_s", Int), ("author", Text), ("text", Text)]),
    table("external_ids", &[("partner_id", Text), ("external_id", Text), ("location_id", Text)]),
    table("idempotency", &[("key_hash", Blob), ("body_hash", Blob), ("location_id", Text), ("expires_s", Int)]),
    table(
        "photos",
        &[
            ("id", Text),
            ("partner_id", Text),
            ("width", Int),
            ("height", Int),
            ("bytes", Blob),
            ("is_public", Int),
            ("created_s", Int),
        ],
    ),
    table(
        "bulk_files",
        &[
            ("id", Text),
            ("partner_id", Text),
            ("account", Text),
            ("name", Text),
            ("state", Text),
            ("report", Json),
            ("created_s", Int),
        ],
    ),
    table(
        "bulk_rows",
        &[
            ("file_id", Text),
            ("number", Int),
            ("outcome", Text),
            ("location_id", Text),
            ("base_etag", Text),
            ("content", Json),
        ],
    ),
    table(
        "refusals",
        &[
            ("id", Text),
            ("location_id", Text),
            ("partner_id", Text),
            ("day", Date),
            ("reason", Text),
            ("text", Text),
            ("state", Text),
            ("answer", Text),
            ("created_s", Int),
        ],
    ),
    table(
        "audit_log",
        &[
            ("number", Int),
            ("at_s", Int),
            ("actor", Text),
            ("act", Text),
            ("target", Text),
            ("detail", Text),
            ("hash", Blob),
        ],
    ),
    seeded("audit_head", &[("only_row", Int), ("number", Int), ("hash", Blob)]),
];
