-- Of several alerts told together some may be over while others fire: what was said is changed then, which is neither a page nor its end.
-- And whoever gets a page may answer it by a link without signing in; a link that answered once must not answer again.
alter table delivery drop constraint delivery_kind_check;
alter table delivery add constraint delivery_kind_check
  check (kind in ('fired', 'again', 'acknowledged', 'updated', 'resolved', 'test'));
comment on column delivery.kind is 'fired and again call somebody; acknowledged, updated and resolved change what was said; test tries a channel.';

create table acknowledge_link (
  delivery uuid primary key,
  used_at  timestamptz not null,
  used_by  text not null
);
comment on table acknowledge_link is 'Links of pages by which somebody answered. A row stays for as long as its link could still be shown.';
comment on column acknowledge_link.delivery is 'The page the link stood in. No reference: the log of deliveries is emptied by itself.';
comment on column acknowledge_link.used_by is 'As it is named in the history of the alerts.';

create index acknowledge_link_used_at on acknowledge_link (used_at);
