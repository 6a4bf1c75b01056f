-- An evaluator may be killed between any two statements, so rules, how far each group was evaluated, and every alert's state stand here.
create sequence rule_revision;
comment on sequence rule_revision is 'One number per change of a group; an evaluator that holds an older number must reload.';

create table rule_group (
  name         text primary key,
  file         text not null,
  position     integer not null,
  interval_ms  bigint not null check (interval_ms >= 1000),
  revision     bigint not null default nextval('rule_revision'),
  last_tick    timestamptz,
  last_took_ms bigint,
  missed       bigint not null default 0
);
comment on table rule_group is 'Rules that are evaluated together, at the same ticks. Who writes rules or a tick locks the row here first, then alerts by id.';
comment on column rule_group.file is 'The file it was applied from, as shown to people.';
comment on column rule_group.position is 'Order in the files.';
comment on column rule_group.last_tick is 'The newest evaluated tick, a multiple of interval_ms; only ever grows.';
comment on column rule_group.last_took_ms is 'How long the evaluation of that tick took.';
comment on column rule_group.missed is 'Ticks that were skipped because an evaluation was too slow or nobody evaluated for too long.';

create table alert_rule (
  id            text primary key,
  group_name    text not null references rule_group (name),
  position      integer not null,
  definition    jsonb not null,
  evaluated_at  timestamptz,
  took_ms       bigint,
  series        bigint,
  errors        bigint not null default 0,
  errors_in_row bigint not null default 0,
  last_error    text,
  last_error_at timestamptz
);
comment on table alert_rule is 'Rules as applied, and how their last evaluation went.';
comment on column alert_rule.definition is 'The rule as checked: names, summary, expr, condition, unit, durations, severity, runbook, labels.';
comment on column alert_rule.series is 'How many series the last evaluation measured.';
comment on column alert_rule.errors_in_row is 'Failed evaluations since the last good one; 0 means that last_error is past.';

create index alert_rule_by_group on alert_rule (group_name, position);

create table alert (
  id                   bigint generated always as identity primary key,
  rule_id              text not null,
  labels               jsonb not null,
  name_ja              text not null,
  name_en              text not null,
  summary_ja           text not null,
  summary_en           text not null,
  severity             text not null check (severity in ('P0', 'P1', 'P2', 'P3')),
  direction            text not null check (direction in ('above', 'below')),
  threshold            double precision not null,
  unit                 text not null,
  for_ms               bigint not null,
  state                text not null check (state in ('pending', 'firing', 'resolved')),
  value                double precision,
  value_at             timestamptz,
  pending_since        timestamptz not null,
  fired_at             timestamptz,
  clear_since          timestamptz,
  absent_since         timestamptz,
  resolved_at          timestamptz,
  resolved_reason      text check (resolved_reason in ('recovered', 'by hand', 'rule deleted', 'rule changed', 'no data')),
  still_breaching      boolean not null default false,
  acknowledged_by      text,
  acknowledged_person  uuid,
  acknowledged_at      timestamptz,
  acknowledged_comment text,
  check ((state = 'pending') = (fired_at is null)),
  check ((state = 'resolved') = (resolved_at is not null)),
  check ((resolved_at is null) = (resolved_reason is null)),
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check (not still_breaching or state = 'resolved')
);
comment on table alert is 'One firing, or pending, of a rule for one set of labels. Kept when its rule goes, hence no reference and a copy of what people see.';
comment on column alert.id is 'The number people say: A-20871. A pending one that clears leaves a gap.';
comment on column alert.labels is 'Its identity: labels of the result without __name__, and the labels of the rule. Name to value.';
comment on column alert.pending_since is 'When the condition was crossed.';
comment on column alert.clear_since is 'First tick without a breach while keep_firing_for runs.';
comment on column alert.absent_since is 'First tick without data; a firing alert is not resolved by missing data until a day has passed.';
comment on column alert.still_breaching is 'Resolved by hand while the condition held: no new alert for these labels until it was clear once.';

-- At most one living alert for a rule and a set of labels. A digest, because an index entry must fit a third of a page.
create unique index alert_living on alert (rule_id, md5(labels::text)) where state <> 'resolved' or still_breaching;
create index alert_by_rule on alert (rule_id, id desc);
create index alert_open on alert (id desc) where state <> 'resolved';
