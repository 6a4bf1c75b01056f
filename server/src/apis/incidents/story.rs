//! Lines of a timeline as a screen tells them: read from what the room keeps, which is what the Facts said.

use super::asked;
use super::frozen;
use super::names::Names;
use super::refusals::shown;
use crate::apis::Door;
use crate::apis::recipients::{self, Recipients};
use ::api::incidents::line::{CorrectionView, EntrySaid, EntryView, KeptGraph, StoryShow, StoryView};
use ::api::incidents::view::IncidentAsk;
use ::api::{ApiError, Text};
use figures::Locale;
use incidents::timeline::MOST_LINES;
use incidents::{Entry, EntryId, EntryKind, Frozen, GraphId, Incidents, TimelineFilter};
use model::clock::ClockKind;
use model::ids::{AlertId, IncidentId, PersonId};
use model::incident::IncidentStatus;
use model::incident::roles::IncidentRole;
use model::{Actor, Severity, Time};
use notify::DeliveryId;
use serde_json::Value;
use std::collections::HashMap;

/// Lines of a screenful: a first paint must not wait for two thousand.
const A_SCREENFUL: i64 = 200;
/// Graphs that are drawn with a screenful; the others when they are asked for.
const DRAWN: usize = 4;
/// What people wrote of a line, kept in answers that only list.
const MOST_QUOTED: usize = 300;

/// A screenful of a timeline.
///
/// # Errors
/// The room's.
pub async fn story(
    door: &Door,
    actor: &Actor,
    id: IncidentId,
    ask: &IncidentAsk,
    n_lines: i64,
    names: &Names,
) -> Result<StoryView, ApiError> {
    let show: StoryShow = StoryShow::from_word(&ask.show);
    let before: Option<(Time, EntryId)> = asked::place(&ask.before).map(|(at, line)| (at, EntryId(line)));
    let mut filter: TimelineFilter = filter(show, before, A_SCREENFUL + 1);
    if !ask.line.is_empty() && before.is_none() {
        // A link leads to a line wherever it stands: so far down is read at once.
        filter.limit = MOST_LINES;
    }
    let room: &Incidents = &door.house.incidents;
    let mut lines: Vec<Entry> = room.timeline(actor, id, &filter).await.map_err(shown)?;
    let most: usize = usize::try_from(filter.limit - 1).unwrap_or(usize::MAX);
    let older: Option<String> = (lines.len() > most).then(|| lines.get(most.saturating_sub(1)).map(place)).flatten();
    lines.truncate(most);
    let mut entries: Vec<EntryView> = entries(door, &lines, id, names).await;
    draw(door, actor, id, ask, &mut entries).await?;
    let correcting: Option<i64> = ask.correct.parse::<i64>().ok();
    let correcting = correcting.and_then(|wanted| entries.iter().find(|entry| entry.id == wanted)).cloned().map(Box::new);
    Ok(StoryView {
        show,
        entries,
        n_lines: u32::try_from(n_lines.max(0)).unwrap_or(u32::MAX),
        older,
        is_older: before.is_some(),
        correcting,
    })
}

fn place(entry: &Entry) -> String {
    format!("{}.{}", entry.at.0, entry.id.0)
}

/// Which lines a selection reads.
pub fn filter(show: StoryShow, before: Option<(Time, EntryId)>, limit: i64) -> TimelineFilter {
    use EntryKind as Kind;
    let kinds: Vec<EntryKind> = match show {
        StoryShow::All | StoryShow::Pinned => Vec::new(),
        StoryShow::Notes => vec![Kind::Note, Kind::Correction, Kind::Chat, Kind::Graph],
        StoryShow::Automatic => vec![Kind::Alert, Kind::Page, Kind::Escalation, Kind::Deploy, Kind::Clock, Kind::Room],
        StoryShow::Updates => vec![Kind::Update],
    };
    TimelineFilter { kinds, only_pinned: show == StoryShow::Pinned, before, until: None, limit }
}

/// Draws the newest graphs, and the one that was asked for.
async fn draw(door: &Door, actor: &Actor, id: IncidentId, ask: &IncidentAsk, entries: &mut [EntryView]) -> Result<(), ApiError> {
    let wanted: Option<i64> = ask.graph.parse::<i64>().ok();
    let mut n_drawn: usize = 0;
    for entry in entries.iter_mut() {
        let EntrySaid::Graph(graph) = &mut entry.said else { continue };
        n_drawn += 1;
        if n_drawn > DRAWN && wanted != Some(graph.id) {
            continue;
        }
        let found: Option<Frozen> = door.house.incidents.graph(actor, id, GraphId(graph.id)).await.map_err(shown)?;
        if let Some(found) = found {
            **graph = frozen::kept(&found, door);
        }
    }
    Ok(())
}

/// Who stands in lines, for one reader.
struct Cast<'a> {
    names: &'a Names,
    recipients: Recipients,
    locale: Locale,
}

