-- Who takes an alert on at night may fall asleep over it: an acknowledgement may have an end, after which the alert needs a person again.
-- That must come also when every process was restarted meanwhile.
alter table alert
  add column acknowledged_until timestamptz,
  add column acknowledged_remind_at timestamptz,
  add check (acknowledged_until is null or acknowledged_at is not null),
  add check (acknowledged_remind_at is null or acknowledged_until is not null);
comment on column alert.acknowledged_until is 'From when on nobody has it any more, unless it is taken on again; null: somebody has it until it is over, or nobody has it.';
comment on column alert.acknowledged_remind_at is 'When it is said that the acknowledgement ends soon; null: that was said, or there is no end.';

-- Asked every second; at most a few of what fires.
create index alert_held_until on alert (least(acknowledged_until, acknowledged_remind_at))
  where state = 'firing' and acknowledged_until is not null;
