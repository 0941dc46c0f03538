-- Purpose: how long letters take to be signed for.
-- Takes:   table letter.
-- Gives:   days from posting to signing and letters; letters without both dates are left out.
-- Used by: counting.py, section on time.
SELECT CAST(days AS INTEGER) AS days, COUNT(*) AS letters
FROM letter
WHERE is_broad AND days IS NOT NULL
GROUP BY days
ORDER BY days;
