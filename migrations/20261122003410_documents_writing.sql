-- A text that several people change has to answer: what did it say yesterday, who wrote this, and what do the others think of it.
-- So versions of it are kept, each letter's writer is remembered longer than the log, and comments and suggestions hang on letters, not on places.

create table doc_writing (
  doc          uuid primary key references collab_doc (id) on delete cascade,
  authored_seq bigint not null default 0 check (authored_seq >= 0),
  authored_at  timestamptz not null
);
comment on table doc_writing is 'What is kept about a text. Its row is the lock for what hangs on it.';
comment on column doc_writing.authored_seq is 'Up to which change it is remembered who wrote what.';

create table doc_revision (
  id      bigint generated always as identity primary key,
  doc     uuid not null references collab_doc (id) on delete cascade,
  seq     bigint not null check (seq >= 0),
  title   text not null,
  body_md text not null,
  sha256  bytea not null,
  authors uuid[] not null,
  reason  text not null check (reason in ('auto', 'publish', 'restore', 'import', 'before_large_delete')),
  source  bigint,
  at      timestamptz not null,
  unique (doc, seq, reason)
);
comment on table doc_revision is 'A version of a text, whole, so that it can be read when the changes it came of are gone. Those of reason auto thin out with time.';
comment on column doc_revision.seq is 'As of which change of the text.';
comment on column doc_revision.authors is 'Who changed it since the version before.';
comment on column doc_revision.source is 'The version that was restored. It stays known by its number when it is gone.';
create index doc_revision_newest on doc_revision (doc, id desc);

create table doc_author (
  doc    uuid not null references collab_doc (id) on delete cascade,
  client bigint not null,
  clock  bigint not null check (clock >= 0),
  until  bigint not null check (until > clock),
  person uuid,
  at     timestamptz not null,
  primary key (doc, client, clock)
);
comment on table doc_author is 'Who typed which letters: the log says so only for a while. Letters are numbered by editor and clock, as Yjs does.';
comment on column doc_author.client is 'The editor they were typed in.';
comment on column doc_author.until is 'Up to which letter of that editor, without that one.';
comment on column doc_author.person is 'Null for our own workers.';
comment on column doc_author.at is 'When the first of them was typed; the last within ten minutes after that.';

create table doc_thread (
  id              bigint generated always as identity primary key,
  doc             uuid not null references collab_doc (id) on delete cascade,
  anchor_start    bytea check (octet_length(anchor_start) <= 64),
  anchor_end      bytea check (octet_length(anchor_end) <= 64),
  quoted          text not null,
  made_by         text not null,
  made_person     uuid,
  made_at         timestamptz not null,
  resolved_at     timestamptz,
  resolved_by     text,
  resolved_person uuid,
  check ((anchor_start is null) = (anchor_end is null)),
  check ((resolved_at is null) = (resolved_by is null))
);
comment on table doc_thread is 'What people say about a text, or about some words of it.';
comment on column doc_thread.anchor_start is 'The first letter it hangs on, as Yjs writes relative positions; null: on the text as a whole.';
comment on column doc_thread.anchor_end is 'The last letter it hangs on.';
comment on column doc_thread.quoted is 'Those words as they were then: they stay when the letters are gone.';
create index doc_thread_doc on doc_thread (doc, id);
create index doc_thread_open on doc_thread (doc) where resolved_at is null;

create table doc_comment (
  id         bigint generated always as identity primary key,
  thread     bigint not null references doc_thread (id) on delete cascade,
  by_name    text not null,
  by_person  uuid,
  body_md    text not null,
  mentions   uuid[] not null default '{}',
  at         timestamptz not null,
  edited_at  timestamptz,
  removed_at timestamptz
);
comment on table doc_comment is 'One thing somebody said.';
comment on column doc_comment.mentions is 'People who were named, and so were asked to look.';
comment on column doc_comment.removed_at is 'Taken back by whoever said it; then its words are empty.';
create index doc_comment_thread on doc_comment (thread, id);
create index doc_comment_mentions on doc_comment using gin (mentions) where mentions <> '{}' and removed_at is null;

create table doc_suggestion (
  id             bigint generated always as identity primary key,
  doc            uuid not null references collab_doc (id) on delete cascade,
  anchor_start   bytea not null check (octet_length(anchor_start) <= 64),
  anchor_end     bytea not null check (octet_length(anchor_end) <= 64),
  original       text not null check (original <> ''),
  replacement    text not null check (replacement <> original),
  note           text not null default '',
  made_by        text not null,
  made_person    uuid,
  made_at        timestamptz not null,
  state          text not null default 'open' check (state in ('open', 'accepted', 'rejected')),
  settled_by     text,
  settled_person uuid,
  settled_at     timestamptz,
  settled_seq    bigint,
  check ((state = 'open') = (settled_at is null)),
  check ((settled_at is null) = (settled_by is null))
);
comment on table doc_suggestion is 'How somebody says that some words should be, for those who may write to decide.';
comment on column doc_suggestion.original is 'The words as they were then. When others stand there, it is outdated.';
comment on column doc_suggestion.settled_seq is 'The change of the text by which it was accepted.';
create index doc_suggestion_doc on doc_suggestion (doc, id);
create index doc_suggestion_open on doc_suggestion (doc) where state = 'open';
