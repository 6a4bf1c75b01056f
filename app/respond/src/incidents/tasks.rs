//! What is to be done: tasks for now, follow-ups so that it does not happen again.

use super::detail::Acts;
use super::refusal::{Places, attempt, refusal_before};
use super::said::{clock_badge, moment_text, name_text, version};
use crate::oncall::said::{hidden, option};
use crate::words::incidents::incident_words;
use api::incidents::view::{FollowUpView, IncidentView, TaskView};
use api::oncall::PersonName;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::incident::Move;
use model::links;
use ui::attempt::{Attempt, Named, Typed, Wrong};
use ui::button::{Button, Rank};
use ui::field::Line;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// Tasks.
pub fn tasks(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let n_done: usize = view.tasks.iter().filter(|task| task.done.is_some()).count();
    let count = (!view.tasks.is_empty()).then(|| format!("{n_done} / {}", view.tasks.len()));
    let lines: Vec<AnyView> = view.tasks.iter().map(|task| task_line(view, task, acts)).collect();
    let form = view.can_work.then(|| task_form(view, None, acts));
    view! {
        <Part title=words.tasks_title.to_owned() count=count id="tasks">
            {refusal_before(acts.task_done)}
            <ul class="tasks">{lines}</ul>
            {form}
        </Part>
    }
    .into_any()
}

fn task_line(view: &IncidentView, task: &TaskView, acts: Acts) -> AnyView {
    let owner: Option<String> = task.owner.as_ref().map(name_text);
    let due: Option<String> = task.due_at.map(moment_text);
    let done: Option<String> = task.done.as_ref().map(|(by, at)| format!("{by} {}", moment_text(*at)));
    let told: Vec<String> = [owner, due, done].into_iter().flatten().collect();
    let fields: Vec<AnyView> = vec![
        hidden("id", &view.line.id.0.to_string()),
        hidden("task", &task.id.to_string()),
        hidden("is_done", if task.done.is_some() { "false" } else { "true" }),
    ];
    let tick: AnyView = if view.can_work {
        let button: AnyView = tick_button(&task.title, task.done.is_some());
        view! { <ActionForm action=acts.task_done>{fields}{button}</ActionForm> }.into_any()
    } else {
        ticked(task.done.is_some())
    };
    let edit = view.can_work.then(|| task_form(view, Some(task), acts));
    listed(tick, &task.title, &told.join(" · "), task.done.is_some(), None, edit)
}

/// A line of either list: its box, its words with the ways on below them, and the form that changes it.
fn listed(tick: AnyView, title: &str, told: &str, is_done: bool, ways: Option<AnyView>, edit: Option<AnyView>) -> AnyView {
    let class: &'static str = if is_done { "tasks__one tasks__one--done" } else { "tasks__one" };
    let (title, told): (String, String) = (title.to_owned(), told.to_owned());
    let ways = ways.map(|ways| view! { <span class="tasks__ways">{ways}</span> });
    view! {
        <li class=class>
            {tick}
            <span class="tasks__what"><span>{title}</span> <small class="mute">{told}</small> {ways}</span>
            {edit}
        </li>
    }
    .into_any()
}

/// A box that is a button: ticking it sends it, also without a script.
fn tick_button(title: &str, is_done: bool) -> AnyView {
    let words = incident_words();
    let label: String = format!("{}: {title}", if is_done { words.task_reopen } else { words.task_done });
    let sign = is_done.then(|| view! { <Icon name=IconName::Check /> });
    let pressed: &'static str = if is_done { "true" } else { "false" };
    view! { <button class="tasks__tick" type="submit" aria-pressed=pressed aria-label=label>{sign}</button> }.into_any()
}

fn ticked(is_done: bool) -> AnyView {
    let words = incident_words();
    let word: &'static str = if is_done { words.done_word } else { words.open_word };
    let sign = is_done.then(|| view! { <Icon name=IconName::Check /> });
    view! { <span class="tasks__tick">{sign}<span class="hush">{word}</span></span> }.into_any()
}

/// What both forms have: the number of what is changed, its version, and what had been typed into this one.
struct Own {
    prefix: &'static str,
    number: String,
    attempt: Attempt,
    is_open: bool,
}

impl Own {
    fn new(prefix: &'static str, number: Option<i64>, attempt: Attempt) -> Self {
        let number: String = number.map(|number| number.to_string()).unwrap_or_default();
        let field: String = format!("{prefix}[number]");
        let typed: Typed = attempt.typed.only(&[(field.as_str(), number.as_str())]);
        let is_open: bool = typed.fields().is_some();
        // Of several forms of one kind the others were not tried, and nothing is wrong with them.
        let wrong: Signal<Vec<Wrong>> = if is_open { attempt.wrong } else { Signal::default() };
        Self { prefix, number, attempt: Attempt { typed, wrong }, is_open }
    }

