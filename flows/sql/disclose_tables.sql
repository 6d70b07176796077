-- One row per indicator and period in which one is under secrecy: whether it is, and what its columns of
-- counts hold, as hashes. Columns that are equal are the same numbers under two names, and must be hidden
-- together.
with

periods as (

    select distinct parts.period
    from parts.observations as parts
    inner join parts.rules as rules on parts.indicator = rules.indicator
    where rules.min_units is not null

)

select
    parts.indicator,
    parts.period,
    any_value(rules.min_units) is not null as is_secret,
    bit_xor(hash(parts.part_id, parts.numerator)) as numerator_hash,
    bit_xor(hash(parts.part_id, parts.denominator)) filter (
        where parts.denominator is not null and rules.rollup is distinct from 'none'
    ) as denominator_hash
from parts.observations as parts
inner join periods on parts.period = periods.period
inner join parts.rules as rules on parts.indicator = rules.indicator
where parts.numerator is not null
group by parts.indicator, parts.period
order by parts.indicator, parts.period
