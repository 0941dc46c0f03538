-- Purpose: one row a letter with everything a figure needs and nothing that names a person.
-- Takes:   $manifests, the manifest.parquet files; tables batch, outcome, pick, reason.
-- Gives:   temporary table letter; a letter without an outcome is in transit; decile 10 is the best.
-- Used by: every figure; scanned whole, so it has no index.
CREATE TEMP TABLE letter AS
WITH joined AS (
    SELECT
        batch.batch,
        batch.number,
        manifest.letter_id,
        manifest.template,
        manifest.product,
        manifest.carrier,
        CAST(manifest.p_signed AS DOUBLE) AS p_signed,
        pick.source,
        pick.province,
        pick.city,
        pick.granularity,
        COALESCE(outcome.outcome, 'in_transit') AS outcome,
        outcome.sign_class,
        outcome.return_reason,
        reason.fault,
        reason.address_effect,
        outcome.posted_on,
        outcome.final_on
    FROM read_parquet($manifests, filename = TRUE, union_by_name = TRUE) AS manifest
    JOIN batch ON batch.manifest = manifest.filename
    LEFT JOIN outcome
        ON outcome.file = batch.outcomes AND outcome.letter_id = manifest.letter_id
    LEFT JOIN pick ON pick.file = batch.picks AND pick.letter_id = manifest.letter_id
    LEFT JOIN reason ON reason.reason = outcome.return_reason
),
ranked AS (
    SELECT
        *,
        CASE
            WHEN p_signed IS NOT NULL
                THEN RANK() OVER (PARTITION BY p_signed IS NULL ORDER BY p_signed) - 1
        END AS below,
        COUNT(p_signed) OVER () AS scored
    FROM joined
)
SELECT
    * EXCLUDE (below, scored),
    CAST(1 + (10 * below) // scored AS INTEGER) AS decile,
    outcome = 'cancelled' AS is_cancelled,
    outcome = 'lost' OR (outcome = 'returned' AND COALESCE(fault = 'carrier', FALSE))
        AS is_carrier_fault,
    outcome = 'signed' AND COALESCE(sign_class IN ('self', 'household'), FALSE) AS is_strict,
    outcome = 'signed' AND COALESCE(sign_class IN ('self', 'household', 'unit'), FALSE)
        AS is_standard,
    outcome = 'signed' AS is_broad,
    outcome = 'in_transit' AS is_open,
    outcome = 'returned' AS is_returned,
    CASE WHEN final_on >= posted_on THEN final_on - posted_on END AS days
FROM ranked;
