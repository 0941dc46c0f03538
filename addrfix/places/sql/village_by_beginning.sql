-- purpose: counties that have a village whose name begins like what is written
-- takes:   probe(row, county, piece), a batch at a time
-- gives:   row, county; in a fixed order
-- used by: addrfix.places.village_lookup
SELECT DISTINCT p.row, p.county
FROM probe AS p
JOIN village AS v ON v.county_id = p.county AND starts_with(v.stem, p.piece)
ORDER BY p.row, p.county
