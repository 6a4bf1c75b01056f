-- A runbook that nobody finds at three in the morning, or that was right a year ago, is worse than none.
-- So documents stand in a tree with rights, somebody answers for each, each is looked at again every quarter, and each can be found by two characters.

create table doc_space (
  id         uuid primary key,
  branch     text not null check (branch in ('technical', 'operations', 'user', 'record')),
  slug       text not null unique check (slug <> ''),
  title_ja   text not null check (title_ja <> ''),
  title_en   text not null check (title_en <> ''),
  position   text collate "C" not null,
  team       uuid,
  everyone   text not null check (everyone in ('none', 'read', 'comment', 'write')),
  version    bigint not null default 1 check (version > 0),
  closed_at  timestamptz
);
comment on table doc_space is 'A branch of the tree of documents, with what everybody may do in it. Its row is the lock for the tree below.';
comment on column doc_space.team is 'The team of the identity room that answers for what has no owner of its own.';
comment on column doc_space.everyone is 'What whoever is in no team below may do. A role never lets do more than it does elsewhere.';

insert into doc_space (id, branch, slug, title_ja, title_en, position, everyone) values
  ('0d0c0000-0000-7000-8000-000000000001', 'technical', 'technical', '技術ドキュメント', 'Technical', 'i', 'write'),
  ('0d0c0000-0000-7000-8000-000000000002', 'operations', 'operations', '運用ドキュメント', 'Operations', 'i00001', 'write'),
  ('0d0c0000-0000-7000-8000-000000000003', 'user', 'user', 'ユーザードキュメント', 'For users', 'i00002', 'write'),
  ('0d0c0000-0000-7000-8000-000000000004', 'record', 'record', '議事録・決定事項', 'Minutes and decisions', 'i00003', 'write');

create table doc_space_right (
  space uuid not null references doc_space (id) on delete cascade,
  team  uuid not null,
  level text not null check (level in ('none', 'read', 'comment', 'write')),
  primary key (space, team)
);
comment on table doc_space_right is 'What a team may do in a space, beyond what everybody may.';

create table doc_page (
  id                uuid primary key,
  space             uuid not null references doc_space (id),
  parent            uuid references doc_page (id),
  position          text collate "C" not null,
  slug              text not null unique check (slug <> ''),
  title             text not null check (title <> ''),
  locale            text not null check (locale in ('ja', 'en')),
  version           bigint not null default 1 check (version > 0),
  incident          bigint,
  template          text,
  is_template       boolean not null default false,
  labels            text[] not null default '{}',
  watch_paths       text[] not null default '{}',
  alertnames        text[] not null default '{}',
  owner_team        uuid,
  owner_person      uuid,
  everyone          text check (everyone in ('none', 'read', 'comment', 'write')),
  right_page        uuid references doc_page (id),
  review_every_days integer check (review_every_days between 1 and 730),
  review_due_at     timestamptz,
  verified_at       timestamptz,
  verified_by       text,
  verified_person   uuid,
  must_review_at    timestamptz,
  must_review_why   jsonb,
  body_md           text not null,
  body_seq          bigint not null default 0,
  file_name         text,
  is_crlf           boolean not null default false,
  has_bom           boolean not null default false,
  made_by           text not null,
  made_at           timestamptz not null,
  edited_at         timestamptz not null,
  edit_told_at      timestamptz not null,
  trashed_at        timestamptz,
  trashed_by        text,
  trash_root        uuid,
  check ((trashed_at is null) = (trash_root is null)),
  check ((verified_at is null) = (verified_by is null)),
  check ((must_review_at is null) = (must_review_why is null)),
  check (parent <> id)
);
comment on table doc_page is 'A document in the tree. Its text is written elsewhere; what stands here of it is for reading, and can be made again.';
comment on column doc_page.position is 'Between those of its neighbours, by the order of bytes.';
comment on column doc_page.incident is 'The incident a postmortem is of: then those who may see that one may see this.';
comment on column doc_page.template is 'The name of the template it was made from.';
comment on column doc_page.watch_paths is 'When files of these patterns change, somebody has to look whether it is still right.';
comment on column doc_page.alertnames is 'The alerts it is the runbook of.';
comment on column doc_page.everyone is 'Set: rights of its own instead of those of the space, for it and for what stands below it.';
comment on column doc_page.right_page is 'The nearest page, itself or above, that has rights of its own. Null: those of the space hold.';
comment on column doc_page.body_seq is 'Which state of the text stands here.';
comment on column doc_page.file_name is 'As it was called in the folder it came from; it goes out by the same name.';
comment on column doc_page.is_crlf is 'Its file ended lines as Windows does, and does so again when it goes out.';
comment on column doc_page.edit_told_at is 'Until which change those who watch were told.';
comment on column doc_page.trash_root is 'The page with which it was thrown away.';
create index doc_page_tree on doc_page (space, parent, position) where trashed_at is null;
create index doc_page_below on doc_page (parent) where parent is not null;
create index doc_page_with_rights on doc_page (right_page) where right_page is not null;
create index doc_page_review on doc_page (review_due_at) where review_due_at is not null and trashed_at is null;
create index doc_page_must_review on doc_page (must_review_at) where must_review_at is not null and trashed_at is null;
create index doc_page_alertnames on doc_page using gin (alertnames) where alertnames <> '{}';
create index doc_page_watching on doc_page (id) where watch_paths <> '{}' and trashed_at is null;
create index doc_page_untold on doc_page (edited_at) where edited_at > edit_told_at;
create index doc_page_incident on doc_page (incident) where incident is not null;
create index doc_page_trash on doc_page (trashed_at) where trashed_at is not null;

