-- One row per source, vintage and code: lost, or of a commune of today without data.
select * from core.join_losses
