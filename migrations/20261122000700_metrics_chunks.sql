-- Batches are ordered by arrival, so a query that reaches far back would read everything that came meanwhile: closed windows of two hours
-- are rewritten as chunks, ordered by metric and series, and their batches are dropped.

-- Asked by queries and by compaction for what came late, which the index alone answers.
create index metric_batch_by_times on metric_batch (received_at, tmin, tmax);
drop index metric_batch_by_received_at;
comment on table metric_batch is 'What one commit of one writer brought, in partitions of half an hour (once: of a day, UTC) that are dropped whole when chunks hold all of it; rows are never deleted.';

create table metric_class (
  id     integer generated always as identity primary key,
  prefix text not null,
  constraint metric_class_prefix_key unique (prefix)
);
comment on table metric_class is 'Metrics that are kept for the same time, by the prefix of their names. How long is a setting; chunks name the class, so that its days are dropped whole.';
comment on column metric_class.prefix is 'Empty for the class of all metrics that no setting names.';

create table metric_window (
  bucket       bigint primary key,
  runs         integer not null,
  read_at      timestamptz not null,
  compacted_at timestamptz not null
);
comment on table metric_window is 'The watermark: windows of two hours that stand in chunks. Written by the transaction that writes the chunks, so a reader sees both or neither.';
comment on column metric_window.bucket is 'Where the window begins, milliseconds since the Unix epoch.';
comment on column metric_window.runs is 'How often it was written; every run but the first holds what came late.';
comment on column metric_window.read_at is 'When the writers'' numbers were read. What is not in the chunks was received later than this, give or take the skew of clocks.';

create table metric_window_writer (
  bucket    bigint not null references metric_window (bucket) on delete cascade,
  writer_id uuid not null,
  wseq      bigint not null,
  primary key (bucket, writer_id)
);
comment on table metric_window_writer is 'Up to which of its batches a writer''s samples of a window stand in chunks. Writers that are absent had none then.';

create table metric_chunk (
  class      integer not null,
  bucket     bigint not null,
  run        integer not null,
  seq        integer not null,
  name_first bytea not null,
  name_last  bytea not null,
  tmin       bigint not null,
  tmax       bigint not null,
  n          bigint not null,
  series     integer not null,
  format     smallint not null,
  dir        bytea not null,
  body       bytea not null,
  primary key (class, bucket, run, seq)
) partition by list (class);
alter table metric_chunk alter column dir set storage external;
alter table metric_chunk alter column body set storage external;
comment on table metric_chunk is 'Values of the series of one window, sorted by metric and labels. A partition per class and day (UTC), dropped whole; rows are never deleted.';
comment on column metric_chunk.run is 'Counts the times the window was written. Runs overlap, and readers merge them.';
comment on column metric_chunk.name_first is 'The first metric in it, name_last the last: bytes, because their order must be that of the series.';
comment on column metric_chunk.tmin is 'Time of the oldest sample, milliseconds since the Unix epoch; tmax that of the newest, n how many there are.';
comment on column metric_chunk.dir is 'Which series it holds, and where their times and values stand. Coded as format says, see server/metrics/src/chunk.rs.';

create table metric_chunk_times (
  class  integer not null,
  bucket bigint not null,
  run    integer not null,
  part   integer not null,
  body   bytea not null,
  primary key (class, bucket, run, part)
) partition by list (class);
alter table metric_chunk_times alter column body set storage external;
comment on table metric_chunk_times is 'Times of the samples of a run, each column once for all series that were scraped together. Partitions as of metric_chunk.';

create table metric_roll (
  bucket     bigint not null,
  width_ms   integer not null,
  run        integer not null,
  seq        integer not null,
  name_first bytea not null,
  name_last  bytea not null,
  n          bigint not null,
  series     integer not null,
  format     smallint not null,
  body       bytea not null,
  primary key (bucket, width_ms, run, seq)
) partition by range (bucket);
alter table metric_roll alter column body set storage external;
comment on table metric_roll is 'Minimum, maximum, sum, count, last value and increase of steps of five minutes and of an hour. A partition per month (UTC), dropped whole; rows are never deleted.';
comment on column metric_roll.run is 'As in metric_chunk. A later run replaces, step by step, what earlier ones say of a series.';
comment on column metric_roll.n is 'How many steps of all series.';
