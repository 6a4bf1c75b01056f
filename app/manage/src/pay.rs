//! Pay: a month of everybody for administrators, one's own for everybody else; rules, days off and business hours.
//!
//! Drawn by the server alone. Every month, person and rule is an address, every act a plain form.

mod attempts;
mod head;
mod holidays;
mod person;
mod rule_form;
mod rules;
mod segments;
mod week;
mod work;
mod written;

use crate::report::refusal_before;
use crate::screen::loaded;
use crate::words::pay::{PayWords, pay_words};
use crate::words::viewer;
use api::ask;
use api::pay::{PayClose, PayHead, PayMonthView, PayNote, PayRow, PayState, pay_month};
use head::{head, state_text};
pub use holidays::HolidaysScreen;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::{Role, links};
pub use person::PayPersonScreen;
pub use rules::PayRulesScreen;
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::icon::{Icon, IconName};
use ui::table::{Cell, Column, Table};
use written::{hours, yen};

/// The screen at `/pay`.
#[component]
pub fn PayScreen() -> impl IntoView {
    let words = pay_words();
    let close: ServerAction<PayClose> = ServerAction::new();
    let month: String = asked("month");
    let data = ask(move || month.clone(), pay_month);
    view! {
        <Title text=words.title />
        <div class="pay">
            <header class="screen-head">
                <h1>{words.title}</h1>
                <p class="screen-head__lead">{words.lead} " " <strong>{words.aid}</strong></p>
            </header>
            {refusal_before(close)}
            {loaded(data, move |view| sheet(view, close))}
        </div>
    }
    .into_any()
}

/// A word of the address's query; empty where it says nothing.
fn asked(name: &'static str) -> String {
    use_query_map().with_untracked(|map| map.get(name).unwrap_or_default())
}

/// Why this viewer can't do what administrators do, if they can't.
fn admin_reason() -> Option<String> {
    (!viewer().may(Role::Admin)).then(|| pay_words().admin_only.to_owned())
}

fn sheet(view: PayMonthView, close: ServerAction<PayClose>) -> AnyView {
    let words = pay_words();
    let csv: Option<AnyView> = (!view.rows.is_empty()).then(|| download(&view.head));
    let unsaid = (!view.has_rules).then(|| {
        let link = || view! { <ButtonLink href=links::PAY_RULES.to_owned()>{pay_words().to_rules}</ButtonLink> };
        view! { <Callout tone=Tone::Warn acts=link>{words.no_rules}</Callout> }
    });
    let body: AnyView = if view.rows.is_empty() {
        view! { <Empty title=words.nothing say=words.nothing_hint /> }.into_any()
    } else {
        table(&view.head, &view.rows)
    };
    view! {
        {head(&view.head, &links::pay_month)}
        {unsaid}
        {body}
        <footer class="pay__foot">
            {csv}
            <a class="link" href=links::PAY_RULES>{words.to_rules}</a>
            <a class="link" href=links::HOLIDAYS>{words.to_holidays}</a>
        </footer>
        {closing(&view.head, close)}
    }
    .into_any()
}

/// Left to the browser: it is no screen.
fn download(head: &PayHead) -> AnyView {
    let href: String = links::pay_csv(&head.month);
    view! { <ButtonLink href=href rel="external">{pay_words().csv}</ButtonLink> }.into_any()
}

fn table(head: &PayHead, rows: &[PayRow]) -> AnyView {
    let words = pay_words();
    let columns = vec![
        Column::text(words.person),
        Column::number(words.standby),
        Column::number(words.standby_yen),
        Column::number(words.worked),
        Column::number(words.worked_yen),
        Column::number(words.corrected),
        Column::number(words.total),
        Column::text(words.notes),
    ];
    let rows: Vec<AnyView> = rows.iter().map(|row| line(head, row)).collect();
    view! { <Table caption=words.title columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn line(head: &PayHead, row: &PayRow) -> AnyView {
    let words = pay_words();
    let href: String = links::pay_person(&head.month, row.person);
    let (standby, worked): (String, String) = (hours(row.standby_ms.iter().sum()), hours(row.worked_ms.iter().sum()));
    let (standby_yen, worked_yen, total) = (yen(row.standby_yen), yen(row.worked_yen), yen(row.yen));
    let corrected: Option<String> = (row.corrected_yen != 0).then(|| yen(row.corrected_yen));
    let notes: Option<AnyView> = notes(&row.notes);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a class="link" href=href>{row.name.clone()}</a></th>
            <Cell label=words.standby number=true>{standby}</Cell>
            <Cell label=words.standby_yen number=true>{standby_yen}</Cell>
            <Cell label=words.worked number=true>{worked}</Cell>
            <Cell label=words.worked_yen number=true>{worked_yen}</Cell>
            <Cell label=words.corrected number=true>{corrected}</Cell>
            <Cell label=words.total number=true><b>{total}</b></Cell>
            <Cell label=words.notes wide=true>{notes}</Cell>
        </tr>
    }
    .into_any()
}

/// What is to be looked at before the month is paid; nothing where there is nothing.
fn notes(notes: &[PayNote]) -> Option<AnyView> {
    let words = pay_words();
    let one = |note: &PayNote| {
        let class: &str = if is_grave(*note) { "pay__note pay__note--grave" } else { "pay__note" };
        view! { <li class=class><Icon name=IconName::Warn />{note_text(*note, words)}</li> }.into_any()
    };
    let lines: Vec<AnyView> = notes.iter().map(one).collect();
    (!lines.is_empty()).then(|| view! { <ul class="pay__notes">{lines}</ul> }.into_any())
}

/// Whether somebody would get less than the law allows, or nothing.
fn is_grave(note: PayNote) -> bool {
    matches!(note, PayNote::BelowFloor(_) | PayNote::NoStandbyYen | PayNote::NoWorkedYen)
}

fn note_text(note: PayNote, words: &PayWords) -> String {
    match note {
        PayNote::BelowFloor(ms) => (words.below_floor)(&hours(ms)),
        PayNote::NoStandbyYen => words.no_standby_yen.to_owned(),
        PayNote::NoWorkedYen => words.no_worked_yen.to_owned(),
        PayNote::RoundsDown => words.rounds_down.to_owned(),
        PayNote::NoStatutoryDay => words.no_statutory_day.to_owned(),
        PayNote::Unfinished(n) => (words.unfinished)(n),
        PayNote::Long(n) => (words.long)(n),
    }
}

/// Closing the month, behind a question; with the reason where it can't be.
fn closing(head: &PayHead, close: ServerAction<PayClose>) -> Option<AnyView> {
    let words = pay_words();
    if !head.is_admin || matches!(head.state, PayState::Closed { .. }) {
        return None;
    }
    let reason: Option<String> = (head.state != PayState::Over).then(|| state_text(&head.state));
    let month: String = head.month.clone();
    let sure: String = (words.close_sure)(&(words.month_name)(&month));
    let form = view! {
        <details class="pay__more">
            <summary>{words.close}</summary>
            <ActionForm action=close attr:class="form">
                <p>{sure}</p>
                <input type="hidden" name="month" value=month />
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Main disabled=reason>{words.close_do}</Button>
                </div>
            </ActionForm>
        </details>
    };
    Some(form.into_any())
}
