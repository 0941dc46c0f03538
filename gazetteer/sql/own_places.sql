-- purpose: the user's own places, in a file of the user's
-- takes:   nothing
-- gives:   the table, where it is not there yet
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
