-- Purpose: the tables that the files are read into.
-- Takes:   nothing.
-- Gives:   empty temporary tables outcome, pick, cancelled, reason and tariff.
-- Used by: counting.py, before the files are read.
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
    case_id VARCHAR,
    arm VARCHAR,
    source VARCHAR,
    province VARCHAR,
    city VARCHAR,
    district VARCHAR,
    village VARCHAR,
    poi VARCHAR,
    granularity VARCHAR,
    kind VARCHAR
);
CREATE TEMP TABLE cancelled (file VARCHAR, letter_id VARCHAR);
CREATE TEMP TABLE reason (reason VARCHAR, fault VARCHAR, address_effect VARCHAR);
CREATE TEMP TABLE tariff (
    carrier VARCHAR,
    product VARCHAR,
    per_letter DECIMAL(12, 4),
    per_sheet DECIMAL(12, 4),
    from_day DATE,
    to_day DATE
);
