-- What is to be done after an incident is told apart by what it is for, and is done when somebody else can see that it is.
alter table incident_follow_up
  add column kind text not null default 'prevent' check (kind in ('mitigate', 'prevent', 'detect', 'process')),
  add column evidence text;
comment on column incident_follow_up.evidence is 'An address where whoever doubts it can see that it is done.';
