-- One row per observation of the indicators in the variable `indicators`, as SDMX-CSV 2.0 names its columns.
select
    'dataflow' as "STRUCTURE", -- noqa: RF06
    getvariable('dataflow') as "STRUCTURE_ID", -- noqa: RF06
    'I' as "ACTION", -- noqa: RF06
    indicator as "INDICATOR", -- noqa: RF06
    territory_id as "REF_AREA", -- noqa: RF06
    period as "TIME_PERIOD", -- noqa: RF06
    value as "OBS_VALUE", -- noqa: RF06
    obs_status as "OBS_STATUS", -- noqa: RF06
    conf_status as "CONF_STATUS", -- noqa: RF06
    coverage as "COVERAGE", -- noqa: RF06
    rtrim(rtrim(cast(numerator as varchar), '0'), '.') as "NUMERATOR", -- noqa: RF06
    rtrim(rtrim(cast(denominator as varchar), '0'), '.') as "DENOMINATOR" -- noqa: RF06
from indicators.observations
where list_contains(getvariable('indicators'), indicator)
order by territory_id, indicator, period
