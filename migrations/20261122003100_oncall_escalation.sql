-- When nobody answers, somebody else must be paged, and that has to survive the death of whoever counts the minutes. So what happens next is
-- a row with a moment, and any number of processes may do it; and why somebody was paged, or nobody, is written down as it happens.

create table oncall_policy (
  name         text primary key check (char_length(name) between 1 and 64),
  version      bigint not null check (version > 0),
  definition   jsonb not null,
  is_from_file boolean not null,
  changed_by   text not null,
  changed_at   timestamptz not null
);
comment on table oncall_policy is 'Who is paged one after the other. Routes name it.';
comment on column oncall_policy.version is 'Grows with every change; who changes a policy names the version that was looked at.';
comment on column oncall_policy.definition is 'As it is written in a file.';
comment on column oncall_policy.is_from_file is 'Came with the files that were applied last; goes when they no longer have it.';

create table oncall_contact (
  id           uuid primary key,
  person       uuid not null,
  kind         text not null check (kind in ('push', 'slack', 'sms', 'voice', 'email')),
  label        text not null,
  shown        text not null,
  sealed       bytea not null,
  mark         bytea not null,
  locale       text not null check (locale in ('ja', 'en')),
  zone         text not null,
  made_at      timestamptz not null,
  verified_at  timestamptz,
  code         bytea,
  code_until   timestamptz,
  code_sent_at timestamptz,
  codes_sent   integer not null default 0,
  guesses      integer not null default 0,
  last_ok_at   timestamptz,
  last_fail_at timestamptz,
  last_error   text,
  unique (person, kind, mark)
);
comment on table oncall_contact is 'A way to one person: a telephone, a mailbox. Nobody is paged by one that was not verified.';
comment on column oncall_contact.person is 'A person of the identity room.';
comment on column oncall_contact.shown is 'Enough of the address to know it by.';
comment on column oncall_contact.sealed is 'The address, encrypted under a key that the database does not have.';
comment on column oncall_contact.mark is 'A keyed hash of the address: the same one again is refused.';
comment on column oncall_contact.code is 'A keyed hash of the code that was sent there, until it is typed in.';
comment on column oncall_contact.last_error is 'What the provider said when it last failed.';

create table oncall_personal_rule (
  person   uuid not null,
  urgency  text not null check (urgency in ('high', 'low')),
  position integer not null check (position >= 0),
  after_ms bigint not null check (after_ms >= 0),
  contact  uuid not null references oncall_contact (id) on delete cascade,
  primary key (person, urgency, position)
);
comment on table oncall_personal_rule is 'How somebody wants to be paged: by this contact, so long after they were first needed.';

create table oncall_run (
  id                  uuid primary key,
  number              bigint generated always as identity unique,
  story               text not null,
  policy              text not null,
  snapshot            jsonb not null,
  route               text not null,
  severity            text not null check (severity in ('P0', 'P1', 'P2', 'P3')),
  alerts              bigint[] not null,
  settled             bigint[] not null,
  words               jsonb not null,
  state               text not null check (state in ('running', 'spent', 'acknowledged', 'over')),
  step                integer not null check (step >= 0),
  pass                integer not null check (pass >= 0),
  has_reached         boolean not null,
  was_empty           boolean not null,
  next_step_at        timestamptz,
  due_at              timestamptz,
  started_at          timestamptz not null,
  first_page_at       timestamptz,
  acknowledged_at     timestamptz,
  acknowledged_by     text,
  acknowledged_person uuid,
  nobody_at           timestamptz,
  ended_at            timestamptz,
  ended_why           text,
  check (ended_at is null or due_at is null),
  check ((state = 'running') = (next_step_at is not null))
);
comment on table oncall_run is 'One escalation of one story of alerts. Its row is the lock for everything that happens in it.';
comment on column oncall_run.number is 'The order in which they began; also the place in lists.';
comment on column oncall_run.story is 'As in delivery.group_key: a group of alerts, from the first page to the word that all is over.';
comment on column oncall_run.snapshot is 'The policy as it was when this began. Whom its schedules mean is asked when a step fires.';
comment on column oncall_run.settled is 'Those of alerts that somebody has, or that are over.';
comment on column oncall_run.words is 'What there is to say about the alerts, as whoever asked for this wrote it.';
comment on column oncall_run.step is 'The step that fires next, from 0; as many as there are steps means the end of the pass.';
comment on column oncall_run.has_reached is 'Whether somebody could be paged in this pass.';
comment on column oncall_run.was_empty is 'Whether a step of this pass had nobody who could be paged.';
comment on column oncall_run.due_at is 'When something is to be done here: the next step, or a page. Null when nothing is.';
comment on column oncall_run.nobody_at is 'When it was found that no step can reach anybody.';

