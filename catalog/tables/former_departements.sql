-- One row per département that does not span all the time since 1943. departement_name is null where it is
-- that of today. Sources: laws 64-707 (around Paris, from 1 January 1968), 75-356 (Corsica, from 1 January
-- 1976), 46-451 (overseas; INSEE dates them 21 March 1946), 2010-1487 (Mayotte), 76-664 and 85-595
-- (Saint-Pierre-et-Miquelon, a département for nine years).
with

changed (departement_code, departement_name, valid_from, valid_to, successor_code) as (

    values
    ('20', 'Corse', '1943-01-01', '1976-01-01', '2B'),
    ('2A', null, '1976-01-01', null, null),
    ('2B', null, '1976-01-01', null, null),
    ('75', 'Seine', '1943-01-01', '1968-01-01', '75'),
    ('75', null, '1968-01-01', null, null),
    ('78', 'Seine-et-Oise', '1943-01-01', '1968-01-01', '78'),
    ('78', null, '1968-01-01', null, null),
    ('91', null, '1968-01-01', null, null),
    ('92', null, '1968-01-01', null, null),
    ('93', null, '1968-01-01', null, null),
    ('94', null, '1968-01-01', null, null),
    ('95', null, '1968-01-01', null, null),
    ('971', null, '1946-03-21', null, null),
    ('972', null, '1946-03-21', null, null),
    ('973', null, '1946-03-21', null, null),
    ('974', null, '1946-03-21', null, null),
    ('975', 'Saint-Pierre-et-Miquelon', '1976-07-19', '1985-06-11', null),
    ('976', null, '2011-03-31', null, null)

)

select
    departement_code,
    departement_name,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    successor_code
from changed
