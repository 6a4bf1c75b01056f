-- Other tools raise alerts too. Who may send, what came of it, and by which key a sender knows an alert must outlive any process: a resolve
-- may come weeks after its trigger, to another replica.
create table integration (
  id               uuid primary key,
  name             text not null,
  slug             text not null,
  kind             text not null check (kind in ('alertmanager', 'grafana', 'datadog', 'pagerduty', 'json')),
  key_hash         bytea not null check (length(key_hash) = 32),
  key_prefix       text not null,
  is_enabled       boolean not null default true,
  default_severity text not null check (default_severity in ('P0', 'P1', 'P2', 'P3')),
  severities       jsonb not null default '{}',
  labels           jsonb not null default '{}',
  mapping          jsonb not null default '{}',
  draft            jsonb not null default '{}',
  example          text not null default '',
  timeout_ms       bigint check (timeout_ms >= 60000),
  received         bigint not null default 0,
  refused          bigint not null default 0,
  last_received_at timestamptz,
  last_refused_at  timestamptz,
  made_at          timestamptz not null,
  made_by          text not null,
  removed_at       timestamptz
);
comment on table integration is 'A tool that may send alerts. Never deleted: alerts keep its name. Who takes what it sent locks the row here first, then alerts by id.';
comment on column integration.slug is 'Its name in labels and routes: integration="tokyo-prometheus".';
comment on column integration.key_hash is 'SHA-256 of the key, which is shown once.';
comment on column integration.key_prefix is 'The first characters of the key, by which people tell keys apart.';
comment on column integration.severities is 'The sender''s word, in lower case, to P0 … P3; what is not here is read as usual, or is the default.';
comment on column integration.labels is 'The sender''s label to ours; an empty name drops it.';
comment on column integration.mapping is 'Of the kind json: where in a body each part of an alert stands.';
comment on column integration.draft is 'The mapping that is being tried on the example.';
comment on column integration.timeout_ms is 'An alert that was not sent again for so long is resolved; null: never.';

create unique index integration_by_key on integration (key_hash) where removed_at is null;
create unique index integration_by_slug on integration (slug) where removed_at is null;

create table integration_receipt (
  id             bigint generated always as identity primary key,
  integration_id uuid not null references integration (id),
  at             timestamptz not null,
  is_taken       boolean not null,
  said           text not null,
  n_fired        integer not null default 0,
  n_updated      integer not null default 0,
  n_resolved     integer not null default 0,
  n_left         integer not null default 0,
  n_bytes        integer not null default 0,
  digest         bytea,
  payload        text
);
comment on table integration_receipt is 'The newest requests of each integration, for people who connect a tool. Older ones are dropped as new ones come.';
comment on column integration_receipt.said is 'Of what was taken, its first sentence; of what was refused, the reason.';
comment on column integration_receipt.n_left is 'What changed nothing: known already, late, or about an alert that nobody raised.';
comment on column integration_receipt.digest is 'Of a change that carries its own time, by which the same one is known when it is sent again.';
comment on column integration_receipt.payload is 'Of the kind json, the beginning of the body, to try a mapping on.';

create index integration_receipt_newest on integration_receipt (integration_id, id desc);

alter table alert
  add column integration_id uuid,
  add column dedup_key text,
  add column source_url text,
  add column started_at timestamptz,
  add column ends_at timestamptz,
  add column silent_at timestamptz,
  add check ((integration_id is null) = (dedup_key is null));
comment on column alert.integration_id is 'Who raised it, when no rule of ours did. Then rule_id is the slug, a slash, and the name that the sender gives it.';
comment on column alert.dedup_key is 'By what the sender knows it. Its identity, in place of rule and labels.';
comment on column alert.source_url is 'Where it stands in the sender''s tool.';
comment on column alert.started_at is 'When it began as the sender says; an older or equal one that comes after the end is late, and no new alert.';
comment on column alert.ends_at is 'When it is over unless it is sent again, as the sender says.';
comment on column alert.silent_at is 'The same as the time-out of the integration says.';

alter table alert drop constraint alert_resolved_reason_check;
alter table alert add constraint alert_resolved_reason_check check (
  resolved_reason in ('recovered', 'by hand', 'rule deleted', 'rule changed', 'no data', 'source removed')
);

-- Two alerts of a sender may have the same labels; the key tells them apart.
drop index alert_living;
create unique index alert_living on alert (rule_id, md5(labels::text))
  where integration_id is null and (state <> 'resolved' or still_breaching);
create unique index alert_living_of_sender on alert (integration_id, dedup_key) where integration_id is not null and state = 'firing';
create index alert_by_dedup_key on alert (integration_id, dedup_key, id desc) where integration_id is not null;
create index alert_due on alert (least(ends_at, silent_at)) where integration_id is not null and state = 'firing';
