-- One row per source, vintage and measure.
select * from core.join_reports
