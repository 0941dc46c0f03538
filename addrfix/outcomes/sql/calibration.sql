-- Purpose: whether p_signed means what it says.
-- Takes:   table letter; only letters signed for or returned, without the carrier's faults.
-- Gives:   band (tenths of p_signed, 0 to 9), letters, sum of p_signed, those signed (standard
--          reading), sum of squared errors; sums are exact, so that they do not depend on the order.
-- Used by: counting.py, section on calibration.
SELECT
    CAST(LEAST(FLOOR(p_signed * 10), 9) AS INTEGER) AS band,
    COUNT(*) AS letters,
    SUM(p_signed) AS promised,
    COUNT(*) FILTER (is_standard) AS signed,
    SUM((p_signed - CAST(is_standard AS INTEGER)) * (p_signed - CAST(is_standard AS INTEGER)))
        AS squared_error
FROM letter
WHERE p_signed IS NOT NULL AND (is_broad OR is_returned) AND NOT is_carrier_fault
GROUP BY band
ORDER BY band;
