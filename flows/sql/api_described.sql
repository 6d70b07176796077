-- One row per indicator: what the published table says of it.
select * from indicators.indicators
order by indicator