create table doc_page_right (
  page  uuid not null references doc_page (id) on delete cascade,
  team  uuid not null,
  level text not null check (level in ('none', 'read', 'comment', 'write')),
  primary key (page, team)
);
comment on table doc_page_right is 'What a team may do with a page that has rights of its own, and with what stands below it.';

create table doc_slug (
  slug    text primary key,
  page    uuid not null references doc_page (id) on delete cascade,
  left_at timestamptz not null
);
comment on table doc_slug is 'Addresses that pages had before: whoever comes by one is led on.';
create index doc_slug_page on doc_slug (page);

create table doc_link (
  page   uuid not null references doc_page (id) on delete cascade,
  target text not null check (target <> ''),
  primary key (page, target)
);
comment on table doc_link is 'Which page names which address of ours in its text; read the other way round it is what links here.';
create index doc_link_target on doc_link (target);

create table doc_watch (
  page   uuid not null references doc_page (id) on delete cascade,
  person uuid not null,
  primary key (page, person)
);
comment on table doc_watch is 'Who wants to hear when a page changes.';

create table doc_search (
  page           uuid primary key references doc_page (id) on delete cascade,
  edited_at      timestamptz not null,
  tokens         text[] not null,
  heading_tokens text[] not null,
  title_tokens   text[] not null,
  normal         text not null
);
comment on table doc_search is 'What is looked through by whoever searches: apart from the page, so that a row is small.';
comment on column doc_search.tokens is 'Words, and of Japanese runs every character and every two that stand together; of title, headings and text.';
comment on column doc_search.heading_tokens is 'Those of title and headings.';
comment on column doc_search.normal is 'The text as it is compared: NFKC and small letters.';
create index doc_search_tokens on doc_search using gin (tokens) with (fastupdate = off);
create index doc_search_headings on doc_search using gin (heading_tokens) with (fastupdate = off);
create index doc_search_titles on doc_search using gin (title_tokens) with (fastupdate = off);
create index doc_search_newest on doc_search (edited_at desc, page);

create table doc_attachment (
  id         uuid primary key,
  page       uuid not null references doc_page (id),
  name       text not null check (name <> ''),
  path       text,
  media_type text not null,
  size       bigint not null check (size >= 0),
  sha256     bytea not null,
  place      text not null check (place in ('rows', 'store')),
  made_by    text not null,
  made_at    timestamptz not null,
  removed_at timestamptz
);
comment on table doc_attachment is 'A file that belongs to a page.';
comment on column doc_attachment.path is 'Where it lay in the folder it came from.';
comment on column doc_attachment.media_type is 'By what is inside, never by what it is called.';
comment on column doc_attachment.place is 'Whether its bytes are rows here or an object elsewhere.';
create index doc_attachment_page on doc_attachment (page, id);
create index doc_attachment_removed on doc_attachment (removed_at) where removed_at is not null;

create table doc_attachment_chunk (
  attachment uuid not null references doc_attachment (id) on delete cascade,
  n          integer not null check (n >= 0),
  bytes      bytea not null,
  primary key (attachment, n)
);
comment on table doc_attachment_chunk is 'The bytes of an attachment, in pieces.';
alter table doc_attachment_chunk alter column bytes set storage external;

create table doc_notice (
  page   uuid not null references doc_page (id) on delete cascade,
  due_at timestamptz not null,
  step   integer not null,
  at     timestamptz not null,
  primary key (page, due_at, step)
);
comment on table doc_notice is 'Reminders of reviews that were decided, so that each is told once.';

create table doc_run (
  id           bigint generated always as identity primary key,
  page         uuid not null references doc_page (id),
  title        text not null,
  body_seq     bigint not null,
  incident     bigint,
  alert        bigint,
  began_by     text not null,
  began_person uuid,
  began_at     timestamptz not null,
  ended_at     timestamptz,
  ended_by     text
);
comment on table doc_run is 'A runbook that somebody worked through. Its steps are as they were then.';
create index doc_run_page on doc_run (page, id);
create index doc_run_incident on doc_run (incident) where incident is not null;
create index doc_run_alert on doc_run (alert) where alert is not null;

create table doc_run_step (
  run         bigint not null references doc_run (id),
  n           integer not null,
  depth       integer not null,
  text        text not null,
  state       text not null check (state in ('open', 'done', 'skipped')),
  note        text not null default '',
  by_name     text,
  by_person   uuid,
  at          timestamptz,
  wrong       text,
  wrong_by    text,
  primary key (run, n),
  check ((state = 'open') = (at is null))
);
comment on table doc_run_step is 'A step of a run: who did it, and when.';
comment on column doc_run_step.wrong is 'How whoever did it says that it should be.';

create table doc_run_line (
  id        bigint generated always as identity primary key,
  run       bigint not null references doc_run (id),
  incident  bigint not null,
  key       text not null unique,
  actor     jsonb not null,
  body      jsonb not null,
  at        timestamptz not null,
  attempts  integer not null default 0,
  next_at   timestamptz,
  told_at   timestamptz
);
comment on table doc_run_line is 'What is to stand in the timeline of an incident about a run, until it does.';
comment on column doc_run_line.next_at is 'Not before this moment; null when it stands there or was given up.';
create index doc_run_line_due on doc_run_line (next_at) where next_at is not null;

create table doc_cursor (
  reader text primary key,
  xact   bigint not null,
  fact   bigint not null
);
comment on table doc_cursor is 'How far each reader of this room has read the Facts.';
