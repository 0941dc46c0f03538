-- Purpose: sign-for rates along one dimension, or of everything.
-- Takes:   $dimension, one of the names below; table letter.
-- Gives:   value (null: not known), counts, median and 90th percentile of days from posting to signing.
-- Used by: counting.py; once for each dimension of the report.
SELECT
    CASE $dimension
        WHEN 'all' THEN 'all'
        WHEN 'batch' THEN batch
        WHEN 'batch_week' THEN CAST(batch_week AS VARCHAR)
        WHEN 'province' THEN province
        WHEN 'city' THEN city
        WHEN 'source' THEN source
        WHEN 'kind' THEN kind
        WHEN 'granularity' THEN granularity
        WHEN 'decile' THEN CAST(decile AS VARCHAR)
        WHEN 'template' THEN template
        WHEN 'product' THEN product
        WHEN 'carrier' THEN carrier
        WHEN 'firm' THEN firm
    END AS value,
    COUNT(*) AS mailed,
    COUNT(*) FILTER (is_cancelled) AS cancelled,
    COUNT(*) FILTER (is_carrier_fault) AS carrier_fault,
    COUNT(*) FILTER (is_strict) AS strict,
    COUNT(*) FILTER (is_standard) AS standard,
    COUNT(*) FILTER (is_broad) AS broad,
    COUNT(*) FILTER (is_returned AND NOT is_carrier_fault) AS returned,
    COUNT(*) FILTER (is_open) AS open,
    QUANTILE_DISC(days, 0.5) FILTER (is_broad) AS median_days,
    QUANTILE_DISC(days, 0.9) FILTER (is_broad) AS p90_days,
    MIN(number) AS first_batch
FROM letter
GROUP BY value
ORDER BY
    value IS NULL,
    CASE WHEN $dimension = 'batch' THEN first_batch END,
    CASE WHEN $dimension = 'decile' THEN TRY_CAST(value AS INTEGER) END,
    CASE WHEN $dimension = 'batch_week' THEN value END,
    mailed DESC,
    value;
