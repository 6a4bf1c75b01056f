-- What is committed here is also wanted elsewhere: batches are the queue of every destination that samples are forwarded to, and this
-- says how far each has come.
create table metric_forward (
  destination text not null,
  writer_id   uuid not null references metric_writer (id) on delete cascade,
  wseq        bigint not null,
  primary key (destination, writer_id)
);
comment on table metric_forward is 'Up to which of a writer''s batches a destination has answered for. Moved after the answer, so a crash sends some samples again and loses none.';
comment on column metric_forward.destination is 'Its name in the settings. One that is taken out keeps its rows, and goes on from there when it comes back.';
comment on column metric_forward.wseq is 'Absent means 0: a writer that opened after the destination was first seen.';
