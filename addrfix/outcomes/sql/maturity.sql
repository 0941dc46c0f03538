-- Purpose: what share of a posting week is settled after so many days, and what is still open.
-- Takes:   $horizon, the last day shown; table letter.
-- Gives:   week (its Monday; null: all weeks), day, letters known for at least that long, and of them
--          those signed (standard reading) and returned by that day and those settled in no way. A
--          letter is known up to the last result of its batch. A day that not every letter of the week
--          has reached is not given: a curve must not bend because letters are young.
-- Used by: counting.py, section on maturity.
WITH counted AS (
    SELECT
        date_trunc('week', posted_on) AS week,
        until - posted_on AS age,
        CASE WHEN is_standard THEN days END AS signed_after,
        CASE WHEN is_returned THEN days END AS returned_after,
        CASE WHEN is_open THEN 2147483647 ELSE COALESCE(days, 0) END AS settled_after
    FROM letter
    WHERE NOT is_cancelled AND NOT is_carrier_fault AND posted_on <= until
),
grouped AS (
    SELECT NULL::DATE AS week, * EXCLUDE (week) FROM counted
    UNION ALL
    SELECT CAST(week AS DATE), * EXCLUDE (week) FROM counted
),
youngest AS (
    SELECT week, MIN(age) AS age FROM grouped GROUP BY week
),
tallied AS (
    SELECT
        week,
        age,
        signed_after,
        returned_after,
        settled_after,
        COUNT(*) AS letters
    FROM grouped
    GROUP BY ALL
)
SELECT
    tallied.week,
    CAST(day.day AS INTEGER) AS day,
    CAST(SUM(letters) AS BIGINT) AS letters,
    CAST(COALESCE(SUM(letters) FILTER (signed_after <= day.day), 0) AS BIGINT) AS signed,
    CAST(COALESCE(SUM(letters) FILTER (returned_after <= day.day), 0) AS BIGINT) AS returned,
    CAST(COALESCE(SUM(letters) FILTER (settled_after > day.day), 0) AS BIGINT) AS open
FROM tallied
JOIN youngest ON youngest.week IS NOT DISTINCT FROM tallied.week
CROSS JOIN generate_series(0, $horizon) AS day (day)
WHERE tallied.age >= day.day AND (tallied.week IS NULL OR day.day <= youngest.age)
GROUP BY tallied.week, day.day
ORDER BY tallied.week IS NOT NULL, tallied.week, day.day;
