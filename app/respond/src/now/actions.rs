//! What the reader promised after incidents and is due within a week, or was: a line each.

use crate::words::declared::{DeclaredWords, declared_words};
use api::ask;
use api::postmortems::action::ActionView;
use api::postmortems::own_actions;
use leptos::prelude::*;
use model::links;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// The part; nothing while nothing is due, and nothing while that is not known.
pub fn actions() -> AnyView {
    let data = ask(|| (), |()| own_actions());
    let drawn = move || {
        Suspend::new(async move {
            let all: Vec<ActionView> = data.await.unwrap_or_default();
            (!all.is_empty()).then(|| part(&all))
        })
    };
    view! { <Transition>{drawn}</Transition> }.into_any()
}

fn part(all: &[ActionView]) -> AnyView {
    let words = declared_words();
    let lines: Vec<AnyView> = all.iter().map(line).collect();
    let more = || view! { <a class="link" href=links::actions_of("me")>{declared_words().see_all}</a> };
    view! {
        <Part title=words.own_actions.to_owned() count=Some(all.len().to_string()) more=more>
            <ul class="briefs">{lines}</ul>
        </Part>
    }
    .into_any()
}

fn line(one: &ActionView) -> AnyView {
    let href: String = format!("{}#action-{}", links::postmortem(one.incident), one.number);
    let about: String = format!("{} {}", one.incident, one.incident_title);
    let (class, said): (&'static str, String) = due(one);
    let sign = one.is_overdue().then(|| view! { <Icon name=IconName::Warn /> });
    view! {
        <li class="briefs__one">
            <a class="briefs__title" href=href>{one.title.clone()}</a>
            <span class="briefs__say">
                <span class=class>{sign} {said}</span>
                <small>{about}</small>
            </span>
        </li>
    }
    .into_any()
}

/// Its day against today. What is over needs a person.
fn due(one: &ActionView) -> (&'static str, String) {
    let words: &DeclaredWords = declared_words();
    match one.left_days {
        Some(days) if days < 0 => ("incident-clock incident-clock--late", (words.days_over)(-days)),
        Some(0) => ("incident-clock incident-clock--risk", words.due_today.to_owned()),
        Some(days) => ("incident-clock", (words.days_left)(days)),
        None => ("incident-clock", String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::line;
    use api::postmortems::action::ActionView;
    use leptos::prelude::*;
    use model::ids::IncidentId;
    use model::postmortem::ActionKind;

    #[test]
    fn what_is_late_says_so_and_leads_to_where_it_is_done() {
        let owner = Owner::new();
        owner.set();
        let one = ActionView {
            incident: IncidentId(42),
            incident_title: "配信の停止".to_owned(),
            number: 3,
            version: 1,
            title: "デプロイ前の確認".to_owned(),
            kind: ActionKind::Prevent,
            owner: None,
            due_on: Some("2026-11-20".to_owned()),
            left_days: Some(-2),
            url: None,
            evidence: None,
            done: None,
        };
        let html: String = line(&one).to_html();
        for part in ["/postmortems/I-42#action-3", "incident-clock--late", "2日超過", "I-42 配信の停止"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
