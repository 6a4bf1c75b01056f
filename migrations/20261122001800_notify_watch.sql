-- A pager that dies quietly pages nobody, so every process says that it lives, and what is found to be wrong with the pager itself is a row:
-- told once, whichever of several processes finds it, and told as over to those who heard of it.

create table process_beat (
  name         text primary key,
  host         text not null,
  started_at   timestamptz not null,
  beat_at      timestamptz not null,
  evaluated_at timestamptz,
  passed_at    timestamptz,
  looked_at    timestamptz,
  left_at      timestamptz
);
comment on table process_beat is 'Every start of a process, and how far its workers had got when it last said that it lives. Kept for a day.';
comment on column process_beat.name is 'As in delivery_attempt.worker: names the process and this start of it.';
comment on column process_beat.evaluated_at is 'The last tick of any group of rules that it wrote.';
comment on column process_beat.passed_at is 'When it last decided who is to be told, or found that another process does.';
comment on column process_beat.looked_at is 'When it last looked for pages that are due.';
comment on column process_beat.left_at is 'When it said goodbye. Who is silent and said none may have died.';

create index process_beat_last on process_beat (beat_at);

create table house_trouble (
  id       uuid primary key,
  what     text not null check (what in ('replica silent', 'evaluator late', 'notifier late', 'deliveries late', 'channel fails')),
  subject  text not null,
  words    jsonb not null,
  since    timestamptz not null,
  found_at timestamptz not null,
  found_by text not null,
  ended_at timestamptz
);
comment on table house_trouble is 'What is or was wrong with the pager itself. It is told past rules, routes and silences: what watches must not depend on what is watched.';
comment on column house_trouble.subject is 'The process or the channel; all where it is nobody''s in particular.';
comment on column house_trouble.words is 'What is said of it, in both languages, as in delivery.words.';

create unique index house_trouble_open on house_trouble (what, subject) where ended_at is null;
create index house_trouble_ended on house_trouble (ended_at) where ended_at is not null;
