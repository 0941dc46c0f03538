-- Purpose: sign-for counts of chosen addresses and of the hold-out, for their comparison.
-- Takes:   $as_of, the day of the report; $mature, days after posting; tables letter, every_letter.
-- Gives:   arm, number of the batch, counted letters, those signed in three readings, those open. A
--          case counts once, with its first letter over all batches: which letters follow depends on
--          what became of it. Recalled letters and the carrier's faults are no part of the question.
-- Used by: counting.py, section on uplift.
WITH first_letter AS (
    SELECT number, letter_id
    FROM every_letter
    WHERE posted_on IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY COALESCE(case_id, letter_id) ORDER BY posted_on, number, letter_id
    ) = 1
)
SELECT
    letter.arm,
    letter.number,
    COUNT(*) AS counted,
    COUNT(*) FILTER (is_strict) AS strict,
    COUNT(*) FILTER (is_standard) AS standard,
    COUNT(*) FILTER (is_broad) AS broad,
    COUNT(*) FILTER (is_open) AS open
FROM letter
JOIN first_letter USING (number, letter_id)
WHERE letter.arm IS NOT NULL
    AND $as_of::DATE - letter.posted_on >= $mature
    AND NOT is_cancelled
    AND NOT is_carrier_fault
GROUP BY letter.arm, letter.number
ORDER BY letter.number, letter.arm;
