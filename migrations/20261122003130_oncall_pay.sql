-- Standby and work at night are paid by rules that change, from records that must not: what somebody corrects stands beside what was there,
-- and a month that was paid stays as it was paid. What is found out later is paid with the next one.

create table oncall_business_week (
  version        bigint primary key check (version > 0),
  effective_from date not null,
  zone           text not null,
  calendar       text not null,
  week           jsonb not null,
  changed_by     text not null,
  changed_at     timestamptz not null
);
comment on table oncall_business_week is 'When the company works. Never edited: a change is another row, and the newest counts from its day on.';
comment on column oncall_business_week.zone is 'By whose wall clock days, nights and hours are told.';
comment on column oncall_business_week.calendar is 'The name of the calendar of holidays.';
comment on column oncall_business_week.week is 'Hours of each weekday, Monday first: [["09:00-18:00"], …].';

create table oncall_holiday_file (
  id       uuid primary key,
  calendar text not null,
  bytes    bytea not null check (octet_length(bytes) <= 262144),
  sent_by  text not null,
  sent_at  timestamptz not null
);
comment on table oncall_holiday_file is 'A file of holidays that somebody looks at before they take it. Kept for a day.';

create table oncall_pay_rule (
  role           text not null check (char_length(role) between 1 and 64),
  version        bigint not null check (version > 0),
  effective_from date not null,
  definition     jsonb not null,
  changed_by     text not null,
  changed_at     timestamptz not null,
  primary key (role, version)
);
comment on table oncall_pay_rule is 'How time becomes yen. Never edited: a change is another row, and the newest counts from its day on.';
comment on column oncall_pay_rule.role is 'The duty whose standby it is for; "everybody" is for work, and for duties without a rule of their own.';

create table oncall_work (
  id         uuid primary key,
  person     uuid not null,
  source     text not null,
  label      text not null,
  started_at timestamptz not null,
  ended_at   timestamptz,
  is_by_hand boolean not null,
  noted_at   timestamptz not null,
  unique (person, source, started_at),
  check (ended_at > started_at)
);
comment on table oncall_work is 'Somebody worked on something they were called for, as it was first noted. Corrections stand in oncall_work_correction.';
comment on column oncall_work.source is 'What they had: alert/12, incident/7; of what was added by hand, hand and its own id.';
comment on column oncall_work.ended_at is 'Null: they still have it.';

create index oncall_work_by_time on oncall_work (started_at);
create index oncall_work_open on oncall_work (source) where ended_at is null;

create table oncall_work_correction (
  id           bigint generated always as identity primary key,
  work         uuid not null references oncall_work (id),
  started_at   timestamptz not null,
  ended_at     timestamptz not null,
  is_left_out  boolean not null,
  reason       text not null check (char_length(reason) between 1 and 500),
  corrected_by text not null,
  corrected_at timestamptz not null,
  check (ended_at > started_at)
);
comment on table oncall_work_correction is 'When somebody worked, as somebody says it was. The newest counts; nothing is taken away.';
comment on column oncall_work_correction.is_left_out is 'It was no work at all, and is not paid.';

create index oncall_work_correction_by_work on oncall_work_correction (work, id);
create index oncall_work_correction_by_time on oncall_work_correction (started_at);

create table oncall_work_noted (
  one      boolean primary key default true check (one),
  until_at timestamptz not null
);
comment on table oncall_work_noted is 'Until when answers were looked through for work.';

create table oncall_other_overtime (
  month      date not null check (extract(day from month) = 1),
  person     uuid not null,
  minutes    integer not null check (minutes between 0 and 44640),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (month, person)
);
comment on table oncall_other_overtime is 'Overtime of a month besides on-call work: it decides when the 60th hour ends.';

create table oncall_pay_month (
  month     date primary key check (extract(day from month) = 1),
  closed_by text not null,
  closed_at timestamptz not null
);
comment on table oncall_pay_month is 'Months whose pay is settled.';

create table oncall_pay_closed (
  month       date not null references oncall_pay_month (month),
  person      uuid not null,
  name        text not null,
  standby_ms  bigint not null,
  standby_yen bigint not null,
  worked_ms   bigint not null,
  worked_yen  bigint not null,
  sheet       jsonb not null,
  primary key (month, person)
);
comment on table oncall_pay_closed is 'What somebody was paid for a month, with the proof of every segment. Never changed.';
comment on column oncall_pay_closed.standby_ms is 'Of the month itself, without corrections of earlier ones.';

create table oncall_pay_correction (
  month       date not null references oncall_pay_month (month),
  person      uuid not null,
  of_month    date not null,
  standby_ms  bigint not null,
  standby_yen bigint not null,
  worked_ms   bigint not null,
  worked_yen  bigint not null,
  primary key (month, person, of_month),
  check (of_month < month)
);
comment on table oncall_pay_correction is 'What was paid with a month for an earlier one, because something of that was found out after it was closed.';

create function oncall_pay_stays() returns trigger language plpgsql as $$
begin
  raise exception 'what was paid or noted stays as it is';
end
$$;
create trigger oncall_pay_rule_stays before update or delete on oncall_pay_rule
  for each row execute function oncall_pay_stays();
create trigger oncall_work_correction_stays before update or delete on oncall_work_correction
  for each row execute function oncall_pay_stays();
create trigger oncall_pay_month_stays before update or delete on oncall_pay_month
  for each row execute function oncall_pay_stays();
create trigger oncall_pay_closed_stays before update or delete on oncall_pay_closed
  for each row execute function oncall_pay_stays();
create trigger oncall_pay_correction_stays before update or delete on oncall_pay_correction
  for each row execute function oncall_pay_stays();
