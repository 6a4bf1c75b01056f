//! The words of the screens about channels, deliveries and the pager. Both languages are the same struct, so a missing one does not
//! compile.

mod en;
mod ja;

use api::pager::{Ailment, ProcessState};
use figures::Locale;
use ui::context::use_look;

/// Everything those screens say.
pub struct ChannelWords {
    // Channels
    pub channels: &'static str,
    pub channels_lead: &'static str,
    pub admin_only: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub state: &'static str,
    pub on: &'static str,
    pub off: &'static str,
    pub last_resort: &'static str,
    pub last_delivery: &'static str,
    pub never: &'static str,
    // What it did not take
    pub stuck: &'static str,
    /// So many are tried again, so many were refused for good.
    pub stuck_of: fn(u32, u32) -> String,
    /// Before how long ago the oldest of them was asked for.
    pub stuck_oldest: &'static str,
    pub stuck_others: &'static str,
    pub week: &'static str,
    /// Of so many, so many failed.
    pub week_of: fn(u32, u32) -> String,
    pub routes: &'static str,
    pub no_routes: &'static str,
    pub no_channels: &'static str,
    pub no_channels_hint: &'static str,
    pub add: &'static str,
    // One channel
    pub new_title: fn(&str) -> String,
    pub name_hint: &'static str,
    pub settings: &'static str,
    pub keep_secret: &'static str,
    pub readers: &'static str,
    pub language: &'static str,
    pub zone: &'static str,
    pub use_it: &'static str,
    pub use_it_hint: &'static str,
    pub last_resort_hint: &'static str,
    pub save: &'static str,
    pub add_do: &'static str,
    pub said_saved: &'static str,
    pub said_removed: &'static str,
    pub steps: &'static str,
    pub history: &'static str,
    pub version: fn(i64) -> String,
    pub made: &'static str,
    pub removed: &'static str,
    pub changed: fn(&str) -> String,
    pub replaced: fn(&str) -> String,
    pub switched: fn(bool) -> &'static str,
    pub last_resort_switched: fn(bool) -> &'static str,
    pub unchanged: &'static str,
    pub comma: &'static str,
    pub remove: &'static str,
    pub remove_sure: fn(&str) -> String,
    pub remove_do: &'static str,
    pub test: &'static str,
    pub test_hint: &'static str,
    pub details: &'static str,
    pub to_channels: &'static str,
    // Deliveries
    pub deliveries: &'static str,
    pub deliveries_lead: &'static str,
    /// Due, sending, sent, failed, superseded.
    pub states: [&'static str; 5],
    /// Of a kind of delivery.
    pub kind_word: fn(&str) -> &'static str,
    /// Why nobody need be told any more.
    pub withdrawn: fn(&str) -> &'static str,
    /// How an attempt ended.
    pub outcome: fn(&str) -> &'static str,
    /// One of the reasons for a page; those without a word of their own are shown as they came.
    pub reason: fn(&str) -> Option<&'static str>,
    pub tested_by: fn(&str) -> String,
    /// A step of an escalation, by the policy and its number.
    pub escalation_step: fn(&str, &str) -> String,
    /// A number that shows that a contact is somebody's own.
    pub to_confirm: &'static str,
    pub all: &'static str,
    pub filter: &'static str,
    pub channel: &'static str,
    pub any_channel: &'static str,
    pub alert: &'static str,
    pub apply: &'static str,
    pub nothing: &'static str,
    pub nothing_hint: &'static str,
    pub older: &'static str,
    pub newest: &'static str,
    pub what: &'static str,
    pub why: &'static str,
    pub asked_at: &'static str,
    pub ended_at: &'static str,
    pub next_try: &'static str,
    pub attempts: &'static str,
    pub attempt: &'static str,
    pub no_attempts: &'static str,
    pub answer: &'static str,
    /// What a provider, or the way to it, said: the usual in words, with what can be done about it; the rest as it came.
    pub answered: fn(&str) -> String,
    pub under_way: &'static str,
    pub key: &'static str,
    pub group: &'static str,
    pub began_at: &'static str,
    pub took: &'static str,
    pub process: &'static str,
    pub passed_from: fn(&str) -> String,
    pub to_deliveries: &'static str,
    // Pager
    pub pager: &'static str,
    pub pager_question: &'static str,
    pub says_no_channel: &'static str,
    pub says_all_off: &'static str,
    pub says_asleep: fn(Option<&str>) -> String,
    pub says_overdue: fn(&str) -> String,
    pub says_failing: &'static str,
    pub says_unproven: &'static str,
    pub says_unheard: fn(&str) -> String,
    /// The ailment's name, and for how long.
    pub says_halted: fn(Ailment, &str) -> String,
    /// Of what is wrong: of which machine or channel, if it is one's in particular.
    pub ailment: fn(Ailment, Option<&str>) -> String,
    pub troubles: &'static str,
    pub trouble_since: &'static str,
    /// Pages that reached nobody within a day.
    pub unheard: &'static str,
    pub unheard_of: fn(u32) -> String,
    pub says_works: fn(&str, &str) -> String,
    /// Though it works: so many channels whose last delivery failed.
    pub some_fail: fn(usize) -> String,
    pub figures: &'static str,
    pub queue: &'static str,
    pub queue_of: fn(u32, u32) -> String,
    pub oldest_due: &'static str,
    pub oldest_unsent: &'static str,
    pub share: &'static str,
    /// Of a day, of a week.
    pub share_of: fn(&str, &str) -> String,
    pub speed: &'static str,
    pub speed_of: fn(&str, &str, u32) -> String,
    pub no_pages: &'static str,
    pub looked_at: &'static str,
    pub last_test: &'static str,
    pub last_success: &'static str,
    pub processes: &'static str,
    pub no_processes: &'static str,
    pub process_state: fn(ProcessState) -> &'static str,
    pub heard_at: &'static str,
    pub evaluated_at: &'static str,
    pub sender_looked_at: &'static str,
    pub lost: &'static str,
    pub none: &'static str,
    pub ago: fn(&str) -> String,
    pub test_all: &'static str,
    pub test_all_hint: &'static str,
    pub tests_sent: &'static str,
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static ChannelWords {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn channel_words() -> &'static ChannelWords {
    of(use_look().locale)
}

#[cfg(test)]
mod tests {
    use super::of;
    use figures::Locale;

    /// What the notify room writes; a word that is missing here would be shown as nothing.
    const KINDS: [&str; 9] = ["fired", "again", "acknowledged", "updated", "resolved", "announced", "warned", "breached", "test"];
    const WITHDRAWN: [&str; 5] = ["acknowledged", "resolved", "silenced", "newer", "nobody told"];
    const OUTCOMES: [&str; 5] = ["sent", "retry", "refused", "unknown", "lost"];

    #[test]
    fn what_was_not_taken_is_counted_in_both_languages() {
        let (ja, en) = (of(Locale::Ja), of(Locale::En));
        assert_eq!((en.stuck_of)(1, 0), "1 page is tried again");
        assert_eq!((en.stuck_of)(0, 2), "2 pages were refused");
        assert_eq!((en.stuck_of)(3, 2), "3 tried again, 2 refused");
        assert_eq!((ja.stuck_of)(3, 2), "呼び出し 3件を再送中、2件は拒否");
    }

    #[test]
    fn every_word_of_the_log_is_said_in_both_languages() {
        for words in [of(Locale::Ja), of(Locale::En)] {
            assert!(KINDS.into_iter().all(|kind| !(words.kind_word)(kind).is_empty()));
            assert!(WITHDRAWN.into_iter().all(|why| !(words.withdrawn)(why).is_empty()));
            assert!(OUTCOMES.into_iter().all(|outcome| !(words.outcome)(outcome).is_empty()));
            assert!((words.reason)("first page").is_some() && (words.reason)("because").is_none());
        }
    }
}
