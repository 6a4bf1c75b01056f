-- Whether a runbook helped is what the next reader wants to know, and "ended" did not say it. And steps that stand under a heading mean
-- something else than the same steps in a heap: the headings are frozen with them.

alter table doc_run
  add column outcome text check (outcome in ('worked', 'failed', 'stopped')),
  add column outcome_note text not null default '',
  add constraint doc_run_outcome_at_its_end check (outcome is null or ended_at is not null);
comment on column doc_run.outcome is 'What came of it, as whoever ended it says; null: it goes on, or ended before anybody was asked.';
comment on column doc_run.outcome_note is 'Why, in the words of whoever ended it.';

alter table doc_run_step
  add column section text not null default '';
comment on column doc_run_step.section is 'The heading it stood under then; empty: none.';
