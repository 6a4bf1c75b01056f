-- What was approved is what is published: the text that was read is kept with the approval, however long ago its changes were gathered, so that whoever
-- publishes later learns whether it is another now.

alter table postmortem add column approved_text text;
comment on column postmortem.approved_text is 'The text as it was read when it was approved. Null: nobody has approved, or that was before texts were kept.';
