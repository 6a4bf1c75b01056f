//! The rule in words: a table of names and values, and what to do.

use crate::rules::signed;
use crate::words::rules::{RuleWords, rule_words};
use crate::words::{locale, words};
use api::Text;
use api::rules::{RuleSheet, RuleView};
use figures::duration;
use leptos::prelude::*;
use ui::facts::{Fact, Facts};
use ui::part::Part;
use ui::time_text::{TimeForm, TimeText};

/// What the room calls the file of rules that were made in the console.
const CONSOLE: &str = "console";

/// A name and what stands beside it.
type Line = (String, String);

/// The side column.
pub fn sheet(view: &RuleView) -> AnyView {
    let said = rule_words();
    let lines: Vec<AnyView> = lines(view).into_iter().filter(|(_, value)| !value.is_empty()).map(line).collect();
    let expr: String = view.sheet.expr.clone();
    let (edited, evaluated) = (edited(&view.sheet), evaluated(view));
    view! {
        <Part title=said.says.to_owned()>
            <pre class="rule__expr"><code>{expr}</code></pre>
            <Facts>{lines} {edited} {evaluated}</Facts>
        </Part>
        {links_of(&view.sheet)}
        {runbook(&view.sheet.runbook)}
    }
    .into_any()
}

fn line((name, value): Line) -> AnyView {
    view! { <Fact name=name>{value}</Fact> }.into_any()
}

fn lines(view: &RuleView) -> Vec<Line> {
    let said = rule_words();
    let (rule, sheet) = (&view.line, &view.sheet);
    let mut lines: Vec<Line> = Vec::new();
    if !rule.is_recording {
        lines.push((said.pages.to_owned(), pages(view)));
        lines.extend(judged(view, said));
    }
    lines.extend(waits(sheet, said));
    let field = |key: &str, value: String| ((said.field)(key).0.to_owned(), value);
    lines.push(field("owner", rule.owner.clone().unwrap_or_default()));
    lines.push(field("priority", rule.priority.map(|priority| priority.to_string()).unwrap_or_default()));
    lines.push(field("group", format!("{} · {}", rule.group, (words().every)(&duration(rule.interval_ms, locale())))));
    let file: String = if sheet.file == CONSOLE { said.in_console.to_owned() } else { sheet.file.clone() };
    lines.push((said.file_label.to_owned(), file));
    lines.push(field("tags", sheet.tags.join(", ")));
    let pair = |(name, value): &(String, String)| format!("{name}={value}");
    lines.push(field("labels", sheet.labels.iter().map(pair).collect::<Vec<String>>().join(" ")));
    lines.extend(sheet.annotations.iter().map(|(name, text)| (name.clone(), text.read(locale()).to_owned())));
    lines
}

fn pages(view: &RuleView) -> String {
    let said = rule_words();
    match &view.pages {
        None => said.no_routes.to_owned(),
        Some(channels) if channels.is_empty() => said.administrators.to_owned(),
        Some(channels) => channels.join(", "),
    }
}

/// The thresholds, and how long each must hold.
fn judged(view: &RuleView, said: &RuleWords) -> Vec<Line> {
    let (rule, sheet) = (&view.line, &view.sheet);
    let lasting =
        |ms: i64| if ms > 0 { format!(" · {}", (words().for_at_least)(&duration(ms, locale()))) } else { String::new() };
    let condition: String = if rule.condition.is_empty() { said.any_result.to_owned() } else { signed(&rule.condition) };
    let mut lines: Vec<Line> = vec![(words().condition.to_owned(), format!("{condition}{}", lasting(rule.for_ms)))];
    if let Some(severity) = sheet.warning_severity {
        let warned: String = format!("{} · {}{}", signed(&sheet.warning), severity.code(), lasting(sheet.warning_for_ms));
        lines.push((said.warning.to_owned(), warned));
    }
    let over: Vec<String> =
        [sheet.recovery.clone(), sheet.warning_recovery.clone()].into_iter().filter(|text| !text.is_empty()).collect();
    lines.push((said.recovery.to_owned(), over.join(" · ")));
    lines
}

