//! Incidents that go on, in a few lines each: how bad, how far, what is promised next, who has it.

use crate::words::declared::{DeclaredWords, declared_words};
use crate::words::locale;
use api::ask;
use api::incidents::{ClockView, IncidentBrief, IncidentLine, incident_briefs};
use figures::duration;
use leptos::prelude::*;
use model::clock::Standing;
use model::links;
use ui::context::use_look;
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::value::Elapsed;

/// The steps of the response.
const STEPS: u8 = 9;

/// The part; nothing while nothing goes on, and nothing while that is not known.
pub fn incidents() -> AnyView {
    let data = ask(|| (), |()| incident_briefs());
    let drawn = move || {
        Suspend::new(async move {
            let all: Vec<IncidentBrief> = data.await.unwrap_or_default();
            (!all.is_empty()).then(|| part(&all))
        })
    };
    view! { <Transition>{drawn}</Transition> }.into_any()
}

fn part(all: &[IncidentBrief]) -> AnyView {
    let words = declared_words();
    let lines: Vec<AnyView> = all.iter().map(brief).collect();
    let more = || view! { <a class="link" href=links::INCIDENTS>{declared_words().see_all}</a> };
    view! {
        <Part title=words.going_on.to_owned() count=Some(all.len().to_string()) more=more>
            <ul class="briefs">{lines}</ul>
        </Part>
    }
    .into_any()
}

fn brief(one: &IncidentBrief) -> AnyView {
    let line: &IncidentLine = &one.line;
    let age: i64 = use_look().now_ms.saturating_sub(line.declared_at.0).max(0);
    let level: String = line.level.read(locale()).to_owned();
    let is_held: bool = !line.needs_somebody();
    view! {
        <li class="briefs__one">
            <span class="briefs__line">
                <SeverityBadge level=line.severity.level() held=is_held code=line.code.clone() word=level />
                <small class="mute">{line.id.to_string()}</small>
                <span class="briefs__age"><Elapsed ms=Signal::stored(age) /></span>
            </span>
            <a class="briefs__title" href=links::incident(line.id)>{line.title.clone()}</a>
            {line.step.map(bar)}
            <span class="briefs__say">
                <span>{line.step.map(declared_words().at_step)}</span>
                <span>{line.clock.as_ref().map(due)}</span>
            </span>
            <small class="briefs__who">{who(one)}</small>
        </li>
    }
    .into_any()
}

/// Nine marks: those behind, the one where people are, those ahead.
fn bar(step: u8) -> AnyView {
    let mark = |at: u8| -> &'static str {
        if at < step {
            "briefs__step briefs__step--done"
        } else if at == step {
            "briefs__step briefs__step--now"
        } else {
            "briefs__step"
        }
    };
    let marks: Vec<AnyView> = (1..=STEPS).map(|at| view! { <span class=mark(at)></span> }.into_any()).collect();
    let label: String = (declared_words().steps)(step);
    view! { <span class="briefs__bar" role="img" aria-label=label>{marks}</span> }.into_any()
}

/// What is promised next, until when, and whether it still comes in time.
fn due(clock: &ClockView) -> String {
    let words: &DeclaredWords = declared_words();
    let look = use_look();
    let length = |ms: i64| duration(ms.max(0), look.locale);
    let told: String = match clock.standing {
        Standing::OnTime { left_ms, .. } => (words.left)(&length(left_ms)),
        Standing::AtRisk { left_ms, .. } => (words.at_risk)(&length(left_ms)),
        Standing::Breached { ago_ms, .. } => (words.breached)(&length(ago_ms)),
        Standing::Paused { .. } => words.paused.to_owned(),
        Standing::Met { .. } => String::new(),
    };
    let at: String = figures::short_time(clock.due_at.0, &look.zone);
    (words.due)(clock.kind as usize, &at, &told)
}

fn who(one: &IncidentBrief) -> String {
    let words: &DeclaredWords = declared_words();
    if one.seats.is_empty() {
        return words.nobody.to_owned();
    }
    let seat = |role: usize, name: &str| format!("{} {name}", words.roles[role]);
    let seats: Vec<String> = one.seats.iter().map(|one| seat(one.role as usize, &one.name)).collect();
    seats.join(words.comma)
}

#[cfg(test)]
mod tests {
    use super::{bar, due, who};
    use api::Text;
    use api::incidents::{BriefSeat, ClockView, IncidentBrief, IncidentLine};
    use leptos::prelude::*;
    use model::clock::{ClockKind, Standing};
    use model::ids::IncidentId;
    use model::incident::IncidentStatus;
    use model::incident::roles::IncidentRole;
    use model::{Severity, Time};

    fn brief(seats: Vec<BriefSeat>) -> IncidentBrief {
        let line = IncidentLine {
            id: IncidentId(1),
            title: String::new(),
            code: "P1".to_owned(),
            level: Text::default(),
            severity: Severity::P1,
            status: IncidentStatus::Declared,
            is_private: false,
            team: None,
            systems: Vec::new(),
            commander: None,
            declared_at: Time(0),
            ended_at: None,
            clock: None,
            step: None,
        };
        IncidentBrief { line, seats }
    }

    #[test]
    fn the_step_people_are_at_is_one_of_nine() {
        let owner = Owner::new();
        owner.set();
        let html = bar(7).to_html();
        assert_eq!((html.matches("briefs__step--done").count(), html.matches("briefs__step--now").count()), (6, 1), "{html}");
        assert!(html.contains("9段階のうち7段階目、動作確認"), "{html}");
    }

    #[test]
    fn that_nobody_commands_is_said_and_a_promise_has_its_time() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(who(&brief(Vec::new())), "指揮担当がいません");
        let seat = BriefSeat { role: IncidentRole::Commander, name: "佐藤".to_owned() };
        assert_eq!(who(&brief(vec![seat])), "指揮 佐藤");
        let clock = ClockView {
            kind: ClockKind::Update,
            follow_up: None,
            started_at: Time(0),
            due_at: Time(3_600_000),
            is_business: false,
            standing: Standing::OnTime { due_at: Time(3_600_000), left_ms: 49 * 60_000 },
        };
        assert_eq!(due(&clock), "次の状況報告 01:00（あと49分）");
    }
}