create unique index oncall_run_live on oncall_run (story, policy) where ended_at is null;
create index oncall_run_due on oncall_run (due_at) where due_at is not null;
create index oncall_run_by_alert on oncall_run using gin (alerts);
create index oncall_run_by_story on oncall_run (story);
create index oncall_run_ended on oncall_run (ended_at) where ended_at is not null;

create table oncall_page (
  id      uuid primary key,
  run     uuid not null references oncall_run (id) on delete cascade,
  person  uuid not null,
  step    integer not null,
  pass    integer not null,
  rule    integer not null,
  ack_all boolean not null,
  contact uuid not null,
  tried   uuid[] not null default '{}',
  state   text not null check (state in ('waiting', 'held', 'asked', 'accepted', 'unreached', 'withdrawn', 'answered')),
  due_at  timestamptz,
  call    text,
  made_at timestamptz not null,
  unique (run, person, step, pass, rule),
  check ((state in ('waiting', 'held')) = (due_at is not null))
);
comment on table oncall_page is 'Somebody is needed: by one step, and by one of their own rules.';
comment on column oncall_page.ack_all is 'Goes on when another takes the alert on: this step wants an answer of everybody.';
comment on column oncall_page.contact is 'By which it goes next, or went last.';
comment on column oncall_page.tried is 'The contacts it went by.';
comment on column oncall_page.state is 'held: it waits to be told with others. accepted: a provider has it. unreached: no contact is left.';
comment on column oncall_page.call is 'The newest call it is part of.';

create index oncall_page_due on oncall_page (person, due_at) where due_at is not null;
create index oncall_page_by_run on oncall_page (run);
create index oncall_page_by_call on oncall_page (call) where call is not null;

create table oncall_call (
  key      text primary key,
  person   uuid not null,
  contact  uuid not null,
  runs     uuid[] not null,
  state    text not null check (state in ('asked', 'accepted', 'failed', 'unsure', 'withdrawn')),
  is_news  boolean not null,
  reason   text,
  asked_at timestamptz not null,
  told_at  timestamptz
);
comment on table oncall_call is 'One message to one contact, about the pages of one or several runs.';
comment on column oncall_call.key is 'The idempotency key: the first page and the contact. The same for every attempt.';
comment on column oncall_call.is_news is 'What became of it was told, and nobody has acted on that yet.';

create index oncall_call_news on oncall_call (told_at) where is_news;
create index oncall_call_by_run on oncall_call using gin (runs);
create index oncall_call_by_age on oncall_call (asked_at);

create table oncall_bundle (
  person   uuid primary key,
  until_at timestamptz not null
);
comment on table oncall_bundle is 'Until when what else somebody is needed for waits, to be told in one message.';

create table oncall_log (
  id       bigint generated always as identity primary key,
  run      uuid not null references oncall_run (id) on delete cascade,
  at       timestamptz not null,
  what     text not null,
  pass     integer,
  step     integer,
  person   uuid,
  contact  uuid,
  detail   text,
  until_at timestamptz
);
comment on table oncall_log is 'Why somebody was paged, and why nobody was: written in the transaction that decided it.';

create index oncall_log_by_run on oncall_log (run, id);
