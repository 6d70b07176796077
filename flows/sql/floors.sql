create schema raw;
create schema core;
create schema own_map;
create schema parts;
create schema indicators;
