-- purpose: the tables of the built gazetteer
-- takes:   nothing
-- gives:   empty tables
-- used by: addrfix.places.building
CREATE TABLE division (
    id INTEGER NOT NULL,          -- dense from 0 over levels 1 to 4, by level then code
    code VARCHAR NOT NULL,        -- 6 digits for levels 1 to 3, 9 for towns
    level TINYINT NOT NULL,
    name VARCHAR NOT NULL,
    short_name VARCHAR NOT NULL,
    parent_id INTEGER,            -- null for provinces
    kind VARCHAR NOT NULL,        -- official, custom, zone, former
    postcode VARCHAR,
    lat FLOAT,                    -- WGS-84 degrees
    lon FLOAT,
    pinyin VARCHAR NOT NULL,      -- of the short name: toneless, one syllable a character
    source VARCHAR NOT NULL
);
CREATE TABLE name_form (
    form VARCHAR NOT NULL,
    division_id INTEGER NOT NULL,
    level TINYINT NOT NULL,       -- level the name belongs or belonged to
    kind VARCHAR NOT NULL,        -- official, short, alias, historic, historic_short, zone
    until_year SMALLINT,          -- last year in force, for historic forms
    share FLOAT NOT NULL,         -- part of the former division that is here now
    old_parent_ids INTEGER[] NOT NULL,
    old_name VARCHAR,
    old_code VARCHAR
);
CREATE TABLE village (
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    stem VARCHAR NOT NULL,        -- the name without 村委会, 居委会, 社区, 村
    town_id INTEGER NOT NULL,
    county_id INTEGER NOT NULL    -- county, or the city where towns stand directly under it
);
CREATE TABLE zone (
    name VARCHAR NOT NULL,
    division_ids INTEGER[] NOT NULL, -- counties it lies in, largest part first; may be empty
    city_id INTEGER NOT NULL,        -- prefecture or province it belongs to
    kind VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
CREATE TABLE id_prefix (
    prefix VARCHAR NOT NULL,
    year_from SMALLINT,
    year_to SMALLINT,
    division_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    share FLOAT NOT NULL,
    source VARCHAR NOT NULL
);
CREATE TABLE phone_prefix (
    kind VARCHAR NOT NULL,           -- mobile: first and last are seven digits; landline: area code
    first VARCHAR NOT NULL,
    last VARCHAR NOT NULL,
    division_id INTEGER NOT NULL     -- prefecture or province; an area code may have several
);
CREATE TABLE postcode (division_id INTEGER NOT NULL, postcode VARCHAR NOT NULL);
CREATE TABLE history (
    level TINYINT NOT NULL,
    old_code VARCHAR NOT NULL,
    old_name VARCHAR NOT NULL,
    old_cities VARCHAR[] NOT NULL,
    old_parent_ids INTEGER[] NOT NULL,
    from_year SMALLINT NOT NULL,
    until_year SMALLINT NOT NULL,
    division_id INTEGER,          -- null where no source names a successor; see why
    share FLOAT NOT NULL,
    change VARCHAR NOT NULL,
    believed VARCHAR NOT NULL,
    why VARCHAR NOT NULL
);
CREATE TABLE source (
    name VARCHAR NOT NULL, licence VARCHAR NOT NULL, date VARCHAR NOT NULL, what VARCHAR NOT NULL
);
CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
