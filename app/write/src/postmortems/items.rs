//! What is to be done so that it does not happen again: one line each, with owner, day, what it is for, and the evidence that it is done.

use super::said::{kind_text, moment_text, name_text};
use crate::report::{own_attempt, was_tried};
use crate::screen::{hidden, option, seen};
use crate::words::postmortems::postmortem_words;
use api::oncall::PersonName;
use api::postmortems::action::ActionView;
use api::postmortems::view::PostmortemView;
use api::postmortems::{ActionFinish, ActionReopen, ActionSave};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::IncidentId;
use model::links;
use model::postmortem::ActionKind;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::field::Line;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// Everything one can do with them.
#[derive(Clone, Copy)]
pub struct Acts {
    pub save: ServerAction<ActionSave>,
    pub finish: ServerAction<ActionFinish>,
    pub reopen: ServerAction<ActionReopen>,
}

/// Where they are shown.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub acts: Acts,
    pub people: &'a [PersonName],
    pub can_work: bool,
    /// `actions` in the list of all; there each names its incident.
    pub back: &'static str,
}

/// Those of one postmortem, and a form for another.
pub fn of_postmortem(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let place = Place { acts, people: &view.people, can_work: view.can_write, back: "" };
    let n_done: usize = view.actions.iter().filter(|one| one.done.is_some()).count();
    let count = (!view.actions.is_empty()).then(|| format!("{n_done} / {}", view.actions.len()));
    let lines: Vec<AnyView> = view.actions.iter().map(|one| line(one, place)).collect();
    let none = view.actions.is_empty().then(|| view! { <p class="mute">{words.no_actions}</p> });
    let form: Option<AnyView> = view.can_write.then(|| form(view.line.incident, None, place));
    let inside = view! {
        {none}
        <ul class="actions">{lines}</ul>
        {form}
    };
    view! { <Part title=words.actions.to_owned() count=count id="actions">{inside}</Part> }.into_any()
}

/// One of them.
pub fn line(one: &ActionView, place: Place<'_>) -> AnyView {
    let words = postmortem_words();
    let class: &'static str = if one.done.is_some() { "actions__one actions__one--done" } else { "actions__one" };
    let owner: AnyView = match &one.owner {
        Some(person) => name_text(person).into_any(),
        None => view! { <span class="postmortem-none">{words.no_owner}</span> }.into_any(),
    };
    let incident = (!place.back.is_empty()).then(|| {
        let told: String = format!("{} {}", one.incident, one.incident_title);
        view! { <a class="link" href=links::postmortem(one.incident)>{told}</a> }
    });
    let hint: &'static str = words.kind_hints[one.kind as usize];
    let acts: Option<AnyView> = place.can_work.then(|| do_with(one, place));
    view! {
        <li class=class id=format!("action-{}", one.number)>
            <p class="actions__what">{sign(one)} <span>{one.title.clone()}</span></p>
            <p class="actions__told">
                <span class="actions__kind" title=hint>{kind_text(one.kind)}</span>
                <span>{owner}</span>
                {due(one)}
                {ways(one)}
                {incident}
            </p>
            {acts}
        </li>
    }
    .into_any()
}

