//! Small things said about postmortems in more than one place, and the plain parts of their forms.

use crate::screen::day_text;
use crate::words::postmortems::{PostmortemWords, postmortem_words};
use api::oncall::PersonName;
use api::postmortems::{CauseView, PostmortemLine};
use figures::{Civil, duration};
use leptos::prelude::*;
use model::postmortem::{Act, ActionKind, Detection, Factor, State, Trigger};
use model::{Severity, Time};
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::severity::SeverityBadge;
use ui::state::{StateKind, StateMark};

/// What a state is called.
#[must_use]
pub fn state_text(state: State) -> &'static str {
    postmortem_words().states[state as usize]
}

/// A state as a sign and its word. What nobody has begun needs a person.
pub fn state_mark(state: State, is_begun: bool) -> AnyView {
    let words = postmortem_words();
    let (kind, word): (StateKind, &'static str) = match state {
        State::Draft if !is_begun => (StateKind::Open, words.not_begun),
        State::Draft | State::ChangesRequested => (StateKind::Held, state_text(state)),
        State::InReview | State::Approved => (StateKind::Waiting, state_text(state)),
        State::Published => (StateKind::Back, state_text(state)),
        State::NotRequired => (StateKind::None, state_text(state)),
    };
    view! { <StateMark kind=kind word=word /> }.into_any()
}

/// What an act is called on its button.
#[must_use]
pub fn act_text(act: Act) -> &'static str {
    postmortem_words().acts[act as usize]
}

/// What set it off.
#[must_use]
pub fn trigger_text(trigger: Trigger) -> &'static str {
    postmortem_words().triggers[trigger as usize]
}

/// How it was noticed.
#[must_use]
pub fn detection_text(detection: Detection) -> &'static str {
    postmortem_words().detections[detection as usize]
}

/// What let it happen.
#[must_use]
pub fn factor_text(factor: Factor) -> &'static str {
    postmortem_words().factors[factor as usize]
}

/// What an action is for.
#[must_use]
pub fn kind_text(kind: ActionKind) -> &'static str {
    postmortem_words().kinds[kind as usize]
}

/// A cause that several have in common.
#[must_use]
pub fn cause_text(cause: &CauseView) -> String {
    match cause {
        CauseView::Factor(factor) => factor_text(*factor).to_owned(),
        CauseView::Trigger(trigger) => trigger_text(*trigger).to_owned(),
        CauseView::Tag(tag) => format!("#{tag}"),
    }
}

/// Somebody's name, or that nobody knows them any more.
#[must_use]
pub fn name_text(person: &PersonName) -> String {
    if person.name.is_empty() { postmortem_words().unknown.to_owned() } else { person.name.clone() }
}

/// How bad the incident was: outlined, because it is over.
pub fn badge(line: &PostmortemLine) -> AnyView {
    let word: &'static str = postmortem_words().severities[severity_place(line.severity)];
    view! { <SeverityBadge level=line.severity.level() held=true code=line.code.clone() word=word /> }.into_any()
}

fn severity_place(severity: Severity) -> usize {
    usize::from(severity.level()).min(3)
}

/// `11/22 14:05`, in the reader's zone: always with its day, because a postmortem is read long after and on paper.
#[must_use]
pub fn moment_text(at: Time) -> String {
    let look = use_look();
    figures::day_time(at.0, &look.zone, look.locale)
}

/// A length, in the reader's language.
#[must_use]
pub fn length_text(ms: i64) -> String {
    duration(ms.max(0), use_look().locale)
}

/// When it has to be published, and how that stands: with a sign where it is over.
pub fn due(line: &PostmortemLine) -> AnyView {
    let words: &PostmortemWords = postmortem_words();
    let Some(due_at) = line.due_at else {
        return view! { <span class="mute">{words.no_due}</span> }.into_any();
    };
    if line.state.is_over() {
        return view! { <span class="mute">{day_text(due_at)}</span> }.into_any();
    }
    let left_ms: i64 = due_at.since(Time(use_look().now_ms));
    let length: String = length_text(left_ms.abs());
    let (class, said): (&'static str, String) = if line.is_overdue {
        ("postmortem-due postmortem-due--late", (words.overdue)(&length))
    } else {
        ("postmortem-due", (words.due_in)(&length))
    };
    let sign = line.is_overdue.then(|| view! { <Icon name=IconName::Warn /> });
    view! { <span class=class>{sign} <span>{said}</span> <small class="mute">{day_text(due_at)}</small></span> }.into_any()
}

/// A moment as a field has it, on the reader's clock: `2026-11-22T14:05`.
#[must_use]
pub fn wall(at: Time) -> String {
    let Civil { year, month, day, hour, minute, .. } = use_look().zone.civil(at.0);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
}

/// A box to tick.
pub fn tick(name: &'static str, value: &str, word: &str, is_ticked: bool) -> AnyView {
    let (value, word): (String, String) = (value.to_owned(), word.to_owned());
    view! {
        <label class="tick">
            <input type="checkbox" name=name value=value checked=is_ticked />
            {word}
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_chosen_from_has_its_place() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(Trigger::ALL.len(), postmortem_words().triggers.len());
        assert_eq!(Detection::ALL.len(), postmortem_words().detections.len());
        assert_eq!(Factor::ALL.len(), postmortem_words().factors.len());
        assert_eq!(ActionKind::ALL.len(), postmortem_words().kinds.len());
        assert_eq!((state_text(State::Published), act_text(Act::Waive)), ("公開済み", "不要とする"));
        assert_eq!(factor_text(Factor::Fatigue), postmortem_words().factors[13]);
    }

    #[test]
    fn a_moment_is_written_as_its_field_wants_it() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(wall(Time(1_795_323_907_000)), "2026-11-22T05:05");
        assert_eq!(cause_text(&CauseView::Tag("決済".to_owned())), "#決済");
    }
}
