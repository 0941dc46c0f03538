-- purpose: the user's own places whose name stands in a text, near the divisions that the text names
-- takes:   probe(row, division, start, opening, piece), a batch at a time; county_near(county, division)
-- gives:   row, start, end, label, division_code; in a fixed order
-- used by: addrfix.places.own_place_lookup
SELECT DISTINCT p.row, p.start, p.start + length(n.key) AS stop, n.label, n.division_code
FROM probe AS p
JOIN county_near AS c ON c.division = p.division
JOIN own_name AS n ON n.county = c.county AND n.opening = p.opening
WHERE starts_with(p.piece, n.key)
ORDER BY ALL
