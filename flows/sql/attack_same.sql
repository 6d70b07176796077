-- Pairs of columns of counts that hold the same numbers in a period, wherever both are told: columns of the
-- indicators in `attacked`, and of any.
with

told as (

    select
        observations.territory_id,
        observations.indicator,
        columns.name as column_name,
        case columns.name
            when 'numerator' then observations.numerator
            else observations.denominator
        end as number
    from observations
    cross join (values ('numerator'), ('denominator')) as columns (name)
    where observations.period = getvariable('period')

),

known as (

    select *
    from told
    where number is not null

),

-- Most columns differ in the first few territories.
few as (

    select
        one.indicator,
        one.column_name,
        other.indicator as other_indicator,
        other.column_name as other_column
    from known as one
    inner join attacked on one.indicator = attacked.indicator
    inner join known as other
        on
            one.territory_id = other.territory_id
            and (one.indicator, one.column_name) != (other.indicator, other.column_name)
    where one.territory_id not like 'COM-%' and one.territory_id not like 'EPCI-%'
    group by one.indicator, one.column_name, other.indicator, other.column_name
    having bool_and(one.number = other.number)

)

select
    few.indicator,
    few.column_name,
    few.other_indicator,
    few.other_column
from few
inner join known as one on few.indicator = one.indicator and few.column_name = one.column_name
inner join known as other
    on
        few.other_indicator = other.indicator
        and few.other_column = other.column_name
        and one.territory_id = other.territory_id
group by few.indicator, few.column_name, few.other_indicator, few.other_column
having bool_and(one.number = other.number) and count(*) >= 5 and max(one.number) > 0
order by few.indicator, few.column_name, few.other_indicator, few.other_column
