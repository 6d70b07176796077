-- What the indicators' queries fill, and what the roll-up must know of each.
create table parts.observations (
    indicator varchar,
    part_id varchar,
    period varchar,
    -- Twelve decimals, those of the shares of a split: its pieces add up again to the unit.
    numerator decimal(28, 12),
    denominator decimal(28, 12),
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
