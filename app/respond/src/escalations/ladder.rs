//! The steps of a policy as a ladder, and what would become of each if an alert came now.

use crate::oncall::said::way;
use crate::words::duty::{duty_words, role_text};
use crate::words::escalations::escalation_words;
use crate::words::locale;
use api::escalations::{PagedView, RungKind, RungView, StepView, TargetView, WhenView};
use figures::duration;
use leptos::prelude::*;
use model::links;
use model::rota::DutyRole;
use ui::icon::{Icon, IconName};

/// Whom a step names, as text.
#[must_use]
pub fn target_text(target: &TargetView) -> String {
    let words = escalation_words();
    match target {
        TargetView::Person(email, name) if name.is_empty() => email.clone(),
        TargetView::Person(_, name) => name.clone(),
        TargetView::Schedule(schedule, role) => (words.on_call_in)(schedule, &role_text(&role_of(role))),
        TargetView::Team(team) => (words.team)(team),
        TargetView::Everyone => words.everyone.to_owned(),
        TargetView::Channel(channel) => (words.channel)(channel),
    }
}

/// What a form sends for it.
#[must_use]
pub fn target_word(target: &TargetView) -> String {
    match target {
        TargetView::Person(email, _) => format!("person:{email}"),
        TargetView::Schedule(schedule, role) => format!("schedule:{schedule}:{role}"),
        TargetView::Team(team) => format!("team:{team}"),
        TargetView::Everyone => "everyone".to_owned(),
        TargetView::Channel(channel) => format!("channel:{channel}"),
    }
}

/// The role that a policy's word means.
fn role_of(word: &str) -> DutyRole {
    match word {
        "primary" => DutyRole::Primary,
        "secondary" => DutyRole::Secondary,
        "shadow" => DutyRole::Shadow,
        own => DutyRole::Custom(own.to_owned()),
    }
}

/// Where a target can be looked at.
fn target_href(target: &TargetView) -> String {
    match target {
        TargetView::Schedule(schedule, _) => links::schedule(schedule),
        TargetView::Channel(channel) => links::channel(channel),
        TargetView::Person(..) | TargetView::Team(_) | TargetView::Everyone => links::PEOPLE.to_owned(),
    }
}

/// All steps in one line: who, then how long it waits, then who.
pub fn steps_line(steps: &[StepView]) -> AnyView {
    let step = |step: &StepView| {
        let names: Vec<String> = step.targets.iter().map(target_text).collect();
        let wait: String = duration(step.wait_ms, locale());
        view! {
            <li class="ladder-line__one">
                <span>{names.join(duty_words().comma)}</span>
                <small class="mute">{(escalation_words().waits)(&wait)}</small>
            </li>
        }
        .into_any()
    };
    let all: Vec<AnyView> = steps.iter().map(step).collect();
    view! { <ol class="ladder-line">{all}</ol> }.into_any()
}

/// The steps, one below the other.
pub fn ladder(steps: &[StepView]) -> AnyView {
    let all: Vec<AnyView> = steps.iter().enumerate().map(|(index, step)| rung(index, step)).collect();
    view! { <ol class="ladder">{all}</ol> }.into_any()
}

fn rung(index: usize, step: &StepView) -> AnyView {
    let words = escalation_words();
    let targets: Vec<AnyView> = step.targets.iter().map(target).collect();
    let notes: Vec<AnyView> = notes(step).into_iter().map(|said| view! { <li>{said}</li> }.into_any()).collect();
    let notes = (!notes.is_empty()).then(|| view! { <ul class="ladder__notes">{notes}</ul> });
    let wait: String = (words.then_waits)(&duration(step.wait_ms, locale()));
    view! {
        <li class="ladder__one">
            <span class="ladder__n" aria-hidden="true">{(index + 1).to_string()}</span>
            <div class="ladder__body">
                <ul class="ladder__targets">{targets}</ul>
                {notes}
                <p class="ladder__wait">{wait}</p>
            </div>
        </li>
    }
    .into_any()
}

fn target(target: &TargetView) -> AnyView {
    view! { <li><a class="link" href=target_href(target)>{target_text(target)}</a></li> }.into_any()
}

/// Everything about a step that is not the usual.
fn notes(step: &StepView) -> Vec<String> {
    let words = escalation_words();
    let mut notes: Vec<String> = Vec::new();
    if step.when != WhenView::Always {
        let zone: &str = step.zone.as_deref().unwrap_or_default();
        notes.push((words.only_at)(words.whens[step.when as usize], zone));
    }
    if step.wants_all {
        notes.push(words.wants_all.to_owned());
    }
    if step.falls_back {
        notes.push(words.falls_back.to_owned());
    }
    notes
}

