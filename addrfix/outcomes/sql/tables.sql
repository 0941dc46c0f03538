-- Purpose: the tables that the files are read into.
-- Takes:   nothing.
-- Gives:   empty temporary tables outcome, pick and reason.
-- Used by: figures.py, before the files are read.
CREATE TEMP TABLE outcome (
    file VARCHAR,
    letter_id VARCHAR,
    outcome VARCHAR,
    sign_class VARCHAR,
    return_reason VARCHAR,
    posted_on DATE,
    final_on DATE,
    attempts INTEGER
);
CREATE TEMP TABLE pick (
    file VARCHAR,
    letter_id VARCHAR,
    source VARCHAR,
    province VARCHAR,
    city VARCHAR,
    granularity VARCHAR
);
CREATE TEMP TABLE reason (reason VARCHAR, fault VARCHAR, address_effect VARCHAR);
