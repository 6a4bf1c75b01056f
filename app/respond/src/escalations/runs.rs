//! Escalations that run and ran. Those of one alert are told with every decision: why somebody was paged, and why nobody was.

use super::run_address;
use super::why::{is_unknown, why};
use crate::facts::subject_of;
use crate::oncall::said::option;
use crate::screen::loaded;
use crate::words::escalations::escalation_words;
use crate::words::{locale, words};
use api::ask;
use api::escalations::{RunLine, RunList, RunQuery, RunState, RunView, runs};
use api::pulse::use_pulse;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::ids::AlertId;
use model::links;
use ui::button::Button;
use ui::empty::Empty;
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::state::{StateKind, StateMark};
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// Alerts of a run that are named in a list.
const MOST_ALERTS: usize = 3;

/// The screen at `/runs`.
#[component]
pub fn RunsScreen() -> impl IntoView {
    let (said, pulse, search) = (escalation_words(), use_pulse(), use_location().search);
    let asked: Memo<RunQuery> = Memo::new(move |_| search.with(|search| query(search)));
    let moved = move || (pulse.alerts.get(), pulse.house.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.get(), moved()), |(query, _)| runs(query));
    view! {
        <Title text=said.runs_title />
        <div class="escalations">
            <header class="screen-head">
                <h1>{said.runs_title}</h1>
                <p class="screen-head__lead">{said.runs_lead}</p>
                <p class="screen-head__ways"><a class="link" href=links::ESCALATIONS>{said.title}</a></p>
            </header>
            {move || filters(&asked.get())}
            {loaded(data, move |list| sheet(&list, &asked.get_untracked()))}
        </div>
    }
    .into_any()
}

/// What an address asks.
fn query(search: &str) -> RunQuery {
    let mut query = RunQuery::default();
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "show" => query.show = value,
            "alert" => query.alert = value,
            "policy" => query.policy = value,
            "mine" => query.mine = value,
            "before" => query.before = value.parse().ok(),
            _ => {}
        }
    }
    query
}

fn filters(query: &RunQuery) -> AnyView {
    let said = escalation_words();
    let shows: Vec<AnyView> =
        ["", "live", "nobody"].into_iter().zip(said.shows).map(|(value, word)| option(value, word, &query.show)).collect();
    let (alert, policy, is_mine): (String, String, bool) = (query.alert.clone(), query.policy.clone(), query.mine == "true");
    view! {
        <form class="runs-filter" method="get" action=links::RUNS>
            <label class="runs-filter__one">
                <span class="field__label">{said.show}</span>
                <select class="input" name="show">{shows}</select>
            </label>
            <label class="runs-filter__one">
                <span class="field__label">{said.alert}</span>
                <input class="input" name="alert" value=alert placeholder="A-12" autocomplete="off" />
            </label>
            <label class="runs-filter__one">
                <span class="field__label">{said.policy}</span>
                <input class="input" name="policy" value=policy autocomplete="off" />
            </label>
            <label class="tick"><input type="checkbox" name="mine" value="true" checked=is_mine />{said.only_mine}</label>
            <Button kind="submit">{words().apply}</Button>
        </form>
    }
    .into_any()
}

fn sheet(list: &RunList, query: &RunQuery) -> AnyView {
    let said = escalation_words();
    if list.runs.is_empty() {
        let hint: &'static str = if query.alert.is_empty() { said.runs_none_hint } else { said.runs_none_alert };
        return view! { <Empty title=said.runs_none say=hint /> }.into_any();
    }
    let is_told: bool = list.runs.iter().any(|run| !run.why.is_empty());
    let body: AnyView = if is_told {
        list.runs.iter().map(story).collect_view().into_any()
    } else {
        let lines: Vec<RunLine> = list.runs.iter().map(|run| run.line.clone()).collect();
        part(said.runs, &lines)
    };
    let more = list.more.map(|before| view! { <p><a class="link" href=older(query, before)>{words().older}</a></p> });
    view! { {body} {more} }.into_any()
}

fn older(query: &RunQuery, before: i64) -> String {
    let pairs = [("show", &query.show), ("alert", &query.alert), ("policy", &query.policy), ("mine", &query.mine)];
    let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    let mut address: String = format!("{}?before={before}", links::RUNS);
    for (name, value) in said {
        address.push_str(&format!("&{name}={}", links::encode(value)));
    }
    address
}

/// One escalation with every decision.
fn story(run: &RunView) -> AnyView {
    let said = escalation_words();
    let line: &RunLine = &run.line;
    let title: String = (said.run_of)(&line.policy, line.number);
    let (state, decisions): (AnyView, AnyView) = (stands(line), why(&run.why));
    let alerts: Vec<AnyView> = line
        .alerts
        .iter()
        .map(|alert| view! { <a class="link" href=links::alert(*alert)>{alert.to_string()}</a> }.into_any())
        .collect();
    let (way, route): (String, String) = (links::route(&line.route), line.route.clone());
    // A policy that is not there can't be looked at; the route that names it can.
    let policy: Option<String> = (!is_unknown(&run.why)).then(|| links::policy(&line.policy));
    let sent: Option<String> = line.alerts.first().map(|alert| links::deliveries_of_alert(*alert));
    let more = move || {
        let policy = policy.clone().map(|href| view! { <a class="link" href=href>{escalation_words().to_policy}</a> });
        let sent = sent.clone().map(|href| view! { <a class="link" href=href>{words().deliveries}</a> });
        view! { {policy} {sent} }
    };
    let badge: AnyView = badge(line);
    view! {
        <Part title=title id=format!("run-{}", line.number) more=more>
            <p class="runs__head">{badge} {state} <span class="runs__alerts">{alerts}</span> <a class="link" href=way>{route}</a></p>
            {decisions}
        </Part>
    }
    .into_any()
}

