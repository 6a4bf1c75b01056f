-- Buttons and other pagers answer by calling us, and a browser can only be reached by a key it was given: a request that was heard once
-- must not act twice, whoever pressed must be somebody, and what reaches a browser must survive a restart.

create table hook_seen (
  source     text not null check (source in ('slack', 'pagerduty')),
  id         bytea not null,
  expires_at timestamptz not null,
  primary key (source, id)
);
comment on table hook_seen is 'Signed requests that were heard, for as long as the same one could come again. Slack: the signature; PagerDuty: channel and id of what happened, hashed.';

create index hook_seen_expired on hook_seen (expires_at);

create table slack_person (
  team       text not null,
  slack_user text not null,
  person     uuid not null,
  linked_at  timestamptz not null,
  primary key (team, slack_user)
);
comment on table slack_person is 'Which of our people somebody in a Slack workspace is, found once by the address that Slack knows them by.';
comment on column slack_person.person is 'A person of the identity room. Whether they may still come in is asked there every time.';

create table push_key (
  is_only boolean primary key default true check (is_only),
  public  text not null,
  sealed  bytea not null,
  made_at timestamptz not null
);
comment on table push_key is 'The one key by which push services know this installation (RFC 8292). Every subscription belongs to it, so it is made once.';
comment on column push_key.sealed is 'Its private half, encrypted under a key that the database does not have.';

create table push_subscription (
  id       uuid primary key,
  person   uuid not null,
  endpoint bytea not null unique,
  sealed   bytea not null,
  agent    text not null,
  made_at  timestamptz not null,
  used_at  timestamptz
);
comment on table push_subscription is 'A browser in which somebody switched pages on.';
comment on column push_subscription.endpoint is 'SHA-256 of the address, which is itself a secret: the same browser again is the same row.';
comment on column push_subscription.sealed is 'Address and keys as the browser gave them, encrypted under a key that the database does not have.';
comment on column push_subscription.agent is 'How the browser called itself when it was switched on.';
comment on column push_subscription.used_at is 'When a push service last took a page for it.';

create index push_subscription_by_person on push_subscription (person);

-- What PagerDuty says is about the incident whose key we gave it.
create index delivery_by_reference on delivery (channel, reference) where reference is not null;
