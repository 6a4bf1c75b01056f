//! Beside the evidence: what happened around it, how often before, what it is made of, and what to do.

use crate::facts::{condition_text, name_of};
use crate::words::answers::answer_words;
use crate::words::{locale, words};
use api::alerting::{AlertDetail, AlertRow, AlertSource, Notes, PastAlert, RuleRow};
use leptos::prelude::*;
use model::alert::AlertState;
use model::links;
use ui::facts::{Fact, Facts};
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::shape::Shape;
use ui::time_text::{TimeForm, TimeText};

/// The side column.
#[component]
pub fn Side(detail: AlertDetail) -> impl IntoView {
    let runbook = detail.rule.as_ref().map(|rule| rule.runbook.read(locale()).to_owned()).filter(|text| !text.is_empty());
    view! {
        <aside class="alert__side">
            {ways(&detail.notes)}
            {runbook.map(|text| view! { <Runbook text=text /> })}
            {notes(detail.notes)}
            <Past past=detail.past />
            {(!detail.others.is_empty()).then(|| view! { <Others others=detail.others /> })}
            <Labels row=detail.row rule=detail.rule />
        </aside>
    }
}

/// The ways to instructions and graphs that stand elsewhere. What another's tool names is no recommendation of ours: nothing of the reader
/// goes there with them.
fn ways(notes: &Notes) -> Option<AnyView> {
    let words = answer_words();
    let way = |url: &Option<String>, said: &'static str| {
        let url = url.clone()?;
        Some(view! { <a class="button" href=url rel="external noopener noreferrer">{said}</a> })
    };
    let (runbook, dashboard) = (way(&notes.runbook_url, words.runbook_open), way(&notes.dashboard_url, words.dashboard_open));
    let is_any = runbook.is_some() || dashboard.is_some();
    is_any.then(|| view! { <p class="alert__ways">{runbook}{dashboard}</p> }.into_any())
}

/// What the rule or the sender says beside the sentence: what happened at length, then the rest by name.
fn notes(notes: Notes) -> Option<AnyView> {
    if notes.description.is_none() && notes.others.is_empty() {
        return None;
    }
    let said = notes.description.map(|text| view! { <p class="alert__said">{text.read(locale()).to_owned()}</p> });
    let other = |(name, text): (String, api::Text)| view! { <Fact name=name>{text.read(locale()).to_owned()}</Fact> };
    let others =
        (!notes.others.is_empty()).then(|| view! { <Facts>{notes.others.into_iter().map(other).collect_view()}</Facts> });
    Some(view! { <Part title=answer_words().notes.to_owned()>{said}{others}</Part> }.into_any())
}

#[component]
fn Runbook(text: String) -> impl IntoView {
    let steps = text.lines().filter(|line| !line.trim().is_empty());
    let steps = steps.map(step).collect_view();
    view! { <Part title=words().runbook.to_owned()><ol class="runbook">{steps}</ol></Part> }
}

/// One step; what stands between backticks is to be typed as it is.
pub fn step(line: &str) -> AnyView {
    let pieces: Vec<AnyView> = pieces(strip(line))
        .into_iter()
        .map(|(is_code, piece)| {
            let piece: String = piece.to_owned();
            if is_code { view! { <code>{piece}</code> }.into_any() } else { piece.into_any() }
        })
        .collect();
    view! { <li class="runbook__step"><span>{pieces}</span></li> }.into_any()
}

/// Words and code by turns. A backtick that is never closed is a backtick.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    if text.matches('`').count() % 2 == 1 {
        return vec![(false, text)];
    }
    let turns = text.split('`').enumerate().map(|(index, piece)| (index % 2 == 1, piece));
    turns.filter(|(_, piece)| !piece.is_empty()).collect()
}

/// A step without its list mark.
fn strip(line: &str) -> &str {
    let line = line.trim();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix(". ").filter(|_| rest.len() < line.len());
    rest.or_else(|| line.strip_prefix("- ")).unwrap_or(line)
}

