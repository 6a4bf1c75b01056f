-- A page may go to one person's own telephone, which is no channel that routes could name: its address travels with the page, sealed.

create table delivery_personal (
  delivery uuid primary key references delivery (id) on delete cascade,
  person   uuid not null,
  contact  uuid not null,
  kind     text not null check (kind in ('push', 'slack', 'sms', 'voice', 'email')),
  place    text not null,
  sealed   bytea not null,
  locale   text not null check (locale in ('ja', 'en')),
  zone     text not null
);
comment on table delivery_personal is 'Of a delivery to one person: by which contact. Its channel is the kind behind an at sign, which no channel is called.';
comment on column delivery_personal.place is 'What the address was sealed for.';
comment on column delivery_personal.sealed is 'The address, encrypted under a key that the database does not have.';
comment on column delivery_personal.locale is 'Of whoever reads it.';

create index delivery_personal_by_person on delivery_personal (person);
