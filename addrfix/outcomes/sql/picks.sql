-- Purpose: what is known about the chosen address of each letter, without its door.
-- Takes:   $files, the private/picks.parquet files, at least one; columns may be missing.
-- Gives:   rows for the temporary table pick; a column that no file has is null. kind is the level of
--          that factor (`kind=home`), as the pick wrote it.
-- Used by: counting.py; batches without their private folder leave the table empty.
INSERT INTO pick
SELECT
    filename,
    CAST(letter_id AS VARCHAR),
    CAST(case_id AS VARCHAR),
    CAST(arm AS VARCHAR),
    CAST(source AS VARCHAR),
    CAST(province AS VARCHAR),
    CAST(city AS VARCHAR),
    CAST(district AS VARCHAR),
    CAST(village AS VARCHAR),
    CAST(poi AS VARCHAR),
    CAST(granularity AS VARCHAR),
    substr(list_filter(
        TRY_CAST(factors AS VARCHAR[]), lambda factor: starts_with(factor, 'kind=')
    )[1], 6)
FROM (
    SELECT
        NULL::VARCHAR AS filename,
        NULL::VARCHAR AS letter_id,
        NULL::VARCHAR AS case_id,
        NULL::VARCHAR AS arm,
        NULL::VARCHAR AS source,
        NULL::VARCHAR AS province,
        NULL::VARCHAR AS city,
        NULL::VARCHAR AS district,
        NULL::VARCHAR AS village,
        NULL::VARCHAR AS poi,
        NULL::VARCHAR AS granularity,
        NULL::VARCHAR[] AS factors
    WHERE FALSE
    UNION ALL BY NAME
    SELECT * FROM read_parquet($files, filename = TRUE, union_by_name = TRUE)
);
