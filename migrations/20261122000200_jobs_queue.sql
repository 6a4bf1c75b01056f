-- Work that must happen later and survive every crash is a row, written in the transaction that made it necessary; who does it holds a lease
-- that ends by itself, because a lock tied to a connection dies with the connection while its holder works on.

create table job (
  id          uuid primary key,
  kind        text not null,
  key         text not null,
  payload     jsonb not null,
  state       text not null check (state in ('waiting', 'running', 'done', 'failed')),
  run_at      timestamptz not null,
  due_at      timestamptz not null,
  attempts    integer not null check (attempts >= 0),
  lease_token uuid,
  last_error  text,
  finished_at timestamptz,
  unique (kind, key),
  check ((state = 'running') = (lease_token is not null)),
  check ((state in ('done', 'failed')) = (finished_at is not null))
);
comment on table job is 'Durable work. Claimed by twenties with FOR UPDATE SKIP LOCKED; a NOTIFY may wake workers, a poll is the truth.';
comment on column job.key is 'The same kind and key is the same job: enqueueing it twice does nothing, as long as the row is kept.';
comment on column job.run_at is 'When it was asked for. Never changes.';
comment on column job.due_at is 'From when on it may be claimed: run_at, the next try after a retry, or the end of the lease while it runs.';
comment on column job.attempts is 'Counted when claimed, so that an attempt that killed its worker counts.';
comment on column job.lease_token is 'New at every claim. Every later write names it, so that a worker that was given up cannot write.';

create index job_due on job (due_at) where state in ('waiting', 'running');
create index job_finished on job (finished_at) where finished_at is not null;

create table job_schedule (
  name     text primary key,
  kind     text not null,
  payload  jsonb not null,
  every_ms bigint not null check (every_ms > 0),
  next_at  timestamptz not null
);
comment on table job_schedule is 'Recurring work: when next_at has come, one job of this kind is enqueued and next_at moves into the future.';

create index job_schedule_next on job_schedule (next_at);

create table lease (
  name        text primary key,
  owner       text not null,
  epoch       bigint not null,
  lease_until timestamptz not null
);
comment on table lease is 'Who leads what. A leader names its epoch in every writing transaction (select ... for key share); a newer one fences it out.';
comment on column lease.owner is 'A process, named anew at every start. Empty before the first leader.';
comment on column lease.epoch is 'Grows by one with every change of leader.';
