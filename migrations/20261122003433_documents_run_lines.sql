-- What somebody did with a runbook in an incident is told there in the end, however long that can not be written: lines that were given up wait again,
-- and none is given up any more.

update doc_run_line
set next_at = at
where told_at is null
  and next_at is null;
comment on column doc_run_line.next_at is 'When it is tried again; null: it stands in the timeline.';
