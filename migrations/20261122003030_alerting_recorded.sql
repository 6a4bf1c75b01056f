-- A recorded series ends with a marker at the first tick that no longer gives it, also when another process evaluates that tick, or when its rule is gone by then.
create table recorded_series (
  rule_id  text not null,
  labels   jsonb not null,
  ended_at timestamptz
);
comment on table recorded_series is 'Series that a recording rule wrote at its last good tick. Written only when one comes or goes. They outlive their rule until the marker is written, hence no reference.';
comment on column recorded_series.labels is 'All labels, the metric''s name as __name__. Name to value.';
comment on column recorded_series.ended_at is 'Where the marker is to stand, of a series whose rule is gone; null while the rule writes it.';

-- A digest, because an index entry must fit a third of a page.
create unique index recorded_series_once on recorded_series (rule_id, md5(labels::text));
create index recorded_series_ended on recorded_series (ended_at) where ended_at is not null;
-- Whether another rule writes the same series.
create index recorded_series_alive on recorded_series (md5(labels::text)) where ended_at is null;
