//! The words of the screens about escalation. Both languages are the same struct, so a missing one does not compile.

mod en;
mod ja;

use crate::words::locale;
use api::escalations::PolicyTrouble;
use figures::Locale;

/// Everything those screens say.
pub struct EscalationWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub to_runs: &'static str,
    pub to_oncall: &'static str,
    pub to_routes: &'static str,
    pub make: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub policies: &'static str,
    pub policy: &'static str,
    pub owner: &'static str,
    pub steps: &'static str,
    pub passes: &'static str,
    pub forever: &'static str,
    pub times: fn(u32) -> String,
    pub in_file: &'static str,
    pub from_file: &'static str,
    pub going_on: &'static str,
    pub nobody_banner: fn(&str) -> String,
    pub to_why: &'static str,
    pub said_saved: &'static str,
    pub said_removed: &'static str,
    /// Schedule and role.
    pub on_call_in: fn(&str, &str) -> String,
    pub team: fn(&str) -> String,
    pub everyone: &'static str,
    pub channel: fn(&str) -> String,
    pub waits: fn(&str) -> String,
    pub then_waits: fn(&str) -> String,
    pub only_at: fn(&str, &str) -> String,
    /// Always, business, night, holiday.
    pub whens: [&'static str; 4],
    pub wants_all: &'static str,
    pub falls_back: &'static str,
    pub if_now: &'static str,
    pub if_now_note: &'static str,
    pub and_so_on: &'static str,
    pub at_once: &'static str,
    pub after: fn(&str) -> String,
    pub step: fn(u32) -> String,
    /// Step and pass.
    pub step_of_pass: fn(u32, u32) -> String,
    pub pass: fn(u32) -> String,
    pub administrators: &'static str,
    pub last_resort: &'static str,
    pub not_its_time: &'static str,
    pub skipped: &'static str,
    pub is_disabled: &'static str,
    pub no_contact: &'static str,
    pub runs_of_it: &'static str,
    pub all_runs: &'static str,
    pub about: &'static str,
    pub changed: &'static str,
    pub edit: &'static str,
    pub remove: &'static str,
    pub remove_sure: &'static str,
    pub remove_do: &'static str,
    pub make_title: &'static str,
    pub edit_title: fn(&str) -> String,
    pub edit_lead: &'static str,
    pub back_to: &'static str,
    pub only_editors: &'static str,
    pub no_team: &'static str,
    pub steps_hint: &'static str,
    pub step_new: &'static str,
    pub target_number: fn(usize) -> String,
    /// One answer, or everybody's.
    pub acks: [&'static str; 2],
    /// The next step, or the administrators.
    pub empties: [&'static str; 2],
    pub preview: &'static str,
    pub save: &'static str,
    /// Of a field of the form: what it is called, and what helps filling it in.
    pub field: fn(&str) -> (&'static str, &'static str),
    pub runs_title: &'static str,
    pub runs_lead: &'static str,
    pub runs: &'static str,
    pub runs_none: &'static str,
    pub runs_none_hint: &'static str,
    pub runs_none_alert: &'static str,
    pub none_now: &'static str,
    pub show: &'static str,
    /// All, those that go on, those that reached nobody.
    pub shows: [&'static str; 3],
    pub alert: &'static str,
    pub only_mine: &'static str,
    pub run_of: fn(&str, i64) -> String,
    pub to_policy: &'static str,
    pub state: &'static str,
    pub began: &'static str,
    pub first_page: &'static str,
    pub nobody_yet: &'static str,
    pub running: &'static str,
    /// Which step of how many, and when.
    pub next_step: fn(u32, u32, &str) -> String,
    pub spent: &'static str,
    /// Who, and when.
    pub answered: fn(&str, &str) -> String,
    pub over: &'static str,
    pub until: fn(&str) -> String,
    /// A decision, behind whom or what it is about.
    pub what: fn(&str) -> &'static str,
    /// The time of day that a step wants.
    pub when_word: fn(&str) -> &'static str,
    /// Why an escalation is over.
    pub ended: fn(&str) -> &'static str,
    /// Why it began, or went on.
    pub reason: fn(&str) -> &'static str,
    pub gone: &'static str,
    pub gone_means: &'static str,
    pub gone_hint: &'static str,
    pub trouble: fn(PolicyTrouble) -> &'static str,
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static EscalationWords {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn escalation_words() -> &'static EscalationWords {
    of(locale())
}

/// What is wrong, as a sentence.
#[must_use]
pub fn trouble_text(trouble: PolicyTrouble) -> &'static str {
    (escalation_words().trouble)(trouble)
}

#[cfg(test)]
mod tests {
    use super::of;
    use api::escalations::PolicyTrouble;
    use figures::Locale;

    /// What the room writes down; a word that is missing here would be shown as nothing.
    const WHAT: [&str; 27] = [
        "started",
        "policy unknown",
        "updated",
        "step fired",
        "not its time",
        "waits for its time",
        "step empty",
        "nobody named",
        "disabled",
        "no contact",
        "paged",
        "channel told",
        "held",
        "asked",
        "bundled",
        "accepted",
        "failed",
        "unsure",
        "no contact left",
        "fallback",
        "last resort",
        "next pass",
        "spent",
        "acknowledged",
        "passed on",
        "hastened",
        "ended",
    ];
    const FIELDS: [&str; 11] =
        ["name", "owner", "passes", "wait", "when", "zone", "ack", "on_empty", "place", "target", "targets"];

    #[test]
    fn every_decision_and_every_field_is_said_in_both_languages() {
        for words in [of(Locale::Ja), of(Locale::En)] {
            assert!(WHAT.iter().all(|what| !(words.what)(what).is_empty()));
            assert!(FIELDS.iter().all(|field| !(words.field)(field).0.is_empty()));
            assert!(["acknowledged", "resolved", "silenced", "newer"].iter().all(|why| !(words.ended)(why).is_empty()));
            assert!(PolicyTrouble::ALL.iter().all(|(trouble, _)| !(words.trouble)(*trouble).is_empty()));
        }
    }
}
