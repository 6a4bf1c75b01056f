-- People live in their calendars, and a calendar can sign in nowhere: it fetches by an address that nobody can guess.

create table oncall_feed (
  id           uuid primary key,
  kind         text not null check (kind in ('person', 'schedule', 'team')),
  person       uuid,
  schedule     uuid references oncall_schedule (id),
  team         text,
  key_hash     bytea not null unique,
  key_prefix   text not null,
  locale       text not null check (locale in ('ja', 'en')),
  made_by      uuid not null,
  made_at      timestamptz not null,
  last_read_at timestamptz,
  check ((kind = 'person') = (person is not null)),
  check ((kind = 'schedule') = (schedule is not null)),
  check ((kind = 'team') = (team is not null))
);
comment on table oncall_feed is 'An address from which a calendar fetches who is on call.';
comment on column oncall_feed.key_hash is 'SHA-256 of the key in the address; the key itself is kept nowhere.';
comment on column oncall_feed.made_by is 'Whose it is: they alone see and remove it.';

create index oncall_feed_by_maker on oncall_feed (made_by);
