-- One row per commune that is a member of an EPCI.
select
    members.commune_code,
    '2025' as period,
    case when members.tax_regime = 'FPU' then communes.inhabitants else 0 end as numerator,
    communes.inhabitants as denominator
from core.epci_perimeters as members
inner join core.communes as communes on members.commune_code = communes.commune_code
