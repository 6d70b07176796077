create schema raw;
create schema core;
create schema parts;
create schema indicators;
