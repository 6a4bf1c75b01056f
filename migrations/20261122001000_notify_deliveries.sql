-- A page that only lives in a process dies with it, so each one is a row, written in the transaction that made it necessary, and whoever
-- sends it holds a lease that ends by itself. What was tried, when and with what answer is kept, because nobody believes a pager without a log.

create table channel (
  name        text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  kind        text not null,
  version     bigint not null check (version > 0),
  settings    jsonb not null,
  sealed      bytea not null,
  secrets     text[] not null,
  enabled     boolean not null,
  last_resort boolean not null,
  locale      text not null check (locale in ('ja', 'en')),
  zone        text not null,
  changed_by  text not null,
  changed_at  timestamptz not null
);
comment on table channel is 'A way to reach people: one Slack channel, one mailbox, one phone. Routes name it.';
comment on column channel.kind is 'slack, email, pagerduty … Never changes under one name.';
comment on column channel.version is 'Grows with every change; who changes a channel names the version that was looked at.';
comment on column channel.settings is 'What may be shown.';
comment on column channel.sealed is 'The secrets, encrypted under a key that the database does not have. Never read back to anybody.';
comment on column channel.secrets is 'The names of the secrets that are set.';
comment on column channel.last_resort is 'Takes pages that no other channel could deliver, or that were meant for one that does not exist.';

create unique index channel_last_resort on channel (last_resort) where last_resort;

create table channel_version (
  name        text not null,
  version     bigint not null,
  kind        text not null,
  settings    jsonb not null,
  secrets     text[] not null,
  replaced    text[] not null,
  enabled     boolean not null,
  last_resort boolean not null,
  removed     boolean not null,
  changed_by  text not null,
  changed_at  timestamptz not null,
  primary key (name, version)
);
comment on table channel_version is 'Every change of a channel, also of those that were removed. Holds no secret.';
comment on column channel_version.replaced is 'The secrets that were given anew with this version.';

create table delivery (
  id               uuid primary key,
  seq              bigint generated always as identity unique,
  key              text not null unique,
  group_key        text not null,
  kind             text not null check (kind in ('fired', 'again', 'acknowledged', 'resolved', 'test')),
  origin           text not null,
  channel          text not null,
  next             text[] not null,
  tried            text[] not null,
  alerts           bigint[] not null,
  withdrawn        bigint[] not null default '{}',
  withdrawn_why    text check (withdrawn_why in ('acknowledged', 'resolved', 'silenced', 'newer', 'nobody told')),
  words            jsonb not null,
  why              text not null,
  state            text not null check (state in ('due', 'sending', 'sent', 'failed', 'superseded')),
  at               timestamptz not null,
  due_at           timestamptz not null,
  pass_on_at       timestamptz,
  attempts         integer not null default 0 check (attempts >= 0),
  first_attempt_at timestamptz,
  lease_token      uuid,
  reference        text,
  last_error       text,
  ended_at         timestamptz,
  check ((state = 'sending') = (lease_token is not null)),
  check ((state in ('sent', 'failed', 'superseded')) = (ended_at is not null)),
  check ((attempts = 0) = (first_attempt_at is null))
);
comment on table delivery is 'One page, or one word that a page is over, to one channel. Claimed with FOR UPDATE SKIP LOCKED by a poll.';
comment on column delivery.seq is 'The order in which they were asked for; also the place in lists.';
comment on column delivery.key is 'The idempotency key: the same for every attempt, sent along to the provider. Asking for the same key twice does nothing.';
comment on column delivery.group_key is 'What belongs together in one conversation: a route, its labels, and the episode.';
comment on column delivery.origin is 'The channel the route named; another than channel when the page was passed on.';
comment on column delivery.next is 'The channels that come after this one, in order.';
comment on column delivery.tried is 'The channels that came before this one.';
comment on column delivery.alerts is 'The numbers of the alerts it is about.';
comment on column delivery.withdrawn is 'Those of them that nobody need hear of any more. When that is all of them, it is not sent again.';
comment on column delivery.words is 'What there is to say about the alerts, in both languages.';
comment on column delivery.why is 'Why it was asked for, in the words of whoever asked.';
comment on column delivery.due_at is 'From when on it may be claimed: at, the next try, or the end of the lease while it is being sent.';
comment on column delivery.pass_on_at is 'When the next channel is to be asked unless somebody has taken the page; null when that is settled.';
comment on column delivery.attempts is 'Counted when claimed, so that an attempt that killed its worker counts.';
comment on column delivery.lease_token is 'New at every claim. Every later write names it, so that a worker that was given up cannot write.';
comment on column delivery.reference is 'What the provider calls the message, for updates and threads.';

create index delivery_open on delivery (due_at) where state in ('due', 'sending');
create index delivery_to_pass_on on delivery (pass_on_at) where pass_on_at is not null;
create index delivery_by_group on delivery (group_key, channel, seq);
create index delivery_by_alert on delivery using gin (alerts);
create index delivery_by_channel on delivery (channel, ended_at desc);
create index delivery_ended on delivery (ended_at) where ended_at is not null;

create table delivery_attempt (
  delivery uuid not null references delivery (id) on delete cascade,
  attempt  integer not null check (attempt > 0),
  worker   text not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  outcome  text check (outcome in ('sent', 'retry', 'refused', 'unknown', 'lost')),
  detail   text,
  took_ms  bigint,
  primary key (delivery, attempt),
  check ((ended_at is null) = (outcome is null))
);
comment on table delivery_attempt is 'Every request that was made, written before it was made: one without an end is one whose worker went away.';
comment on column delivery_attempt.outcome is 'unknown: it was sent, and no answer came. lost: the worker died or lost its lease.';
comment on column delivery_attempt.detail is 'What the provider said, without secrets.';
