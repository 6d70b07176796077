-- One row per indicator, commune of the publisher's map, period and year of that map.
create temp table given (
    indicator varchar,
    territory_id varchar,
    period varchar,
    vintage integer,
    value double,
    numerator decimal(18, 6),
    denominator decimal(18, 6),
    estimation varchar,
    is_hidden boolean
);
