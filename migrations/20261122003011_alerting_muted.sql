-- Screens say of every alert whether it calls anybody, in the words of whoever decides that: the notifier, which notes it with each alert of
-- each group. Of fifty thousand alerts most are loud, so what is muted is found without looking at the others.
create index alert_group_member_muted on alert_group_member (alert_id) where is_current and mute is not null;

create view alert_muted as
select distinct quiet.alert_id
from alert_group_member as quiet
where quiet.is_current
  and quiet.mute is not null
  and not exists (
    select 1
    from alert_group_member as loud
    where loud.alert_id = quiet.alert_id
      and loud.is_current
      and loud.mute is null
  );
comment on view alert_muted is 'Alerts that call nobody now on any of their routes, as the notifier has decided it last. Also ones that are over, until that is told.';