fn sign(one: &ActionView) -> AnyView {
    let words = postmortem_words();
    let (icon, word): (IconName, &'static str) =
        if one.done.is_some() { (IconName::Check, words.done_word) } else { (IconName::StateOpen, words.open_word) };
    view! { <Icon name=icon /> <span class="hush">{word}</span> }.into_any()
}

/// Its day, and how that stands; or by whom and when it was done.
fn due(one: &ActionView) -> AnyView {
    let words = postmortem_words();
    if let Some((by, at)) = &one.done {
        return view! { <span class="mute">{(words.done_by)(by, &moment_text(*at))}</span> }.into_any();
    }
    let Some((day, shown)) = one.due_on.clone().map(|day| (day.clone(), day)) else {
        return view! { <span class="postmortem-none">{words.no_date}</span> }.into_any();
    };
    let said: String = match one.left_days {
        Some(days) if days < 0 => (words.days_over)(-days),
        Some(0) => words.due_today.to_owned(),
        Some(days) => (words.days_left)(days),
        None => String::new(),
    };
    let class: &'static str = if one.is_overdue() { "postmortem-due postmortem-due--late" } else { "postmortem-due" };
    let sign = one.is_overdue().then(|| view! { <Icon name=IconName::Warn /> });
    view! { <span class=class>{sign} <time datetime=day>{shown}</time> " " <span>{said}</span></span> }.into_any()
}

/// Where it is worked on, and where one sees that it is done.
fn ways(one: &ActionView) -> AnyView {
    let words = postmortem_words();
    let way = |href: &String, word: &'static str| {
        let href: String = href.clone();
        view! { <a class="link" href=href rel="external noopener noreferrer">{word}</a> }.into_any()
    };
    let evidence: Option<AnyView> = one.evidence.as_ref().map(|href| way(href, words.see_evidence));
    let is_same: bool = one.evidence.is_some() && one.evidence == one.url;
    let url: Option<AnyView> = one.url.as_ref().filter(|_| !is_same).map(|href| way(href, words.worked_on));
    view! { {url} {evidence} }.into_any()
}

fn do_with(one: &ActionView, place: Place<'_>) -> AnyView {
    let turn: AnyView = if one.done.is_some() { reopen_form(one, place) } else { finish_form(one, place) };
    let edit: AnyView = form(one.incident, Some(one), place);
    view! { <div class="actions__acts">{turn} {edit}</div> }.into_any()
}

