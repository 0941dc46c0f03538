-- Purpose: how ripe each batch is.
-- Takes:   $as_of, the day of the report; table letter.
-- Gives:   batch, letters, those not yet settled, posting days, age in days of the oldest open letter.
-- Used by: counting.py, section on maturity.
SELECT
    batch,
    COUNT(*) AS mailed,
    COUNT(*) FILTER (is_open) AS open,
    MIN(posted_on) AS first_posted,
    MAX(posted_on) AS last_posted,
    COUNT(*) FILTER (posted_on IS NULL) AS not_posted,
    CAST(MAX($as_of::DATE - posted_on) FILTER (is_open) AS INTEGER) AS oldest_open_days
FROM letter
GROUP BY batch
ORDER BY MIN(number);
