-- A rule may be changed in the console too: who saves one must know that it is still the one they read, and `apply` must say what it overwrites.
alter table alert_rule
  add column version bigint not null default 1,
  add column edited_by text,
  add column edited_at timestamptz,
  add constraint alert_rule_edited check ((edited_at is null) = (edited_by is null));
comment on column alert_rule.version is 'Grows with every change of the definition or its group: a save that read an older one is refused.';
comment on column alert_rule.edited_by is 'Who made or changed it in the console since files were applied last; null when it stands as in the files.';
comment on column alert_rule.edited_at is 'When that was.';