/// Lines, each with what corrects it where that is among them.
pub async fn entries(door: &Door, lines: &[Entry], id: IncidentId, names: &Names) -> Vec<EntryView> {
    let personal: Vec<DeliveryId> = lines.iter().filter_map(|line| paged_person(&line.body)).collect();
    let recipients: Recipients = Recipients::of(&door.house, &personal).await;
    let cast = Cast { names, recipients, locale: door.visitor.viewer.locale };
    let by_id: HashMap<EntryId, &Entry> = lines.iter().map(|line| (line.id, line)).collect();
    lines.iter().map(|line| entry(line, id, &by_id, &cast)).collect()
}

/// The page that a line tells of, if it went to somebody's own contact.
fn paged_person(body: &Value) -> Option<DeliveryId> {
    recipients::of_fact(body["delivery"].as_str(), body["channel"].as_str())
}

fn entry(line: &Entry, id: IncidentId, by_id: &HashMap<EntryId, &Entry>, cast: &Cast<'_>) -> EntryView {
    let correction = line.corrected_by.map(|correction| {
        let found: Option<&&Entry> = by_id.get(&correction);
        CorrectionView {
            id: correction.0,
            by: found.map(|found| found.by.name.clone()).unwrap_or_default(),
            text: found.map(|found| found.text.clone()),
            at: found.and_then(|found| moment(&found.body, "at")),
        }
    });
    EntryView {
        id: line.id.0,
        at: line.at,
        written_at: line.written_at,
        by: line.by.name.clone(),
        text: line.text.clone(),
        said: said(line, cast),
        origin: Some(line.origin).filter(|origin| *origin != id),
        correction,
        pinned_by: line.pin.as_ref().map(|pin| pin.by.clone()),
    }
}

fn said(line: &Entry, cast: &Cast<'_>) -> EntrySaid {
    let body: &Value = &line.body;
    match line.kind {
        EntryKind::Declared => EntrySaid::Declared {
            title: text(body, "title"),
            code: text(body, "code"),
            severity: severity(body, "severity"),
            source: text(body, "source"),
        },
        EntryKind::Alert => EntrySaid::Alert {
            fact: text(body, "fact"),
            alert: alert(body),
            name: both(&body["name"]),
            severity: severity(body, "severity"),
            comment: quoted(body, "comment"),
        },
        EntryKind::Page => EntrySaid::Page {
            fact: text(body, "fact"),
            alert: alert(body),
            place: cast.recipients.said(paged_person(body), &text(body, "channel"), cast.locale),
            reason: quoted(body, "reason"),
        },
        EntryKind::Escalation => EntrySaid::Escalation {
            fact: text(body, "fact"),
            alert: alert(body),
            policy: text(body, "policy"),
            step: body["step"].as_u64().and_then(|step| u32::try_from(step).ok()),
            names: people(&body["people"], cast.names).into_iter().chain(texts(&body["channels"])).collect(),
        },
        EntryKind::Deploy => EntrySaid::Deploy { fact: text(body, "fact"), what: deployed(body), version: text(body, "version") },
        EntryKind::Update => EntrySaid::Update { ja: text(body, "ja"), en: text(body, "en"), next_at: moment(body, "next_at") },
        EntryKind::Note => EntrySaid::Note,
        EntryKind::Correction => EntrySaid::Correction { of: line.corrects.map_or(0, |of| of.0), at: moment(body, "at") },
        EntryKind::Graph => EntrySaid::Graph(Box::new(graph(body))),
        EntryKind::Chat => EntrySaid::Chat { url: link(body) },
        EntryKind::Runbook => EntrySaid::Runbook {
            what: worked_through(body),
            title: text(body, "title"),
            slug: text(body, "slug"),
            step: quoted(body, "text"),
            note: quoted(body, "note"),
        },
        _ => told(line.kind, body, cast.names),
    }
}

/// What was done with a runbook: of a note that it was one, of an end what came of it.
fn worked_through(body: &Value) -> String {
    let (what, outcome): (String, String) = (text(body, "what"), text(body, "outcome"));
    match (what.as_str(), outcome.is_empty()) {
        ("ended", false) => outcome,
        _ if body["is_note"].as_bool() == Some(true) => "noted".to_owned(),
        _ => what,
    }
}

