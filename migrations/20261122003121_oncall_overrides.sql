-- People are ill, on a train or at a wedding: somebody else takes over for a while, asked or told, and everybody must see who and why.

create table oncall_source (
  id         uuid primary key,
  schedule   uuid not null references oncall_schedule (id),
  role       text not null,
  name       text not null,
  mode       text not null check (mode in ('override', 'shift')),
  sealed     bytea,
  shown      text not null,
  next_at    timestamptz,
  read_at    timestamptz,
  last_error text,
  report     jsonb,
  made_by    text not null,
  made_at    timestamptz not null,
  removed_at timestamptz
);
comment on table oncall_source is 'A calendar kept elsewhere, whose entries put people on call.';
comment on column oncall_source.mode is 'shift: its entries are the schedule, and whatever people override here goes before them.';
comment on column oncall_source.sealed is 'Its address, encrypted under a key that the database does not have. Null: somebody hands its text in.';
comment on column oncall_source.shown is 'Enough of the address to know it by.';
comment on column oncall_source.report is 'What the last reading came to.';

create index oncall_source_to_fetch on oncall_source (next_at) where next_at is not null and removed_at is null;

create table oncall_swap (
  id         uuid primary key,
  schedule   uuid not null references oncall_schedule (id),
  role       text not null,
  requester  uuid not null,
  start_at   timestamptz not null,
  end_at     timestamptz not null,
  back_start timestamptz,
  back_end   timestamptz,
  reason     text not null,
  state      text not null check (state in ('open', 'taken', 'expired', 'cancelled')),
  taken_by   uuid,
  made_at    timestamptz not null,
  changed_at timestamptz not null,
  check (start_at < end_at),
  check ((back_start is null) = (back_end is null)),
  check ((state = 'open' and taken_by is null) or state <> 'open')
);
comment on table oncall_swap is 'Somebody asks to be relieved for a while.';
comment on column oncall_swap.back_start is 'They take this of whoever relieves them in return; without it they ask for a cover.';

create index oncall_swap_by_schedule on oncall_swap (schedule, end_at);
create index oncall_swap_open on oncall_swap (end_at) where state = 'open';

create table oncall_swap_offer (
  id       uuid primary key,
  swap     uuid not null references oncall_swap (id),
  person   uuid not null,
  start_at timestamptz not null,
  end_at   timestamptz not null,
  made_at  timestamptz not null,
  unique (swap, person),
  check (start_at < end_at)
);
comment on table oncall_swap_offer is 'Somebody would relieve, if whoever asked takes this of theirs.';

create table oncall_override (
  id             uuid primary key,
  schedule       uuid not null references oncall_schedule (id),
  role           text not null,
  start_at       timestamptz not null,
  end_at         timestamptz not null,
  from_person    uuid,
  to_person      uuid,
  reason         text not null,
  origin         text not null check (origin in ('manual', 'swap', 'ical')),
  swap           uuid references oncall_swap (id),
  source         uuid references oncall_source (id),
  uid            text,
  sequence       bigint,
  created_at     timestamptz not null,
  made_by        text not null,
  made_by_person uuid,
  ended_at       timestamptz,
  ended_by       text,
  check (start_at < end_at),
  check ((source is null) = (uid is null))
);
comment on table oncall_override is 'Somebody on call in another''s place, or nobody.';
comment on column oncall_override.from_person is 'Whom it replaces; null: whoever it is, or the gap.';
comment on column oncall_override.created_at is 'The newest counts. A fixed shift of a calendar is older than everything.';
comment on column oncall_override.uid is 'The entry of the calendar it comes from.';
comment on column oncall_override.ended_at is 'It was taken back then. What of it was before that has been.';

create index oncall_override_by_schedule on oncall_override (schedule, end_at);
create index oncall_override_by_swap on oncall_override (swap) where swap is not null;
create index oncall_override_by_source on oncall_override (source) where source is not null;

create table oncall_leave (
  id       uuid primary key,
  person   uuid not null,
  start_at timestamptz not null,
  end_at   timestamptz not null,
  kind     text not null check (kind in ('leave', 'ooo')),
  note     text not null,
  made_by  text not null,
  made_at  timestamptz not null,
  check (start_at < end_at)
);
comment on table oncall_leave is 'When somebody is away. It warns, and takes nobody off call.';

create index oncall_leave_by_end on oncall_leave (end_at);
