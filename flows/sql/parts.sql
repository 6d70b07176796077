-- What the indicators' queries fill, and what the roll-up must know of each.
create table parts.observations (
    indicator varchar,
    part_id varchar,
    period varchar,
    numerator decimal(18, 6),
    denominator decimal(18, 6),
    estimation varchar
);

create table parts.rules (
    indicator varchar,
    rollup varchar,
    per bigint,
    coverage double,
    level varchar,
    published_from varchar,
    min_units bigint
);

create table parts.breaks (
    indicator varchar,
    period varchar
);
