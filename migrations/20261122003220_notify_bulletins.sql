-- Who waits for the end of an incident is told how it stands, and who promised something about it is told before it is late. That is about no
-- alert, and yet it must arrive like a page, so it goes the same way under kinds of its own.
alter table delivery drop constraint delivery_kind_check;
alter table delivery add constraint delivery_kind_check
  check (kind in ('fired', 'again', 'acknowledged', 'updated', 'resolved', 'announced', 'warned', 'breached', 'test'));
comment on column delivery.kind is 'fired and again call somebody; acknowledged, updated and resolved change what was said; announced, warned and breached are about an incident, and breached calls somebody too; test tries a channel.';
comment on column delivery.words is 'What there is to say, in both languages: an array about alerts, an object about an incident.';
