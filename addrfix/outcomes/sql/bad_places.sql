-- Purpose: places that should go on the blacklist.
-- Takes:   $most, rows at most; tables letter and every_letter.
-- Gives:   province, city, district, place (compound, else village), letters sent there, those that
--          came back for a reason that speaks about the place, the reasons, day and id of the last of
--          them: the reasons of which `addrfix blacklist` makes entries. A place at which any letter was
--          ever signed for, or refused, is left out. Where neither compound nor village is known every
--          letter stands for itself and only its id is given: a road with a number may be one family's
--          door.
-- Used by: counting.py, section on bad places.
WITH good_place AS (
    SELECT DISTINCT province, city, district, place
    FROM every_letter
    WHERE is_broad OR (is_returned AND address_effect = 'valid')
),
placed AS (
    SELECT
        letter.*,
        CASE WHEN letter.place IS NULL THEN letter.letter_id END AS alone,
        is_returned AND COALESCE(return_reason IN ('DEMOLISHED', 'ADDR_NOT_EXIST'), FALSE)
            AS is_bad
    FROM letter
    LEFT JOIN good_place
        ON good_place.place = letter.place
        AND good_place.province IS NOT DISTINCT FROM letter.province
        AND good_place.city IS NOT DISTINCT FROM letter.city
        AND good_place.district IS NOT DISTINCT FROM letter.district
    WHERE NOT is_cancelled AND good_place.place IS NULL
)
SELECT
    province,
    city,
    district,
    place,
    COUNT(*) AS letters,
    COUNT(*) FILTER (is_bad) AS bad,
    LIST(DISTINCT return_reason ORDER BY return_reason) FILTER (is_bad) AS reasons,
    MAX(final_on) FILTER (is_bad) AS last_on,
    MAX(letter_id) FILTER (is_bad) AS letter_id
FROM placed
GROUP BY province, city, district, place, alone
HAVING COUNT(*) FILTER (is_bad) > 0
ORDER BY bad DESC, last_on DESC NULLS LAST, letter_id
LIMIT $most;
