-- An exemplar says which trace stood behind a sample, for as long as anybody looks for it: a ring of places for each series, so that the table has a bound without deleting.
create table metric_exemplar (
  series_id bigint not null,
  place     smallint not null,
  at        bigint not null,
  value     double precision not null,
  labels    bytea not null,
  primary key (series_id, place)
) with (fillfactor = 70);
comment on table metric_exemplar is 'The newest exemplar of each fifteen seconds of a series, overwritten two hours later. Series are forgotten long after their exemplars, hence no reference.';
comment on column metric_exemplar.place is 'The number of the fifteen seconds since the Unix epoch, modulo 480: where a new one stands over an old one.';
comment on column metric_exemplar.at is 'Milliseconds since the Unix epoch.';
comment on column metric_exemplar.labels is 'Canonical, as in metric_series.labels; may be empty.';
