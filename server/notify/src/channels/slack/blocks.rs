//! The message as Block Kit, in the form of the requirement document: header, level and time, the sentence, buttons.
//!
//! Limits: docs.slack.dev, "Block Kit reference". Every text object is `verbatim`, so Slack makes no mention and no link out of plain text.

use super::pressed::{ACKNOWLEDGE, COMMENT, UNACKNOWLEDGE};
use crate::channels::{text, words};
use crate::page::{Kind, Page, PagedAlert};
use serde_json::{Map, Value, json};

const HEADER: usize = 150;
const SECTION: usize = 3_000;
const FIELD: usize = 2_000;
const BUTTON: usize = 75;
const ALT: usize = 2_000;
/// What a button may carry back.
const VALUE: usize = 2_000;
/// Alerts that are told one by one; the rest is a number. Slack would take 50 blocks, but nobody reads them on a phone.
const ALERTS: usize = 10;

/// What the buttons do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buttons {
    /// Slack tells us that it was pressed. Its value is the alerts' numbers: `A-1,A-2`.
    Interactive,
    /// It opens the screen that acknowledges.
    Links,
}

/// `text` and `blocks`; `graph` is a file that Slack has.
pub(crate) fn message(page: &Page, buttons: Buttons, graph: Option<&str>) -> Map<String, Value> {
    let heading: String = words::heading(page);
    let mut blocks: Vec<Value> =
        vec![json!({ "type": "header", "text": plain(&heading, HEADER) }), json!({ "type": "section", "fields": facts(page) })];
    match page.alerts.as_slice() {
        [] => blocks.push(section(&text::fit(&words::sentence(page), SECTION, text::slack))),
        [alert] => blocks.push(section(&told(page, alert, ""))),
        many => blocks.extend(list(page, many)),
    }
    blocks.extend(graph.map(|file| image(page, file)));
    let elements: Vec<Value> = elements(page, buttons);
    if !elements.is_empty() {
        blocks.push(json!({ "type": "actions", "block_id": "alert", "elements": elements }));
    }
    let mut message: Map<String, Value> = Map::new();
    // What a phone shows while it is locked, and a screen reader reads.
    message.insert("text".to_owned(), Value::from(text::fit(&heading, SECTION, text::slack)));
    message.insert("blocks".to_owned(), Value::from(blocks));
    message
}

/// A graph, and what a reader who can't see it is told.
fn image(page: &Page, file: &str) -> Value {
    let said: String = (words::words(page.locale).graph_of)(&words::name(page));
    json!({ "type": "image", "slack_file": { "id": file }, "alt_text": text::cut(&said, ALT) })
}

/// The same message without its graph.
pub(crate) fn without_images(mut message: Map<String, Value>) -> Map<String, Value> {
    if let Some(blocks) = message.get_mut("blocks").and_then(Value::as_array_mut) {
        blocks.retain(|block| block["type"].as_str() != Some("image"));
    }
    message
}

/// Blocks of one line.
pub(crate) fn line(said: &str) -> Value {
    Value::from(vec![section(&text::fit(said, SECTION, text::slack))])
}

/// What stands under every heading, and whatever else is known that fits beside them.
fn facts(page: &Page) -> Vec<Value> {
    let words: &words::Words = words::words(page.locale);
    let mut facts: Vec<(&str, String)> = words::overview(page);
    if let [alert] = page.alerts.as_slice() {
        facts.extend(alert.holder.as_deref().map(|holder| (words.holder, text::one_line(holder))));
        facts.extend(alert.resolved_at.map(|at| (words.resolved_at, words::moment(at, page))));
    }
    let field = |(name, value): (&str, String)| -> Value {
        let room: usize = FIELD - text::length(name) - 4;
        mrkdwn(&format!("*{name}:*\n{}", text::fit(&value, room, text::slack)))
    };
    facts.into_iter().map(field).collect()
}

fn list(page: &Page, alerts: &[PagedAlert]) -> Vec<Value> {
    let mut sections: Vec<Value> =
        alerts.iter().take(ALERTS).map(|alert| section(&told(page, alert, &title(page, alert)))).collect();
    if let Some(rest) = page.n_alerts().checked_sub(sections.len()).filter(|rest| *rest > 0) {
        sections.push(section(&(words::words(page.locale).and_more)(rest)));
    }
    sections
}

