//! From the room's rows to the screens'.

use crate::apis::recipients::{self, Recipients};
use crate::paging::condition;
use ::api::Text;
use ::api::alerting::{AlertRow, AlertSource, Held, HistoryEntry, Muted, MutedBy, Notes, PastAlert, RuleRow, Tally};
use alerting::annotations::Annotations;
use alerting::routing::muted::{Hushed, Quiet};
use alerting::rules::Mode;
use alerting::silences::Kind;
use figures::{Locale, Unit};
use notify::DeliveryId;

/// A page that called nobody went out.
const NOTICE_SENT: &str = "NoticeSent";

/// Counts on the wire are u32.
pub fn count(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}

fn text(text: alerting::Text) -> Text {
    Text { ja: text.ja, en: text.en }
}

/// An alert of a list, without its small line, and without what keeps it from calling anybody (`rows.rs`).
pub fn row(row: alerting::AlertRow) -> AlertRow {
    let host = Some(row.labels.get("host").to_owned()).filter(|host| !host.is_empty());
    AlertRow {
        id: row.id,
        rule: row.rule_id,
        name: text(row.name),
        summary: text(row.summary),
        severity: row.severity,
        state: row.state,
        labels: row.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        host,
        value: row.value,
        value_at: row.value_at,
        matches: row.matches,
        compares: None,
        threshold: row.threshold,
        direction: row.direction,
        unit: row.unit,
        for_ms: row.for_ms,
        crossed_at: row.pending_since,
        fired_at: row.fired_at,
        resolved_at: row.resolved_at,
        held: row.held.map(|held| Held { by: held.by, at: held.at, until: held.until, comment: held.comment }),
        muted: None,
        source: row.source.map(|source| AlertSource { id: source.id, name: source.name, url: source.url }),
        spark: Vec::new(),
    }
}

/// Why an alert calls nobody.
pub fn muted(hushed: Hushed) -> Muted {
    let (by, comment) = match hushed.why {
        Quiet::Silence { id, kind: Kind::Silence, comment } => (MutedBy::Silence(id.0), comment),
        Quiet::Silence { id, kind: Kind::Maintenance, comment } => (MutedBy::Maintenance(id.0), comment),
        Quiet::Inhibition { by, rule } => (MutedBy::Alert(by, rule), String::new()),
        Quiet::Calendar(name) => (MutedBy::Calendar(name), String::new()),
    };
    Muted { by, until: hushed.until, comment }
}

/// What is said of an alert beside its sentence.
pub fn notes(annotations: &Annotations, sentence: &alerting::Text) -> Notes {
    let others = annotations.others(sentence).into_iter();
    Notes {
        description: annotations.description(sentence).cloned().map(text),
        runbook_url: annotations.runbook_url(),
        dashboard_url: annotations.dashboard_url(),
        others: others.map(|(name, said)| (name.to_owned(), text(said.clone()))).collect(),
    }
}

/// Open alerts by severity.
pub fn tally(tally: &alerting::Tally) -> Vec<Tally> {
    let one = |tally: &alerting::SeverityTally| Tally {
        severity: tally.severity,
        unanswered: count(tally.unanswered),
        held: count(tally.held),
        silenced: count(tally.silenced),
    };
    tally.by_severity.iter().map(one).collect()
}

/// One line of a history. What only changes a message is told apart from what calls somebody.
pub fn entry(entry: alerting::HistoryEntry, recipients: &Recipients, locale: Locale) -> HistoryEntry {
    let delivery: Option<DeliveryId> = paged_person(&entry);
    let is_notice = entry.page.as_deref().and_then(notify::Kind::from_word).is_some_and(|kind| !kind.calls());
    let fact = if is_notice && entry.fact == notify::history::SENT { NOTICE_SENT.to_owned() } else { entry.fact };
    HistoryEntry {
        at: entry.at,
        fact,
        by: entry.by,
        channel: entry.channel.map(|channel| recipients.said(delivery, &channel, locale)),
        comment: entry.comment,
        value: entry.value,
        reason: entry.reason,
        until: entry.until,
        holder: entry.holder,
    }
}

/// The page of a line, if it went to somebody's own contact.
pub fn paged_person(entry: &alerting::HistoryEntry) -> Option<DeliveryId> {
    recipients::of_fact(entry.delivery.as_deref(), entry.channel.as_deref())
}

/// An earlier firing. One that never fired is none.
pub fn past(row: alerting::AlertRow) -> Option<PastAlert> {
    let held_by = row.held.map(|held| held.by);
    row.fired_at.map(|fired_at| PastAlert { id: row.id, fired_at, resolved_at: row.resolved_at, held_by })
}

/// A rule as shown.
pub fn rule(row: alerting::RuleRow) -> RuleRow {
    let condition = row.rule.condition;
    let said = match row.rule.mode {
        Mode::Value => format!("{} {}{}", condition.comparison.sign(), condition.threshold, suffix(row.rule.unit)),
        Mode::Match | Mode::Record => of_match(&row.rule.expr),
    };
    RuleRow {
        id: row.rule.id,
        group: row.group,
        name: text(row.rule.name),
        expr: row.rule.expr,
        condition: said,
        unit: row.rule.unit,
        for_ms: row.rule.for_ms,
        interval_ms: row.interval_ms,
        severity: row.rule.severity,
        runbook: text(row.rule.runbook),
        evaluated_at: row.evaluated_at,
        error: row.error,
        open: count(row.open),
    }
}

/// What a rule compares with that matches; a sign that every reader knows when it only asks whether there is anything.
fn of_match(expr: &str) -> String {
    compared_with(expr).map_or_else(|| "≠ ∅".to_owned(), |(sign, number)| format!("{sign} {number}"))
}

/// The comparison at the outermost of an expression, if there is one (`>`, 0.5).
pub fn compared_with(expr: &str) -> Option<(String, f64)> {
    let parsed = promql::parse(expr).ok()?;
    condition::own(&parsed).map(|(sign, number)| (sign.to_owned(), number))
}

fn suffix(unit: Unit) -> String {
    let symbol = unit.symbol();
    if symbol.is_empty() { String::new() } else { format!(" {symbol}") }
}
