-- What the barometers ask for: one row per barometer, level and indicator; and what is made of it.
create table parts.barometer_asked (
    barometer varchar,
    level varchar,
    indicator varchar,
    divisor varchar,
    min_share double
);

-- One row per barometer, profile, level, territory and theme, `overall` among them.
create table indicators.barometer_scores (
    barometer varchar,
    profile varchar,
    level varchar,
    territory_id varchar,
    theme varchar,
    score double,
    rank integer,
    rank_low integer,
    rank_high integer,
    ranked_count integer,
    coverage double
);

-- One row per barometer, level, territory and indicator of which a value is used.
create table indicators.barometer_indicators (
    barometer varchar,
    level varchar,
    territory_id varchar,
    indicator varchar,
    normalised_value double,
    is_imputed boolean
);

-- One row per barometer, level and indicator: whether it is used there, and how.
create table indicators.barometer_components (
    barometer varchar,
    level varchar,
    theme varchar,
    indicator varchar,
    weight double,
    divisor varchar,
    direction varchar,
    period varchar,
    known_share double,
    use varchar,
    treatment varchar,
    treated_count integer,
    theme_correlation double
);

-- One row per barometer, profile and theme.
create table indicators.barometer_profiles (
    barometer varchar,
    profile varchar,
    theme varchar,
    weight double,
    title_fr varchar,
    title_en varchar,
    description_fr varchar,
    description_en varchar
);

-- One row per barometer, profile, level and choice.
create table indicators.barometer_sensitivity (
    barometer varchar,
    profile varchar,
    level varchar,
    choice varchar,
    first_order double,
    total_order double,
    mean_rank_shift double
);
