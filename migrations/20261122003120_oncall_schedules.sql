-- Who is on call is worked out from layers, and layers change. So a layer is written once and closed, and what was in force is written down
-- as it passes: whatever is changed later, holidays included, the past stays what it was.

create table oncall_schedule (
  id           uuid primary key,
  name         text not null check (char_length(name) between 1 and 64),
  title_ja     text not null,
  title_en     text not null,
  owner        text,
  zone         text not null,
  calendar     text not null,
  required     jsonb not null,
  most_hours   integer not null check (most_hours between 1 and 168),
  version      bigint not null check (version > 0),
  revision     bigint not null check (revision > 0),
  revised_at   timestamptz not null,
  is_from_file boolean not null,
  changed_by   text not null,
  changed_at   timestamptz not null,
  made_at      timestamptz not null,
  final_until  timestamptz not null,
  settle_at    timestamptz not null,
  check_at     timestamptz not null,
  removed_at   timestamptz
);
comment on table oncall_schedule is 'Layers in a zone. Its row is the lock for everything that happens in it.';
comment on column oncall_schedule.name is 'What policies call it. Never changes.';
comment on column oncall_schedule.calendar is 'The name of a calendar of holidays, or none.';
comment on column oncall_schedule.required is 'When somebody must be there; empty means always.';
comment on column oncall_schedule.version is 'Grows with every change of the definition; who changes it names the version that was looked at.';
comment on column oncall_schedule.revision is 'Grows with everything that may change who is on call: calendars are told it.';
comment on column oncall_schedule.final_until is 'What was before this stands in oncall_shift_fact.';
comment on column oncall_schedule.settle_at is 'When there will be more to write down.';
comment on column oncall_schedule.check_at is 'When it is looked for gaps and for people who can not be reached.';
comment on column oncall_schedule.removed_at is 'It is gone; its history is kept.';

create unique index oncall_schedule_by_name on oncall_schedule (name) where removed_at is null;
create index oncall_schedule_to_settle on oncall_schedule (settle_at) where removed_at is null;
create index oncall_schedule_to_check on oncall_schedule (check_at) where removed_at is null;

create table oncall_layer (
  id              uuid primary key,
  schedule        uuid not null references oncall_schedule (id),
  line            uuid not null,
  label           text not null,
  role            text not null,
  rank            integer not null,
  mode            text not null check (mode in ('cut', 'add')),
  from_at         timestamptz,
  until_at        timestamptz,
  effective_from  timestamptz not null,
  effective_until timestamptz,
  is_closed       boolean not null,
  rotation        jsonb not null,
  restrictions    jsonb not null,
  made_by         text not null,
  made_at         timestamptz not null
);
comment on table oncall_layer is 'A row of a schedule, from one edit of it to the next. Closed, never edited.';
comment on column oncall_layer.line is 'The same for a layer and for those that took its place.';
comment on column oncall_layer.from_at is 'From when it counts, if somebody said so; effective_from is what came of it.';
comment on column oncall_layer.is_closed is 'A change ended it: it is no part of what people write any more.';

create index oncall_layer_by_schedule on oncall_layer (schedule, effective_until);

create function oncall_layer_is_written_once() returns trigger language plpgsql as $$
begin
  if (new.id, new.schedule, new.line, new.label, new.role, new.rank, new.mode, new.from_at, new.until_at, new.effective_from, new.rotation,
      new.restrictions)
     is distinct from
     (old.id, old.schedule, old.line, old.label, old.role, old.rank, old.mode, old.from_at, old.until_at, old.effective_from, old.rotation,
      old.restrictions)
  then
    raise exception 'a layer is closed, never edited';
  end if;
  return new;
end
$$;
create trigger oncall_layer_is_written_once before update on oncall_layer
  for each row execute function oncall_layer_is_written_once();

create table oncall_shift_fact (
  id          bigint generated always as identity primary key,
  schedule    uuid not null references oncall_schedule (id),
  role        text not null,
  person      uuid,
  is_gap      boolean not null,
  start_at    timestamptz not null,
  end_at      timestamptz not null,
  by_layer    uuid,
  by_override uuid,
  recorded_at timestamptz not null,
  check (start_at < end_at),
  check (person is null or not is_gap),
  check (by_layer is null or by_override is null)
);
comment on table oncall_shift_fact is 'Who was on call, and why. Written as it passes; never rewritten.';
comment on column oncall_shift_fact.person is 'Nobody: a gap, or a turn that was deliberately empty.';
comment on column oncall_shift_fact.by_layer is 'What put them there, unless an override did.';

create index oncall_shift_fact_by_schedule on oncall_shift_fact (schedule, end_at);
create index oncall_shift_fact_by_person on oncall_shift_fact (person, end_at) where person is not null;

create function oncall_shift_fact_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'what was in force is final';
end
$$;
create trigger oncall_shift_fact_is_final before update or delete on oncall_shift_fact
  for each row execute function oncall_shift_fact_is_final();
