-- Purpose: the batches of a report, in the order in which they were given.
-- Takes:   nothing; rows are inserted one by one with bound values.
-- Gives:   temporary table batch (folder as its files are named, id shown to people).
-- Used by: figures.py, before every other query.
CREATE TEMP TABLE batch (
    number INTEGER,
    batch VARCHAR,
    manifest VARCHAR,
    outcomes VARCHAR,
    picks VARCHAR
);
