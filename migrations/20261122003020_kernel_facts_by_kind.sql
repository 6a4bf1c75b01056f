-- Whether the pager works is also told by pages that reached nobody, and those are Facts of one kind among millions: they are counted by kind and time.
create index fact_by_kind on fact (kind, at);
comment on index fact_by_kind is 'For questions about one kind of Fact within a stretch of time.';
