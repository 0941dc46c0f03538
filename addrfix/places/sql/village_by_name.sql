-- purpose: villages whose name stands in a text, below the division that the text names
-- takes:   probe(row, division, first, last, stem), a batch at a time; county_above(county_id, ancestor)
-- gives:   row, first, last, code, name, town_id; in a fixed order
-- used by: addrfix.places.village_lookup
SELECT p.row, p.first, p.last, v.code, v.name, v.town_id
FROM probe AS p
JOIN village AS v ON v.stem = p.stem
JOIN county_above AS a ON a.county_id = v.county_id AND a.ancestor = p.division
ORDER BY p.row, p.first, p.last, v.code
