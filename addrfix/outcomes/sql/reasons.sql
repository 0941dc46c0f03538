-- Purpose: why letters came back.
-- Takes:   table letter.
-- Gives:   return_reason (null: not told), whose doing it was, what it means for the address, letters.
-- Used by: counting.py, section on returns.
SELECT return_reason, fault, address_effect, COUNT(*) AS letters
FROM letter
WHERE is_returned
GROUP BY return_reason, fault, address_effect
ORDER BY letters DESC, return_reason;