    fn name(&self, field: &str) -> String {
        format!("{}[{field}]", self.prefix)
    }

    fn id(&self, field: &str) -> String {
        format!("{}{}-{field}", self.prefix, self.number)
    }

    fn refused(&self) -> AnyView {
        self.attempt.refused()
    }

    fn line(&self, field: &str, label: &str, value: &str, kind: &'static str, required: bool) -> AnyView {
        let about = Line::new(&self.id(field), &self.name(field), label);
        self.attempt.line(Line { value: value.to_owned(), kind, required, ..about })
    }

    fn owner(&self, people: &[PersonName], current: &str) -> AnyView {
        let words = incident_words();
        let name: String = self.name("owner");
        let chosen: String = self.attempt.typed.text(&name, current);
        let mut options: Vec<AnyView> = vec![option("", words.nobody, &chosen)];
        options.extend(people.iter().map(|person| option(&person.id.to_string(), &person.name, &chosen)));
        self.attempt.select(Named::new(&name, &self.id("owner"), words.owner), String::new(), options)
    }

    fn head(&self, incident: i64, version: Option<i64>) -> Vec<AnyView> {
        let field = |name: &str, value: &str| {
            let (name, value): (String, String) = (self.name(name), value.to_owned());
            view! { <input type="hidden" data-key=format!("{name}={value}") name=name.clone() value=value /> }.into_any()
        };
        let version: String = version.map(|version| version.to_string()).unwrap_or_default();
        vec![field("id", &incident.to_string()), field("number", &self.number), field("version", &version)]
    }
}

fn places(prefix: &str, number: Option<i64>) -> Places {
    let words = incident_words();
    let number: String = number.map(|number| number.to_string()).unwrap_or_default();
    let fields = [
        ("title", words.what_label),
        ("owner", words.owner),
        ("due", words.due_label),
        ("due_on", words.due_day),
        ("url", words.address),
    ];
    let place = |(field, label): (&str, &str)| Named::new(field, &format!("{prefix}{number}-{field}"), label);
    fields.into_iter().map(place).collect()
}

