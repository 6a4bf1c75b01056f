-- Who may come in, and as whom: people, teams, sessions, tokens, and the buckets that slow guessing down. Every secret stands here only
-- as a hash, so that a copy of the database opens no door.

create table organisation (
  singleton boolean primary key default true check (singleton),
  name      text not null,
  made_at   timestamptz not null
);
comment on table organisation is 'The one organisation of this installation; its row exists from set-up on.';
comment on column organisation.singleton is 'Always true: there can be one row.';

create table set_up_code (
  singleton  boolean primary key default true check (singleton),
  code_hash  bytea not null,
  expires_at timestamptz not null
);
comment on table set_up_code is 'The one-time code that lets the first person in; no row once somebody exists.';
comment on column set_up_code.code_hash is 'SHA-256 of a code of 256 random bits.';

create table person (
  id            uuid primary key,
  name          text not null,
  email         text not null,
  email_key     text not null unique,
  password_hash text,
  role          text not null check (role in ('viewer', 'responder', 'editor', 'admin')),
  locale        text not null default 'ja',
  zone          text not null default 'Asia/Tokyo',
  theme         text not null default 'auto',
  made_at       timestamptz not null,
  disabled_at   timestamptz,
  seen_at       timestamptz
);
comment on table person is 'People are disabled, never deleted: Facts go on naming them.';
comment on column person.email is 'As written.';
comment on column person.email_key is 'Lower case, by which it is compared.';
comment on column person.password_hash is 'argon2id as a PHC string; null until an invited person has joined.';
comment on column person.role is 'Organisation-wide; a team may lift it.';
comment on column person.seen_at is 'Last use of any session, to the minute.';

create table invitation (
  person_id  uuid primary key references person (id) on delete cascade,
  code_hash  bytea not null unique,
  made_at    timestamptz not null,
  expires_at timestamptz not null
);
comment on table invitation is 'One-time codes of people who have not joined yet.';
comment on column invitation.code_hash is 'SHA-256 of a code of 256 random bits.';

create table team (
  id       uuid primary key,
  name     text not null,
  name_key text not null unique,
  made_at  timestamptz not null
);
comment on table team is 'A team of people.';
comment on column team.name_key is 'Lower case, by which it is compared.';

create table team_member (
  team_id   uuid not null references team (id) on delete cascade,
  person_id uuid not null references person (id) on delete cascade,
  role      text not null check (role in ('viewer', 'responder', 'editor', 'admin')),
  primary key (team_id, person_id)
);
comment on table team_member is 'The role somebody has for what belongs to a team; the higher of this and the organisation-wide one counts.';
create index team_member_by_person on team_member (person_id);

create table session (
  id         uuid primary key,
  person_id  uuid not null references person (id) on delete cascade,
  token_hash bytea not null unique,
  made_at    timestamptz not null,
  seen_at    timestamptz not null,
  expires_at timestamptz not null,
  address    text not null,
  agent      text not null
);
comment on table session is 'A signed-in browser. Ended sessions are deleted; Facts remember them.';
comment on column session.token_hash is 'SHA-256 of a token of 256 random bits.';
comment on column session.seen_at is 'Last use, to the minute; the idle limit counts from here.';
comment on column session.expires_at is 'The absolute limit.';
comment on column session.address is 'Where it was made.';
create index session_by_person on session (person_id);

create table known_device (
  token_hash bytea primary key,
  person_id  uuid not null references person (id) on delete cascade,
  seen_at    timestamptz not null
);
comment on table known_device is 'Browsers that once signed in: each has its own throttle bucket, so that a flood of guesses cannot keep the owner out.';
comment on column known_device.seen_at is 'Last successful sign-in.';
create index known_device_by_person on known_device (person_id);

create table api_token (
  id           uuid primary key,
  short_id     text not null unique,
  kind         text not null,
  person_id    uuid not null references person (id) on delete cascade,
  name         text not null,
  secret_hash  bytea not null,
  scopes       text[] not null,
  role         text not null check (role in ('viewer', 'responder', 'editor', 'admin')),
  made_at      timestamptz not null,
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  used_at      timestamptz,
  used_address text,
  used_agent   text
);
comment on table api_token is 'What programs sign in with. Acts for its maker, with at most the maker''s present role.';
comment on column api_token.short_id is 'The eight characters in the token''s text by which it is found.';
comment on column api_token.secret_hash is 'SHA-256 of the whole text, which holds 256 random bits.';
comment on column api_token.used_at is 'Last use, to the minute.';
create index api_token_by_person on api_token (person_id);

create table sign_in_throttle (
  bucket        text primary key,
  failures      integer not null,
  since         timestamptz not null,
  delays        integer not null,
  delayed_until timestamptz,
  changed_at    timestamptz not null
);
comment on table sign_in_throttle is 'Failed sign-ins per account, address, device and overall. Shared by replicas; old rows are swept.';
comment on column sign_in_throttle.bucket is 'global, account:<hash>, address:<network>, device:<hash>, password:<person>.';
comment on column sign_in_throttle.since is 'When the first of these failures was.';
comment on column sign_in_throttle.delays is 'How many delays were started in a row; each is twice as long as the one before.';
create index sign_in_throttle_by_age on sign_in_throttle (changed_at);
