-- purpose: former names, ID-card and phone prefixes, with codes turned into ids
-- takes:   history_table, id_prefix_table, phone_table (the Parquet tables, views), division
-- gives:   rows of history, id_prefix and phone_prefix
-- used by: addrfix.places.building
INSERT INTO history
SELECT
    h.level, h.old_code, h.old_name, coalesce(h.old_cities, []),
    coalesce(
        list_transform(
            list_filter(h.old_parents, lambda c: ids.by_code[c] IS NOT NULL),
            lambda c: ids.by_code[c]
        ),
        []
    ),
    h.from_year, h.until_year, d.id, h.share, h.change, h.believed, h.why
FROM history_table AS h
CROSS JOIN (SELECT map_from_entries(list((code, id))) AS by_code FROM division) AS ids
LEFT JOIN division AS d ON d.code = h.new_code
ORDER BY h.level, h.old_code, h.old_name, h.share DESC, d.id;

INSERT INTO id_prefix
SELECT p.prefix, p.year_from, p.year_to, d.id, p.name, p.share, p.source
FROM id_prefix_table AS p
JOIN division AS d ON d.code = p.code
ORDER BY p.prefix, p.share DESC, d.id;

INSERT INTO phone_prefix
SELECT p.kind, p.first, p.last, d.id
FROM (SELECT kind, first, last, unnest(codes) AS code FROM phone_table) AS p
JOIN division AS d ON d.code = p.code
ORDER BY p.kind DESC, p.first, d.id;
