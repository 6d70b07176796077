-- One row per indicator and period: whether it is under secrecy, and what its columns of counts hold, as
-- hashes. Columns that are equal are the same numbers under two names, and must be hidden together.
select
    parts.indicator,
    parts.period,
    any_value(rules.min_units) is not null as is_secret,
    bit_xor(md5_number(parts.part_id || ' ' || parts.numerator)) as numerator_hash,
    bit_xor(md5_number(parts.part_id || ' ' || parts.denominator)) as denominator_hash
from parts.observations as parts
inner join parts.rules as rules on parts.indicator = rules.indicator
where parts.numerator is not null
group by parts.indicator, parts.period
order by parts.indicator, parts.period
