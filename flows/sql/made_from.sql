-- What the warehouse was made from: one row per part of the project, by hash.
create table parts.made_from (
    path varchar,
    sha256 varchar
);

-- One row per file of a publisher; `valid` holds its valid rows, and `rejects` the others.
create table parts.files_used (
    source varchar,
    edition integer,
    file varchar,
    sha256 varchar,
    modified varchar,
    row_count bigint,
    rejected_rows bigint,
    valid varchar,
    rejects varchar
);

-- What each shared table reads, by the names that the queries give: `core.communes`, a source's table.
create table parts.tables_read (
    table_name varchar,
    reads varchar[]
);
