-- A gap in three weeks, or somebody who could not be paged at all, must be seen before the night it matters.

create table oncall_finding (
  id       uuid primary key,
  schedule uuid not null references oncall_schedule (id),
  key      text not null,
  kind     text not null,
  role     text,
  person   uuid,
  layer    uuid,
  first_at timestamptz not null,
  last_at  timestamptz not null,
  n        integer not null check (n > 0),
  total_ms bigint not null check (total_ms >= 0),
  spans    jsonb not null,
  found_at timestamptz not null,
  gone_at  timestamptz
);
comment on table oncall_finding is 'What is wrong with a schedule in the next 90 days, of one kind and one person.';
comment on column oncall_finding.key is 'The same as long as it is the same thing.';
comment on column oncall_finding.spans is 'When, the first of them.';
comment on column oncall_finding.gone_at is 'It was mended, or is over.';

create unique index oncall_finding_live on oncall_finding (schedule, key) where gone_at is null;
