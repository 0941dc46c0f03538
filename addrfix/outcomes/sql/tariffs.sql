-- Purpose: what letters cost, by product.
-- Takes:   tables letter and tariff, whose rows for a product share no day.
-- Gives:   carrier, product, letters not cancelled, those with a price on the day they were posted
--          (or printed, where no posting was seen), their cost in yuan, and how many of the priced ones
--          were signed for in three readings; the row of nulls with is_whole is the whole.
-- Used by: counting.py, section on cost; not without a rate file.
SELECT
    GROUPING(letter.carrier) = 1 AS is_whole,
    letter.carrier,
    letter.product,
    COUNT(*) AS mailed,
    COUNT(tariff.per_letter) AS priced,
    COALESCE(SUM(tariff.per_letter + tariff.per_sheet * letter.sheets), 0) AS amount,
    COUNT(tariff.per_letter) FILTER (is_strict) AS strict,
    COUNT(tariff.per_letter) FILTER (is_standard) AS standard,
    COUNT(tariff.per_letter) FILTER (is_broad) AS broad
FROM letter
LEFT JOIN tariff
    ON tariff.carrier = letter.carrier
    AND tariff.product = letter.product
    AND COALESCE(letter.posted_on, letter.created_on) BETWEEN
        COALESCE(tariff.from_day, DATE '0001-01-01') AND COALESCE(tariff.to_day, DATE '9999-12-31')
WHERE NOT is_cancelled
GROUP BY GROUPING SETS ((), (letter.carrier, letter.product))
ORDER BY is_whole DESC, mailed DESC, letter.carrier, letter.product;