/// A new task, or one that is there.
fn task_form(view: &IncidentView, task: Option<&TaskView>, acts: Acts) -> AnyView {
    let words = incident_words();
    let own = Own::new("task", task.map(|task| task.id), attempt(acts.task, places("task", task.map(|task| task.id))));
    let head: Vec<AnyView> = own.head(view.line.id.0, task.map(|task| task.version));
    let owner: String = task.and_then(|task| task.owner.as_ref()).map(|person| person.id.to_string()).unwrap_or_default();
    let title: String = task.map(|task| task.title.clone()).unwrap_or_default();
    let due: String = task.and_then(|task| task.due_at).map(super::declare::wall).unwrap_or_default();
    let (summary, word): (&'static str, &'static str) =
        if task.is_some() { (words.change, words.save) } else { (words.task_add, words.task_add_do) };
    let fields: Vec<AnyView> = vec![
        own.line("title", words.what_label, &title, "text", true),
        own.owner(&view.choices.people, &owner),
        own.line("due", words.due_label, &due, "datetime-local", false),
    ];
    let (refused, is_open): (AnyView, bool) = (own.refused(), own.is_open);
    view! {
        <details class="case__more" open=is_open>
            <summary class="button button--quiet">{summary}</summary>
            <ActionForm action=acts.task attr:class="form">
                {refused}
                {head}
                {fields}
                <div class="form__foot"><Button kind="submit">{word}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// Follow-ups: each needs an owner and a date before the incident is closed, and outlives it.
pub fn follow_ups(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let count = (!view.follow_ups.is_empty()).then(|| view.follow_ups.len().to_string());
    let lines: Vec<AnyView> = view.follow_ups.iter().map(|one| follow_up_line(view, one, acts)).collect();
    let none = view.follow_ups.is_empty().then(|| {
        let said: &'static str = if view.no_follow_ups { words.follow_ups_not_needed } else { words.follow_ups_none };
        view! { <p class="mute">{said}</p> }
    });
    let form = view.can_work.then(|| follow_up_form(view, None, acts));
    let needless = (view.can_work && view.follow_ups.is_empty()).then(|| needless(view, acts));
    view! {
        <Part title=words.follow_ups_title.to_owned() count=count id="follow-ups">
            {refusal_before(acts.follow_up_done)}
            {refusal_before(acts.no_follow_ups)}
            {none}
            <ul class="tasks">{lines}</ul>
            {form}
            {needless}
        </Part>
    }
    .into_any()
}

fn follow_up_line(view: &IncidentView, one: &FollowUpView, acts: Acts) -> AnyView {
    let words = incident_words();
    let owner: String = one.owner.as_ref().map_or_else(|| words.no_owner.to_owned(), name_text);
    let due: String = one.due_on.clone().unwrap_or_else(|| words.no_date.to_owned());
    let done: Option<String> = one.done.as_ref().map(|(by, at)| format!("{by} {}", moment_text(*at)));
    let told: Vec<String> = [Some(owner), Some(due), done].into_iter().flatten().collect();
    let is_done: bool = one.done.is_some();
    let fields: Vec<AnyView> = vec![
        hidden("id", &view.line.id.0.to_string()),
        hidden("follow_up", &one.id.to_string()),
        hidden("is_done", if is_done { "false" } else { "true" }),
    ];
    // Done is what somebody else can look at: without an address one is asked for, where that is asked.
    let lacks_evidence: bool = !is_done && one.url.is_none();
    let evidence = (view.can_work && lacks_evidence).then(|| {
        let href: String = format!("{}#action-{}", links::postmortem(view.line.id), one.id);
        view! { <a class="link" href=href>{words.give_evidence}</a> }
    });
    let tick: AnyView = if view.can_work && !lacks_evidence {
        let button: AnyView = tick_button(&one.title, is_done);
        view! { <ActionForm action=acts.follow_up_done>{fields}{button}</ActionForm> }.into_any()
    } else {
        ticked(is_done)
    };
    let clock: Option<AnyView> = one.clock.as_ref().filter(|_| !is_done).map(clock_badge);
    let way =
        one.url.clone().map(|url| view! { <a class="link" href=url rel="external noopener noreferrer">{words.open_it}</a> });
    let edit = view.can_work.then(|| follow_up_form(view, Some(one), acts));
    let has_ways: bool = clock.is_some() || way.is_some() || evidence.is_some();
    let ways: Option<AnyView> = has_ways.then(|| view! { {clock} {way} {evidence} }.into_any());
    listed(tick, &one.title, &told.join(" · "), is_done, ways, edit)
}

fn follow_up_form(view: &IncidentView, one: Option<&FollowUpView>, acts: Acts) -> AnyView {
    let words = incident_words();
    let own = Own::new("wish", one.map(|one| one.id), attempt(acts.follow_up, places("wish", one.map(|one| one.id))));
    let head: Vec<AnyView> = own.head(view.line.id.0, one.map(|one| one.version));
    let text = |found: Option<String>| found.unwrap_or_default();
    let owner: String = text(one.and_then(|one| one.owner.as_ref()).map(|person| person.id.to_string()));
    let (summary, word): (&'static str, &'static str) =
        if one.is_some() { (words.change, words.save) } else { (words.follow_up_add, words.follow_up_add_do) };
    let fields: Vec<AnyView> = vec![
        own.line("title", words.what_label, &text(one.map(|one| one.title.clone())), "text", true),
        own.owner(&view.choices.people, &owner),
        own.line("due_on", words.due_day, &text(one.and_then(|one| one.due_on.clone())), "date", false),
        own.line("url", words.address, &text(one.and_then(|one| one.url.clone())), "url", false),
    ];
    let (refused, is_open): (AnyView, bool) = (own.refused(), own.is_open);
    view! {
        <details class="case__more" open=is_open>
            <summary class="button button--quiet">{summary}</summary>
            <ActionForm action=acts.follow_up attr:class="form">
                {refused}
                {head}
                {fields}
                <div class="form__foot"><Button kind="submit">{word}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// That none is needed is said, not left open.
fn needless(view: &IncidentView, acts: Acts) -> Option<AnyView> {
    let words = incident_words();
    if view.line.status.is_final() || !view.moves.iter().any(|by| matches!(by, Move::Close | Move::Resolve)) {
        return None;
    }
    let (value, word): (&'static str, &'static str) =
        if view.no_follow_ups { ("false", words.needed_after_all) } else { ("true", words.none_needed) };
    let fields: Vec<AnyView> =
        vec![hidden("id", &view.line.id.0.to_string()), version(view.version), hidden("none_needed", value)];
    Some(
        view! {
            <ActionForm action=acts.no_follow_ups>
                {fields}
                <Button kind="submit" rank=Rank::Quiet>{word}</Button>
            </ActionForm>
        }
        .into_any(),
    )
}