fn badge(line: &RunLine) -> AnyView {
    let (severity, is_held): (model::Severity, bool) = (line.severity, line.state != RunState::Running);
    let word: &'static str = words().severity_word(severity);
    view! { <SeverityBadge level=severity.level() held=is_held code=severity.code() word=word /> }.into_any()
}

/// How it stands, as a sign and a sentence.
fn stands(line: &RunLine) -> AnyView {
    let said = escalation_words();
    let look = ui::context::use_look();
    let (kind, word): (StateKind, String) = match (line.state, &line.answered, line.next) {
        (RunState::Running, _, Some((step, at))) => {
            let when: String = figures::short_time(at.0, &look.zone);
            (StateKind::Open, (said.next_step)(step, line.n_steps, &when))
        }
        (RunState::Running, _, None) => (StateKind::Open, said.running.to_owned()),
        (RunState::Spent, _, _) => (StateKind::Open, said.spent.to_owned()),
        (RunState::Acknowledged, Some((by, at)), _) => {
            (StateKind::Held, (said.answered)(&subject_of(by), &figures::short_time(at.0, &look.zone)))
        }
        (RunState::Acknowledged, None, _) => (StateKind::Held, words().held.to_owned()),
        (RunState::Over, _, _) => (StateKind::Back, said.over.to_owned()),
    };
    view! { <StateMark kind=kind word=word /> }.into_any()
}

/// Runs as a table, under a heading.
pub fn part(title: &'static str, lines: &[RunLine]) -> AnyView {
    let said = escalation_words();
    let count = Some(lines.len().to_string());
    if lines.is_empty() {
        return view! { <Part title=title.to_owned() count=count><p class="mute">{said.none_now}</p></Part> }.into_any();
    }
    let columns =
        [words().severity_label, said.policy, said.alert, said.state, said.began, said.first_page].map(Column::text).to_vec();
    let rows: Vec<AnyView> = lines.iter().map(row).collect();
    view! {
        <Part title=title.to_owned() count=count><Table caption=title columns=columns stacked=true>{rows}</Table></Part>
    }
    .into_any()
}

fn row(line: &RunLine) -> AnyView {
    let said = escalation_words();
    let (badge, state): (AnyView, AnyView) = (badge(line), stands(line));
    let alerts: String = alerts_text(&line.alerts);
    let took: String = line
        .first_page_at
        .map_or_else(|| said.nobody_yet.to_owned(), |at| figures::duration(at.since(line.started_at), locale()));
    let began: i64 = line.started_at.0;
    view! {
        <tr role="row">
            <Cell>{badge}</Cell>
            <th scope="row" role="rowheader"><a class="link" href=run_address(line)>{line.policy.clone()}</a></th>
            <Cell label=said.alert>{alerts}</Cell>
            <Cell label=said.state wide=true>{state}</Cell>
            <Cell label=said.began><TimeText at_ms=began form=TimeForm::Day /></Cell>
            <Cell label=said.first_page>{took}</Cell>
        </tr>
    }
    .into_any()
}

/// The first few by their numbers, and how many more there are.
fn alerts_text(alerts: &[AlertId]) -> String {
    let named: Vec<String> = alerts.iter().take(MOST_ALERTS).map(ToString::to_string).collect();
    let n_more: usize = alerts.len().saturating_sub(MOST_ALERTS);
    if n_more > 0 { format!("{} +{n_more}", named.join(", ")) } else { named.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{alerts_text, older, query};
    use model::ids::AlertId;

    #[test]
    fn alerts_that_are_not_named_are_counted() {
        let all: Vec<AlertId> = (1..=5).map(AlertId).collect();
        assert_eq!((alerts_text(&all).as_str(), alerts_text(&all[..2]).as_str()), ("A-1, A-2, A-3 +2", "A-1, A-2"));
    }

    #[test]
    fn a_selection_comes_back_from_its_address_and_goes_on() {
        let asked = query("?show=nobody&alert=A-7&mine=true&before=12&policy=%E6%B1%BA%E6%B8%88");
        assert_eq!((asked.show.as_str(), asked.alert.as_str(), asked.before), ("nobody", "A-7", Some(12)));
        let next = older(&asked, 5);
        let again = query(next.split_once('?').map_or("", |(_, search)| search));
        assert_eq!((again.before, again.policy, again.mine), (Some(5), "決済".to_owned(), "true".to_owned()));
    }
}
