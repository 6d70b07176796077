-- One row per territory and neighbour.
create table indicators.similar_territories (
    territory_id varchar,
    level varchar,
    similar_rank integer,
    similar_id varchar,
    distance double,
    shared_variables varchar,
    differing_variable varchar
);

-- One row per level and variable by which its territories are compared.
create table indicators.similarity_variables (
    level varchar,
    indicator varchar,
    period varchar,
    scale varchar,
    centre double,
    spread double
);
