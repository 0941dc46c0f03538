-- Purpose: who signed.
-- Takes:   table letter.
-- Gives:   sign_class (null: not told) and letters.
-- Used by: counting.py, section on signatures.
SELECT sign_class, COUNT(*) AS letters
FROM letter
WHERE is_broad
GROUP BY sign_class
ORDER BY letters DESC, sign_class;
