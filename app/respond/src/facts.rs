//! Small things said about alerts in more than one screen.

use crate::quiet;
use crate::words::answers::answer_words;
use crate::words::{locale, words};
use api::alerting::AlertRow;
use figures::{Unit, duration};
use leptos::prelude::*;
use model::Time;
use model::actor::place_of_link;
use model::alert::{AlertState, Direction};
use ui::context::use_look;
use ui::state::{StateKind, StateMark};
use ui::time_text::TimeForm;

/// A value that is older is said with its time: rules are evaluated every few seconds to a minute, so nothing has come since.
const FRESH_MS: i64 = 2 * 60_000;
/// Earlier moments are written with their day.
const TODAY_MS: i64 = 12 * 3_600_000;

/// A value with its unit, as one string: `83 %`.
#[must_use]
pub fn value_text(value: Option<f64>, unit: Unit) -> String {
    let Some(value) = value else { return words().no_data.to_owned() };
    let written = figures::value(value, unit, locale());
    if written.unit.is_empty() { written.number } else { format!("{} {}", written.number, written.unit) }
}

/// The value of an alert; nothing where another tool raised it and sent none.
#[must_use]
pub fn figure_text(row: &AlertRow) -> String {
    if row.source.is_some() && row.value.is_none() { String::new() } else { value_text(row.value, row.unit) }
}

/// `≥ 80 %`; of another tool's alert, whose it is; where anything is a breach, what the rule's own expression compares with.
#[must_use]
pub fn condition_text(row: &AlertRow) -> String {
    if let Some(source) = &row.source {
        return source.name.clone();
    }
    if row.matches {
        let compared = |(sign, number): &(String, f64)| format!("{sign} {}", value_text(Some(*number), row.unit));
        return row.compares.as_ref().map_or_else(|| answer_words().matches.to_owned(), compared);
    }
    let sign = match row.direction {
        Direction::Above => "≥",
        Direction::Below => "≤",
    };
    format!("{sign} {}", value_text(Some(row.threshold), row.unit))
}

/// The state as a sign and its word. Acknowledged is an overlay: it shows only while the alert fires. That nobody is called shows where
/// nobody has it.
pub fn state_mark(row: &AlertRow) -> AnyView {
    let words = words();
    if let Some(muted) = row.muted.as_ref().filter(|_| row.held.is_none() && row.state == AlertState::Firing) {
        return quiet::mark(muted);
    }
    let (kind, word) = match (row.state, row.held.is_some()) {
        (AlertState::Resolved, _) => (StateKind::Back, words.resolved),
        (AlertState::Pending, _) => (StateKind::Waiting, words.pending),
        (AlertState::Firing, true) => (StateKind::Held, words.held),
        (AlertState::Firing, false) => (StateKind::Open, words.unanswered),
    };
    view! { <StateMark kind=kind word=word /> }.into_any()
}

/// How far the value is from its threshold, as words; nothing without a value.
#[must_use]
pub fn distance_text(row: &AlertRow) -> Option<String> {
    let away = row.value? - row.limit()?;
    let sign = if away >= 0.0 { "+" } else { "−" };
    Some((words().over_by)(&format!("{sign}{}", value_text(Some(away.abs()), row.unit))))
}

/// `5分` in the reader's language; nothing for zero.
#[must_use]
pub fn for_text(row: &AlertRow) -> Option<String> {
    (row.for_ms > 0).then(|| (words().for_at_least)(&duration(row.for_ms, locale())))
}

/// Since when nothing new was measured; `None` while the value is of now, and of an alert that is over.
#[must_use]
pub fn stale_since(value_at: Option<Time>, is_open: bool, now_ms: i64) -> Option<Time> {
    value_at.filter(|at| is_open && now_ms.saturating_sub(at.0) > FRESH_MS)
}

/// How a moment of today or earlier is written.
#[must_use]
pub fn form_of(at: Time, now_ms: i64) -> TimeForm {
    if now_ms.saturating_sub(at.0) > TODAY_MS { TimeForm::Day } else { TimeForm::Short }
}

/// Where a small line ends: at its newest point, or at now when that is long ago, so that silence shows.
#[must_use]
pub fn line_end(newest_ms: i64, now_ms: i64) -> i64 {
    if now_ms.saturating_sub(newest_ms) > FRESH_MS { now_ms } else { newest_ms }
}

/// Who did it, as shown: nothing where the evaluation itself did, because there it can't have been anybody else.
#[must_use]
pub fn by_text(fact: &str, by: &str) -> Option<String> {
    const BY_ITSELF: [&str; 7] =
        ["AlertPending", "AlertFired", "AlertRaised", "AlertLowered", "AlertRelapsed", "AlertRecovered", "AlertResolved"];
    let is_of_the_pager = (by == "pager" && (fact.starts_with("Page") || fact == "NoticeSent"))
        || (by == "escalation" && fact.starts_with("Escalation"));
    let is_of_the_clock = matches!(fact, "AcknowledgementExpired" | "AcknowledgementEnding");
    if is_of_the_pager || is_of_the_clock || (by == "evaluator" && BY_ITSELF.contains(&fact)) {
        return None;
    }
    Some((words().worker)(by).map_or_else(|| name_of(by), str::to_owned))
}

/// Who it is, as shown: a person by their name, who answered by a link in a page by the place of that.
#[must_use]
pub fn name_of(by: &str) -> String {
    place_of_link(by).map_or_else(|| by.to_owned(), |place| (answer_words().by_link)(place))
}

