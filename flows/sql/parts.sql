-- What the indicators' queries fill, and what the roll-up must know of each.
create table parts.observations (
    indicator varchar,
    part_id varchar,
    period varchar,
    -- Two decimals more than are published: the pieces of a split add up again to the unit. A wider
    -- type would do so too, at three times the cost.
    numerator decimal(18, 8),
    denominator decimal(18, 8),
    estimation varchar,
    -- Of indicators under secrecy: the units behind the numerator, and the largest of these.
    unit_count decimal(18, 8),
    largest decimal(18, 8),
    -- What the publisher itself keeps secret.
    is_hidden boolean
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

-- The periods that the publisher will revise.
create table parts.provisional (
    indicator varchar,
    period varchar
);
