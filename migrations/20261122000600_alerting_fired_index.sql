-- Screens ask what fired since yesterday or during a span of a chart, and alerts are never deleted, so the times need an index.
create index alert_by_fired on alert (fired_at);
comment on index alert_by_fired is 'For the day on the screen Now and the alerts that a chart marks. Pending ones have no time here.';
