-- The registry desk: accounts and sessions, organisations, revisions that wait for an operator, photos, bulk files,
-- refusals, the audit log. The twin of postgis/0003. Moments are seconds since 1970. None of it is a matter of the feed.

ALTER TABLE locations ADD COLUMN photo TEXT;

-- Where likely twins are looked for.
CREATE INDEX locations_lat ON locations (lat, lon);
CREATE INDEX locations_phone ON locations (phone) WHERE phone IS NOT NULL;
CREATE INDEX partners_inn ON partners (inn) WHERE inn IS NOT NULL;

CREATE TABLE accounts (
    id              TEXT PRIMARY KEY,
    email           TEXT NOT NULL UNIQUE,
    role            TEXT NOT NULL,
    partner_id      TEXT,
    created_s       BIGINT NOT NULL,
    disabled_s      BIGINT,
    -- Sealed: the database alone makes no code.
    totp_sealed     BLOB,
    totp_confirmed  BIGINT NOT NULL,
    totp_last_step  BIGINT NOT NULL
);

CREATE INDEX accounts_partner ON accounts (partner_id) WHERE partner_id IS NOT NULL;

CREATE TABLE sign_in_links (
    token_hash   BLOB PRIMARY KEY,
    email        TEXT NOT NULL,
    destination  TEXT NOT NULL,
    -- Of an invitation: whose manager it makes of whoever follows it.
    partner_id   TEXT,
    expires_s    BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash  BLOB PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    created_s   BIGINT NOT NULL,
    expires_s   BIGINT NOT NULL,
    totp_ok     BIGINT NOT NULL
);

CREATE INDEX sessions_account ON sessions (account_id);

-- A partner as its managers describe it. What stands in `partners` is what an operator has approved.
CREATE TABLE organisations (
    id         TEXT PRIMARY KEY,
    profile    TEXT NOT NULL,
    state      TEXT NOT NULL,
    version    BIGINT NOT NULL,
    created_s  BIGINT NOT NULL,
    updated_s  BIGINT NOT NULL
);

-- A description of a location on its way to the map. One is open for each location; decided ones stay.
CREATE TABLE revisions (
    id            TEXT PRIMARY KEY,
    location_id   TEXT NOT NULL,
    partner_id    TEXT NOT NULL,
    -- location, or partner: a new description of the organisation itself.
    kind          TEXT NOT NULL,
    name          TEXT NOT NULL,
    address       TEXT NOT NULL,
    content       TEXT NOT NULL,
    -- The edit number of the published location on which it was made; 0: there was none.
    base_version  BIGINT NOT NULL,
    -- draft, pending, rejected; then approved or discarded.
    state         TEXT NOT NULL,
    is_open       BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    reason        TEXT,
    submitted_s   BIGINT,
    decided_s     BIGINT,
    decided_by    TEXT,
    created_s     BIGINT NOT NULL,
    updated_s     BIGINT NOT NULL
);

CREATE UNIQUE INDEX revisions_open ON revisions (location_id) WHERE is_open = 1;
CREATE INDEX revisions_location ON revisions (location_id);
CREATE INDEX revisions_partner ON revisions (partner_id, location_id);
CREATE INDEX revisions_queue ON revisions (submitted_s, id) WHERE state = 'pending';

CREATE TABLE revision_notes (
    revision_id  TEXT NOT NULL REFERENCES revisions (id),
    number       BIGINT NOT NULL,
    at_s         BIGINT NOT NULL,
    author       TEXT NOT NULL,
    text         TEXT NOT NULL,
    PRIMARY KEY (revision_id, number)
);

-- What a partner's own systems call its locations.
CREATE TABLE external_ids (
    partner_id   TEXT NOT NULL,
    external_id  TEXT NOT NULL,
    location_id  TEXT NOT NULL,
    PRIMARY KEY (partner_id, external_id)
);

CREATE INDEX external_ids_location ON external_ids (location_id);

CREATE TABLE idempotency (
    key_hash     BLOB PRIMARY KEY,
    body_hash    BLOB NOT NULL,
    location_id  TEXT NOT NULL,
    expires_s    BIGINT NOT NULL
);

-- Re-encoded, without metadata. Public from the approval of a revision that shows it.
CREATE TABLE photos (
    id          TEXT PRIMARY KEY,
    partner_id  TEXT NOT NULL,
    width       BIGINT NOT NULL,
    height      BIGINT NOT NULL,
    bytes       BLOB NOT NULL,
    is_public   BIGINT NOT NULL,
    created_s   BIGINT NOT NULL
);

CREATE TABLE bulk_files (
    id          TEXT PRIMARY KEY,
    partner_id  TEXT NOT NULL,
    account     TEXT NOT NULL,
    name        TEXT NOT NULL,
    state       TEXT NOT NULL,
    report      TEXT NOT NULL,
    created_s   BIGINT NOT NULL
);

CREATE TABLE bulk_rows (
    file_id      TEXT NOT NULL REFERENCES bulk_files (id),
    number       BIGINT NOT NULL,
    outcome      TEXT NOT NULL,
    location_id  TEXT,
    base_etag    TEXT,
    content      TEXT NOT NULL,
    PRIMARY KEY (file_id, number)
);

CREATE INDEX bulk_rows_outcome ON bulk_rows (file_id, outcome, number);

CREATE TABLE refusals (
    id            TEXT PRIMARY KEY,
    location_id   TEXT NOT NULL,
    partner_id    TEXT NOT NULL,
    day           DATE NOT NULL,
    reason        TEXT NOT NULL,
    text          TEXT,
    state         TEXT NOT NULL,
    answer        TEXT,
    created_s     BIGINT NOT NULL
);

CREATE INDEX refusals_partner ON refusals (partner_id, created_s);
CREATE INDEX refusals_created ON refusals (created_s);

-- What partners' own systems may do; a till's key of before has no partner.
ALTER TABLE api_keys ADD COLUMN partner_id TEXT;
ALTER TABLE api_keys ADD COLUMN scopes TEXT NOT NULL DEFAULT 'checks:verify';
ALTER TABLE api_keys ADD COLUMN last_used_s BIGINT;
ALTER TABLE terminals ADD COLUMN last_seen_s BIGINT;

-- Each entry holds the hash of the one before: one changed byte breaks the chain from there on.
CREATE TABLE audit_log (
    number     BIGINT PRIMARY KEY,
    at_s       BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    act        TEXT NOT NULL,
    target     TEXT NOT NULL,
    detail     TEXT NOT NULL,
    hash       BLOB NOT NULL
);

CREATE TABLE audit_head (
    only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
    number    BIGINT NOT NULL,
    hash      BLOB NOT NULL
);

INSERT INTO audit_head (only_row, number, hash) VALUES (1, 0, X'');

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
