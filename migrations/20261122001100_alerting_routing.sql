-- Whoever decides who is told of what may be killed between any two statements, so routes, silences, and what was told of every alert stand here.
create table alert_routing (
  revision   bigint generated always as identity primary key,
  definition jsonb not null,
  applied_at timestamptz not null,
  applied_by text not null
);
comment on table alert_routing is 'Routes, calendars and inhibitions as applied. The newest revision is in force; older ones are their history.';
comment on column alert_routing.definition is 'As it is written: calendars, routes, inhibitions, and the silences of the files.';

create table alert_silence (
  id             bigint generated always as identity primary key,
  kind           text not null check (kind in ('silence', 'maintenance')),
  matchers       jsonb not null,
  starts_at      timestamptz not null,
  ends_at        timestamptz not null,
  calendar       jsonb,
  comment        text not null,
  created_by     text not null,
  created_person uuid,
  created_at     timestamptz not null,
  expired_at     timestamptz,
  expired_by     text,
  file_name      text,
  check (ends_at > starts_at),
  check ((expired_at is null) = (expired_by is null))
);
comment on table alert_silence is 'Who is not told of what, and until when. Never deleted: what is expired is its history.';
comment on column alert_silence.id is 'The number people say: S-12.';
comment on column alert_silence.matchers is 'A list of texts such as host="app-01"; all must hold.';
comment on column alert_silence.calendar is 'It holds only in these windows; null means all the time.';
comment on column alert_silence.file_name is 'Its name in the files it was applied from; null when somebody made it by hand.';

-- What the notifier asks every second: those that are not over.
create index alert_silence_alive on alert_silence (ends_at) where expired_at is null;

create table alert_group (
  id        bigint generated always as identity primary key,
  route     text not null,
  labels    jsonb not null,
  channels  text[] not null default '{}',
  version   bigint not null default 0,
  episode   bigint not null default 1,
  seq       bigint not null default 0,
  opened_at timestamptz not null,
  paged_at  timestamptz
);
comment on table alert_group is 'Alerts that are told together. Lives as long as one of them; written by the holder of the lease alerting.notifier only.';
comment on column alert_group.route is 'The path of the route that took them: all/database/disks.';
comment on column alert_group.labels is 'The labels they have in common, by which they were put together.';
comment on column alert_group.channels is 'Whom the last page went to, for what is over after its route is gone.';
comment on column alert_group.version is 'Grows with every write, so that a write on old knowledge is refused.';
comment on column alert_group.episode is 'Grows when everything told was over: what is told later is another story.';
comment on column alert_group.seq is 'Pages of this group so far; with the id it is the key under which a page is sent once.';
comment on column alert_group.paged_at is 'When the last page was due that is no mere update.';

create unique index alert_group_by_labels on alert_group (route, md5(labels::text));

create table alert_group_member (
  group_id      bigint not null references alert_group (id) on delete cascade,
  alert_id      bigint not null,
  revision      bigint not null,
  severity      text not null check (severity in ('P0', 'P1', 'P2', 'P3')),
  is_current    boolean not null default true,
  waits_since   timestamptz not null,
  mute          text,
  told_severity text check (told_severity in ('P0', 'P1', 'P2', 'P3')),
  told_held     boolean,
  primary key (group_id, alert_id),
  check ((told_severity is null) = (told_held is null))
);
comment on table alert_group_member is 'What is remembered of an alert in a group: whether somebody was told, and why nobody is.';
comment on column alert_group_member.alert_id is 'No reference: it would lock alerts that an evaluator holds, in another order. An alert that fired is never deleted.';
comment on column alert_group_member.revision is 'Of the routes that put it here.';
comment on column alert_group_member.severity is 'By which it was put here; an alert with another one is routed anew.';
comment on column alert_group_member.is_current is 'Whether the routes still put it here. When not, only its end is told here.';
comment on column alert_group_member.mute is 'Why it tells nobody: "silence 12", "inhibition 20871 silent-host", "calendar nights".';
comment on column alert_group_member.told_severity is 'As it was told last; null when nobody was told.';

create index alert_group_member_by_alert on alert_group_member (alert_id);
