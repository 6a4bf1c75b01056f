-- A promise about an incident that is about to be broken must reach somebody though no alert fires: whoever answers, else whoever is on call,
-- else an administrator. Whose telephone is tried next has to survive the death of whoever tries, so what is told is a row, like an escalation.

create table oncall_telling (
  id             uuid primary key,
  key            text not null unique,
  subject        text not null,
  tone           text not null check (tone in ('quiet', 'warning', 'call')),
  urgency        text not null check (urgency in ('high', 'low')),
  circles        jsonb not null,
  last_resort    jsonb,
  circle         integer not null check (circle >= 0),
  widen_after_ms bigint check (widen_after_ms > 0),
  widen_at       timestamptz,
  answers        text[] not null,
  is_private     boolean not null,
  why            text not null,
  at             timestamptz not null,
  due_at         timestamptz
);
comment on table oncall_telling is 'Something that people are told and that is no alert. Its row is the lock for everything that happens in it.';
comment on column oncall_telling.key is 'The idempotency key. Asking for the same key twice does nothing.';
comment on column oncall_telling.subject is 'What it is about, as Facts name it: incident/12.';
comment on column oncall_telling.tone is 'quiet: for who waits. warning: once, by the first way that works. call: by one way after the other, until somebody answers.';
comment on column oncall_telling.circles is 'Whom it is for, the next when nobody of the one before can be reached, each with its words.';
comment on column oncall_telling.last_resort is 'What the channel of last resort is told when no circle can be reached; null: nothing.';
comment on column oncall_telling.circle is 'Which circle is told next, from 0; one more than there are means that the last resort was told too.';
comment on column oncall_telling.widen_at is 'When the next circle is told because nobody has answered.';
comment on column oncall_telling.answers is 'The kinds of Facts of the subject that mean that somebody has answered.';
comment on column oncall_telling.due_at is 'When something is to be done here. Null when nothing is.';

create index oncall_telling_due on oncall_telling (due_at) where due_at is not null;
create index oncall_telling_by_age on oncall_telling (at);

create table oncall_telling_page (
  id      uuid primary key,
  telling uuid not null references oncall_telling (id) on delete cascade,
  circle  integer not null,
  person  uuid not null,
  rule    integer not null,
  contact uuid not null,
  tried   uuid[] not null default '{}',
  state   text not null check (state in ('waiting', 'asked', 'accepted', 'unreached', 'withdrawn')),
  due_at  timestamptz,
  call    text,
  unique (telling, person, rule),
  check ((state = 'waiting') = (due_at is not null))
);
comment on table oncall_telling_page is 'Somebody is to be told: by one of their own rules.';
comment on column oncall_telling_page.contact is 'By which it goes next, or went last.';
comment on column oncall_telling_page.state is 'accepted: a provider has it. unreached: no contact is left. withdrawn: somebody answered first.';
comment on column oncall_telling_page.call is 'The newest call it went by.';

create index oncall_telling_page_by_call on oncall_telling_page (call) where call is not null;
