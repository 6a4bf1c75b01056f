//! The words of the on-call screens. Both languages are the same struct, so a missing one does not compile.

mod en;
mod ja;

use crate::words::locale;
use api::oncall::form::DutyTrouble;
use figures::Locale;

/// Everything those screens say.
pub struct OncallWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub to_escalations: &'static str,
    pub to_runs: &'static str,
    pub to_contacts: &'static str,
    pub make: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub only_editors: &'static str,
    pub only_responders: &'static str,
    pub said_removed: &'static str,
    pub now: &'static str,
    pub next: &'static str,
    pub no_handovers: &'static str,
    pub mine: &'static str,
    pub mine_none: &'static str,
    pub ask_cover: &'static str,
    pub readiness: &'static str,
    pub readiness_note: &'static str,
    pub all_ready: &'static str,
    pub gap: &'static str,
    pub unknown: &'static str,
    /// What put somebody on call: the rotation, an override, a swap, a calendar.
    pub sources: [&'static str; 4],
    /// Push, Slack, SMS, call, mail.
    pub ways: [&'static str; 5],
    pub failing: &'static str,
    pub no_contact: &'static str,
    pub disabled: &'static str,
    /// Before and behind a moment.
    pub until: (&'static str, &'static str),
    pub left: fn(&str) -> String,
    pub no_end: &'static str,
    pub ahead: fn(&str) -> String,
    /// The same moment on the reader's clock.
    pub own_time: fn(&str) -> String,
    pub hours: fn(i64) -> String,
    pub open_swaps: fn(u32) -> String,
    pub and_more: fn(usize) -> String,
    pub find_gap: fn(&str, &str) -> String,
    pub find_no_contact: fn(&str) -> String,
    pub find_disabled: fn(&str) -> String,
    pub find_away: fn(&str, &str, &str) -> String,
    pub find_both: fn(&str, &str) -> String,
    /// Who, how many hours, and in which seven days.
    pub find_too_much: fn(&str, u32, &str) -> String,
    pub find_same: &'static str,
    pub find_layer: fn(&str) -> String,
    pub find_calendar: fn(&str) -> String,
    pub view: &'static str,
    /// A week, four of them, a month.
    pub views: [&'static str; 3],
    pub earlier: &'static str,
    pub later: &'static str,
    pub today: &'static str,
    pub edit: &'static str,
    pub holiday: &'static str,
    pub provisional: &'static str,
    pub odd_day: fn(u32) -> String,
    pub override_row: &'static str,
    pub layer_of: fn(&str) -> String,
    pub added: &'static str,
    pub from_clock: fn(&str) -> String,
    pub away_too: &'static str,
    /// By unit (hours, days, weeks, months) and how many of them.
    pub turns_of: fn(usize, u32) -> String,
    pub on_weekday: fn(&str, &str) -> String,
    /// When, and which role.
    pub gap_say: fn(&str, &str) -> String,
    pub fill: &'static str,
    /// What was just done, if it is one of these.
    pub done: fn(&str) -> Option<&'static str>,
    pub fairness: &'static str,
    pub fair_none: &'static str,
    /// Business, evening, night, days off.
    pub hours_of: [&'static str; 4],
    pub total_hours: &'static str,
    pub spread: &'static str,
    pub above: &'static str,
    pub person: &'static str,
    pub overrides: &'static str,
    pub overrides_none: &'static str,
    pub override_do: &'static str,
    pub override_lead: fn(&str) -> String,
    pub override_save: &'static str,
    pub override_cancel: &'static str,
    pub role: &'static str,
    pub who_takes: &'static str,
    pub from: &'static str,
    pub until_field: &'static str,
    pub reason: &'static str,
    pub preview: &'static str,
    pub plan: &'static str,
    pub plan_same: &'static str,
    pub plan_changes: fn(usize) -> String,
    pub when: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub cover_lead: &'static str,
    pub cover_do: &'static str,
    pub back: &'static str,
    pub back_hint: &'static str,
    pub back_from: &'static str,
    pub back_until: &'static str,
    pub swaps: &'static str,
    pub swaps_none: &'static str,
    pub swaps_none_hint: &'static str,
    pub taken_by: fn(&str) -> String,
    pub in_return: &'static str,
    pub offers: fn(&str) -> String,
    pub accept: &'static str,
    pub take: &'static str,
    pub offer: &'static str,
    pub offer_hint: &'static str,
    pub offer_do: &'static str,
    pub take_back: &'static str,
    pub undo_swap: &'static str,
    pub leave: &'static str,
    pub leave_none: &'static str,
    pub leave_add: &'static str,
    pub leave_hint: &'static str,
    pub leave_do: &'static str,
    pub leave_kinds: [&'static str; 2],
    pub kind: &'static str,
    pub note: &'static str,
    pub myself: &'static str,
    pub remove: &'static str,
    pub feeds: &'static str,
    pub to_calendar: &'static str,
    pub feeds_lead: &'static str,
    pub feed_kinds: [&'static str; 3],
    /// Of an address that is there: what it is of.
    pub feed_of: [&'static str; 3],
    pub feed_read: &'static str,
    pub feed_unread: &'static str,
    pub feed_remove: &'static str,
    pub settings: &'static str,
    pub from_file: &'static str,
    pub schedule_remove: &'static str,
    pub schedule_remove_sure: &'static str,
    pub schedule_remove_do: &'static str,
    pub schedule: &'static str,
    pub make_title: &'static str,
    pub edit_title: fn(&str) -> String,
    pub edit_lead: &'static str,
    pub back_to: &'static str,
    pub save: &'static str,
    pub no_team: &'static str,
    pub calendar_name: fn(&str) -> String,
    pub required: &'static str,
    pub required_hint: &'static str,
    pub begins: &'static str,
    pub begins_at: &'static str,
    pub begins_choices: [&'static str; 3],
    pub begins_hint: &'static str,
    pub layers: &'static str,
    pub layers_hint: &'static str,
    pub layer_new: &'static str,
    pub layer_number: fn(usize) -> String,
    pub layer_remove: &'static str,
    pub own_role: &'static str,
    pub modes: [&'static str; 2],
    pub members: &'static str,
    pub members_hint: &'static str,
    pub member_number: fn(usize) -> String,
    pub turns: &'static str,
    pub finer: &'static str,
    pub units: [&'static str; 4],
    pub same_zone: &'static str,
    pub advance: [&'static str; 2],
    pub on_holiday: [&'static str; 3],
    pub restrictions: &'static str,
    pub restrictions_hint: &'static str,
    pub time_kinds: [&'static str; 5],
    /// Of a field of the form: what it is called, and what helps filling it in.
    pub field: fn(&str) -> (&'static str, &'static str),
    pub gone: &'static str,
    pub gone_means: &'static str,
    pub gone_hint: &'static str,
    pub trouble: fn(DutyTrouble) -> &'static str,
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static OncallWords {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn oncall_words() -> &'static OncallWords {
    of(locale())
}

/// What is wrong, as a sentence.
#[must_use]
pub fn trouble_text(trouble: DutyTrouble) -> &'static str {
    (oncall_words().trouble)(trouble)
}

#[cfg(test)]
mod tests {
    use super::of;
    use api::oncall::form::DutyTrouble;
    use figures::Locale;

    /// Every field of the form of a schedule.
    const FIELDS: [&str; 26] = [
        "name",
        "title_ja",
        "title_en",
        "owner",
        "zone",
        "calendar",
        "most_hours",
        "begins",
        "begins_at",
        "role",
        "own_role",
        "rank",
        "mode",
        "member",
        "members",
        "every",
        "unit",
        "anchor",
        "offset",
        "advance_on",
        "on_holiday",
        "from",
        "until",
        "kind",
        "start",
        "end",
    ];

    #[test]
    fn every_trouble_and_every_field_is_said_in_both_languages() {
        for words in [of(Locale::Ja), of(Locale::En)] {
            assert!(DutyTrouble::ALL.iter().all(|(trouble, _)| !(words.trouble)(*trouble).is_empty()));
            assert!(FIELDS.iter().all(|field| !(words.field)(field).0.is_empty()));
            assert!((words.done)("saved").is_some() && (words.done)("other").is_none());
        }
    }
}
