-- Equinoxes are gazetted each February for the next year and single acts move days, so what is built in is replaced year by year by the
-- Cabinet Office's file; and a company has days off that no law knows.

create table oncall_calendar (
  name       text primary key check (char_length(name) between 1 and 64),
  title_ja   text not null,
  title_en   text not null,
  is_japan   boolean not null,
  version    bigint not null check (version > 0),
  changed_by text not null,
  changed_at timestamptz not null
);
comment on table oncall_calendar is 'The holidays that a schedule keeps.';
comment on column oncall_calendar.is_japan is 'Public holidays of Japan count: those built in, and of the years in oncall_holiday those there.';
comment on column oncall_calendar.version is 'Counted turns are the same only as long as it is.';

create table oncall_holiday (
  calendar text not null references oncall_calendar (name) on delete cascade,
  day      date not null,
  kind     text not null check (kind in ('national', 'substitute', 'sandwich', 'company')),
  name_ja  text not null,
  name_en  text not null,
  primary key (calendar, day, kind)
);
comment on table oncall_holiday is 'Days off read from the Cabinet Office''s file, whole years of them, and the company''s own.';

insert into oncall_calendar (name, title_ja, title_en, is_japan, version, changed_by, changed_at)
values ('japan', '日本の祝日', 'Public holidays of Japan', true, 1, 'set-up', timestamptz '2026-11-22 00:00:00+00');