/// Done is what somebody else can look at.
fn finish_form(one: &ActionView, place: Place<'_>) -> AnyView {
    let words = postmortem_words();
    let (id, number): (String, String) = (format!("evidence-{}", one.number), one.number.to_string());
    let places: Vec<Named> = vec![Named::new("evidence", &id, words.evidence)];
    let attempt: Attempt = own_attempt(place.acts.finish, places, &[("action", number.as_str())]);
    let fields: Vec<AnyView> =
        vec![hidden("incident", &one.incident.0.to_string()), hidden("action", &number), hidden("back", place.back)];
    let evidence = Line {
        kind: "url",
        value: one.url.clone().unwrap_or_default(),
        hint: words.evidence_hint.to_owned(),
        placeholder: Some("https://".to_owned()),
        ..Line::new(&id, "evidence", words.evidence)
    };
    let (refused, evidence): (AnyView, AnyView) = (attempt.refused(), attempt.line(evidence));
    let label: String = format!("{}: {}", words.finish, one.title);
    view! {
        <details class="postmortem__more" open=was_tried(&attempt)>
            <summary class="button button--row" aria-label=label>{words.finish}</summary>
            <ActionForm action=place.acts.finish attr:class="form">
                {refused}
                {fields}
                {evidence}
                <div class="form__foot"><Button kind="submit">{words.finish_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn reopen_form(one: &ActionView, place: Place<'_>) -> AnyView {
    let words = postmortem_words();
    let fields: Vec<AnyView> = vec![
        hidden("incident", &one.incident.0.to_string()),
        hidden("action", &one.number.to_string()),
        hidden("back", place.back),
    ];
    let label: String = format!("{}: {}", words.reopen_action, one.title);
    view! {
        <ActionForm action=place.acts.reopen>
            {fields}
            <Button kind="submit" rank=Rank::Quiet label=label>{words.reopen_action}</Button>
        </ActionForm>
    }
    .into_any()
}

/// A new one, or one that is there.
fn form(incident: IncidentId, one: Option<&ActionView>, place: Place<'_>) -> AnyView {
    let words = postmortem_words();
    let number: String = one.map(|one| one.number.to_string()).unwrap_or_default();
    let id = |field: &str| format!("action{number}-{field}");
    let places: Vec<Named> = vec![
        Named::new("title", &id("title"), words.what),
        Named::new("owner", &id("owner"), words.owner),
        Named::new("due_on", &id("due"), words.due_day),
        Named::new("url", &id("url"), words.address),
    ];
    let asked: [(&str, &str); 1] = [("wish[number]", number.as_str())];
    let attempt: Attempt = own_attempt(place.acts.save, places, &asked);
    let version: AnyView = match one {
        Some(one) => seen("wish[version]", one.version),
        None => hidden("wish[version]", ""),
    };
    let head: Vec<AnyView> = vec![
        hidden("wish[incident]", &incident.0.to_string()),
        hidden("wish[number]", &number),
        hidden("wish[back]", place.back),
        version,
    ];
    let fields: Vec<AnyView> = fields(one, place.people, &attempt, &id);
    let (summary, word): (&'static str, &'static str) =
        if one.is_some() { (words.change_it, words.save) } else { (words.add_action, words.add_do) };
    let label: Option<String> = one.map(|one| format!("{summary}: {}", one.title));
    let refused: AnyView = attempt.refused();
    view! {
        <details class="postmortem__more" open=was_tried(&attempt)>
            <summary class="button button--quiet" aria-label=label>{summary}</summary>
            <ActionForm action=place.acts.save attr:class="form">
                {refused}
                {head}
                {fields}
                <div class="form__foot"><Button kind="submit">{word}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn fields(one: Option<&ActionView>, people: &[PersonName], attempt: &Attempt, id: &dyn Fn(&str) -> String) -> Vec<AnyView> {
    let words = postmortem_words();
    let text = |found: Option<String>| found.unwrap_or_default();
    let owner: String = text(one.and_then(|one| one.owner.as_ref()).map(|person| person.id.to_string()));
    let chosen: String = attempt.typed.text("wish[owner]", &owner);
    let mut owners: Vec<AnyView> = vec![option("", words.no_owner, &chosen)];
    owners.extend(people.iter().map(|person| option(&person.id.to_string(), &name_text(person), &chosen)));
    let kind: ActionKind = one.map_or(ActionKind::Prevent, |one| one.kind);
    let chosen: String = attempt.typed.text("wish[kind]", kind.as_str());
    let kinds: Vec<AnyView> = ActionKind::ALL
        .iter()
        .map(|kind| {
            let word: String = format!("{} — {}", kind_text(*kind), words.kind_hints[*kind as usize]);
            option(kind.as_str(), &word, &chosen)
        })
        .collect();
    let title = Line {
        value: text(one.map(|one| one.title.clone())),
        required: true,
        ..Line::new(&id("title"), "wish[title]", words.what)
    };
    let due = Line {
        kind: "date",
        value: text(one.and_then(|one| one.due_on.clone())),
        ..Line::new(&id("due"), "wish[due_on]", words.due_day)
    };
    let url = Line {
        kind: "url",
        value: text(one.and_then(|one| one.url.clone())),
        ..Line::new(&id("url"), "wish[url]", words.address)
    };
    vec![
        attempt.line(title),
        attempt.select(Named::new("wish[kind]", &id("kind"), words.kind), String::new(), kinds),
        attempt.select(Named::new("wish[owner]", &id("owner"), words.owner), String::new(), owners),
        attempt.line(due),
        attempt.line(url),
    ]
}

#[cfg(test)]
mod tests {
    use super::due;
    use api::postmortems::action::ActionView;
    use leptos::prelude::*;
    use model::ids::IncidentId;
    use model::postmortem::ActionKind;

    fn one(left_days: Option<i64>) -> ActionView {
        ActionView {
            incident: IncidentId(42),
            incident_title: "配信の停止".to_owned(),
            number: 3,
            version: 1,
            title: "デプロイ前の確認".to_owned(),
            kind: ActionKind::Prevent,
            owner: None,
            due_on: left_days.map(|_| "2026-11-20".to_owned()),
            left_days,
            url: None,
            evidence: None,
            done: None,
        }
    }

    #[test]
    fn a_day_says_how_far_it_is_and_its_absence_is_said() {
        let owner = Owner::new();
        owner.set();
        let late: String = due(&one(Some(-2))).to_html();
        assert!(late.contains("postmortem-due--late") && late.contains('2'), "{late}");
        let today: String = due(&one(Some(0))).to_html();
        assert!(today.contains("今日") && !today.contains("--late"), "{today}");
        assert!(due(&one(None)).to_html().contains("postmortem-none"));
    }
}
