-- Who takes a warning on has not taken on what it becomes: an alert that gets worse than it was when somebody took it needs somebody again.
alter table alert
  add column acknowledged_severity text check (acknowledged_severity in ('P0', 'P1', 'P2', 'P3'));
comment on column alert.acknowledged_severity is 'How bad it was when somebody took it. Null: nobody has it, or it was taken before this was written down.';
