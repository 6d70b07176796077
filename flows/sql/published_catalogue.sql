-- What the database says of itself: one row per thing of the catalogue, filled by flows/publish/catalogue.py.
create table published.datasets (
    dataset varchar,
    title_fr varchar,
    title_en varchar,
    description_fr varchar,
    description_en varchar,
    licence varchar,
    sources varchar
);

create table published.sources (
    source varchar,
    title_fr varchar,
    title_en varchar,
    publisher varchar,
    homepage varchar,
    licence varchar,
    cadence varchar,
    vintage varchar
);

create table published.source_files (
    source varchar,
    edition integer,
    sha256 varchar,
    modified_date date,
    row_count bigint,
    rejected_row_count bigint
);

create table published.themes (
    theme varchar,
    title_fr varchar,
    title_en varchar
);

create table published.licences (
    licence varchar,
    title varchar,
    address varchar,
    spdx varchar,
    is_share_alike boolean
);

create table published.statuses (
    obs_status varchar,
    label_fr varchar,
    label_en varchar
);

create table published.columns (
    table_name varchar,
    column_name varchar,
    column_type varchar,
    title_fr varchar,
    title_en varchar,
    description_fr varchar,
    description_en varchar
);

create table published.example_queries (
    name varchar,
    title_fr varchar,
    title_en varchar,
    query varchar
);

create table published.release_facts (
    fact varchar,
    told varchar
);

create table published.renamed (
    old_name varchar,
    new_name varchar
);

comment on table published.datasets is
'Jeux de données : les indicateurs publiés ensemble. — Datasets: the indicators published together.';
comment on column published.datasets.dataset is
'Nom du jeu de données. — Name of the dataset.';
comment on column published.datasets.title_fr is
'Titre en français. — Title in French.';
comment on column published.datasets.title_en is
'Titre en anglais. — Title in English.';
comment on column published.datasets.description_fr is
'Description en français. — Description in French.';
comment on column published.datasets.description_en is
'Description en anglais. — Description in English.';
comment on column published.datasets.licence is
'Licence, celle de licences. — Licence, one of licences.';
comment on column published.datasets.sources is
'Noms des sources, séparés par une virgule. — Names of the sources, separated by commas.';

comment on table published.sources is
'Sources : les tables que des producteurs publient. — Sources: the tables that publishers give.';
comment on column published.sources.source is
'Nom de la source. — Name of the source.';
comment on column published.sources.title_fr is
'Titre en français. — Title in French.';
comment on column published.sources.title_en is
'Titre en anglais. — Title in English.';
comment on column published.sources.publisher is
'Qui la publie. — Who publishes it.';
comment on column published.sources.homepage is
'Où elle est publiée. — Where it is published.';
comment on column published.sources.licence is
'Licence, celle de licences. — Licence, one of licences.';
comment on column published.sources.cadence is
'Rythme de publication. — How often it is published.';
comment on column published.sources.vintage is
'Éditions utilisées, et date du dernier fichier. — Editions that were used, and date of the newest file.';

comment on table published.source_files is
'Fichiers utilisés, par empreinte. — Files that were used, by hash.';
comment on column published.source_files.source is
'Source du fichier. — Source of the file.';
comment on column published.source_files.edition is
'Édition, vide si la source n’en a pas. — Edition, empty if the source has none.';
comment on column published.source_files.sha256 is
'Empreinte SHA-256 du fichier. — SHA-256 of the file.';
comment on column published.source_files.modified_date is
'Date des données selon leur producteur. — Date of the data, as their publisher gives it.';
comment on column published.source_files.row_count is
'Nombre de lignes. — Number of rows.';
comment on column published.source_files.rejected_row_count is
'Nombre de lignes rejetées. — Number of rejected rows.';

comment on table published.themes is
'Thèmes des indicateurs. — Themes of the indicators.';
comment on column published.themes.theme is
'Nom du thème. — Name of the theme.';
comment on column published.themes.title_fr is
'Titre en français. — Title in French.';
comment on column published.themes.title_en is
'Titre en anglais. — Title in English.';

comment on table published.licences is
'Licences des sources et des jeux de données. — Licences of the sources and datasets.';
comment on column published.licences.licence is
'Nom de la licence. — Name of the licence.';
comment on column published.licences.title is
'Titre. — Title.';
comment on column published.licences.address is
'Où elle est écrite. — Where it is written.';
comment on column published.licences.spdx is
'Identifiant SPDX. — SPDX identifier.';
comment on column published.licences.is_share_alike is
'Si ce qui en est tiré doit porter la même licence. — Whether what is made of it must bear it too.';

comment on table published.statuses is
'Ce que dit chaque statut d’une observation. — What each status of an observation says.';
comment on column published.statuses.obs_status is
'Code SDMX CL_OBS_STATUS. — Code of SDMX CL_OBS_STATUS.';
comment on column published.statuses.label_fr is
'Sens en français. — Meaning in French.';
comment on column published.statuses.label_en is
'Sens en anglais. — Meaning in English.';

comment on table published.columns is
'Dictionnaire des colonnes de chaque table publiée. — Dictionary of the columns of every published table.';
comment on column published.columns.table_name is
'Table. — Table.';
comment on column published.columns.column_name is
'Colonne. — Column.';
comment on column published.columns.column_type is
'Type selon le schéma publié. — Type, as the published schema says.';
comment on column published.columns.title_fr is
'Titre en français. — Title in French.';
comment on column published.columns.title_en is
'Titre en anglais. — Title in English.';
comment on column published.columns.description_fr is
'Description en français. — Description in French.';
comment on column published.columns.description_en is
'Description en anglais. — Description in English.';

comment on table published.example_queries is
'Exemples de requêtes, qui sont essayées à chaque version. — Example queries, which are tested.';
comment on column published.example_queries.name is
'Nom de l’exemple. — Name of the example.';
comment on column published.example_queries.title_fr is
'Ce qu’il montre, en français. — What it shows, in French.';
comment on column published.example_queries.title_en is
'Ce qu’il montre, en anglais. — What it shows, in English.';
comment on column published.example_queries.query is
'La requête. — The query.';

comment on table published.release_facts is
'Version, licence, éditeur et adresse. — Version, licence, publisher and address.';
comment on column published.release_facts.fact is
'De quoi il s’agit. — What it is.';
comment on column published.release_facts.told is
'Ce qui en est dit. — What is said of it.';

comment on table published.renamed is
'Anciens noms d’indicateurs, que les macros connaissent. — Old names of indicators, which the macros know.';
comment on column published.renamed.old_name is
'Ancien nom. — Old name.';
comment on column published.renamed.new_name is
'Nom actuel. — Name of today.';
