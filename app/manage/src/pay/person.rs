//! One person's month: sums, what is to be looked at, worked time with its corrections, and the proof of every segment.

use super::attempts::{lost_refusal, own_attempt};
use super::head::head;
use super::segments::segments;
use super::work::work;
use super::written::{hours, yen};
use super::{admin_reason, notes};
use crate::screen::failed_or_lost;
use crate::words::pay::pay_words;
use api::ask;
use api::pay::{PayCorrection, PayOvertime, PayPersonView, PayRow, PayState, WorkAdd, WorkCorrect, pay_person};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::links;
use ui::attempt::Named;
use ui::button::Button;
use ui::facts::{Fact, Facts};
use ui::field::Line;
use ui::loaded::loaded;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// Everything one can do here.
#[derive(Clone, Copy)]
pub struct Acts {
    pub correct: ServerAction<WorkCorrect>,
    pub add: ServerAction<WorkAdd>,
    pub overtime: ServerAction<PayOvertime>,
}

/// The screen at `/pay/:month/:person`.
#[component]
pub fn PayPersonScreen() -> impl IntoView {
    let acts = Acts { correct: ServerAction::new(), add: ServerAction::new(), overtime: ServerAction::new() };
    let param = |name: &'static str| use_params_map().with_untracked(|map| map.get(name).unwrap_or_default());
    let (month, person): (String, String) = (param("month"), param("person"));
    let data = ask(move || (month.clone(), person.clone()), |(month, person)| pay_person(month, person));
    loaded(data, move |view| sheet(view, acts), |error| failed_or_lost(error, links::PAY, pay_words().to_month))
}

fn sheet(view: PayPersonView, acts: Acts) -> AnyView {
    let words = pay_words();
    let (name, person) = (view.row.name.clone(), view.row.person);
    let title: String = format!("{name} · {}", (words.month_name)(&view.head.month));
    let is_closed: bool = matches!(view.head.state, PayState::Closed { .. });
    let month_href: String = links::pay_month(&view.head.month);
    let sums: AnyView = sums(&view.row);
    view! {
        <Title text=title />
        <article class="pay">
            <header class="screen-head">
                <h1>{name}</h1>
                <p class="screen-head__lead">
                    <a class="link" href=month_href>{words.to_month}</a> " " <strong>{words.aid}</strong>
                </p>
            </header>
            {head(&view.head, &move |month: &str| links::pay_person(month, person))}
            {totals(&view)}
            {notes(&view.row.notes)}
            <Part title=words.sums.to_owned()>{sums}</Part>
            {overtime(&view, acts)}
            {corrections(&view.corrections)}
            {lost_refusal(acts.correct)}
            {work(&view, acts, is_closed)}
            {segments(&view)}
        </article>
    }
    .into_any()
}

fn totals(view: &PayPersonView) -> AnyView {
    let words = pay_words();
    let row: &PayRow = &view.row;
    let fact = |name: &'static str, value: String| view! { <Fact name=name>{value}</Fact> }.into_any();
    let mut facts: Vec<AnyView> =
        vec![fact(words.standby_yen, yen(row.standby_yen)), fact(words.worked_yen, yen(row.worked_yen))];
    if row.corrected_yen != 0 {
        facts.push(fact(words.corrected, yen(row.corrected_yen)));
    }
    let whole: String = yen(row.yen);
    facts.push(view! { <Fact name=words.total><b>{whole}</b></Fact> }.into_any());
    view! { <Facts>{facts}</Facts> }.into_any()
}

/// Hours by their kind: a line for standby, one for work.
fn sums(row: &PayRow) -> AnyView {
    let words = pay_words();
    let mut columns: Vec<Column> = vec![Column::text(words.basis)];
    columns.extend(words.categories.map(Column::number));
    columns.push(Column::number(words.all_hours));
    let line = |name: &'static str, all: &[i64; 5]| {
        let cell = |(ms, word): (&i64, &'static str)| {
            let text: String = hours(*ms);
            view! { <Cell label=word number=true>{text}</Cell> }.into_any()
        };
        let cells: Vec<AnyView> = all.iter().zip(words.categories).map(cell).collect();
        let whole: String = hours(all.iter().sum());
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{name}</th>
                {cells}
                <Cell label=words.all_hours number=true>{whole}</Cell>
            </tr>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = vec![line(words.standby, &row.standby_ms), line(words.worked, &row.worked_ms)];
    view! { <Table caption=words.sums columns=columns stacked=true>{lines}</Table> }.into_any()
}

/// Overtime besides on-call work, which decides when the 60th hour ends.
fn overtime(view: &PayPersonView, acts: Acts) -> AnyView {
    let words = pay_words();
    let (month, person) = (view.head.month.clone(), view.row.person.to_string());
    let named = Named::new("hours", "overtime-hours", words.other_overtime);
    let attempt = own_attempt(acts.overtime, vec![named.clone()], &[("month", &month), ("person", &person)]);
    let line = Line {
        value: hours(view.other_overtime_min.saturating_mul(60_000)),
        hint: words.other_overtime_hint.to_owned(),
        required: true,
        is_off: admin_reason().is_some(),
        ..Line::new(&named.id, &named.field, &named.label)
    };
    view! {
        <ActionForm action=acts.overtime attr:class="form pay__line">
            {attempt.refused()}
            <input type="hidden" name="month" value=month />
            <input type="hidden" name="person" value=person />
            {attempt.line(line)}
            <div class="form__foot"><Button kind="submit" disabled=admin_reason()>{words.save}</Button></div>
        </ActionForm>
    }
    .into_any()
}

fn corrections(all: &[PayCorrection]) -> Option<AnyView> {
    let words = pay_words();
    if all.is_empty() {
        return None;
    }
    let columns = vec![
        Column::text(words.of_month),
        Column::number(words.standby),
        Column::number(words.worked),
        Column::number(words.yen),
    ];
    let line = |one: &PayCorrection| {
        let (standby, worked, money) = (hours(one.standby_ms), hours(one.worked_ms), yen(one.yen));
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{(words.month_name)(&one.month)}</th>
                <Cell label=words.standby number=true>{standby}</Cell>
                <Cell label=words.worked number=true>{worked}</Cell>
                <Cell label=words.yen number=true>{money}</Cell>
            </tr>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = all.iter().map(line).collect();
    let part = view! {
        <Part title=words.corrections.to_owned()>
            <p class="pay__hint">{words.corrections_hint}</p>
            <Table caption=words.corrections columns=columns stacked=true>{lines}</Table>
        </Part>
    };
    Some(part.into_any())
}
