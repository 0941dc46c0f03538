-- purpose: levels 1 to 4 with dense ids, villages with the ids of their town and county
-- takes:   divisions (the Parquet table, a view), village_stem(code, stem)
-- gives:   rows of division, village and postcode
-- used by: addrfix.places.building
INSERT INTO division
SELECT
    d.id, d.code, d.level, d.name, d.short_name, p.id AS parent_id, d.kind, d.postcode,
    d.lat, d.lon, d.pinyin, d.source
FROM (
    SELECT *, CAST(row_number() OVER (ORDER BY level, code) - 1 AS INTEGER) AS id
    FROM divisions
    WHERE level < 5
) AS d
LEFT JOIN (
    SELECT code, CAST(row_number() OVER (ORDER BY level, code) - 1 AS INTEGER) AS id
    FROM divisions
    WHERE level < 5
) AS p ON p.code = d.parent_code
ORDER BY d.id;

INSERT INTO village
SELECT v.code, v.name, s.stem, t.id AS town_id, t.parent_id AS county_id
FROM divisions AS v
JOIN division AS t ON t.code = v.parent_code AND t.level = 4
JOIN village_stem AS s ON s.code = v.code
WHERE v.level = 5
ORDER BY county_id, v.code;

INSERT INTO postcode
SELECT id, postcode FROM division WHERE postcode IS NOT NULL ORDER BY id;