/// What people did to the incident.
fn told(kind: EntryKind, body: &Value, names: &Names) -> EntrySaid {
    match kind {
        EntryKind::Status => EntrySaid::Status {
            from: status(body, "from"),
            to: status(body, "to"),
            reason: quoted(body, "reason"),
            alert: alert(body),
        },
        EntryKind::Severity => EntrySaid::Severity {
            from: text(body, "from"),
            to: text(body, "to"),
            to_severity: severity(body, "to_severity"),
            reason: quoted(body, "reason"),
        },
        EntryKind::Role => EntrySaid::Role {
            role: IncidentRole::from_word(&text(body, "role")).unwrap_or(IncidentRole::Responder),
            name: named(body, "name", "person", names),
            from: named(body, "from_name", "from", names),
            is_given_up: body["given_up"].as_bool() == Some(true),
        },
        EntryKind::Clock => EntrySaid::Clock {
            kind: ClockKind::from_word(&text(body, "clock")).unwrap_or(ClockKind::Ack),
            what: text(body, "what"),
            due_at: moment(body, "due_at"),
        },
        EntryKind::Task => {
            EntrySaid::Task { what: text(body, "what"), title: text(body, "title"), owner: named(body, "", "owner", names) }
        }
        EntryKind::FollowUp => EntrySaid::FollowUp {
            what: text(body, "what"),
            title: text(body, "title"),
            owner: named(body, "", "owner", names),
            due_on: text(body, "due_on"),
        },
        EntryKind::Merge => EntrySaid::Merge {
            what: text(body, "what"),
            other: body["other"].as_i64().map(IncidentId),
            title: text(body, "other_title"),
        },
        EntryKind::Room => EntrySaid::Room {
            what: text(body, "what"),
            name: text(body, "name"),
            url: link(body),
            reason: quoted(body, "reason"),
        },
        _ => EntrySaid::Edit { fields: texts(&body["fields"]), mark: some(text(body, "mark")), moment: moment(body, "moment") },
    }
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

/// What somebody wrote, as much of it as a line has room for.
fn quoted(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().chars().take(MOST_QUOTED).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn moment(body: &Value, name: &str) -> Option<Time> {
    body[name].as_i64().map(Time)
}

fn alert(body: &Value) -> Option<AlertId> {
    body["alert"].as_i64().map(AlertId)
}

fn severity(body: &Value, name: &str) -> Option<Severity> {
    Severity::from_word(body[name].as_str().unwrap_or_default())
}

fn status(body: &Value, name: &str) -> IncidentStatus {
    IncidentStatus::from_word(body[name].as_str().unwrap_or_default()).unwrap_or(IncidentStatus::Declared)
}

/// A text in both languages, or one that is the same in both.
fn both(value: &Value) -> Text {
    match value.as_str() {
        Some(same) => Text { ja: same.to_owned(), en: same.to_owned() },
        None => Text { ja: text(value, "ja"), en: text(value, "en") },
    }
}

/// Only what a browser may open.
fn link(body: &Value) -> Option<String> {
    some(text(body, "url")).filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}

/// Somebody by the name that was written down, else by the one they have.
fn named(body: &Value, name: &str, id: &str, names: &Names) -> String {
    let written: Option<&str> = body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let person: Option<PersonId> = body[id].as_str().and_then(|id| id.parse::<PersonId>().ok());
    written.map(str::to_owned).or_else(|| person.map(|id| names.person(id).name)).unwrap_or_default()
}

/// People as ids or as names.
fn people(value: &Value, names: &Names) -> Vec<String> {
    let one = |text: String| text.parse::<PersonId>().map_or(text.clone(), |id| names.person(id).name);
    texts(value).into_iter().map(one).filter(|name| !name.is_empty()).collect()
}

fn deployed(body: &Value) -> String {
    let systems: Vec<String> = texts(&body["systems"]);
    if systems.is_empty() { text(body, "system") } else { systems.join(", ") }
}

fn graph(body: &Value) -> KeptGraph {
    KeptGraph {
        id: body["graph"].as_i64().unwrap_or_default(),
        title: text(body, "title"),
        query: text(body, "query"),
        from: moment(body, "from").unwrap_or_default(),
        until: moment(body, "until").unwrap_or_default(),
        plot: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_selection_reads_its_kinds() {
        assert!(filter(StoryShow::All, None, 10).kinds.is_empty());
        let pinned: TimelineFilter = filter(StoryShow::Pinned, None, 10);
        assert!(pinned.only_pinned && pinned.kinds.is_empty());
        assert_eq!(filter(StoryShow::Updates, None, 10).kinds, [EntryKind::Update]);
    }

    #[test]
    fn only_what_a_browser_may_open_is_a_link() {
        assert_eq!(link(&json!({ "url": "https://example.slack.com/a" })).as_deref(), Some("https://example.slack.com/a"));
        assert_eq!((link(&json!({ "url": "javascript:x" })), link(&json!({}))), (None, None));
    }

    #[test]
    fn a_name_may_be_one_or_two() {
        assert_eq!(both(&json!("disk")), Text { ja: "disk".to_owned(), en: "disk".to_owned() });
        assert_eq!(both(&json!({ "ja": "ディスク" })), Text { ja: "ディスク".to_owned(), en: String::new() });
        assert_eq!(
            (deployed(&json!({ "systems": ["a", "b"] })), deployed(&json!({ "system": "a" }))),
            ("a, b".to_owned(), "a".to_owned())
        );
    }
}
