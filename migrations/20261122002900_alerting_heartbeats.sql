-- A job that should have run and did not raises no alert by itself: somebody must expect it, and know until when, also after a restart.
alter table integration drop constraint integration_kind_check;
alter table integration add constraint integration_kind_check check (
  kind in ('alertmanager', 'grafana', 'datadog', 'pagerduty', 'json', 'heartbeat')
);
alter table integration
  add column silent_at timestamptz,
  add check (kind <> 'heartbeat' or timeout_ms is not null);
comment on column integration.timeout_ms is 'An alert that was not sent again for so long is resolved; null: never. Of a heartbeat: how long it may be silent.';
comment on column integration.silent_at is 'Of a heartbeat that is expected: when its silence is too long unless it is heard before. Null: it was never heard, is switched off, or was missed already.';
