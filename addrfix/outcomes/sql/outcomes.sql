-- Purpose: the outcomes of every batch that has been tracked, as far as they were known on the day.
-- Takes:   $files, the outcomes.parquet files, at least one; $as_of, the day of the report.
-- Gives:   rows for the temporary table outcome; what was settled or posted later is not known yet.
-- Used by: counting.py; a report in which nothing is tracked leaves the table empty.
INSERT INTO outcome
SELECT
    filename,
    letter_id,
    CASE WHEN is_later THEN 'in_transit' ELSE outcome END,
    CASE WHEN NOT is_later THEN sign_class END,
    CASE WHEN NOT is_later THEN return_reason END,
    CASE WHEN CAST(posted_on AS DATE) <= $as_of THEN CAST(posted_on AS DATE) END,
    CASE WHEN NOT is_later THEN CAST(final_on AS DATE) END,
    attempts
FROM (
    SELECT *, COALESCE(CAST(final_on AS DATE) > $as_of, FALSE) AS is_later
    FROM read_parquet($files, filename = TRUE, union_by_name = TRUE)
);
