-- Partners, their locations, the history of published states, and the feed. The twin of postgis/0001.

CREATE TABLE partners (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    legal_name    TEXT,
    inn           TEXT,
    ogrn          TEXT,
    kpp           TEXT,
    state         TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    version       BIGINT NOT NULL,
    updated_at    TEXT NOT NULL
);

CREATE TABLE locations (
    id               TEXT PRIMARY KEY,
    partner_id       TEXT NOT NULL REFERENCES partners (id),
    name             TEXT NOT NULL,
    category         TEXT NOT NULL,
    categories_more  TEXT NOT NULL,
    lon              DOUBLE PRECISION NOT NULL,
    lat              DOUBLE PRECISION NOT NULL,
    address          TEXT,
    address_note     TEXT,
    fias_id          TEXT,
    time_zone        TEXT NOT NULL,
    hours            TEXT,
    phone            TEXT,
    phone_ext        TEXT,
    site             TEXT,
    wheelchair       TEXT,
    benefits         TEXT NOT NULL,
    last_confirmed   DATE,
    -- The next day on which a benefit begins or has ended; the sweeper then announces the location anew.
    benefit_edge     DATE,
    state            TEXT NOT NULL,
    origin           TEXT NOT NULL,
    content_hash     TEXT NOT NULL,
    version          BIGINT NOT NULL,
    updated_at       TEXT NOT NULL
);

CREATE INDEX locations_partner ON locations (partner_id);
CREATE INDEX locations_benefit_edge ON locations (benefit_edge) WHERE benefit_edge IS NOT NULL;

CREATE TABLE location_history (
    location_id  TEXT NOT NULL REFERENCES locations (id),
    version      BIGINT NOT NULL,
    state        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    at           TEXT NOT NULL,
    content      TEXT NOT NULL,
    PRIMARY KEY (location_id, version)
) WITHOUT ROWID;

CREATE TABLE changes (
    seq          BIGINT NOT NULL,
    location_id  TEXT NOT NULL,
    PRIMARY KEY (seq, location_id)
) WITHOUT ROWID;

-- One row. A write takes its number here as its last step and holds the row to its commit, so commits and numbers
-- have one order and no reader meets a smaller number after a larger one.
CREATE TABLE feed_head (
    only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq       BIGINT NOT NULL
);

INSERT INTO feed_head (only_row, seq) VALUES (1, 0);
