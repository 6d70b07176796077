-- One row per level and class of size; the last class of a level has no maximum.
create table parts.size_classes (
    level varchar,
    size_class varchar,
    minimum bigint,
    next_minimum bigint
);
