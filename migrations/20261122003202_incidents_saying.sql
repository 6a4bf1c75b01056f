-- A channel where people talk belongs to another service that may be slow or gone: what is to be done there waits in rows, in its order, and
-- is done when it can be.

create table incident_saying (
  id          bigint generated always as identity primary key,
  incident    bigint not null references incident (id),
  what        text not null check (what in ('open', 'invite', 'topic', 'say')),
  body        jsonb not null,
  made_at     timestamptz not null,
  attempts    integer not null default 0,
  next_at     timestamptz,
  lease_until timestamptz,
  done_at     timestamptz,
  error       text,
  check ((done_at is null) = (next_at is not null))
);
comment on table incident_saying is 'What is to be done in the channel of an incident, one after the other.';
comment on column incident_saying.next_at is 'Not before this moment; null when it is done or given up.';
comment on column incident_saying.lease_until is 'Somebody is at it until then.';
comment on column incident_saying.error is 'Why it did not go, the last time.';
create index incident_saying_due on incident_saying (incident, id) where done_at is null;
create index incident_saying_done on incident_saying (done_at) where done_at is not null;
