-- Dashboards that somebody made or changed. What a release ships stands in the program: it has a row here only once it was changed or thrown
-- away. Versions are never rewritten, so that each can be compared with and brought back; a draft is one person's alone until it is saved.

create table dashboard (
  slug       text primary key check (slug ~ '^[a-z0-9-]{1,64}$'),
  version    bigint not null default 0 check (version >= 0),
  removed_at timestamptz,
  removed_by text,
  check ((removed_at is null) = (removed_by is null))
);
comment on table dashboard is 'A dashboard that was made, changed or thrown away here.';
comment on column dashboard.version is 'The newest one; 0 is the one that the release ships.';
comment on column dashboard.removed_at is 'Since when it lies in the trash.';

create table dashboard_version (
  slug       text not null references dashboard (slug) on delete cascade,
  version    bigint not null check (version > 0),
  definition jsonb not null,
  origin     text not null check (origin in ('console', 'file', 'grafana')),
  comment    text not null check (char_length(comment) <= 1000),
  notes      jsonb not null,
  made_by    text not null,
  at         timestamptz not null,
  primary key (slug, version)
);
comment on table dashboard_version is 'What a dashboard was at each save.';
comment on column dashboard_version.notes is 'What had no meaning here when it was brought in from elsewhere.';

create table dashboard_star (
  person uuid not null,
  slug   text not null,
  primary key (person, slug)
);
comment on table dashboard_star is 'Whose list a dashboard stands first in. Without a row of its own for what the release ships.';

create table dashboard_draft (
  person     uuid not null,
  slug       text not null,
  base       bigint not null check (base >= 0),
  definition jsonb not null,
  earlier    jsonb not null,
  changed_at timestamptz not null,
  primary key (person, slug)
);
comment on table dashboard_draft is 'What one person has changed and not saved yet.';
comment on column dashboard_draft.base is 'The version it was begun on.';
comment on column dashboard_draft.earlier is 'What it was before its last steps, the newest last.';
create index dashboard_draft_old on dashboard_draft (changed_at);
