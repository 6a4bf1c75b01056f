-- An alert says that a number is wrong; what people do about it, who has it and who waits, is another story, and has to survive the night.
-- So an incident is a row with its moments, and all that happens in it is a line of a timeline that nobody can rewrite.

create table incident_setup (
  is_the_one boolean primary key default true check (is_the_one),
  version    bigint not null check (version > 0),
  definition jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null
);
comment on table incident_setup is 'How this organisation handles incidents: its levels and what it promises for each. One row, or none for the presets.';
comment on column incident_setup.version is 'Grows with every change; who changes it names the version that was looked at.';

create table incident (
  id              bigint generated always as identity primary key,
  version         bigint not null check (version > 0),
  title           text not null check (title <> ''),
  summary         text not null,
  team            uuid,
  systems         text[] not null,
  level           jsonb not null,
  code            text not null,
  severity        text not null check (severity in ('P0', 'P1', 'P2', 'P3')),
  status          text not null check (status in ('declared', 'acknowledged', 'identified', 'mitigated', 'resolved', 'closed', 'merged', 'dismissed')),
  source          text not null check (source in ('hand', 'alert', 'group', 'rule', 'split')),
  source_ref      text,
  is_private      boolean not null,
  insiders        uuid[] not null,
  declared_by     text not null,
  declared_person uuid,
  declared_at     timestamptz not null,
  detected_at     timestamptz,
  acknowledged_at timestamptz,
  mitigated_at    timestamptz,
  resolved_at     timestamptz,
  closed_at       timestamptz,
  moments         jsonb not null,
  commander       uuid,
  communications  uuid,
  scribe          uuid,
  responders      uuid[] not null,
  no_follow_ups   boolean not null,
  merged_into     bigint references incident (id),
  split_from      bigint references incident (id),
  room            jsonb,
  room_looked_at  timestamptz,
  check ((status = 'merged') = (merged_into is not null))
);
comment on table incident is 'The human side of something that goes wrong. Its row is the lock for all that people change in it.';
comment on column incident.version is 'Grows with every change by people; who changes it names the version that was looked at.';
comment on column incident.team is 'The team of the identity room that owns what is broken.';
comment on column incident.level is 'The level as it was when it was set: a change of the levels changes no promise that was given.';
comment on column incident.severity is 'Of the level, in the order of the house.';
comment on column incident.source_ref is 'What it was declared from: a second wish of the same source joins the open one.';
comment on column incident.insiders is 'Who may see it besides those with a part in it, while it is private.';
comment on column incident.moments is 'When each part of the nine steps became so, beyond those with a column.';
comment on column incident.no_follow_ups is 'Somebody said that none is needed.';
comment on column incident.room is 'The channel where people talk about it.';
comment on column incident.room_looked_at is 'Until when messages of that channel were looked for marks.';

create index incident_open on incident (id) where status in ('declared', 'acknowledged', 'identified', 'mitigated');
create unique index incident_by_source on incident (source_ref)
  where source_ref is not null and status in ('declared', 'acknowledged', 'identified', 'mitigated');
create index incident_by_declaration on incident (declared_at);
create index incident_merged on incident (merged_into) where merged_into is not null;
create index incident_split on incident (split_from) where split_from is not null;

create table incident_alert (
  alert      bigint primary key,
  incident   bigint not null references incident (id),
  origin     bigint not null references incident (id),
  linked_at  timestamptz not null,
  linked_by  text not null,
  read_at    timestamptz
);
comment on table incident_alert is 'Alerts of the alerting room that an incident is about; an alert belongs to one incident at most.';
comment on column incident_alert.origin is 'The incident it was linked to first: when a merge is undone it goes back there.';
comment on column incident_alert.read_at is 'When what had happened to it before it was linked was written into the timeline. Null: not yet.';
create index incident_alert_by_incident on incident_alert (incident);
create index incident_alert_unread on incident_alert (alert) where read_at is null;

create table incident_entry (
  id            bigint generated always as identity primary key,
  incident      bigint not null references incident (id),
  origin        bigint not null references incident (id),
  at            timestamptz not null,
  written_at    timestamptz not null,
  kind          text not null,
  author        text not null,
  author_person uuid,
  text          text not null,
  body          jsonb not null,
  source        text,
  corrects      bigint references incident_entry (id)
);
comment on table incident_entry is 'Lines of timelines. Append-only: a mistake is corrected by another line.';
comment on column incident_entry.incident is 'In whose timeline it stands now; a merge or a split moves it.';
comment on column incident_entry.origin is 'In whose timeline it was written.';
comment on column incident_entry.at is 'When it happened; written_at is when it was written down.';
comment on column incident_entry.source is 'The Fact or message it tells of: each is told once.';
create index incident_entry_in_order on incident_entry (incident, at, id);
create index incident_entry_by_origin on incident_entry (origin, at, id);
create unique index incident_entry_by_source on incident_entry (origin, source) where source is not null;
create index incident_entry_corrections on incident_entry (corrects) where corrects is not null;

create function incident_entry_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'incident_entry is append-only: % refused', tg_op;
end $$;
create trigger incident_entry_no_rewrite
  before delete or update of origin, at, written_at, kind, author, author_person, text, body, source, corrects
  on incident_entry for each row execute function incident_entry_is_append_only();

create table incident_pin (
  entry     bigint primary key references incident_entry (id),
  pinned_by text not null,
  pinned_at timestamptz not null
);
comment on table incident_pin is 'Lines that matter: a postmortem begins with them.';

create table incident_graph (
  id        bigint generated always as identity primary key,
  incident  bigint not null references incident (id),
  title     text not null,
  query     text not null,
  from_at   timestamptz not null,
  until_at  timestamptz not null,
  step_ms   bigint not null check (step_ms > 0),
  data      jsonb not null,
  frozen_at timestamptz not null
);
comment on table incident_graph is 'Graphs as they were: samples go after a while, and what was seen then must not.';

create table incident_cursor (
  reader text primary key,
  xact   bigint not null,
  fact   bigint not null
);
comment on table incident_cursor is 'How far this room has read the Facts of the others.';
