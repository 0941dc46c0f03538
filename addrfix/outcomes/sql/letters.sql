-- Purpose: one row a letter with everything a figure needs and nothing that names a person;
--          letters that were made later than the day of the report are not there.
-- Takes:   $manifests, the manifest.parquet files; $as_of, the day of the report; tables batch,
--          outcome, cancelled, pick, reason.
-- Gives:   temporary table every_letter; a letter without an outcome is in transit; decile 10 is the
--          best; until: the day up to which the letter is known about, which is that of the last
--          result of its batch.
-- Used by: counting.py, which keeps of it the letters asked about as table letter.
CREATE TEMP TABLE every_letter AS
WITH known AS (
    SELECT file, MAX(final_on) AS until FROM outcome GROUP BY file
),
below AS (
    SELECT
        CAST(p_signed AS DECIMAL(9, 6)) AS p_signed,
        COUNT(*) AS letters
    FROM read_parquet($manifests, union_by_name = TRUE)
    WHERE p_signed IS NOT NULL AND CAST(created_on AS DATE) <= $as_of
    GROUP BY ALL
),
ranked AS (
    SELECT
        p_signed,
        CAST(1 + 10 * (SUM(letters) OVER (ORDER BY p_signed) - letters) // SUM(letters) OVER ()
            AS INTEGER) AS decile
    FROM below
),
joined AS (
    SELECT
        batch.batch,
        batch.number,
        batch.firm,
        manifest.letter_id,
        manifest.template,
        manifest.product,
        manifest.carrier,
        CAST(manifest.sheets AS INTEGER) AS sheets,
        CAST(manifest.created_on AS DATE) AS created_on,
        CAST(date_trunc('week', CAST(manifest.created_on AS DATE)) AS DATE) AS batch_week,
        CAST(manifest.p_signed AS DECIMAL(9, 6)) AS p_signed,
        pick.case_id,
        pick.arm,
        pick.source,
        pick.province,
        pick.city,
        pick.district,
        COALESCE(pick.poi, pick.village) AS place,
        pick.granularity,
        pick.kind,
        CASE
            WHEN cancelled.letter_id IS NOT NULL THEN 'cancelled'
            ELSE COALESCE(outcome.outcome, 'in_transit')
        END AS outcome,
        outcome.sign_class,
        outcome.return_reason,
        reason.fault,
        reason.address_effect,
        outcome.posted_on,
        outcome.final_on,
        known.until
    FROM read_parquet($manifests, filename = TRUE, union_by_name = TRUE) AS manifest
    JOIN batch ON batch.manifest = manifest.filename
    LEFT JOIN outcome
        ON outcome.file = batch.outcomes AND outcome.letter_id = manifest.letter_id
    LEFT JOIN cancelled
        ON cancelled.file = batch.cancelled AND cancelled.letter_id = manifest.letter_id
    LEFT JOIN pick ON pick.file = batch.picks AND pick.letter_id = manifest.letter_id
    LEFT JOIN known ON known.file = batch.outcomes
    LEFT JOIN reason ON reason.reason = outcome.return_reason
    WHERE CAST(manifest.created_on AS DATE) <= $as_of
)
SELECT
    joined.*,
    ranked.decile,
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
FROM joined
LEFT JOIN ranked ON ranked.p_signed = joined.p_signed;