/// The same as the subject of a sentence: only people are called by their title.
#[must_use]
pub fn subject_of(by: &str) -> String {
    let said = answer_words();
    place_of_link(by).map_or_else(|| (said.person)(by), said.by_link)
}

/// `15:30まで`, in the reader's zone.
#[must_use]
pub fn until_text(at: Time) -> String {
    let look = use_look();
    let (before, after) = answer_words().held_until;
    format!("{before}{}{after}", figures::day_time(at.0, &look.zone, look.locale))
}

/// Why it ended, failed or was not needed. What a provider said of a page that failed stands as it came.
#[must_use]
pub fn reason_text(fact: &str, reason: Option<&str>) -> Option<String> {
    let reason = reason?;
    let said = (words().reason)(reason);
    let is_quoted = said.is_empty() && fact == "PageFailed";
    let said = if is_quoted { reason } else { said };
    (!said.is_empty()).then(|| said.to_owned())
}

/// What it is about besides the name: host and the labels that tell it apart.
#[must_use]
pub fn about(row: &AlertRow) -> String {
    // Of another tool's alert severity and source stand beside it in our own words.
    let is_said = |name: &str| name == "host" || (row.source.is_some() && matches!(name, "integration" | "severity"));
    let rest = row.labels.iter().filter(|(name, _)| !is_said(name)).map(|(_, value)| value.as_str());
    row.host.as_deref().into_iter().chain(rest).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::{by_text, condition_text, distance_text, form_of, line_end, reason_text, stale_since, subject_of};
    use api::Text;
    use api::alerting::AlertRow;
    use figures::Unit;
    use model::alert::{AlertState, Direction};
    use model::ids::{AlertId, RuleId};
    use model::{Severity, Time};
    use ui::time_text::TimeForm;

    const MINUTE: i64 = 60_000;

    fn row(matches: bool, compares: Option<(String, f64)>) -> AlertRow {
        AlertRow {
            id: AlertId(1),
            rule: RuleId("up".to_owned()),
            name: Text { ja: String::new(), en: String::new() },
            summary: Text { ja: String::new(), en: String::new() },
            severity: Severity::P1,
            state: AlertState::Firing,
            labels: Vec::new(),
            host: None,
            value: Some(7.0),
            value_at: None,
            matches,
            compares,
            threshold: 0.0,
            direction: Direction::Above,
            unit: Unit::None,
            for_ms: 0,
            crossed_at: Time(0),
            fired_at: Some(Time(0)),
            resolved_at: None,
            held: None,
            muted: None,
            source: None,
            spark: Vec::new(),
        }
    }

    #[test]
    fn what_matches_is_held_against_its_own_comparison_or_against_nothing() {
        let plain = row(false, None);
        assert_eq!((condition_text(&plain).as_str(), distance_text(&plain).is_some()), ("≥ 0", true));
        let compared = row(true, Some((">".to_owned(), 5.0)));
        assert_eq!((condition_text(&compared).as_str(), compared.limit()), ("> 5", Some(5.0)));
        let matched = row(true, None);
        assert_eq!((condition_text(&matched).as_str(), distance_text(&matched), matched.limit()), ("条件式に一致", None, None));
    }

    #[test]
    fn a_value_is_of_now_until_two_minutes_have_passed() {
        let at = Some(Time(0));
        for (value_at, is_open, now_ms, expected) in [
            (at, true, 2 * MINUTE, None),
            (at, true, 2 * MINUTE + 1, at),
            (at, false, 60 * MINUTE, None),
            (None, true, 60 * MINUTE, None),
            (Some(Time(5 * MINUTE)), true, 0, None),
        ] {
            assert_eq!(stale_since(value_at, is_open, now_ms), expected, "{value_at:?} {is_open} {now_ms}");
        }
    }

    #[test]
    fn a_silent_line_ends_before_now() {
        assert_eq!(line_end(0, 2 * MINUTE), 0);
        assert_eq!(line_end(0, 10 * MINUTE), 10 * MINUTE);
        assert_eq!(form_of(Time(0), 60 * MINUTE), TimeForm::Short);
        assert_eq!(form_of(Time(0), 24 * 60 * MINUTE), TimeForm::Day);
    }

    #[test]
    fn a_provider_is_quoted_and_a_known_reason_is_said_in_words() {
        assert_eq!(reason_text("PageFailed", Some("404 no such room")).as_deref(), Some("404 no such room"));
        assert_eq!(reason_text("AlertResolved", Some("by hand")).as_deref(), Some("手動で解消"));
        assert_eq!(reason_text("AlertResolved", Some("of its own")), None);
        assert_eq!(reason_text("PageFailed", None), None);
    }

    #[test]
    fn the_evaluation_is_nobody() {
        assert_eq!(by_text("AlertFired", "evaluator"), None);
        assert_eq!(by_text("PageSent", "pager"), None);
        assert_eq!(by_text("NoticeSent", "pager"), None);
        assert_eq!(by_text("AlertFired", "佐藤 健").as_deref(), Some("佐藤 健"));
        assert_eq!(by_text("AlertAcknowledged", "evaluator").as_deref(), Some("自動評価"));
        assert_eq!(by_text("AcknowledgementExpired", "acknowledgements"), None);
        assert_eq!(by_text("AlertAcknowledged", "link/Slack #ops").as_deref(), Some("Slack #ops のリンク"));
        assert_eq!((subject_of("link/Slack #ops").as_str(), subject_of("花").as_str()), ("Slack #ops のリンク", "花 さん"));
    }
}
