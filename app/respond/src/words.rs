//! The wing's words. Both languages are the same struct, so a missing one does not compile.

pub mod answers;
pub mod declared;
pub mod duty;
mod en;
pub mod escalations;
pub mod guidance;
pub mod incidents;
mod ja;
pub mod oncall;
pub mod reviews;
pub mod routes;
pub mod rules;
pub mod silences;

use api::ApiError;
use figures::Locale;
use leptos::prelude::*;
use model::Severity;
use ui::context::use_look;

/// Everything this wing says.
pub struct Words {
    pub now: &'static str,
    pub alerts: &'static str,
    pub rules: &'static str,
    pub all_quiet: &'static str,
    pub all_quiet_sub: &'static str,
    /// How many alerts nobody has: the words before and after the number, which is a link.
    pub unanswered_before: &'static str,
    pub unanswered_after: fn(u32) -> &'static str,
    pub all_held: fn(u32) -> String,
    pub pending_say: fn(u32) -> String,
    pub severity: [&'static str; 4],
    pub none: &'static str,
    pub unanswered: &'static str,
    pub held: &'static str,
    pub pending: &'static str,
    pub resolved: &'static str,
    pub open: &'static str,
    pub all: &'static str,
    pub open_alerts: &'static str,
    pub order: &'static str,
    pub see_all: &'static str,
    pub hosts: &'static str,
    pub hosts_note: &'static str,
    pub host: &'static str,
    pub signals: [&'static str; 4],
    pub changes: &'static str,
    pub no_changes: &'static str,
    pub no_hosts: &'static str,
    pub no_hosts_hint: &'static str,
    pub day: &'static str,
    pub take: &'static str,
    pub take_on: &'static str,
    pub take_say: &'static str,
    pub held_say: fn(&str) -> String,
    /// Of an alert that was to be taken on.
    pub already_held: fn(&str) -> String,
    pub give_back: &'static str,
    pub resolve: &'static str,
    pub resolve_hint: &'static str,
    pub comment: &'static str,
    pub comment_add: &'static str,
    /// Beside the taking on, where a comment may stay away, and where it is all there is to send.
    pub comment_hint: &'static str,
    pub comment_needed: &'static str,
    pub pending_hint: &'static str,
    pub viewer_hint: &'static str,
    pub current: &'static str,
    /// Before the time of a value after which none came.
    pub last_value: &'static str,
    pub threshold: &'static str,
    pub since_fired: &'static str,
    pub since_crossed: &'static str,
    pub lasted: &'static str,
    pub over_by: fn(&str) -> String,
    pub for_at_least: fn(&str) -> String,
    pub measured: &'static str,
    pub history: &'static str,
    pub deliveries: &'static str,
    pub nobody_paged: &'static str,
    pub set_up_channels: &'static str,
    pub past: &'static str,
    pub past_count: fn(u32) -> String,
    pub past_none: &'static str,
    pub labels: &'static str,
    pub rule: &'static str,
    /// Of an alert that no rule of ours raised: who did, the way there, and what stands where a threshold would.
    pub source: &'static str,
    pub source_open: &'static str,
    pub source_judged: &'static str,
    pub condition: &'static str,
    pub expression: &'static str,
    pub runbook: &'static str,
    pub others: &'static str,
    pub board: &'static str,
    pub filter: &'static str,
    pub severity_label: &'static str,
    pub any: &'static str,
    pub search: &'static str,
    pub apply: &'static str,
    pub nothing: &'static str,
    pub nothing_hint: &'static str,
    pub older: &'static str,
    pub to_top: &'static str,
    /// How many a list has besides those on it.
    pub rest: fn(u32) -> String,
    pub ended: &'static str,
    pub ongoing: &'static str,
    pub evaluated: &'static str,
    pub never_evaluated: &'static str,
    pub every: fn(&str) -> String,
    pub no_rules: &'static str,
    pub rules_broken: fn(u32) -> String,
    pub no_data: &'static str,
    pub failed: &'static str,
    pub failed_hint: &'static str,
    pub invalid_hint: &'static str,
    pub denied_hint: &'static str,
    pub signed_out: &'static str,
    pub signed_out_means: &'static str,
    pub signed_out_hint: &'static str,
    pub sign_in: &'static str,
    pub last_seen: &'static str,
    pub refusal: fn(&ApiError) -> String,
    pub said_given_back: &'static str,
    pub said_not_yours: &'static str,
    pub said_comment: &'static str,
    pub said_resolved: &'static str,
    pub not_found: &'static str,
    pub not_found_means: &'static str,
    pub not_found_hint: &'static str,
    pub none_open: &'static str,
    pub rules_watch: fn(u32) -> String,
    pub and_more: fn(&str, u32) -> String,
    pub taken: fn(&str) -> String,
    pub spark: &'static str,
    pub fact: fn(&str) -> &'static str,
    /// What a part of the house is called that did something by itself; `None` for people.
    pub worker: fn(&str) -> Option<&'static str>,
    pub reason: fn(&str) -> &'static str,
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn words() -> &'static Words {
    of(locale())
}

/// The reader's language.
#[must_use]
pub fn locale() -> Locale {
    use_look().locale
}

impl Words {
    /// 緊急, 高, 中, 低.
    #[must_use]
    pub fn severity_word(&self, severity: Severity) -> &'static str {
        self.severity[severity as usize]
    }

    /// Why the server refused, as a sentence.
    #[must_use]
    pub fn refused(&self, error: &ApiError) -> String {
        let own = silences::refused(error).or_else(|| routes::refused(error)).or_else(|| answers::refused(error));
        let own = own.or_else(|| duty::refused(error));
        own.unwrap_or_else(|| (self.refusal)(error))
    }
}

/// Why the server refused, in the reader's language.
#[must_use]
pub fn refused(error: &ApiError) -> String {
    words().refused(error)
}

/// The viewer, for what they may do.
#[must_use]
pub fn viewer() -> api::Viewer {
    expect_context::<api::Viewer>()
}

#[cfg(test)]
mod tests {
    use super::of;
    use api::ApiError;
    use api::error::{Denial, Expected};
    use figures::Locale;
    use model::Role;
    use model::alert::AlertState;
    use model::ids::AlertId;

    fn denied(reason: Denial) -> ApiError {
        ApiError::Denied { reason }
    }

    #[test]
    fn a_refusal_is_said_in_the_readers_language() {
        let (action, who) = ("answer alert".to_owned(), "Hana".to_owned());
        let low = denied(Denial::Role { action, who, needs: Role::Responder, has: Role::Viewer });
        let over = denied(Denial::NotFiring { alert: AlertId(1), state: AlertState::Resolved });
        let early = denied(Denial::NotFiring { alert: AlertId(1), state: AlertState::Pending });
        let expected = Expected::Characters { least: 1, most: 4_000 };
        let long = ApiError::Invalid { field: "comment".to_owned(), expected };
        let address = ApiError::Invalid { field: "show".to_owned(), expected: Expected::other("open, held or all") };
        let others = [ApiError::SignedOut, ApiError::Unavailable, ApiError::TryLater { seconds: 3 }];
        for error in [low, over, early, long, address].into_iter().chain(others) {
            let (ja, en) = (of(Locale::Ja).refused(&error), of(Locale::En).refused(&error));
            assert!(ja.ends_with('。') && en.ends_with('.'), "{ja} {en}");
            assert!(ja.chars().all(|character| !character.is_ascii_alphabetic()), "{ja}");
        }
    }
}