/// Who would be paged if an alert came now, minute by minute.
pub fn rehearsal(rungs: &[RungView], goes_on: bool) -> AnyView {
    let words = escalation_words();
    let lines: Vec<AnyView> = rungs.iter().map(line).collect();
    let more = goes_on.then(|| view! { <li class="rehearsal__one mute">{words.and_so_on}</li> });
    view! { <ol class="rehearsal">{lines}{more}</ol> }.into_any()
}

fn line(rung: &RungView) -> AnyView {
    let words = escalation_words();
    let when: String =
        if rung.after_ms == 0 { words.at_once.to_owned() } else { (words.after)(&duration(rung.after_ms, locale())) };
    let step: String = match (rung.kind, rung.step) {
        (RungKind::Fallback, _) => words.administrators.to_owned(),
        (RungKind::LastResort, _) => words.last_resort.to_owned(),
        (_, step) if rung.pass > 1 => (words.step_of_pass)(step, rung.pass),
        (_, step) => (words.step)(step),
    };
    let people: Vec<AnyView> = rung.people.iter().map(person).collect();
    let channels: Vec<AnyView> = rung.channels.iter().map(|channel| channel_line(channel)).collect();
    let skipped = match rung.kind {
        RungKind::NotItsTime => Some(words.not_its_time),
        RungKind::Empty => Some(words.skipped),
        RungKind::Fires | RungKind::Fallback | RungKind::LastResort => None,
    };
    let skipped = skipped.map(|said| view! { <span class="oncall-warn"><Icon name=IconName::Warn />{said}</span> });
    let class: &'static str = if rung.kind == RungKind::Fires { "rehearsal__one" } else { "rehearsal__one rehearsal__one--odd" };
    view! {
        <li class=class>
            <b class="rehearsal__when">{when}</b>
            <span class="rehearsal__step">{step}</span>
            <div class="rehearsal__who">{skipped}<ul class="rehearsal__people">{people}{channels}</ul></div>
        </li>
    }
    .into_any()
}

fn person(paged: &PagedView) -> AnyView {
    let words = escalation_words();
    let how: AnyView = if paged.is_reached() {
        paged.ways.iter().map(|kind| way(*kind)).collect_view().into_any()
    } else {
        let said: &'static str = if paged.is_disabled { words.is_disabled } else { words.no_contact };
        view! { <span class="oncall-warn"><Icon name=IconName::Warn />{said}</span> }.into_any()
    };
    view! { <li class="rehearsal__person"><span>{paged.name.clone()}</span> <small>{how}</small></li> }.into_any()
}

fn channel_line(channel: &str) -> AnyView {
    view! { <li class="rehearsal__person">{(escalation_words().channel)(channel)}</li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{rehearsal, steps_line, target_text, target_word};
    use api::escalations::{PagedView, RungKind, RungView, StepView, TargetView, WhenView};
    use api::oncall::WayKind;
    use leptos::prelude::*;

    #[test]
    fn a_target_is_said_and_sent() {
        let owner = Owner::new();
        owner.set();
        let schedule = TargetView::Schedule("payments".to_owned(), "secondary".to_owned());
        assert_eq!(target_word(&schedule), "schedule:payments:secondary");
        assert!(target_text(&schedule).contains("payments") && target_text(&schedule).contains("セカンダリ"));
        let person = TargetView::Person("hana@example.jp".to_owned(), "花".to_owned());
        assert_eq!((target_word(&person).as_str(), target_text(&person).as_str()), ("person:hana@example.jp", "花"));
    }

    #[test]
    fn a_step_that_can_page_nobody_says_so() {
        let owner = Owner::new();
        owner.set();
        let rung = |kind: RungKind, ways: Vec<WayKind>| RungView {
            after_ms: 300_000,
            step: 2,
            pass: 1,
            kind,
            people: vec![PagedView { name: "佐藤".to_owned(), ways, is_disabled: false }],
            channels: Vec::new(),
        };
        let html = rehearsal(&[rung(RungKind::Fires, vec![WayKind::Voice])], true).to_html();
        assert!(html.contains("5分") && html.contains("電話") && !html.contains("oncall-warn"), "{html}");
        let html = rehearsal(&[rung(RungKind::Empty, Vec::new())], false).to_html();
        assert_eq!(html.matches("oncall-warn").count(), 2, "{html}");
    }

    #[test]
    fn a_line_names_everybody_and_every_wait() {
        let owner = Owner::new();
        owner.set();
        let step = StepView {
            wait_ms: 300_000,
            targets: vec![TargetView::Everyone, TargetView::Team("SRE".to_owned())],
            wants_all: false,
            when: WhenView::Always,
            zone: None,
            falls_back: false,
        };
        let html = steps_line(&[step]).to_html();
        assert!(html.contains("SRE") && html.contains("5分"), "{html}");
    }
}
