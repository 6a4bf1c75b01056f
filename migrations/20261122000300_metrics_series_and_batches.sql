-- A sample is acknowledged only when it is on disk, and a row per sample would cost fifty bytes: so what many requests brought
-- within milliseconds is committed as one compressed row, and the names of the series stand beside it once.
create table metric_series (
  id         bigint generated always as identity primary key,
  labels     bytea not null,
  digest     bytea not null generated always as (sha256(labels)) stored,
  last_day   date not null,
  created_at timestamptz not null,
  constraint metric_series_digest_key unique (digest)
);
comment on table metric_series is 'Every series that has samples within the retention. The truth from which each replica builds its index in memory.';
comment on column metric_series.labels is 'Canonical: per label, sorted by name, length (LEB128) and bytes of the name, then of the value.';
comment on column metric_series.digest is 'Makes the labels unique without the length limit of an index on the labels themselves.';
comment on column metric_series.last_day is 'A day (UTC) on which samples still came, at most some days behind the truth; forgotten after the retention.';

create index metric_series_by_last_day on metric_series (last_day);

create table metric_writer (
  id        uuid primary key,
  last_wseq bigint not null,
  opened_at timestamptz not null,
  wrote_at  timestamptz not null
);
comment on table metric_writer is 'One row per start of a process that writes samples. Its row lock makes the outcome of an uncertain commit knowable.';
comment on column metric_writer.last_wseq is 'The newest committed batch; moved by the transaction that inserts it, so what a reader sees here it can also read.';

create table metric_batch (
  writer_id   uuid not null,
  wseq        bigint not null,
  received_at timestamptz not null,
  tmin        bigint not null,
  tmax        bigint not null,
  n           integer not null,
  format      smallint not null,
  body        bytea not null,
  primary key (writer_id, wseq, received_at)
) partition by range (received_at);
alter table metric_batch alter column body set storage external;
comment on table metric_batch is 'What one commit of one writer brought, in partitions of a day (UTC) that are dropped whole; rows are never deleted.';
comment on column metric_batch.wseq is '1, 2, 3 … without gaps within a writer.';
comment on column metric_batch.received_at is 'By the writer''s clock; decides the partition.';
comment on column metric_batch.tmin is 'Time of the oldest sample, milliseconds since the Unix epoch; tmax that of the newest.';
comment on column metric_batch.n is 'How many samples.';
comment on column metric_batch.format is 'How body is coded; the formats stand in server/metrics/src/batch.rs.';

create index metric_batch_by_received_at on metric_batch (received_at);
