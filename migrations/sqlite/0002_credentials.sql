-- The credential: rights, offers, wallets, status lists, codes and their redemption, terminals, keys. The twin of
-- postgis/0002. Moments are seconds since 1970. What is secret is hashed or sealed: this database alone reads none of it.

CREATE TABLE issuer_keys (
    kid            TEXT PRIMARY KEY,
    public_key     BLOB NOT NULL,
    sealed         BLOB NOT NULL,
    created_s      BIGINT NOT NULL,
    -- It is published from its making, and signs from here on.
    active_from_s  BIGINT NOT NULL,
    retired_s      BIGINT,
    -- The end of the last credential it signed: published until then.
    last_expiry_s  BIGINT NOT NULL
);

-- One a day; gone after two days, and with it every scan that anybody kept.
CREATE TABLE code_keys (
    day     BIGINT PRIMARY KEY,
    sealed  BLOB NOT NULL
);

CREATE TABLE rights (
    id                   TEXT PRIMARY KEY,
    outside_hash         BLOB,
    outside_key_version  BIGINT,
    category             TEXT NOT NULL,
    region               TEXT NOT NULL,
    valid_from           DATE,
    valid_until          DATE NOT NULL,
    state                TEXT NOT NULL,
    reason               TEXT,
    recovery_hash        BLOB,
    created_s            BIGINT NOT NULL,
    updated_s            BIGINT NOT NULL
);

CREATE UNIQUE INDEX rights_outside ON rights (outside_hash, category) WHERE outside_hash IS NOT NULL;
CREATE UNIQUE INDEX rights_recovery ON rights (recovery_hash) WHERE recovery_hash IS NOT NULL;
CREATE INDEX rights_ending ON rights (valid_until) WHERE state = 'confirmed' OR state = 'suspended';

CREATE TABLE right_events (
    right_id  TEXT NOT NULL REFERENCES rights (id),
    number    BIGINT NOT NULL,
    at_s      BIGINT NOT NULL,
    actor     TEXT NOT NULL,
    state     TEXT NOT NULL,
    reason    TEXT,
    PRIMARY KEY (right_id, number)
);

CREATE TABLE wallets (
    id            TEXT PRIMARY KEY,
    right_id      TEXT NOT NULL REFERENCES rights (id),
    device        BLOB,
    state         TEXT NOT NULL,
    created_s     BIGINT NOT NULL
);

CREATE INDEX wallets_right ON wallets (right_id);
CREATE UNIQUE INDEX wallets_device ON wallets (device) WHERE device IS NOT NULL;

CREATE TABLE offers (
    handle_hash  BLOB PRIMARY KEY,
    code_hash    BLOB NOT NULL UNIQUE,
    tx_code_mac  BLOB,
    tries_left   BIGINT NOT NULL,
    right_id     TEXT NOT NULL REFERENCES rights (id),
    -- The wallet that the new one stands in for.
    replaces     TEXT,
    expires_s    BIGINT NOT NULL,
    used_s       BIGINT
);

CREATE INDEX offers_expiry ON offers (expires_s);

CREATE TABLE access_tokens (
    token_hash  BLOB PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    replaces    TEXT,
    expires_s   BIGINT NOT NULL
);

CREATE INDEX access_tokens_expiry ON access_tokens (expires_s);

CREATE TABLE status_lists (
    number   BIGINT PRIMARY KEY,
    size     BIGINT NOT NULL,
    used     BIGINT NOT NULL,
    version  BIGINT NOT NULL
);

CREATE TABLE credentials (
    list       BIGINT NOT NULL REFERENCES status_lists (number),
    entry      BIGINT NOT NULL,
    wallet_id  TEXT NOT NULL REFERENCES wallets (id),
    kid        TEXT NOT NULL,
    expires_s  BIGINT NOT NULL,
    status     BIGINT NOT NULL,
    PRIMARY KEY (list, entry)
);

CREATE INDEX credentials_wallet ON credentials (wallet_id);

-- Nonces and proof ids that were used: each once.
CREATE TABLE used_once (
    id         BLOB PRIMARY KEY,
    expires_s  BIGINT NOT NULL
);

CREATE INDEX used_once_expiry ON used_once (expires_s);

-- The alias of a wallet for one showing.
CREATE TABLE code_refs (
    ref        BIGINT PRIMARY KEY,
    wallet_id  TEXT NOT NULL REFERENCES wallets (id),
    expires_s  BIGINT NOT NULL
);

CREATE INDEX code_refs_expiry ON code_refs (expires_s);

-- One row a code that was taken. Nothing in it leads to a wallet but the sealed link of the receipt.
CREATE TABLE redemptions (
    nonce         BLOB PRIMARY KEY,
    verifier      BLOB NOT NULL,
    at_s          BIGINT NOT NULL,
    verdict       TEXT NOT NULL,
    receipt       TEXT NOT NULL,
    receipt_link  BLOB NOT NULL
);

CREATE INDEX redemptions_at ON redemptions (at_s);

CREATE TABLE receipts (
    receipt       TEXT PRIMARY KEY,
    at_s          BIGINT NOT NULL,
    receipt_link  BLOB NOT NULL
);

CREATE INDEX receipts_at ON receipts (at_s);

CREATE TABLE terminals (
    id               TEXT PRIMARY KEY,
    location_id      TEXT NOT NULL,
    name             TEXT NOT NULL,
    number           TEXT NOT NULL,
    secret_hash      BLOB NOT NULL,
    paired_s         BIGINT NOT NULL,
    revoked_s        BIGINT,
    spoken_failures  BIGINT NOT NULL,
    spoken_locked_s  BIGINT NOT NULL
);

CREATE UNIQUE INDEX terminals_number ON terminals (number) WHERE revoked_s IS NULL;

CREATE TABLE pairings (
    code_hash    BLOB PRIMARY KEY,
    location_id  TEXT NOT NULL,
    name         TEXT NOT NULL,
    expires_s    BIGINT NOT NULL
);

CREATE TABLE spoken_codes (
    terminal_id  TEXT NOT NULL REFERENCES terminals (id),
    digits_mac   BLOB NOT NULL,
    wallet_id    TEXT NOT NULL REFERENCES wallets (id),
    expires_s    BIGINT NOT NULL,
    PRIMARY KEY (terminal_id, digits_mac)
);

CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    location_id  TEXT,
    secret_hash  BLOB NOT NULL,
    created_s    BIGINT NOT NULL,
    revoked_s    BIGINT
);

-- Tries of what could be guessed, by window.
CREATE TABLE attempts (
    subject   TEXT NOT NULL,
    window_s  BIGINT NOT NULL,
    count     BIGINT NOT NULL,
    PRIMARY KEY (subject, window_s)
);
