//! Worked time: what was noted, what is paid of it, who corrected it and why; with the forms that do.

use super::admin_reason;
use super::attempts::own_attempt;
use super::head::when;
use super::person::Acts;
use super::written::{hours, moment, stretch};
use crate::report::attempt;
use crate::words::pay::{PayWords, pay_words};
use crate::words::viewer;
use api::pay::{PayPersonView, WorkChange, WorkView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::PersonId;
use model::rota::local::Local;
use ui::attempt::Named;
use ui::button::{Button, Rank};
use ui::callout::Callout;
use ui::field::{Line, Tick};
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The characters of a reason, and of what was worked on; the server knows the same figures.
const MOST_REASON: u32 = 500;
const MOST_LABEL: u32 = 100;

/// All of a month, and the form for more.
pub fn work(view: &PayPersonView, acts: Acts, is_closed: bool) -> AnyView {
    let words = pay_words();
    let count: Option<String> = Some(view.work.len().to_string());
    let lead: String = (words.zone_note)(&view.zone);
    let form: AnyView = add(view.row.person, acts);
    let closed = is_closed.then(|| view! { <Callout>{words.work_closed}</Callout> });
    let body: AnyView = if view.work.is_empty() {
        view! { <p class="mute">{words.no_work}</p> }.into_any()
    } else {
        table(&view.work, view.row.person, acts)
    };
    view! {
        <Part title=words.work.to_owned() count=count id="work">
            <p class="pay__hint">{words.work_lead} " " {lead}</p>
            {closed}
            {body}
            {form}
        </Part>
    }
    .into_any()
}

/// Why this viewer can't correct the time of `person`, if they can't.
fn reason_not(person: PersonId) -> Option<String> {
    let is_own: bool = viewer().person.is_some_and(|viewer| viewer.id == person);
    if is_own { None } else { admin_reason() }
}

fn table(all: &[WorkView], person: PersonId, acts: Acts) -> AnyView {
    let words = pay_words();
    let columns = vec![
        Column::text(words.what),
        Column::text(words.noted),
        Column::text(words.counted),
        Column::number(words.duration),
        Column::text(words.change),
    ];
    let lines: Vec<AnyView> = all.iter().map(|one| line(one, person, acts)).collect();
    view! { <Table caption=words.work columns=columns stacked=true>{lines}</Table> }.into_any()
}

fn line(one: &WorkView, person: PersonId, acts: Acts) -> AnyView {
    let words = pay_words();
    let label: AnyView = match &one.href {
        Some(href) => view! { <a class="link" href=href.clone()>{one.label.clone()}</a> }.into_any(),
        None => one.label.clone().into_any(),
    };
    let counted: String = match one.counted {
        Some((from, until)) => stretch(from, until),
        None if one.is_unfinished => words.goes_on.to_owned(),
        None => words.left_out.to_owned(),
    };
    let (noted, duration): (String, String) = (noted(one, words), hours(one.counted_ms));
    let (history, form) = (history(&one.changes), correct(one, person, acts));
    let mark: Option<&'static str> = if one.is_by_hand { Some(words.by_hand) } else { one.is_long.then_some(words.took_long) };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{label} {mark.map(|word| view! { <small class="table__sub">{word}</small> })}</th>
            <Cell label=words.noted>{noted}</Cell>
            <Cell label=words.counted>{counted}</Cell>
            <Cell label=words.duration number=true>{duration}</Cell>
            <Cell wide=true label=words.change>{history} {form}</Cell>
        </tr>
    }
    .into_any()
}

fn noted(one: &WorkView, words: &PayWords) -> String {
    match one.until {
        Some(until) => stretch(one.from, until),
        None => format!("{}– {}", moment(one.from), words.goes_on),
    }
}

/// Every account that somebody gave, the oldest first.
fn history(changes: &[WorkChange]) -> Option<AnyView> {
    let words = pay_words();
    let one = |change: &WorkChange| {
        let said: String = if change.is_left_out { words.left_out.to_owned() } else { stretch(change.from, change.until) };
        let by: String = format!("{} · {}", change.by, when(change.at));
        view! { <li>{said} " — " {change.reason.clone()} " " <small class="mute">{by}</small></li> }.into_any()
    };
    let lines: Vec<AnyView> = changes.iter().map(one).collect();
    (!lines.is_empty()).then(|| view! { <ol class="pay__history">{lines}</ol> }.into_any())
}

fn correct(one: &WorkView, person: PersonId, acts: Acts) -> AnyView {
    let words = pay_words();
    let id = |field: &str| format!("{field}-{}", one.id);
    let fields = [
        Named::new("from", &id("from"), words.from),
        Named::new("until", &id("until"), words.until),
        Named::new("reason", &id("reason"), words.reason),
    ];
    let attempt = own_attempt(acts.correct, fields.to_vec(), &[("id", &one.id)]);
    let is_open: bool = attempt.typed.fields().is_some();
    let last: (Local, Option<Local>) = one.counted.map_or((one.from, one.until), |(from, until)| (from, Some(until)));
    let [from, until, reason] = fields;
    let from = clock(from, Some(last.0));
    let until = clock(until, last.1);
    let reason = reason_line(reason);
    let is_out: bool = attempt.typed.is_ticked("left_out", "true", false);
    let (label, number): (String, String) = ((words.change_of)(&one.label), one.id.clone());
    view! {
        <details class="pay__more" open=is_open>
            <summary aria-label=label.clone()>{words.change}</summary>
            <ActionForm action=acts.correct attr:class="form">
                {attempt.refused()}
                <input type="hidden" name="id" value=number />
                <div class="pay__pair">{attempt.line(from)} {attempt.line(until)}</div>
                <Tick name="left_out" checked=is_out>{words.no_work_at_all}</Tick>
                {attempt.line(reason)}
                <div class="form__foot">
                    <Button kind="submit" label=label disabled=reason_not(person)>{words.change_do}</Button>
                </div>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn add(person: PersonId, acts: Acts) -> AnyView {
    let words = pay_words();
    let fields = [
        Named::new("label", "work-label", words.what),
        Named::new("from", "work-from", words.from),
        Named::new("until", "work-until", words.until),
        Named::new("reason", "work-reason", words.reason),
    ];
    let attempt = attempt(acts.add, fields.to_vec());
    let is_open: bool = attempt.typed.fields().is_some();
    let [label, from, until, reason] = fields;
    let label = Line { most: Some(MOST_LABEL), required: true, ..Line::new(&label.id, &label.field, &label.label) };
    let (from, until, reason) = (clock(from, None), clock(until, None), reason_line(reason));
    view! {
        <details class="pay__more" open=is_open>
            <summary>{words.add}</summary>
            <ActionForm action=acts.add attr:class="form">
                <p class="field__hint">{words.add_hint}</p>
                {attempt.refused()}
                <input type="hidden" name="person" value=person.to_string() />
                {attempt.line(label)}
                <div class="pay__pair">{attempt.line(from)} {attempt.line(until)}</div>
                {attempt.line(reason)}
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Normal disabled=reason_not(person)>{words.add_do}</Button>
                </div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// A day and a time of the company's wall clock.
fn clock(named: Named, at: Option<Local>) -> Line {
    let value: String = at.map(|at| at.to_string()).unwrap_or_default();
    Line { kind: "datetime-local", value, ..Line::new(&named.id, &named.field, &named.label) }
}

fn reason_line(named: Named) -> Line {
    let hint: String = pay_words().reason_hint.to_owned();
    Line { hint, most: Some(MOST_REASON), required: true, ..Line::new(&named.id, &named.field, &named.label) }
}