fn title(page: &Page, alert: &PagedAlert) -> String {
    let severity: String = words::level(alert.severity, page.locale);
    let name: String = text::fit(&text::one_line(&alert.name), HEADER, text::slack);
    format!("*{severity} {} {name}*\n", alert.id)
}

/// The sentence, then value, condition and labels, a line each, behind a title that is escaped already.
fn told(page: &Page, alert: &PagedAlert, title: &str) -> String {
    let mut said: String = words::summary(alert);
    let beside: [&str; 2] = [words::words(page.locale).holder, words::words(page.locale).resolved_at];
    for (name, value) in words::known(page, alert) {
        // A single alert's stand above, beside level and time.
        if title.is_empty() && beside.contains(&name) {
            continue;
        }
        said.push_str(&format!("\n{name}: {value}"));
    }
    format!("{title}{}", text::fit(&said, SECTION - text::length(title), text::slack))
}

fn elements(page: &Page, buttons: Buttons) -> Vec<Value> {
    let mut elements: Vec<Value> = acknowledge(page, buttons).into_iter().collect();
    if buttons == Buttons::Interactive {
        elements.extend(answers(page));
    }
    for (action, label, url) in words::links(page) {
        elements.push(json!({ "type": "button", "action_id": action, "text": plain(label, BUTTON), "url": url }));
    }
    elements
}

fn acknowledge(page: &Page, buttons: Buttons) -> Option<Value> {
    // An update changes the message in which the button stood: it is still needed there.
    if !page.kind.calls() && page.kind != Kind::Updated {
        return None;
    }
    let numbers: String = numbers(page, |alert| alert.holder.is_none() && alert.resolved_at.is_none());
    if buttons == Buttons::Interactive && !numbers.is_empty() {
        let mut first: Value = button(ACKNOWLEDGE, words::words(page.locale).acknowledge, &numbers);
        first["style"] = Value::from("primary");
        return Some(first);
    }
    // A button that would carry nothing back is a link, unless somebody has everything.
    if buttons == Buttons::Interactive && !page.alerts.is_empty() {
        return None;
    }
    let label: Value = plain(words::words(page.locale).acknowledge, BUTTON);
    let url: String = words::acknowledge(page)?;
    Some(json!({ "type": "button", "action_id": ACKNOWLEDGE, "style": "primary", "text": label, "url": url }))
}

/// Giving back what somebody has, and saying something, as long as there is anything open.
fn answers(page: &Page) -> Vec<Value> {
    let words: &words::Words = words::words(page.locale);
    let held: String = numbers(page, |alert| alert.holder.is_some() && alert.resolved_at.is_none());
    let open: String = numbers(page, |alert| alert.resolved_at.is_none());
    let wanted: [(&str, &str, String); 2] = [(UNACKNOWLEDGE, words.unacknowledge, held), (COMMENT, words.comment, open)];
    let wanted = wanted.into_iter().filter(|(_, _, numbers)| !numbers.is_empty());
    wanted.map(|(action, label, numbers)| button(action, label, &numbers)).collect()
}

fn button(action: &str, label: &str, numbers: &str) -> Value {
    json!({ "type": "button", "action_id": action, "text": plain(label, BUTTON), "value": numbers })
}

/// As many whole numbers as a button can carry.
fn numbers(page: &Page, wanted: fn(&PagedAlert) -> bool) -> String {
    let mut numbers = String::new();
    for alert in page.alerts.iter().filter(|alert| wanted(alert)) {
        let more: String = if numbers.is_empty() { alert.id.to_string() } else { format!(",{}", alert.id) };
        if numbers.len() + more.len() > VALUE {
            break;
        }
        numbers.push_str(&more);
    }
    numbers
}

fn section(mrkdwn_text: &str) -> Value {
    json!({ "type": "section", "text": mrkdwn(mrkdwn_text) })
}

fn mrkdwn(escaped: &str) -> Value {
    json!({ "type": "mrkdwn", "text": escaped, "verbatim": true })
}

fn plain(said: &str, most: usize) -> Value {
    json!({ "type": "plain_text", "text": text::fit(said, most, text::slack), "emoji": true })
}
