-- Partners, their locations, the history of published states, and the feed. The twin of sqlite/0001.
-- Ids compare by bytes (COLLATE "C"), as they do in the service and in SQLite.

CREATE TABLE partners (
    id            TEXT COLLATE "C" PRIMARY KEY,
    name          TEXT NOT NULL,
    legal_name    TEXT,
    inn           TEXT,
    ogrn          TEXT,
    kpp           TEXT,
    state         TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    version       BIGINT NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL
);

CREATE TABLE locations (
    id               TEXT COLLATE "C" PRIMARY KEY,
    partner_id       TEXT COLLATE "C" NOT NULL REFERENCES partners (id),
    name             TEXT NOT NULL,
    category         TEXT NOT NULL,
    categories_more  JSONB NOT NULL,
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
    benefits         JSONB NOT NULL,
    last_confirmed   DATE,
    -- The next day on which a benefit begins or has ended; the sweeper then announces the location anew.
    benefit_edge     DATE,
    state            TEXT NOT NULL,
    origin           TEXT NOT NULL,
    content_hash     TEXT NOT NULL,
    version          BIGINT NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL,
    geog             geography(Point, 4326) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED
);

CREATE INDEX locations_partner ON locations (partner_id);
CREATE INDEX locations_benefit_edge ON locations (benefit_edge) WHERE benefit_edge IS NOT NULL;
CREATE INDEX locations_geog ON locations USING GIST (geog);

CREATE TABLE location_history (
    location_id  TEXT COLLATE "C" NOT NULL REFERENCES locations (id),
    version      BIGINT NOT NULL,
    state        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    content      JSONB NOT NULL,
    PRIMARY KEY (location_id, version)
);

CREATE TABLE changes (
    seq          BIGINT NOT NULL,
    location_id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seq, location_id)
);

-- One row. A write takes its number here as its last step and holds the row to its commit, so commits and numbers
-- have one order and no reader meets a smaller number after a larger one.
CREATE TABLE feed_head (
    only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq       BIGINT NOT NULL
);

INSERT INTO feed_head (only_row, seq) VALUES (1, 0);

-- News travels with the commit, whoever wrote: delivered only if and when it commits.
CREATE FUNCTION feed_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('ryadom_feed', NEW.seq::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER feed_notify AFTER UPDATE ON feed_head FOR EACH ROW EXECUTE FUNCTION feed_notify();

-- For QGIS and any other GIS: what is on the map, read directly.
CREATE VIEW public_locations AS
SELECT l.id, l.name, p.name AS partner, l.category, l.address, l.hours, l.phone, l.site, l.wheelchair,
       l.benefits -> 0 ->> 'title' AS benefit, l.last_confirmed, l.geog::geometry(Point, 4326) AS geom
FROM locations l
JOIN partners p ON p.id = l.partner_id
WHERE l.state = 'published' AND p.state = 'published';
