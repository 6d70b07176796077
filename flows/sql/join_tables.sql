-- One row per source, vintage and measure: what became of its total on the way to the release's map.
create table core.join_reports (
    source varchar,
    vintage integer,
    measure varchar,
    total_before decimal(38, 12),
    unchanged decimal(38, 12),
    recoded decimal(38, 12),
    merged decimal(38, 12),
    split decimal(38, 12),
    lost decimal(38, 12),
    total_after decimal(38, 12),
    off_map_rows bigint,
    lost_codes bigint,
    communes_without_data bigint
);

-- One row per source, vintage and code: those that no map knows, and communes of today without data.
create table core.join_losses (
    source varchar,
    vintage integer,
    direction varchar,
    code varchar,
    row_count bigint,
    likely_cause varchar
);
