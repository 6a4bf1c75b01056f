//! The Now screen: composed from the rooms alerting, metrics and the Facts.

use crate::apis::Door;
use crate::apis::alerting::{rows, shape, shown, sparks, told_documents};
use crate::apis::metrics::known_hosts;
use crate::apis::plots;
use crate::apis::recipients::Recipients;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::alerting::{AlertRow, Change, HostSignals, NowView, Signal};
use ::api::metrics::HostAbout;
use alerting::{Filter, RuleRow, Show};
use figures::Unit;
use futures::future::join_all;
use kernel::facts::{self, Recorded};
use metrics::source::SeriesData;
use model::alert::AlertState;
use model::ids::{AlertId, IncidentId};
use model::{Severity, Time, links};

/// Open alerts read for Now, most urgent first; the screen gets the first dozen (the tally has the true number), their hosts get the
/// signs of all.
const MOST: i64 = alerting::alerts::MOST;
const SHOWN: usize = 12;
/// What ended within a day, shown below.
const MOST_ENDED: i64 = 5;
/// Firings on the ruler.
const MOST_SPANS: i64 = 500;
const DAY_BACK_MS: i64 = 18 * 3_600_000;
const CHANGES_BACK_MS: i64 = 24 * 3_600_000;
/// Facts read, and lines made of them.
const MOST_CHANGES: i64 = 100;
const MOST_LINES: usize = 10;

/// A signal of a host: the expression, its unit, and the rule whose limit stands on it.
const SIGNALS: [(&str, Unit, &str); 4] = [
    ("100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode=\"idle\"}[1m])))", Unit::Percent, "cpu-usage"),
    ("100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)", Unit::Percent, "memory-usage"),
    ("100 * (1 - min by (host) (node_filesystem_avail_bytes / node_filesystem_size_bytes))", Unit::Percent, "disk-usage"),
    (
        "8 * (sum by (host) (rate(node_network_receive_bytes_total{device!=\"lo\"}[1m])) + sum by (host) (rate(node_network_transmit_bytes_total{device!=\"lo\"}[1m])))",
        Unit::BitsPerSecond,
        "network-bandwidth",
    ),
];

/// Everything on the Now screen.
pub async fn view(door: &Door) -> Result<NowView, ApiError> {
    let room = &door.house.alerting;
    let now = door.house.clock.now();
    let tally = room.tally().await.map_err(shown)?;
    let rules = room.rules().await.map_err(shown)?;
    let filter = Filter { show: Show::Open, limit: MOST, ..Filter::default() };
    let open = room.alerts(&filter).await.map_err(shown)?;
    let mut alerts: Vec<AlertRow> = rows::of(&door.house, open).await?;
    alerts.retain(|row| row.state == AlertState::Firing);
    let hosts = host_signals(door, &rules, &alerts, now).await?;
    alerts.truncate(SHOWN);
    rows::compare(&mut alerts, &rules);
    sparks::fill(&door.house, &rules, &mut alerts).await;
    Ok(NowView {
        now,
        tally: shape::tally(&tally),
        pending: shape::count(tally.pending),
        muted: shape::count(tally.muted),
        hosts,
        alerts,
        ended: ended(door, now).await?,
        changes: changes(door, now).await?,
        day: day(door, now).await?,
        rules_failing: shape::count(rules.iter().filter(|rule| rule.error.is_some()).count() as i64),
        rules: shape::count(rules.len() as i64),
    })
}

/// The last alerts that ended within a day.
async fn ended(door: &Door, now: Time) -> Result<Vec<AlertRow>, ApiError> {
    let day = (now.plus_ms(-CHANGES_BACK_MS), now);
    let filter = Filter { show: Show::Resolved, touching: Some(day), limit: MOST_ENDED, ..Filter::default() };
    let found = door.house.alerting.alerts(&filter).await.map_err(shown)?;
    Ok(found.into_iter().map(shape::row).collect())
}

