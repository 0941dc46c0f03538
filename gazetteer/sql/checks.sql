-- purpose: what must hold in the built gazetteer; each query gives the rows that break it
-- takes:   the tables of schema.sql
-- gives:   one result per check, as (what, where); none where all is well
-- used by: addrfix.places.checking
-- Each query follows a line `-- check: NAME`. Kinds of rows that are no fault are said in `-- note:`.

-- check: division ids are dense from 0
SELECT 'id ' || id, name FROM (SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS place FROM division)
WHERE id <> place ORDER BY id;

-- check: every code is given out once
SELECT code, string_agg(name, ' ' ORDER BY name) FROM division GROUP BY code HAVING count(*) > 1 ORDER BY code;

-- check: codes have 6 digits down to counties, 9 for towns and 12 for villages
SELECT code, name FROM division
WHERE length(code) <> CASE level WHEN 4 THEN 9 ELSE 6 END OR NOT regexp_full_match(code, '[0-9]+')
UNION ALL
SELECT code, name FROM village WHERE NOT regexp_full_match(code, '[0-9]{12}')
ORDER BY ALL;

-- check: no orphan, a division above every one but provinces
SELECT d.code, d.name FROM division AS d LEFT JOIN division AS p ON p.id = d.parent_id
WHERE (d.level > 1 AND p.id IS NULL) OR (d.level = 1 AND d.parent_id IS NOT NULL)
ORDER BY d.code;

-- check: no cycle, the division above is of a higher level
SELECT d.code, d.name FROM division AS d JOIN division AS p ON p.id = d.parent_id
WHERE p.level >= d.level ORDER BY d.code;

-- check: official divisions stand under official ones
SELECT d.code, d.name FROM division AS d JOIN division AS p ON p.id = d.parent_id
WHERE d.kind = 'official' AND p.kind <> 'official' ORDER BY d.code;

-- check: no two official divisions of one name under one parent
-- note: two towns of one name in a county do occur in the ministry's table; levels 1 to 3 must differ
SELECT min(code), name FROM division WHERE kind = 'official' AND level < 4
GROUP BY parent_id, name HAVING count(*) > 1 ORDER BY ALL;

-- check: every village has a town, and the county above that town
SELECT v.code, v.name FROM village AS v LEFT JOIN division AS t ON t.id = v.town_id AND t.level = 4
WHERE t.id IS NULL OR t.parent_id <> v.county_id ORDER BY v.code;

-- check: every village stem is written
SELECT code, name FROM village WHERE length(stem) = 0 ORDER BY code;

-- check: every division can be found by its own name
-- note: zones counted as counties are found through the table of zones
SELECT d.code, d.name FROM division AS d
ANTI JOIN name_form AS f ON f.division_id = d.id AND f.form = d.name
WHERE d.kind NOT IN ('zone', 'former') ORDER BY d.code;

-- check: every written form means a division of the gazetteer
SELECT f.form, CAST(f.division_id AS VARCHAR) FROM name_form AS f
ANTI JOIN division AS d ON d.id = f.division_id ORDER BY ALL;

-- check: every former code ends in a living one or says why not
SELECT old_code, old_name FROM history WHERE division_id IS NULL AND why = '' ORDER BY ALL;

-- check: no former county or city ends in a zone or a former town
SELECT h.old_code, h.old_name FROM history AS h JOIN division AS d ON d.id = h.division_id
WHERE h.level < 4 AND d.kind <> 'official' ORDER BY ALL;

-- check: the shares of a former division add up to one
-- note: parts below one in twenty are left out of prefectures, and village votes keep what is sure
SELECT old_code, old_name || ' ' || round(sum(share), 2) FROM history
GROUP BY level, old_code, old_name
HAVING sum(share) > 1.01 OR (level < 4 AND sum(share) < 0.99) OR sum(share) < 0.49 ORDER BY ALL;

-- check: a former division was in force from some year until a later one
SELECT old_code, old_name FROM history WHERE from_year > until_year ORDER BY ALL;

-- check: every ID-card prefix means a division
SELECT i.prefix, i.name FROM id_prefix AS i LEFT JOIN division AS d ON d.id = i.division_id
WHERE length(i.prefix) <> 6 OR d.id IS NULL ORDER BY ALL;

-- check: every county in force has a postcode of six digits
SELECT code, name FROM division
WHERE kind = 'official' AND level = 3 AND coalesce(NOT regexp_full_match(postcode, '[0-9]{6}'), true)
    AND left(code, 2) NOT IN ('71', '81', '82')
ORDER BY code;

-- check: a county's postcode begins as others of its province do
-- 故城, 阿拉善左旗, 嵊泗 and 久治 are served from the next province.
SELECT code, name || ' ' || postcode FROM division AS d
WHERE kind = 'official' AND level = 3 AND code NOT IN ('131126', '152921', '330922', '632625')
    AND (
        SELECT count(*) FROM division AS o
        WHERE o.kind = 'official' AND o.level = 3 AND left(o.code, 2) = left(d.code, 2)
            AND left(o.postcode, 2) = left(d.postcode, 2)
    ) < 2
ORDER BY code;

-- check: phone ranges run forward
SELECT first, last FROM phone_prefix WHERE first > last ORDER BY ALL;

-- check: every zone lies in counties, or cities, of its own neighbourhood
SELECT z.name, d.name FROM (SELECT name, unnest(division_ids) AS id FROM zone) AS z
LEFT JOIN division AS d ON d.id = z.id WHERE d.id IS NULL OR d.kind <> 'official' ORDER BY ALL;

-- check: coordinates lie in China
SELECT code, name FROM division
WHERE lat IS NOT NULL AND (lat NOT BETWEEN 3 AND 54 OR lon NOT BETWEEN 73 AND 136) ORDER BY code;
