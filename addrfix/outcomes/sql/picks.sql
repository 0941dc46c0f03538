-- Purpose: what is known about the chosen address of each letter, without the address.
-- Takes:   $files, the private/picks.parquet files, at least one; columns may be missing.
-- Gives:   rows for the temporary table pick; a column that no file has is null.
-- Used by: figures.py; batches without their private folder leave the table empty.
INSERT INTO pick
SELECT
    filename,
    CAST(letter_id AS VARCHAR),
    CAST(source AS VARCHAR),
    CAST(province AS VARCHAR),
    CAST(city AS VARCHAR),
    CAST(granularity AS VARCHAR)
FROM (
    SELECT
        NULL::VARCHAR AS filename,
        NULL::VARCHAR AS letter_id,
        NULL::VARCHAR AS source,
        NULL::VARCHAR AS province,
        NULL::VARCHAR AS city,
        NULL::VARCHAR AS granularity
    WHERE FALSE
    UNION ALL BY NAME
    SELECT * FROM read_parquet($files, filename = TRUE, union_by_name = TRUE)
);