async fn host_signals(door: &Door, rules: &[RuleRow], alerts: &[AlertRow], now: Time) -> Result<Vec<HostSignals>, ApiError> {
    let span = sparks::hour(now);
    let known = known_hosts(door, None).await?;
    let curves = join_all(SIGNALS.map(|(expr, _, _)| plots::range(&door.house, expr, span))).await;
    let curves: Vec<Vec<SeriesData>> = curves.into_iter().collect::<Result<_, ApiError>>()?;
    let signals = |host: &str| -> Vec<Signal> {
        let each = SIGNALS.iter().zip(&curves);
        each.map(|((_, unit, rule), curve)| signal(host, *unit, rule, curve, rules, alerts)).collect()
    };
    let one = |about: HostAbout| HostSignals {
        signals: signals(&about.name),
        about: about.system,
        last_seen: about.last_seen,
        host: about.name,
    };
    Ok(known.into_iter().map(one).collect())
}

fn signal(host: &str, unit: Unit, rule: &str, curve: &[SeriesData], rules: &[RuleRow], alerts: &[AlertRow]) -> Signal {
    let found = curve.iter().find(|series| series.labels.get("host") == host);
    let spark: Vec<(i64, f64)> =
        found.map(|series| series.points.iter().map(|point| (point.at, point.value)).collect()).unwrap_or_default();
    let limit = rules.iter().find(|row| row.rule.id.0 == rule && row.rule.unit == unit).map(|row| row.rule.condition.threshold);
    let on_it = alerts.iter().filter(|alert| alert.rule.0 == rule && alert.host.as_deref() == Some(host));
    Signal { value: spark.last().map(|(_, value)| *value), unit, limit, severity: on_it.map(|alert| alert.severity).min(), spark }
}

/// Firings that touch the hours on the ruler.
async fn day(door: &Door, now: Time) -> Result<Vec<(Time, Option<Time>, Severity, AlertId)>, ApiError> {
    let hours = (now.plus_ms(-DAY_BACK_MS), now);
    let filter = Filter { show: Show::All, touching: Some(hours), limit: MOST_SPANS, ..Filter::default() };
    let found = door.house.alerting.alerts(&filter).await.map_err(shown)?;
    let span = |row: alerting::AlertRow| row.fired_at.map(|from| (from, row.resolved_at, row.severity, row.id));
    Ok(found.into_iter().filter_map(span).collect())
}

/// What is not told there.
const QUIET: [&str; 40] = [
    "SignedIn",
    "SignedOut",
    "SignInRefused",
    "SetUpCodeMade",
    "PreferencesChanged",
    "AlertPending",
    "SessionRevoked",
    "OtherSessionsRevoked",
    // They stand with their alert and in the log of deliveries; what failed is told here too.
    "PageSent",
    "PagePassedOn",
    "PageWithdrawn",
    // How far an escalation went stands with its alert; that it reached nobody, or that nobody answered, is told here too.
    "EscalationStarted",
    "EscalationStepFired",
    "EscalationStepSkipped",
    // How somebody is reached is their own affair.
    "ContactAdded",
    "ContactVerified",
    "ContactRemoved",
    "PersonalRulesSaved",
    // What was worked is told on the screen of pay.
    "WorkedTimeAdded",
    "WorkedTimeCorrected",
    "OtherOvertimeSet",
    // What is written into an incident stands in its timeline; how it goes on is told here too.
    "IncidentMarked",
    "IncidentNoted",
    "IncidentCorrected",
    "IncidentPinned",
    "IncidentUnpinned",
    "IncidentGraphFrozen",
    "IncidentAlertLinked",
    "IncidentAlertUnlinked",
    "IncidentClocksReckoned",
    "IncidentTaskChanged",
    "IncidentFollowUpChanged",
    "IncidentFollowed",
    "IncidentUnfollowed",
    "IncidentRoomWanted",
    "IncidentRoomOpened",
    "IncidentChatMarked",
    // How a postmortem goes on is told here; what is filled into its forms stands there.
    "PostmortemDescribed",
    "PostmortemGraphKept",
    "PostmortemReminded",
];

