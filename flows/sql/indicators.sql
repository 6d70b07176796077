-- What the catalogue says of each indicator; the columns are those of schemas/published/indicators.json.
create table parts.descriptions (
    indicator varchar,
    dataset varchar,
    title_fr varchar,
    title_en varchar,
    unit_fr varchar,
    unit_en varchar,
    theme varchar,
    direction varchar,
    rollup varchar,
    per bigint,
    decimals integer,
    coverage_threshold double,
    published_from varchar,
    description_fr varchar,
    description_en varchar,
    method_fr varchar,
    method_en varchar,
    sources varchar,
    licences varchar,
    vintages varchar,
    usage_warnings varchar
);
