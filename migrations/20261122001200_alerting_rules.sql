-- A rule may warn before it is critical, and may say that data are missing; both need what was seen before, across restarts.
alter table alert
  add column level text not null default 'critical' check (level in ('no data', 'warning', 'critical')),
  add column critical_since timestamptz,
  add column matches boolean not null default false,
  add column annotations jsonb not null default '{}';
comment on column alert.level is 'Which threshold of the rule it stands at; severity and threshold are copied from there. No data: the series went silent.';
comment on column alert.critical_since is 'Since when the value is beyond the critical threshold, which may be later than pending_since.';
comment on column alert.matches is 'Of a rule that takes any result for a breach, as Prometheus does: then threshold and direction say nothing.';
comment on column alert.annotations is 'Name to the text in both languages, filled in for this alert at its last tick with a value.';

-- Until now every rule had one threshold, and what it raised was critical from the first crossing on.
update alert set critical_since = pending_since where state <> 'resolved' or still_breaching;

alter table alert_rule add column remembers_since timestamptz;
comment on column alert_rule.remembers_since is 'When it was first evaluated and began to remember its series in alert_series; null while it remembers none.';

create table alert_series (
  rule_id      text not null references alert_rule (id) on delete cascade,
  labels       jsonb not null,
  first_seen   timestamptz not null,
  absent_since timestamptz
);
comment on table alert_series is 'Series that a rule has measured, for rules that tell of missing data or give a new series time. Written only when one comes, goes or returns.';
comment on column alert_series.labels is 'As in alert.labels.';
comment on column alert_series.first_seen is 'The first tick with a value; the epoch for what the first evaluation of the rule found, which is not new.';
comment on column alert_series.absent_since is 'The first tick without a value; null while there is one.';

-- A digest, because an index entry must fit a third of a page.
create unique index alert_series_once on alert_series (rule_id, md5(labels::text));

create table rule_replica (
  owner   text primary key,
  seen_at timestamptz not null
);
comment on table rule_replica is 'Processes that evaluate rules now. Each group belongs to one of them by hash; leases decide, this only spreads.';
