-- purpose: the user's own places, in a file of the user's
-- takes:   nothing
-- gives:   the tables, where they are not there yet
-- used by: addrfix.places.own_places
CREATE TABLE IF NOT EXISTS own_place (
    name VARCHAR NOT NULL,
    kind VARCHAR,
    division_code VARCHAR NOT NULL,  -- deepest division the row tells, 6 or 9 digits
    town VARCHAR,
    road VARCHAR,
    road_number VARCHAR,
    address VARCHAR,
    postcode VARCHAR,
    lat DOUBLE,                      -- WGS-84 degrees
    lon DOUBLE,
    source VARCHAR NOT NULL,
    source_id VARCHAR,
    licence VARCHAR,
    imported_on VARCHAR NOT NULL
);

-- How the places may be written, for finding them in texts. Rows of one county lie together, so that a
-- query for some counties skips the rest of the file.
CREATE TABLE IF NOT EXISTS own_name (
    key VARCHAR NOT NULL,            -- folded, in simplified script
    opening VARCHAR NOT NULL,        -- its first two characters
    label VARCHAR NOT NULL,          -- road, poi or community
    division_code VARCHAR NOT NULL,
    county VARCHAR NOT NULL,         -- the first six digits of division_code
    source VARCHAR NOT NULL
);
