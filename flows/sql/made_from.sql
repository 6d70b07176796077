-- What the warehouse was made from: one row per file of the catalogue and of the code.
create table parts.made_from (
    path varchar,
    sha256 varchar
);
