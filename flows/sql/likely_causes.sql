-- One row per code of `suspects` (code, vintage), which the map of 1 January of its vintage does not have:
-- the likely cause, the commune that is meant where one is, and the year in which it vanished or appears.
with

whole_codes as (

    select
        suspects.code,
        suspects.vintage,
        codes_read.bare_code,
        codes_read.writing_fault,
        codes_read.read_code
    from suspects
    inner join codes_read on suspects.code = codes_read.code

),

spans as (

    select
        former_code as code,
        first_vintage,
        last_vintage,
        arg_max(commune_code, population_share) as commune_code
    from core.commune_successors
    where is_on_map
    group by former_code, first_vintage, last_vintage

),

lives as (

    select
        whole_codes.code,
        whole_codes.vintage,
        max(spans.last_vintage) filter (where spans.last_vintage < whole_codes.vintage) + 1 as vanished,
        arg_max(spans.commune_code, spans.last_vintage) filter (
            where spans.last_vintage < whole_codes.vintage
        ) as successor_code,
        min(spans.first_vintage) filter (where spans.first_vintage > whole_codes.vintage) as appears
    from whole_codes
    inner join spans on whole_codes.code = spans.code
    group by whole_codes.code, whole_codes.vintage

),

parts as (

    select
        commune_code as code,
        arg_max(kind, edition) as kind,
        arg_max(parent_commune_code, edition) as seat_code
    from core.administrative_divisions_communes
    where kind != 'commune-actuelle'
    group by commune_code

),

served as (

    select
        commune_code,
        unnest(postal_codes) as code
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle'

),

postal_codes as (

    select
        code,
        count(distinct commune_code) as communes,
        min(commune_code) as commune_code
    from served
    group by code

),

epci_codes as (
    select distinct epci_code as code from core.administrative_divisions_epci
),

departement_codes as (
    select distinct departement_code as code from core.administrative_divisions_departements
),

causes as (

    select
        codes.code,
        codes.vintage,
        case
            when codes.bare_code = '' then 'empty'
            when codes.writing_fault is not null then codes.writing_fault
            when regexp_full_match(codes.code, '0{5}|9{5}|(?i)z{5}') then 'placeholder_code'
            when parts.kind = 'arrondissement-municipal' then 'municipal_arrondissement'
            when getvariable('column_kind') = 'postal_code' and postal_codes.code is not null
                then 'postal_code'
            when codes.code like '20___' and lives.vanished is not null then 'corsica_before_1976'
            when codes.code like '985__' and lives.vanished is not null then 'mayotte_before_2011'
            when codes.code in ('97123', '97127') and lives.vanished is not null
                then 'guadeloupe_before_2007'
            when parts.kind = 'commune-deleguee' then 'delegated_commune'
            when parts.kind = 'commune-associee' then 'associated_commune'
            when lives.appears is not null and lives.vanished is null then 'commune_created_later'
            when
                lives.vanished is not null
                and (postal_codes.code is null or lives.vanished > codes.vintage - 10)
                then 'vanished_commune'
            when postal_codes.code is not null then 'postal_code'
            when regexp_full_match(codes.code, '97[578]\d\d|98[46-9]\d\d') then 'overseas_collectivity'
            when regexp_full_match(codes.code, '99\d{3}') then 'foreign_country'
            when
                regexp_full_match(codes.code, '.{2,3}(000|900|990|999|00|99)')
                and length(codes.code) = 5
                and first_characters.code is not null
                then 'placeholder_code'
            when departement_codes.code is not null then 'departement_code'
            when epci_codes.code is not null then 'epci_code'
            else 'unknown'
        end as kind,
        codes.read_code,
        parts.seat_code,
        lives.successor_code,
        lives.vanished,
        lives.appears,
        case when postal_codes.communes = 1 then postal_codes.commune_code end as postal_commune_code
    from whole_codes as codes
    left join lives on codes.code = lives.code and codes.vintage = lives.vintage
    left join parts on codes.code = parts.code
    left join postal_codes on codes.code = postal_codes.code
    left join epci_codes on codes.code = epci_codes.code
    left join departement_codes
        on departement_codes.code in (codes.code, '0' || codes.code)
    left join departement_codes as first_characters
        on
            first_characters.code
            = case when codes.code like '97%' then left(codes.code, 3) else left(codes.code, 2) end

)

select
    code,
    vintage,
    kind,
    case
        when kind in (
            'surrounding_blanks', 'lower_case', 'float_export', 'lost_leading_zero', 'six_characters'
        ) then read_code
        when kind in ('municipal_arrondissement', 'delegated_commune', 'associated_commune')
            then coalesce(seat_code, successor_code)
        when kind = 'postal_code' then postal_commune_code
        when kind in (
            'corsica_before_1976', 'mayotte_before_2011', 'guadeloupe_before_2007', 'vanished_commune'
        ) then successor_code
    end as meant_code,
    case
        when kind = 'commune_created_later' then appears
        when kind in (
            'corsica_before_1976', 'mayotte_before_2011', 'guadeloupe_before_2007', 'vanished_commune',
            'delegated_commune', 'associated_commune'
        ) then vanished
    end as year
from causes
order by code, vintage
