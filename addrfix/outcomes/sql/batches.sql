-- Purpose: the batches of a report, in the order in which they were given.
-- Takes:   nothing; rows are inserted one by one with bound values.
-- Gives:   temporary table batch (folder as its files are named, id and law firm shown to people).
-- Used by: counting.py, before every other query.
CREATE TEMP TABLE batch (
    number INTEGER,
    batch VARCHAR,
    firm VARCHAR,
    manifest VARCHAR,
    outcomes VARCHAR,
    picks VARCHAR,
    cancelled VARCHAR
);
