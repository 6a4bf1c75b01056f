//! Which incidents: by words, state, severity, team, system and time. A form that asks by the address.

use crate::oncall::said::option;
use crate::words::incidents::incident_words;
use crate::words::words;
use api::incidents::{IncidentList, IncidentQuery};
use leptos::prelude::*;
use model::{Severity, links};
use ui::button::{Button, ButtonLink};
use ui::field::Field;

/// The words of `show` in addresses, in the order of their names.
const SHOWS: [&str; 5] = ["", "open", "resolved", "closed", "all"];

/// The form, and the way out of what it asks.
pub fn filters(list: &IncidentList, query: &IncidentQuery) -> AnyView {
    let said = incident_words();
    let shows = SHOWS.into_iter().zip(said.shows).map(|(value, word)| option(value, word, &query.show)).collect();
    let mut severities: Vec<AnyView> = vec![option("", words().any, &query.severity)];
    severities.extend(Severity::ALL.into_iter().map(|one| option(&one.code().to_lowercase(), one.code(), &query.severity)));
    let mut teams: Vec<AnyView> = vec![option("", words().any, &query.team)];
    teams.extend(list.teams.iter().map(|(id, name)| option(&id.to_string(), name, &query.team)));
    let clear = query.is_filtered().then(|| view! { <ButtonLink href=links::INCIDENTS.to_owned()>{said.clear}</ButtonLink> });
    view! {
        <form class="incidents__filters" method="get" action=links::INCIDENTS role="search">
            {text("q", said.search, &query.q, "search")}
            {select("show", said.show, shows)}
            {select("severity", words().severity_label, severities)}
            {select("team", said.team, teams)}
            {text("system", said.system, &query.system, "text")}
            {text("from", said.from_day, &query.from, "date")}
            {text("until", said.until_day, &query.until, "date")}
            <p class="incidents__filter-acts"><Button kind="submit">{words().apply}</Button> {clear}</p>
        </form>
    }
    .into_any()
}

fn text(name: &'static str, label: &'static str, value: &str, kind: &'static str) -> AnyView {
    let (id, value): (String, String) = (format!("incidents-{name}"), value.to_owned());
    view! {
        <Field id=id.clone() label=label.to_owned()>
            <input class="input" id=id name=name type=kind value=value autocomplete="off" />
        </Field>
    }
    .into_any()
}

fn select(name: &'static str, label: &'static str, options: Vec<AnyView>) -> AnyView {
    let id: String = format!("incidents-{name}");
    view! {
        <Field id=id.clone() label=label.to_owned()>
            <select class="input" id=id name=name>{options}</select>
        </Field>
    }
    .into_any()
}