#[component]
fn Past(past: Vec<PastAlert>) -> impl IntoView {
    let words = words();
    let count = u32::try_from(past.len()).unwrap_or(u32::MAX);
    let lines = past.into_iter().map(|alert| view! { <PastLine alert=alert /> }).collect_view();
    let body = if count == 0 {
        view! { <p class="mute">{words.past_none}</p> }.into_any()
    } else {
        view! { <ul class="past">{lines}</ul> }.into_any()
    };
    let said = (count > 0).then(|| (words.past_count)(count));
    view! { <Part title=words.past.to_owned() count=said>{body}</Part> }
}

#[component]
fn PastLine(alert: PastAlert) -> impl IntoView {
    let lasted =
        alert.resolved_at.map_or_else(|| words().ongoing.to_owned(), |at| figures::duration(at.since(alert.fired_at), locale()));
    view! {
        <li class="past__one">
            <TimeText at_ms=alert.fired_at.0 form=TimeForm::Day />
            <a class="link" href=links::alert(alert.id)>{alert.id.to_string()}</a>
            <small>{lasted} " " {alert.held_by.as_deref().map(name_of)}</small>
        </li>
    }
}

#[component]
fn Others(others: Vec<AlertRow>) -> impl IntoView {
    let lines = others.into_iter().map(|row| view! { <OtherLine row=row /> }).collect_view();
    view! { <Part title=words().others.to_owned()><Log>{lines}</Log></Part> }
}

#[component]
fn OtherLine(row: AlertRow) -> impl IntoView {
    let hollow = !row.needs_somebody();
    let level = row.severity.level();
    // Of one that is over nobody is busy any more: who had it is enough.
    let is_over = row.state == AlertState::Resolved;
    let say = |by: &str| if is_over { name_of(by) } else { (words().held_say)(&name_of(by)) };
    let sub = row.held.as_ref().map(|held| say(&held.by)).unwrap_or_default();
    view! {
        <LogEntry at_ms=row.since().0 form=TimeForm::Short sign=move || view! { <Shape level=level hollow=hollow /> } sub=sub>
            <a class="link" href=links::alert(row.id)>{row.summary.read(locale()).to_owned()}</a>
        </LogEntry>
    }
}

#[component]
fn Labels(row: AlertRow, rule: Option<RuleRow>) -> impl IntoView {
    let words = words();
    let labels = row.labels.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>();
    let labels = labels.into_iter().map(|(name, value)| view! { <Fact name=name><code>{value}</code></Fact> }).collect_view();
    let origin = match row.source.clone() {
        Some(source) => foreign(source, &row),
        None => own(&row),
    };
    view! {
        <Part title=words.labels.to_owned()>
            <Facts>
                {origin}
                {rule.map(|rule| view! { <Fact name=words.expression><code>{rule.expr}</code></Fact> })}
                {labels}
            </Facts>
        </Part>
    }
}

/// The rule that raised it, and by which condition.
fn own(row: &AlertRow) -> AnyView {
    let words = words();
    let (href, name, condition) = (links::rule(&row.rule), row.name.read(locale()).to_owned(), condition_text(row));
    view! {
        <Fact name=words.rule><a class="link" href=href>{name}</a></Fact>
        <Fact name=words.condition><code>{condition}</code></Fact>
    }
    .into_any()
}

/// The integration that raised it, what it is called there, and the way to the sender's tool.
fn foreign(source: AlertSource, row: &AlertRow) -> AnyView {
    let words = words();
    let name = row.name.read(locale()).to_owned();
    let back =
        source.url.map(|url| view! { <a class="link" href=url rel="external noopener noreferrer">{words.source_open}</a> });
    view! {
        <Fact name=words.source><a class="link" href=links::integration(source.id)>{source.name}</a></Fact>
        <Fact name=words.rule>{name} " " {back}</Fact>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{pieces, strip};

    #[test]
    fn what_is_typed_stands_apart_from_what_is_said() {
        assert_eq!(pieces("see `top -c` first"), [(false, "see "), (true, "top -c"), (false, " first")]);
        assert_eq!(pieces("`top`"), [(true, "top")]);
        assert_eq!(pieces("5` left"), [(false, "5` left")]);
    }

    #[test]
    fn a_step_loses_only_its_mark() {
        for (line, expected) in [("1. look", "look"), (" - look", "look"), ("10 hosts", "10 hosts"), ("look", "look")] {
            assert_eq!(strip(line), expected);
        }
    }
}
