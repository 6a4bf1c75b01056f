-- A form that was sent without a script and refused must come back as it was filled in, from whichever replica answers next, and what was
-- typed must stand in no address: it waits here for the browser that typed it.

create table refused_form (
  id         uuid primary key,
  session_id uuid not null references session (id) on delete cascade,
  call       text not null,
  refusal    text not null,
  fields     jsonb not null,
  refused_at timestamptz not null
);
comment on table refused_form is 'Forms that were refused, for an hour, the newest few of a session; gone with the session. Never holds a secret.';
comment on column refused_form.session_id is 'Only this signed-in browser is shown it.';
comment on column refused_form.call is 'What it was sent to.';
comment on column refused_form.refusal is 'Why it was refused, as the door says it.';
comment on column refused_form.fields is 'Pairs of a name and a text, in the order they were sent.';
create index refused_form_by_session on refused_form (session_id, refused_at);
create index refused_form_by_age on refused_form (refused_at);
