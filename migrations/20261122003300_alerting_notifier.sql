-- Of fifty thousand alerts that fire nearly all stay as they are from one look of the notifier to the next, so it hears which have changed: from whoever changes
-- them, in the transaction that does, or a crash between the two would leave somebody untold until a minute later.
create table alert_change (
  id       bigint generated always as identity primary key,
  alert_id bigint not null
);
comment on table alert_change is 'Alerts that changed in a way that pages depend on. The notifier takes rows away in the transaction that decides on them; one alert may have many.';
comment on column alert_change.alert_id is 'No reference: it would lock alerts that an evaluator holds, in another order.';

create function alert_was_changed() returns trigger language plpgsql as $$
begin
  insert into alert_change (alert_id) values (new.id);
  return null;
end $$;
comment on function alert_was_changed is 'Waits for nobody: two transactions may note the same alert at once.';

create trigger alert_began after insert on alert for each row
  when (new.state = 'firing')
  execute function alert_was_changed();

-- Every tick writes every alert that goes on, mostly with another value and nothing else. That is seen before the function is called.
create trigger alert_changed after update on alert for each row
  when (
    (old.state = 'firing' or new.state = 'firing')
    and (
      old.state is distinct from new.state
      or old.severity is distinct from new.severity
      or (old.acknowledged_at is null) is distinct from (new.acknowledged_at is null)
    )
  )
  execute function alert_was_changed();

-- Screens list what needs somebody most first, count by severity, and show what ended last. What fires and nobody has, what somebody has, what waits and what is over
-- are four sets: each list and each count is read from the one index of its set, in its order, and no further than the screen.
create index alert_loud on alert (severity, fired_at, id) where state = 'firing' and acknowledged_at is null;
create index alert_held on alert (severity, fired_at, id) where state = 'firing' and acknowledged_at is not null;
create index alert_pending on alert (severity, id) where state = 'pending';
create index alert_over on alert (id desc) where state = 'resolved';
