//! The words of the screens about postmortems. Both languages are the same struct, so a missing one does not compile.

mod en;
mod ja;

use figures::Locale;
use ui::context::use_look;

/// Everything those screens say.
pub struct PostmortemWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub to_actions: &'static str,
    pub open: &'static str,
    pub none_open: &'static str,
    pub none_open_hint: &'static str,
    pub others: &'static str,
    pub found: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub nothing_hint: &'static str,
    pub older: &'static str,
    pub to_top: &'static str,
    pub clear: &'static str,
    pub apply: &'static str,
    pub search: &'static str,
    pub show: &'static str,
    pub any: &'static str,
    /// All, overdue, mine, mine to read.
    pub shows: [&'static str; 4],
    pub severity: &'static str,
    /// From the worst.
    pub severities: [&'static str; 4],
    pub private: &'static str,
    pub incident: &'static str,
    pub state: &'static str,
    /// In the order of `State`.
    pub states: [&'static str; 6],
    pub not_begun: &'static str,
    pub owner: &'static str,
    pub no_owner: &'static str,
    pub due: &'static str,
    pub no_due: &'static str,
    pub overdue: fn(&str) -> String,
    pub due_in: fn(&str) -> String,
    pub published: &'static str,
    /// The day.
    pub resolved: fn(&str) -> String,
    pub causes: &'static str,
    pub trigger: &'static str,
    /// In the order of `Trigger`.
    pub triggers: [&'static str; 9],
    pub detection: &'static str,
    /// In the order of `Detection`.
    pub detections: [&'static str; 5],
    pub factors_title: &'static str,
    /// In the order of `Factor`.
    pub factors: [&'static str; 14],
    pub tags: &'static str,
    pub tags_hint: &'static str,
    pub repeats: &'static str,
    pub repeats_since: fn(&str) -> String,
    pub repeats_none: &'static str,
    pub times: fn(usize) -> String,
    pub lessons: &'static str,
    pub lessons_none: &'static str,
    // One
    pub of: fn(&str) -> String,
    pub lasted: fn(&str) -> String,
    pub to_incident: &'static str,
    pub begin: &'static str,
    pub begin_lead: &'static str,
    pub begin_do: &'static str,
    pub template: &'static str,
    /// In the order of `Template`.
    pub templates: [&'static str; 2],
    pub language: &'static str,
    /// Of `ja` and of `en`.
    pub languages: [&'static str; 2],
    pub text_label: &'static str,
    pub by_form: &'static str,
    pub comments_and_versions: &'static str,
    pub sealed: &'static str,
    pub reads_only: &'static str,
    pub present: &'static str,
    // How far
    pub progress: &'static str,
    /// What is to be done now and by whom, in the order of `State`.
    pub next: [&'static str; 6],
    /// In the order of `Act`.
    pub acts: [&'static str; 7],
    /// The same, as it was done.
    pub acted: [&'static str; 7],
    pub reason: &'static str,
    /// Of a request for changes, of reopening, of waiving.
    pub reason_hints: [&'static str; 3],
    pub own_approval: &'static str,
    pub approve_needs_editor: &'static str,
    /// By whom, and when first.
    pub changed_since_approval: fn(&str, &str) -> String,
    pub signed: fn(&str, &str) -> String,
    pub history: &'static str,
    pub only_responders: &'static str,
    // The gate
    pub gate: &'static str,
    pub gate_lead: &'static str,
    pub gate_open: &'static str,
    pub gate_written: &'static str,
    pub gate_unwritten: fn(&str) -> String,
    pub gate_published: &'static str,
    pub gate_not_published: &'static str,
    /// How many there are, and how many of them are open.
    pub gate_actions: fn(u32, u32) -> String,
    pub gate_no_actions: &'static str,
    pub gate_owners: &'static str,
    pub gate_no_owners: fn(u32) -> String,
    pub gate_dates: &'static str,
    pub gate_no_dates: fn(u32) -> String,
    pub done_word: &'static str,
    pub open_word: &'static str,
    // Readers
    pub reviewers: &'static str,
    pub no_reviewers: &'static str,
    pub has_approved: &'static str,
    pub wants_changes: &'static str,
    pub has_not_answered: &'static str,
    pub review_until: fn(&str) -> String,
    pub ask_review: &'static str,
    pub ask_review_do: &'static str,
    pub ask_review_hint: &'static str,
    pub review_day: &'static str,
    // What it is sorted by
    pub about: &'static str,
    pub describe: &'static str,
    pub save: &'static str,
    pub scope: &'static str,
    pub scope_hint: &'static str,
    pub not_said: &'static str,
    // What is to be done
    pub actions_title: &'static str,
    pub actions_lead: &'static str,
    pub actions: &'static str,
    pub no_actions: &'static str,
    pub no_actions_hint: &'static str,
    pub kind: &'static str,
    /// In the order of `ActionKind`.
    pub kinds: [&'static str; 4],
    pub kind_hints: [&'static str; 4],
    pub what: &'static str,
    pub due_day: &'static str,
    pub address: &'static str,
    pub evidence: &'static str,
    pub evidence_hint: &'static str,
    pub finish: &'static str,
    pub finish_do: &'static str,
    pub reopen_action: &'static str,
    pub add_action: &'static str,
    pub add_do: &'static str,
    pub change_it: &'static str,
    pub worked_on: &'static str,
    pub see_evidence: &'static str,
    pub no_date: &'static str,
    pub days_over: fn(i64) -> String,
    pub due_today: &'static str,
    pub days_left: fn(i64) -> String,
    pub done_by: fn(&str, &str) -> String,
    /// All, overdue, due within a week, without a day, without an owner.
    pub action_shows: [&'static str; 5],
    pub everybody: &'static str,
    pub me: &'static str,
    pub more_left: fn(u32) -> String,
    // Graphs
    pub graphs: &'static str,
    pub graphs_hint: &'static str,
    pub zoom: &'static str,
    pub whole: &'static str,
    pub nearer: &'static str,
    pub wider: &'static str,
    pub earlier: &'static str,
    pub later: &'static str,
    pub stretch: fn(&str, &str) -> String,
    pub kept_by: fn(&str, &str) -> String,
    pub measure_now: &'static str,
    pub back_to_text: &'static str,
    pub parts: &'static str,
    pub keep_graph: &'static str,
    pub keep_graph_do: &'static str,
    pub keep_graph_hint: &'static str,
    pub graph_title: &'static str,
    pub query: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    pub graph_in_text: fn(&str) -> String,
    // What changed before
    pub changes: &'static str,
    pub changes_lead: &'static str,
    pub no_changes: &'static str,
    /// One day, three days, a week, two weeks.
    pub backs: [&'static str; 4],
    /// In the order of `ChangeOf`.
    pub change_of: [&'static str; 5],
    pub change: &'static str,
    pub when: &'static str,
    pub by: &'static str,
    pub before: fn(&str) -> String,
    pub after: fn(&str) -> String,
    pub near: &'static str,
    /// Of a Fact; empty for one that has no words here.
    pub fact: fn(&str) -> &'static str,
    // Out of the house
    pub exports: &'static str,
    pub as_stored: &'static str,
    pub expanded: &'static str,
    pub print: &'static str,
    pub share: &'static str,
    pub share_make: &'static str,
    pub share_lead: &'static str,
    pub share_after: &'static str,
    pub share_preview: &'static str,
    pub share_previewed: &'static str,
    pub share_do: &'static str,
    pub share_days: &'static str,
    pub days: fn(i64) -> String,
    pub share_made: fn(&str, &str, &str) -> String,
    pub share_open: &'static str,
    pub share_ended: &'static str,
    pub share_revoked: &'static str,
    pub unshare: &'static str,
    // What went wrong
    pub unknown: &'static str,
    pub comma: &'static str,
    /// What was just done, by the word of the address.
    pub done: fn(&str) -> Option<&'static str>,
    pub not_from: fn(&str, &str) -> String,
    pub not_waivable: fn(&str) -> String,
    pub unwritten: fn(&str) -> String,
    pub no_graph: fn(&str) -> String,
    /// The ids.
    pub no_graphs: fn(&str) -> String,
    /// Refusals that name nothing, in the order of `plain_place`.
    pub troubles: [&'static str; 19],
    pub gone: &'static str,
    pub gone_means: &'static str,
    pub gone_hint: &'static str,
    pub failed: &'static str,
    pub failed_hint: &'static str,
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static PostmortemWords {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn postmortem_words() -> &'static PostmortemWords {
    of(use_look().locale)
}
