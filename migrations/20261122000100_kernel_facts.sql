-- Every change leaves a Fact in the transaction that made it, so that the audit trail, the live stream and later rooms read one complete history.
create table fact (
  id      bigint generated always as identity primary key,
  xact    xid8 not null default pg_current_xact_id(),
  kind    text not null,
  actor   jsonb not null,
  subject text not null,
  body    jsonb not null,
  at      timestamptz not null
);
comment on table fact is 'Append-only outbox. Readers follow (xact, id) below the oldest running transaction.';
comment on column fact.xact is 'The writing transaction; commits are not ordered by id.';
comment on column fact.subject is 'What it is about: alert/12, person/<uuid>, rule/<id>.';

create index fact_in_order on fact (xact, id);
create index fact_by_subject on fact (subject, id);

create function fact_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'fact is append-only: % refused', tg_op;
end $$;

create trigger fact_no_rewrite before update or delete on fact for each row execute function fact_is_append_only();
create trigger fact_no_truncate before truncate on fact for each statement execute function fact_is_append_only();
create index fact_by_time on fact (at);
