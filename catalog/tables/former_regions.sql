-- One row per région that was merged into another on 1 January 2016 (law 2015-29), and département of it.
-- Source: INSEE, Code officiel géographique 2015. Régions are local authorities since 1982 (law 82-213).
with

merged (region_code, region_name, successor_code, departement_codes) as (

    values
    ('21', 'Champagne-Ardenne', '44', ['08', '10', '51', '52']),
    ('22', 'Picardie', '32', ['02', '60', '80']),
    ('23', 'Haute-Normandie', '28', ['27', '76']),
    ('25', 'Basse-Normandie', '28', ['14', '50', '61']),
    ('26', 'Bourgogne', '27', ['21', '58', '71', '89']),
    ('31', 'Nord-Pas-de-Calais', '32', ['59', '62']),
    ('41', 'Lorraine', '44', ['54', '55', '57', '88']),
    ('42', 'Alsace', '44', ['67', '68']),
    ('43', 'Franche-Comté', '27', ['25', '39', '70', '90']),
    ('54', 'Poitou-Charentes', '75', ['16', '17', '79', '86']),
    ('72', 'Aquitaine', '75', ['24', '33', '40', '47', '64']),
    ('73', 'Midi-Pyrénées', '76', ['09', '12', '31', '32', '46', '65', '81', '82']),
    ('74', 'Limousin', '75', ['19', '23', '87']),
    ('82', 'Rhône-Alpes', '84', ['01', '07', '26', '38', '42', '69', '73', '74']),
    ('83', 'Auvergne', '84', ['03', '15', '43', '63']),
    ('91', 'Languedoc-Roussillon', '76', ['11', '30', '34', '48', '66'])

)

select
    region_code,
    region_name,
    successor_code,
    unnest(departement_codes) as departement_code
from merged
