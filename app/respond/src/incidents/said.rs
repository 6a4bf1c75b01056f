//! Small things said about incidents in more than one place.

use crate::words::duty;
use crate::words::incidents::{IncidentWords, incident_words};
use crate::words::locale;
use api::incidents::{ClockView, IncidentLine};
use api::oncall::PersonName;
use figures::duration;
use leptos::prelude::*;
use model::Time;
use model::clock::{ClockKind, Standing};
use model::incident::roles::IncidentRole;
use model::incident::steps::Missing;
use model::incident::{IncidentStatus, Move};
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::state::{StateKind, StateMark};

/// What lies nearer to now is written without its day.
const TODAY_MS: i64 = 16 * 3_600_000;

/// What a status is called.
#[must_use]
pub fn status_text(status: IncidentStatus) -> &'static str {
    incident_words().statuses[status as usize]
}

/// A status, as a sign and its word.
pub fn status_mark(status: IncidentStatus) -> AnyView {
    let kind: StateKind = match status {
        IncidentStatus::Declared => StateKind::Open,
        IncidentStatus::Acknowledged | IncidentStatus::Identified => StateKind::Held,
        IncidentStatus::Mitigated => StateKind::Waiting,
        IncidentStatus::Resolved | IncidentStatus::Closed => StateKind::Back,
        IncidentStatus::Merged | IncidentStatus::Dismissed => StateKind::None,
    };
    view! { <StateMark kind=kind word=status_text(status) /> }.into_any()
}

/// What a move is called on its button.
#[must_use]
pub fn move_text(by: Move) -> &'static str {
    incident_words().moves[by as usize]
}

/// What a part is called.
#[must_use]
pub fn role_text(role: IncidentRole) -> &'static str {
    incident_words().roles[role as usize]
}

/// What a clock waits for.
#[must_use]
pub fn clock_name(kind: ClockKind) -> &'static str {
    incident_words().clocks[kind as usize]
}

/// A moment in the reader's zone: with its weekday and day where it is not of these hours.
#[must_use]
pub fn moment_text(at: Time) -> String {
    let look = use_look();
    let is_near: bool = (at.0 - look.now_ms).abs() < TODAY_MS;
    if is_near { figures::short_time(at.0, &look.zone) } else { duty::moment_text(at.0, &look.zone, look.locale) }
}

/// What a clock shows, in words: on time, at risk, breached since, paused until, kept.
#[must_use]
pub fn clock_text(clock: &ClockView) -> String {
    let words = incident_words();
    let length = |ms: i64| duration(ms.max(0), locale());
    match clock.standing {
        Standing::Met { late_ms: 0, .. } => words.met.to_owned(),
        Standing::Met { late_ms, .. } => (words.met_late)(&length(late_ms)),
        Standing::OnTime { left_ms, .. } => (words.on_time)(&length(left_ms)),
        Standing::AtRisk { left_ms, .. } => (words.at_risk)(&length(left_ms)),
        Standing::Paused { until, is_at_risk: false, .. } => (words.paused)(&moment_text(until)),
        Standing::Paused { until, is_at_risk: true, .. } => (words.paused_at_risk)(&moment_text(until)),
        Standing::Breached { ago_ms, .. } => (words.breached)(&length(ago_ms)),
    }
}

/// The same with its colour and its sign.
pub fn clock_badge(clock: &ClockView) -> AnyView {
    let (class, icon): (&'static str, Option<IconName>) = match clock.standing {
        Standing::Met { .. } => ("incident-clock incident-clock--met", Some(IconName::Check)),
        Standing::OnTime { .. } => ("incident-clock", None),
        Standing::Paused { is_at_risk: false, .. } => ("incident-clock", Some(IconName::Pause)),
        Standing::AtRisk { .. } | Standing::Paused { .. } => ("incident-clock incident-clock--risk", Some(IconName::StateWait)),
        Standing::Breached { .. } => ("incident-clock incident-clock--late", Some(IconName::Warn)),
    };
    let sign = icon.map(|name| view! { <Icon name=name /> });
    view! { <span class=class>{sign} {clock_text(clock)}</span> }.into_any()
}

