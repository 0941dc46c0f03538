-- Purpose: letters that were taken back before the hand-over.
-- Takes:   $files, the cancellations.parquet files, at least one; $as_of, the day of the report.
-- Gives:   rows for the temporary table cancelled, each letter once.
-- Used by: counting.py; without any such letter the table stays empty.
INSERT INTO cancelled
SELECT DISTINCT filename, CAST(letter_id AS VARCHAR)
FROM read_parquet($files, filename = TRUE, union_by_name = TRUE)
WHERE CAST(cancelled_on AS DATE) <= $as_of;
