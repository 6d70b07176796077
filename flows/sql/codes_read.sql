-- One row per code of `told_codes`, with the code that is meant where its writing has suffered on the way:
-- what it seems to mean must be a code that some year knew, and the only one that does.
create or replace temp table codes_read as
with

known as (
    select distinct former_code as code from core.commune_successors
),

bare as (

    select
        code,
        row_count,
        regexp_replace(code, '[\s\x{a0}\x{202f}\x{feff}]', '', 'g') as bare_code
    from told_codes

),

attempts as (

    select
        code,
        unnest([
            {
                'priority': 1,
                'fault': 'surrounding_blanks',
                'read_code': bare_code
            },
            {
                'priority': 2,
                'fault': 'lower_case',
                'read_code': upper(bare_code)
            },
            {
                'priority': 3,
                'fault': 'float_export',
                'read_code': lpad(nullif(regexp_extract(bare_code, '^(\d{4,5})[.,]0+$', 1), ''), 5, '0')
            },
            {
                'priority': 4,
                'fault': 'lost_leading_zero',
                'read_code': case when regexp_full_match(bare_code, '\d{4}') then '0' || bare_code end
            },
            -- The département on three characters and the commune on three: 010 + 004, 02A + 004, 971 + 101
            -- (its last digit said twice); or 001 + 004, 971 + 001.
            {
                'priority': 5,
                'fault': 'six_characters',
                'read_code': case
                    when regexp_full_match(bare_code, '\d[\dAB]0\d{3}|97(11|22|33|44|66)\d\d')
                        then left(bare_code, 2) || right(bare_code, 3)
                end
            },
            {
                'priority': 6,
                'fault': 'six_characters',
                'read_code': case
                    when regexp_full_match(bare_code, '0\d[\dAB]\d{3}') then right(bare_code, 5)
                end
            },
            {
                'priority': 6,
                'fault': 'six_characters',
                'read_code': case
                    when regexp_full_match(bare_code, '97[1-46]0\d\d')
                        then left(bare_code, 3) || right(bare_code, 2)
                end
            }
        ]) as attempt
    from bare
    where code not in (select known.code from known)

),

readings as (

    select
        attempts.code,
        attempts.attempt.priority,
        any_value(attempts.attempt.fault) as fault,
        any_value(attempts.attempt.read_code) as read_code
    from attempts
    inner join known on attempts.attempt.read_code = known.code
    group by attempts.code, attempts.attempt.priority
    having count(distinct attempts.attempt.read_code) = 1
    qualify row_number() over (partition by attempts.code order by attempts.attempt.priority) = 1

)

select
    bare.code,
    bare.bare_code,
    bare.row_count,
    readings.fault as writing_fault,
    coalesce(readings.read_code, nullif(bare.bare_code, '')) as read_code
from bare
left join readings on bare.code = readings.code
