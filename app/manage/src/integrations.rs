//! Tools that may send alerts: who they are, how they do, and the form for another.

mod detail;
mod mapping;
mod receipts;
mod settings;

use crate::report::attempt;
use crate::screen;
use crate::shown_once::shown_once;
use crate::words::integrations::{IntegrationWords, integration_words};
use crate::words::viewer;
use api::integrations::{IntegrationMake, IntegrationRow, integration_list};
use api::pulse::use_pulse;
use api::{ApiError, ask};
pub use detail::IntegrationScreen;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Role, Severity, Time, links};
use ui::attempt::Named;
use ui::button::{Button, Rank};
use ui::empty::Empty;
use ui::field::Line;
use ui::loaded::loaded;
use ui::part::Part;
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// The kinds that can be added, the usual ones first; the server knows the same words.
const KINDS: [&str; 6] = ["alertmanager", "grafana", "datadog", "pagerduty", "json", HEARTBEAT];
/// The kind whose silence is the alert: its time-out is another one.
const HEARTBEAT: &str = "heartbeat";

/// The screen at `/integrations`.
#[component]
pub fn IntegrationsScreen() -> impl IntoView {
    let words = integration_words();
    let make: ServerAction<IntegrationMake> = ServerAction::new();
    let pulse = use_pulse();
    let made = make.version();
    let data = ask(move || (pulse.house.get(), pulse.slow.get(), made.get()), |_| integration_list());
    view! {
        <Title text=words.title />
        <div class="integrations">
            <header class="screen-head">
                <h1>{words.title}</h1>
                <p class="screen-head__lead">{words.lead}</p>
            </header>
            <div class="integrations__main">{loaded(data, list, failed)}</div>
            <aside class="integrations__side">{add(make)}</aside>
        </div>
    }
    .into_any()
}

/// Why this viewer can't change integrations, if they can't.
pub fn reason_not() -> Option<String> {
    (!viewer().may(Role::Admin)).then(|| integration_words().admin_only.to_owned())
}

/// What happened, and the way to what there is.
pub fn failed(error: &ApiError) -> AnyView {
    screen::failed_or_lost(error, links::INTEGRATIONS, integration_words().to_all)
}

fn list(rows: Vec<IntegrationRow>) -> AnyView {
    let words = integration_words();
    let count = Some(rows.len().to_string());
    let body =
        if rows.is_empty() { view! { <Empty title=words.none say=words.none_hint /> }.into_any() } else { table(rows, words) };
    view! { <Part title=words.title.to_owned() count=count>{body}</Part> }.into_any()
}

fn table(rows: Vec<IntegrationRow>, words: &'static IntegrationWords) -> AnyView {
    let columns = vec![
        Column::text(words.name),
        Column::text(words.kind),
        Column::text(words.state),
        Column::text(words.last_received),
        Column::text(words.counts),
    ];
    let rows = rows.into_iter().map(|row| line(row, words)).collect_view();
    view! { <Table caption=words.title columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn line(row: IntegrationRow, words: &'static IntegrationWords) -> AnyView {
    let (state, last) = (state(row.enabled), moment(row.last_received_at));
    let kind = (words.kind_name)(&row.kind);
    let counts = (words.count_of)(row.received, row.refused);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a class="link" href=links::integration(row.id)>{row.name}</a>
                <small class="table__sub"><code>{row.slug}</code></small>
            </th>
            <Cell label=words.kind>{kind}</Cell>
            <Cell label=words.state>{state}</Cell>
            <Cell label=words.last_received>{last}</Cell>
            <Cell label=words.counts>{counts}</Cell>
        </tr>
    }
    .into_any()
}

/// Whether it may send.
pub fn state(enabled: bool) -> AnyView {
    let words = integration_words();
    screen::used(enabled, words.on, words.off)
}

/// When something happened last, or that it never did.
pub fn moment(at: Option<Time>) -> AnyView {
    match at {
        Some(at) => view! { <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any(),
        None => view! { <span class="mute">{integration_words().never}</span> }.into_any(),
    }
}

/// A choice of severities, the worst first.
pub fn severities(chosen: &str) -> Vec<AnyView> {
    let option = |severity: Severity| {
        let is_chosen = severity.code() == chosen;
        view! { <option value=severity.code() selected=is_chosen>{severity.code()}</option> }.into_any()
    };
    Severity::ALL.into_iter().map(option).collect()
}

/// The form for another, and the key it gives.
fn add(make: ServerAction<IntegrationMake>) -> AnyView {
    let words = integration_words();
    let kind = Named::new("kind", "integration-kind", words.kind);
    let name = Line {
        hint: words.name_hint.to_owned(),
        most: Some(100),
        required: true,
        says_required: true,
        ..Line::new("integration-name", "name", words.name)
    };
    let severity = Named::new("default_severity", "integration-severity", words.default_severity);
    let fields = vec![kind.clone(), Named::new("name", "integration-name", words.name), severity.clone()];
    let attempt = attempt(make, fields);
    let chosen: String = attempt.typed.text("kind", KINDS[0]);
    let option = |value: &'static str| {
        let is_chosen: bool = value == chosen;
        view! { <option value=value selected=is_chosen>{(words.kind_name)(value)}</option> }.into_any()
    };
    let kinds: Vec<AnyView> = KINDS.into_iter().map(option).collect();
    let severities: Vec<AnyView> = severities(&attempt.typed.text("default_severity", "P2"));
    view! {
        <Part title=words.add.to_owned()>
            <ActionForm action=make attr:class="form" attr:data-whole="">
                {attempt.refused()}
                {attempt.select(kind, String::new(), kinds)}
                {attempt.line(name)}
                {attempt.select(severity, words.default_severity_hint.to_owned(), severities)}
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Main disabled=reason_not() busy=make.pending()>{words.add_do}</Button>
                </div>
            </ActionForm>
            {shown_once(make, words.key_shown)}
        </Part>
    }
    .into_any()
}