/// What changed lately, newest first, without the coming and going of people and the waiting of alerts.
async fn changes(door: &Door, now: Time) -> Result<Vec<Change>, ApiError> {
    let since = now.plus_ms(-CHANGES_BACK_MS);
    let quiet: Vec<&str> = QUIET.into_iter().chain(told_documents::QUIET).collect();
    let found = facts::newest_since(&door.house.db, since, &quiet, MOST_CHANGES).await.map_err(|error| unavailable(&error))?;
    let found: Vec<Recorded> = told_documents::without_hidden(door, found).await?;
    let locale = door.visitor.viewer.locale;
    // Of what is private nobody learns here that it is there.
    let is_open = |fact: &Recorded| fact.body.get("private").and_then(serde_json::Value::as_bool) != Some(true);
    // Whether the number that confirms a contact got through is shown to whoever asked for it.
    let is_test = |fact: &Recorded| fact.body.get("page").and_then(serde_json::Value::as_str) == Some("test");
    let is_ours = |fact: &Recorded| !(fact.subject.starts_with("channel/@") && is_test(fact));
    Ok(folded(found.into_iter().filter(is_open).filter(is_ours).map(|fact| change(fact, locale))))
}

/// Neighbours of one kind, by one hand, within a minute become one line: applying fifty rules is one change to a reader.
fn folded(changes: impl Iterator<Item = Change>) -> Vec<Change> {
    let mut lines: Vec<Change> = Vec::new();
    for change in changes {
        match lines.last_mut() {
            Some(last) if change.link.is_none() && belongs(last, &change) => last.more += 1,
            _ => lines.push(change),
        }
    }
    lines.truncate(MOST_LINES);
    lines
}

fn belongs(last: &Change, change: &Change) -> bool {
    last.fact == change.fact && last.by == change.by && last.at.since(change.at) < 60_000
}

/// A test of a channel that did not get through: nobody was called, and that is said.
fn failed_test(fact: &Recorded, by: &str) -> Option<Change> {
    let text = |name: &str| fact.body.get(name).and_then(|text| text.as_str());
    let is_test: bool = fact.kind == "PageFailed" && text("page") == Some("test");
    let channel: String = text("channel").filter(|_| is_test)?.to_owned();
    let link: Option<String> = text("delivery").map(links::delivery);
    Some(Change { at: fact.at, fact: "PageTestFailed".to_owned(), by: by.to_owned(), what: channel, more: 0, link })
}

/// What happened to an incident: its number and its title, and the way there.
fn of_incident(fact: &Recorded, by: &str) -> Option<Change> {
    let id: IncidentId = fact.subject.strip_prefix("incident/")?.parse().ok()?;
    let title: &str = fact.body.get("title").and_then(|title| title.as_str()).unwrap_or_default();
    let is_postmortem: bool = fact.kind.starts_with("Postmortem");
    let link: Option<String> = Some(if is_postmortem { links::postmortem(id) } else { links::incident(id) });
    Some(Change { at: fact.at, fact: fact.kind.clone(), by: by.to_owned(), what: format!("{id} {title}"), more: 0, link })
}

fn change(fact: Recorded, locale: figures::Locale) -> Change {
    let alert = fact.subject.strip_prefix("alert/").and_then(|number| number.parse().ok()).map(AlertId);
    let name = fact.body.get("name").and_then(|name| name.as_str().or_else(|| name.get(locale.as_str())?.as_str()));
    let by = fact.actor.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
    let place = |channel: &str| Recipients::default().said(None, channel, locale);
    let what = match (alert, name) {
        (Some(id), Some(name)) => format!("{id} {name}"),
        (Some(id), None) => id.to_string(),
        (None, Some(name)) => name.to_owned(),
        // Of what was said about no alert: where it was said.
        (None, None) => fact.body.get("channel").and_then(|channel| channel.as_str()).map(place).unwrap_or_default(),
    };
    if let Some(test) = failed_test(&fact, &by) {
        return test;
    }
    if let Some(of_another) = of_incident(&fact, &by).or_else(|| told_documents::change(&fact, &by)) {
        return of_another;
    }
    // What changed outside stands in its own tool.
    let outside = fact.body.get("url").and_then(|url| url.as_str()).filter(|_| fact.kind == alerting::inbound::NOTED);
    let link = alert.map(links::alert).or_else(|| outside.map(str::to_owned));
    Change { at: fact.at, fact: fact.kind, by, what, more: 0, link }
}
