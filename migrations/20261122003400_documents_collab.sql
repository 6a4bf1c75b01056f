-- What several people type into one document at once must survive anything that dies, so each change of a text is a row before anybody else sees it.
-- A text is what its changes come to; from time to time they are gathered into a snapshot, so that opening it stays quick.

create table collab_doc (
  id            uuid primary key,
  schema        smallint not null check (schema = 1),
  head_seq      bigint not null check (head_seq >= 0),
  snapshot_seq  bigint not null check (snapshot_seq between 0 and head_seq),
  log_bytes     bigint not null check (log_bytes >= 0),
  refreshed_seq bigint not null check (refreshed_seq <= head_seq),
  made_at       timestamptz not null,
  edited_at     timestamptz not null,
  deleted_at    timestamptz
);
comment on table collab_doc is 'A text that people write together. Its row is the lock for the numbers of its changes.';
comment on column collab_doc.schema is 'How the changes are to be read: 1 is Yjs 13 with one text named body.';
comment on column collab_doc.head_seq is 'The number of the newest change. Counted here, under the lock of the row: a sequence would commit out of order, and what is gathered would miss one.';
comment on column collab_doc.snapshot_seq is 'Up to which change the newest snapshot goes; 0 without one.';
comment on column collab_doc.log_bytes is 'How much has to be read beyond that snapshot.';
comment on column collab_doc.refreshed_seq is 'As of which change the read view was made; -1 before there is one.';
comment on column collab_doc.deleted_at is 'Since when it takes no change any more.';

create index collab_doc_unread on collab_doc (edited_at) where refreshed_seq < head_seq and deleted_at is null;
create index collab_doc_ungathered on collab_doc (edited_at) where snapshot_seq < head_seq and deleted_at is null;

create table collab_update (
  doc_id    uuid not null references collab_doc (id) on delete cascade,
  seq       bigint not null check (seq > 0),
  actor_id  uuid,
  client_id bigint,
  bin       bytea not null,
  at        timestamptz not null,
  primary key (doc_id, seq)
);
comment on table collab_update is 'Changes of texts, only ever added to; what is in two snapshots and a week old is taken away.';
comment on column collab_update.seq is 'Without gaps, in the order of commits.';
comment on column collab_update.actor_id is 'The person who made it; null for our own workers.';
comment on column collab_update.client_id is 'The editor it was typed in, as Yjs numbers them; null where only something was deleted.';
comment on column collab_update.bin is 'A Yjs update, version 1.';

create table collab_snapshot (
  doc_id      uuid not null references collab_doc (id) on delete cascade,
  seq         bigint not null check (seq > 0),
  bin         bytea not null,
  text_sha256 bytea not null,
  at          timestamptz not null,
  primary key (doc_id, seq)
);
comment on table collab_snapshot is 'All changes of a text up to one of them, gathered. The two newest of each text are kept.';
comment on column collab_snapshot.bin is 'A Yjs update, version 2.';
comment on column collab_snapshot.text_sha256 is 'Of the text in UTF-8, to know a snapshot that can not be trusted.';
