-- What somebody asked in Explore is found again on every device of theirs, also where no script runs, so the server keeps it.

create table explore_history (
  person     uuid not null,
  expression text not null check (octet_length(expression) between 1 and 2000),
  at         timestamptz not null,
  primary key (person, expression)
);
comment on table explore_history is 'The last expressions that a person asked in Explore, each once.';
comment on column explore_history.expression is 'As it was written. A longer one is not kept: it would not fit into the index.';
comment on column explore_history.at is 'When it was asked last.';
