-- After every P0 and P1 somebody writes down what happened, others read it before it counts, and what it promised is kept in mind until it is done.
-- The text is a document; what stands here is how far it is, whose it is, until when, and the graphs that must outlive their samples.

create table postmortem_setup (
  is_the_one boolean primary key default true check (is_the_one),
  version    bigint not null check (version > 0),
  definition jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null
);
comment on table postmortem_setup is 'What this organisation asks of its postmortems. One row, or none for the usual.';

create table postmortem_work (
  is_the_one boolean primary key default true check (is_the_one),
  looked_at  timestamptz not null
);
comment on table postmortem_work is 'When somebody looked last which incidents need a postmortem and whom to remind. Any number of processes share it.';
insert into postmortem_work (looked_at) values ('1970-01-01T00:00:00Z');

create table postmortem (
  incident      bigint primary key,
  version       bigint not null check (version > 0),
  doc           uuid unique,
  template      text not null check (template in ('report', 'sense')),
  locale        text not null check (locale in ('ja', 'en')),
  state         text not null check (state in ('draft', 'in_review', 'changes_requested', 'approved', 'published', 'not_required')),
  owner         uuid,
  made_at       timestamptz not null,
  due_at        timestamptz,
  approved_by   text,
  approved_at   timestamptz,
  approved_seq  bigint,
  published_by  text,
  published_at  timestamptz,
  published_seq bigint,
  waived_by     text,
  waived_at     timestamptz,
  waived_reason text,
  set_off_by    text,
  detected_by   text,
  factors       text[] not null,
  tags          text[] not null,
  scope         text not null,
  impacts       jsonb not null,
  lessons       text[] not null,
  check (state <> 'published' or (doc is not null and published_at is not null)),
  check (state <> 'not_required' or (waived_by is not null and waived_at is not null and waived_reason <> ''))
);
comment on table postmortem is 'How far the postmortem of an incident of the incidents room is. Its row is the lock for what people change in it.';
comment on column postmortem.version is 'Grows with every change by people; who changes it names the version that was looked at.';
comment on column postmortem.doc is 'The page with its text. Null: nobody has begun.';
comment on column postmortem.approved_seq is 'Which state of the text was read when it was approved.';
comment on column postmortem.published_seq is 'Which state of the text was published.';
comment on column postmortem.scope is 'For whom it was bad, in words; empty when the systems of the incident say it.';
comment on column postmortem.impacts is 'Figures of the impact and lessons, as read from the text when it was published.';
create index postmortem_due on postmortem (due_at) where state not in ('published', 'not_required');
create index postmortem_by_factor on postmortem using gin (factors);
create index postmortem_by_tag on postmortem using gin (tags);

create table postmortem_event (
  id       bigint generated always as identity primary key,
  incident bigint not null references postmortem (incident),
  at       timestamptz not null,
  author   text not null,
  person   uuid,
  act      text not null,
  from_state text not null,
  to_state   text not null,
  reason   text not null
);
comment on table postmortem_event is 'Who moved a postmortem on, or opened it again, when and why. Append-only.';
create index postmortem_event_in_order on postmortem_event (incident, id);

create table postmortem_reviewer (
  incident    bigint not null references postmortem (incident),
  person      uuid not null,
  due_on      date,
  asked_at    timestamptz not null,
  answer      text check (answer in ('approved', 'changes_requested')),
  answered_at timestamptz,
  primary key (incident, person),
  check ((answer is null) = (answered_at is null))
);
comment on table postmortem_reviewer is 'Who is to read it, until when, and what they said.';

create table postmortem_graph (
  doc      uuid not null,
  id       text not null check (length(id) = 64),
  title    text not null,
  query    text not null,
  from_at  timestamptz not null,
  until_at timestamptz not null,
  step_ms  bigint not null check (step_ms > 0),
  data     jsonb not null,
  svg      text not null,
  taken_at timestamptz not null,
  taken_by text not null,
  primary key (doc, id)
);
comment on table postmortem_graph is 'Graphs as they were: question, answer and drawing. They outlive their samples, and whoever may read the document may see them.';
comment on column postmortem_graph.id is 'The hash of query, range and data.';

create table postmortem_reminder (
  incident bigint not null references postmortem (incident),
  key      text not null,
  at       timestamptz not null,
  primary key (incident, key)
);
comment on table postmortem_reminder is 'Reminders that were sent: each once, and again when the deadline is another.';

create table postmortem_share (
  id         uuid primary key,
  incident   bigint not null references postmortem (incident),
  title      text not null,
  body       text not null,
  locale     text not null check (locale in ('ja', 'en')),
  made_by    text not null,
  made_at    timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
comment on table postmortem_share is 'What outsiders may read by a signed link until it expires: the text as it was looked through when it was shared.';
create index postmortem_share_by_incident on postmortem_share (incident);