/// Everything that takes its time.
fn waits(sheet: &RuleSheet, said: &RuleWords) -> Vec<Line> {
    let written = |ms: i64| if ms > 0 { duration(ms, locale()) } else { String::new() };
    let field = |key: &str, value: String| ((said.field)(key).0.to_owned(), value);
    let mut lines: Vec<Line> = vec![
        field("keep_firing_for", written(sheet.keep_firing_for_ms)),
        field("new_group_delay", written(sheet.new_group_delay_ms)),
        field("evaluation_delay", written(sheet.evaluation_delay_ms)),
    ];
    if !sheet.no_data.is_empty() {
        let after: String = (said.after)(&written(sheet.no_data_after_ms));
        let end: String = (said.end_after)(&written(sheet.no_data_end_ms));
        let policy: &'static str = (said.policy)(&sheet.no_data);
        let value: String = if sheet.no_data == "keep" { format!("{policy} · {end}") } else { format!("{policy} · {after}") };
        lines.push(field("no_data", value));
    }
    if sheet.renotify_ms > 0 {
        let often: String = (said.every_until)(&written(sheet.renotify_ms), sheet.renotify_most);
        let message: &str = sheet.renotify_message.read(locale());
        lines.push(field("renotify", [often.as_str(), message].join(" ").trim().to_owned()));
    }
    lines
}

fn edited(sheet: &RuleSheet) -> Option<AnyView> {
    let (by, at) = sheet.edited.clone()?;
    let said = rule_words();
    let text: String = (said.edited_by)(&by);
    Some(view! { <Fact name=said.last_change><a class="link" href="#versions">{text}</a> " " <TimeText at_ms=at.0 form=TimeForm::Day /></Fact> }.into_any())
}

fn evaluated(view: &RuleView) -> AnyView {
    let (said, sheet) = (rule_words(), &view.sheet);
    let work: Option<String> = sheet.took_ms.zip(sheet.series).map(|(took, n)| (said.evaluated)(&format!("{took} ms"), n));
    let missed: Option<String> = (sheet.missed > 0).then(|| (said.missed)(sheet.missed));
    let more: Vec<String> = work.into_iter().chain(missed).collect();
    let when = match view.line.evaluated_at {
        Some(at) => view! { <TimeText at_ms=at.0 form=TimeForm::Clock /> }.into_any(),
        None => view! { <span class="mute">{words().never_evaluated}</span> }.into_any(),
    };
    view! { <Fact name=words().evaluated>{when} " " <span class="mute">{more.join(" · ")}</span></Fact> }.into_any()
}

/// The ways to elsewhere. An address that names labels leads somewhere only for an alert.
fn links_of(sheet: &RuleSheet) -> Option<AnyView> {
    let said = rule_words();
    let all = [("runbook_url", &sheet.runbook_url), ("dashboard", &sheet.dashboard)];
    let one = |(key, url): (&str, &Option<String>)| {
        let url: String = url.clone().filter(|url| !url.contains("{{"))?;
        let name: &'static str = (said.field)(key).0;
        Some(view! { <li><a class="link" href=url rel="external noreferrer">{name}</a></li> }.into_any())
    };
    let found: Vec<AnyView> = all.into_iter().filter_map(one).collect();
    (!found.is_empty()).then(|| view! { <ul class="rule__links">{found}</ul> }.into_any())
}

fn runbook(text: &Text) -> Option<AnyView> {
    let written: &str = text.read(locale());
    if written.trim().is_empty() {
        return None;
    }
    let steps: Vec<AnyView> = written.lines().filter(|line| !line.trim().is_empty()).map(crate::alert::side::step).collect();
    Some(view! { <Part title=words().runbook.to_owned()><ol class="runbook">{steps}</ol></Part> }.into_any())
}
