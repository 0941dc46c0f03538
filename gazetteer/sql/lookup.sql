-- purpose: everything that a name or code means, for a person who asks
-- takes:   $asked
-- gives:   id, form, kind, level of the name, until_year, share; best first
-- used by: addrfix.places.lookup
SELECT id, form, kind, level, until_year, share
FROM (
    SELECT d.id, f.form, f.kind, f.level, f.until_year, f.share
    FROM name_form AS f
    JOIN division AS d ON d.id = f.division_id
    WHERE f.form = $asked
    UNION ALL
    SELECT id, code, 'code', level, NULL, 1.0 FROM division WHERE code = $asked
    UNION ALL
    SELECT division_id, old_name, 'former code', level, until_year, share
    FROM history
    WHERE old_code = $asked AND division_id IS NOT NULL
    UNION ALL
    SELECT division_id, name, 'id prefix', 3, year_to, share
    FROM id_prefix
    WHERE prefix = $asked
)
QUALIFY row_number() OVER (PARTITION BY id ORDER BY kind = 'code' DESC, kind, share DESC) = 1
ORDER BY
    list_position(
        ['code', 'official', 'short', 'alias', 'zone', 'former code', 'historic', 'historic_short'],
        kind
    ),
    level, share DESC, id
