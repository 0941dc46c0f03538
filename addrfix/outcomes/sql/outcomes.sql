-- Purpose: the outcomes of every batch that has been tracked.
-- Takes:   $files, the outcomes.parquet files, at least one.
-- Gives:   rows for the temporary table outcome.
-- Used by: counting.py; a report in which nothing is tracked leaves the table empty.
INSERT INTO outcome
SELECT
    filename,
    letter_id,
    outcome,
    sign_class,
    return_reason,
    CAST(posted_on AS DATE),
    CAST(final_on AS DATE),
    attempts
FROM read_parquet($files, filename = TRUE, union_by_name = TRUE);
