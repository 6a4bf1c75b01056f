-- What was promised to those who wait must be told before it is broken and written down when it is, also when every process died meanwhile.

create table incident_follow_up (
  id       bigint generated always as identity primary key,
  incident bigint not null references incident (id),
  origin   bigint not null references incident (id),
  version  bigint not null check (version > 0),
  title    text not null check (title <> ''),
  owner    uuid,
  due_on   date,
  url      text,
  made_by  text not null,
  made_at  timestamptz not null,
  done_by  text,
  done_at  timestamptz
);
comment on table incident_follow_up is 'What is to be done so that it does not happen again. It outlives its incident.';
create index incident_follow_up_by_incident on incident_follow_up (incident);
create index incident_follow_up_open on incident_follow_up (due_on) where done_at is null;

create table incident_task (
  id       bigint generated always as identity primary key,
  incident bigint not null references incident (id),
  origin   bigint not null references incident (id),
  version  bigint not null check (version > 0),
  title    text not null check (title <> ''),
  owner    uuid,
  due_at   timestamptz,
  made_by  text not null,
  made_at  timestamptz not null,
  done_by  text,
  done_at  timestamptz
);
comment on table incident_task is 'What somebody is to do while it goes on.';
create index incident_task_by_incident on incident_task (incident);

create table incident_clock (
  id            bigint generated always as identity primary key,
  incident      bigint not null references incident (id),
  kind          text not null check (kind in ('ack', 'update', 'resolve', 'followup')),
  follow_up     bigint references incident_follow_up (id),
  started_at    timestamptz not null,
  length_ms     bigint not null,
  basis         text not null check (basis in ('elapsed', 'business')),
  at_risk_at    timestamptz not null,
  due_at        timestamptz not null,
  met_at        timestamptz,
  warned_at     timestamptz,
  breached_at   timestamptz,
  ended_at      timestamptz,
  wakes_at      timestamptz,
  calendar_mark text not null,
  check ((kind = 'followup') = (follow_up is not null))
);
comment on table incident_clock is 'Promises with a time: when they are at risk, when they are due, and what became of them.';
comment on column incident_clock.ended_at is 'Nothing is promised any more: the incident was merged, dismissed, or the level asks for none.';
comment on column incident_clock.wakes_at is 'When somebody must look at it again. Null: never.';
comment on column incident_clock.calendar_mark is 'The calendar by which it was reckoned: when that changes, clocks that run are reckoned anew.';
create index incident_clock_by_incident on incident_clock (incident);
create index incident_clock_due on incident_clock (wakes_at) where wakes_at is not null;
create unique index incident_clock_one_open on incident_clock (incident, kind)
  where met_at is null and ended_at is null and follow_up is null;
create index incident_clock_business on incident_clock (calendar_mark) where met_at is null and ended_at is null and basis = 'business';
create index incident_clock_breached on incident_clock (breached_at) where breached_at is not null;

create table incident_update (
  id       bigint generated always as identity primary key,
  incident bigint not null references incident (id),
  at       timestamptz not null,
  author   text not null,
  person   uuid,
  ja       text not null,
  en       text not null,
  code     text not null,
  status   text not null,
  next_at  timestamptz,
  check (ja <> '' or en <> '')
);
comment on table incident_update is 'What those who wait were told, in both languages.';
comment on column incident_update.code is 'The level and the status as they were then.';
create index incident_update_by_incident on incident_update (incident, id);

create table incident_follower (
  incident bigint not null references incident (id),
  person   uuid not null,
  primary key (incident, person)
);
comment on table incident_follower is 'Who wants to hear the updates.';