/// What a step lacks.
#[must_use]
pub fn missing_text(missing: Missing) -> String {
    let words: &IncidentWords = incident_words();
    let (place, n): (usize, usize) = match missing {
        Missing::Detection => (0, 0),
        Missing::Occurrence => (1, 0),
        Missing::Classification => (2, 0),
        Missing::Page => (3, 0),
        Missing::Acknowledgement => (4, 0),
        Missing::Commander => (5, 0),
        Missing::Scope => (6, 0),
        Missing::StopGap => (7, 0),
        Missing::Informing => (8, 0),
        Missing::Search => (9, 0),
        Missing::Cause => (10, 0),
        Missing::Fix => (11, 0),
        Missing::Verification => (12, 0),
        Missing::Postmortem => (13, 0),
        Missing::Publication => (14, 0),
        Missing::FollowUps => (15, 0),
        Missing::Owners { n } => (16, n),
        Missing::Dates { n } => (17, n),
        Missing::Open { n } => (18, n),
    };
    let said: &'static str = words.missing[place];
    if n > 0 { (words.missing_n)(said, n) } else { said.to_owned() }
}

/// How long it lasted, or lasts.
#[must_use]
pub fn lasted(line: &IncidentLine) -> String {
    let end: i64 = line.ended_at.map_or_else(|| use_look().now_ms, |at| at.0);
    duration(end.saturating_sub(line.declared_at.0).max(0), locale())
}

/// Somebody's name, or that nobody knows them any more.
#[must_use]
pub fn name_text(person: &PersonName) -> String {
    if person.name.is_empty() { incident_words().unknown.to_owned() } else { person.name.clone() }
}

/// The version that was looked at. Its key changes with it: a screen that is drawn anew keeps what fields hold, and this must not be kept.
pub fn version(version: i64) -> AnyView {
    seen("version", version)
}

/// The same under another name, for forms that send a structure.
pub fn seen(name: &'static str, version: i64) -> AnyView {
    view! { <input type="hidden" data-key=format!("v{version}") name=name value=version.to_string() /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{clock_text, missing_text, status_text};
    use api::incidents::ClockView;
    use leptos::prelude::Owner;
    use model::Time;
    use model::clock::{ClockKind, Standing};
    use model::incident::IncidentStatus;
    use model::incident::steps::Missing;

    const MINUTE: i64 = 60_000;

    fn said(standing: Standing) -> String {
        let clock = ClockView {
            kind: ClockKind::Ack,
            follow_up: None,
            started_at: Time(0),
            due_at: Time(0),
            is_business: false,
            standing,
        };
        clock_text(&clock)
    }

    #[test]
    fn a_clock_says_what_it_shows_in_words() {
        let owner = Owner::new();
        owner.set();
        let due_at = Time(0);
        assert_eq!(said(Standing::OnTime { due_at, left_ms: 49 * MINUTE }), "あと49分・順調");
        assert_eq!(said(Standing::AtRisk { due_at, left_ms: 3 * MINUTE }), "あと3分・期限間近");
        assert_eq!(said(Standing::Breached { due_at, ago_ms: 3 * MINUTE }), "3分前に期限超過");
        // 1970-01-08 was a Thursday.
        let until = Time(7 * 86_400_000 + 9 * 3_600_000);
        assert_eq!(said(Standing::Paused { until, due_at, is_at_risk: false }), "1/8(木) 09:00 まで停止");
        assert_eq!(said(Standing::Met { at: due_at, late_ms: 0 }), "期限内");
    }

    #[test]
    fn what_is_missing_says_how_many() {
        let owner = Owner::new();
        owner.set();
        assert!(missing_text(Missing::Owners { n: 2 }).contains('2'));
        assert_ne!(missing_text(Missing::Postmortem), missing_text(Missing::Publication));
        assert_eq!(status_text(IncidentStatus::Dismissed), "誤報");
    }
}
