//! Taking what was sent: one transaction that holds the integration's row, so that no two requests of a sender judge the same alert.

use super::plan::{self, Known, Step};
use super::{InboundAlert, InboundChange, Integration, MOST_OPEN, NOTED, Taken, key};
use crate::alerts::Held;
use crate::error::Error;
use crate::history::{self, Told};
use crate::record::{self, Foreign};
use crate::rules::Text;
use crate::state::ResolveReason;
use crate::store::answers;
use crate::store::inbound::{self as rows, Fresh, Row};
use crate::store::integrations::{self, Note};
use kernel::{Db, Fact, Tx, facts};
use model::alert::AlertState;
use model::ids::{AlertId, RuleId};
use model::labels::Labels;
use model::{Actor, Time};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A beginning that lies further back is not believed.
const OLDEST_MS: i64 = 366 * 86_400_000;
/// A change that was made longer ago is told as of now: what is new to people must not stand below.
const OLDEST_CHANGE_MS: i64 = 86_400_000;
/// Of the first alert of a request, for people who connect a tool.
const MAX_SAID: usize = 200;

/// What is noted of a request besides its alerts.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    pub(super) bytes: usize,
    /// The beginning of the body, where it is kept.
    pub(super) payload: Option<String>,
}

/// What one request does, sorted by kind of write.
#[derive(Default)]
struct Work {
    open: Vec<Fresh>,
    update: Vec<(Known, Row)>,
    hold: Vec<Known>,
    end: Vec<Known>,
    left: usize,
}

/// Takes alerts: all of them, or none.
pub(super) async fn alerts(
    db: &Db,
    now: Time,
    integration: &Integration,
    alerts: Vec<InboundAlert>,
    request: &Request,
) -> Result<Taken, Error> {
    let said: String = said(&alerts);
    let alerts: Vec<InboundAlert> = once_each(alerts);
    let mut tx: Tx = db.begin().await?;
    if !integrations::lock(&mut tx, integration.id).await? {
        return Err(Error::NoIntegration(integration.id));
    }
    let keys: Vec<String> = alerts.iter().map(|alert| alert.key.clone()).collect();
    let known: Vec<Known> = rows::known(&mut tx, integration.id, &keys).await?;
    let work: Work = sorted(integration, known, alerts, now);
    check_room(&mut tx, integration, &work).await?;
    let taken = Taken {
        fired: work.open.len(),
        updated: work.update.len(),
        acknowledged: work.hold.len(),
        resolved: work.end.len(),
        left: work.left,
    };
    let told: Vec<Told> = write(&mut tx, integration, work, now).await?;
    history::append_all(&mut tx, told, &integration.actor(), now).await?;
    let note = Note { said, taken, n_bytes: request.bytes, payload: request.payload.clone(), ..Note::default() };
    integrations::received(&mut tx, integration.id, &note, now).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Refuses more alerts than may fire at once. What goes on and what is over is taken however many there are.
async fn check_room(tx: &mut Tx, integration: &Integration, work: &Work) -> Result<(), Error> {
    if work.open.is_empty() {
        return Ok(());
    }
    let n_firing: usize = usize::try_from(rows::n_firing(tx, integration.id).await?).unwrap_or(usize::MAX);
    let n_after: usize = n_firing.saturating_sub(work.end.len()).saturating_add(work.open.len());
    if n_after > MOST_OPEN { Err(Error::Full(integration.id)) } else { Ok(()) }
}

/// The last word about each key. What is triggered and over in the same request woke nobody and shall not.
fn once_each(alerts: Vec<InboundAlert>) -> Vec<InboundAlert> {
    let last: BTreeMap<String, InboundAlert> = alerts.into_iter().map(|alert| (alert.key.clone(), alert)).collect();
    last.into_values().collect()
}

fn said(alerts: &[InboundAlert]) -> String {
    let first: Option<&InboundAlert> = alerts.iter().find(|alert| !alert.summary.is_empty());
    first.map(|alert| alert.summary.chars().take(MAX_SAID).collect()).unwrap_or_default()
}

fn sorted(integration: &Integration, known: Vec<Known>, alerts: Vec<InboundAlert>, now: Time) -> Work {
    let mut known: HashMap<String, Known> = known.into_iter().map(|one| (one.key.clone(), one)).collect();
    let mut work = Work::default();
    for alert in alerts {
        let before: Option<Known> = known.remove(&alert.key);
        match (plan::step(before.as_ref(), &alert, now), before) {
            (Step::Open, _) => work.open.push(fresh(integration, alert, now)),
            (Step::Update, Some(before)) => {
                let row: Row = row(integration, &alert, now);
                work.update.push((before, row));
            }
            (Step::Hold, Some(before)) => work.hold.push(before),
            (Step::End, Some(before)) => work.end.push(before),
            (Step::Leave | Step::Update | Step::Hold | Step::End, _) => work.left += 1,
        }
    }
    work
}

fn fresh(integration: &Integration, alert: InboundAlert, now: Time) -> Fresh {
    let row: Row = row(integration, &alert, now);
    let since: Time = alert.started_at.filter(|at| *at <= now && now.since(*at) <= OLDEST_MS).unwrap_or(now);
    Fresh {
        rule: RuleId(format!("{}/{}", integration.slug, alert.name)),
        labels: integration.labels_of(&alert.labels),
        key: alert.key,
        name: alert.name,
        since,
        row,
    }
}

fn row(integration: &Integration, alert: &InboundAlert, now: Time) -> Row {
    let both = |text: &String| Text { ja: text.clone(), en: text.clone() };
    let annotations: BTreeMap<&String, Text> = alert.annotations.iter().map(|(name, text)| (name, both(text))).collect();
    Row {
        summary: both(&alert.summary),
        annotations: json!(annotations),
        severity: integration.severity_of(&alert.severity),
        value: alert.value,
        url: alert.url.clone(),
        started_at: alert.started_at,
        ends_at: alert.ends_at.filter(|at| *at > now),
        silent_at: integration.timeout_ms.map(|ms| now.plus_ms(ms)),
    }
}

/// Writes the rows, and says what the Facts have to tell.
async fn write(tx: &mut Tx, integration: &Integration, work: Work, now: Time) -> Result<Vec<Told>, Error> {
    let mut told: Vec<Told> = Vec::new();
    let ids: HashMap<String, AlertId> = rows::open(tx, integration.id, &work.open, now).await?;
    for fresh in &work.open {
        // Every row that was inserted says its key; the keys of one request are unique.
        if let Some(id) = ids.get(&fresh.key) {
            told.push(fired(*id, fresh));
        }
    }
    let updated: Vec<(AlertId, &Row)> = work.update.iter().map(|(known, row)| (known.id, row)).collect();
    rows::update(tx, &updated, now).await?;
    told.extend(work.update.iter().filter_map(moved));
    told.extend(need_somebody_again(tx, &work.update).await?);
    if !work.hold.is_empty() {
        let actor: Actor = integration.actor();
        let held = Held { by: actor.name().to_owned(), person: None, at: now, until: None, comment: None };
        rows::hold(tx, &ids_of(&work.hold), &held).await?;
        told.extend(work.hold.into_iter().map(|known| about(known, history::ACKNOWLEDGED, json!({ "comment": null }))));
    }
    told.extend(end(tx, work.end, ResolveReason::Recovered, now).await?);
    Ok(told)
}

/// What is worse now than when somebody took it is nobody's from here on, as with our own.
async fn need_somebody_again(tx: &mut Tx, updated: &[(Known, Row)]) -> Result<Vec<Told>, Error> {
    let raised = updated.iter().filter(|(known, row)| known.is_held && row.severity < known.severity);
    let raised: Vec<i64> = raised.map(|(known, _)| known.id.0).collect();
    if raised.is_empty() {
        return Ok(Vec::new());
    }
    let let_go: BTreeSet<AlertId> = answers::let_go_of_worse(tx, &raised).await?.into_iter().collect();
    let nobodys = updated.iter().filter(|(known, _)| let_go.contains(&known.id));
    let body: Value = json!({ "reason": record::WORSE });
    Ok(nobodys.map(|(known, _)| about(known.clone(), history::UNACKNOWLEDGED, body.clone())).collect())
}

/// Raises an alert that nobody sent, unless it fires already. Whoever calls holds the row of the integration.
pub(super) async fn raise(tx: &mut Tx, integration: &Integration, fresh: Fresh, now: Time) -> Result<(), Error> {
    let known: Vec<Known> = rows::known(tx, integration.id, std::slice::from_ref(&fresh.key)).await?;
    if known.iter().any(|known| known.state == AlertState::Firing) {
        return Ok(());
    }
    let work = Work { open: vec![fresh], ..Work::default() };
    let told: Vec<Told> = write(tx, integration, work, now).await?;
    history::append_all(tx, told, &integration.actor(), now).await?;
    Ok(())
}

/// Ends alerts, and says what the Facts have to tell.
pub(super) async fn end(tx: &mut Tx, alerts: Vec<Known>, reason: ResolveReason, now: Time) -> Result<Vec<Told>, Error> {
    if alerts.is_empty() {
        return Ok(Vec::new());
    }
    rows::end(tx, &ids_of(&alerts), reason, now).await?;
    let body: Value = record::resolved_body(reason, None);
    Ok(alerts.into_iter().map(|known| about(known, history::RESOLVED, body.clone())).collect())
}

fn ids_of(alerts: &[Known]) -> Vec<i64> {
    alerts.iter().map(|known| known.id.0).collect()
}

fn about(known: Known, kind: &'static str, body: Value) -> Told {
    Told { alert: known.id, rule: known.rule, name: known.name, kind, body }
}

fn fired(id: AlertId, fresh: &Fresh) -> Told {
    let name = Text { ja: fresh.name.clone(), en: fresh.name.clone() };
    Told { alert: id, rule: fresh.rule.clone(), name, kind: history::FIRED, body: body(&fresh.row, &fresh.labels) }
}

/// Another severity is told; other words are not, as with our own.
fn moved((known, row): &(Known, Row)) -> Option<Told> {
    let kind: &'static str = match row.severity.cmp(&known.severity) {
        Ordering::Less => history::RAISED,
        Ordering::Greater => history::LOWERED,
        Ordering::Equal => return None,
    };
    Some(about(known.clone(), kind, body(row, &known.labels)))
}

fn body(row: &Row, labels: &Labels) -> Value {
    record::foreign_body(&Foreign {
        labels,
        severity: row.severity,
        summary: &row.summary,
        annotations: &row.annotations,
        value: row.value,
        url: row.url.as_deref(),
    })
}

/// Notes a change. `false` when it is known already: the same body, of the same moment.
pub(super) async fn change(
    db: &Db,
    now: Time,
    integration: &Integration,
    change: InboundChange,
    body: &[u8],
) -> Result<bool, Error> {
    let mut tx: Tx = db.begin().await?;
    if !integrations::lock(&mut tx, integration.id).await? {
        return Err(Error::NoIntegration(integration.id));
    }
    // Without a moment of its own the same change may well have been made twice.
    let digest: Option<Vec<u8>> = change.at.map(|_| key::digest_of(body).to_vec());
    if let Some(digest) = &digest
        && integrations::is_known_change(&mut tx, integration.id, digest).await?
    {
        return Ok(false);
    }
    note(&mut tx, now, integration, &change).await?;
    let said: String = change.summary.chars().take(MAX_SAID).collect();
    let note = Note { said, n_bytes: body.len(), digest, ..Note::default() };
    integrations::received(&mut tx, integration.id, &note, now).await?;
    tx.commit().await?;
    Ok(true)
}

async fn note(tx: &mut Tx, now: Time, integration: &Integration, change: &InboundChange) -> Result<(), Error> {
    let at: Time = change.at.filter(|at| *at <= now && now.since(*at) <= OLDEST_CHANGE_MS).unwrap_or(now);
    let body: Value = json!({
        "name": change.summary,
        "source": change.source,
        "url": change.url,
        "made_at": change.at,
        "integration": integration.slug,
        "details": change.details,
    });
    let subject: String = format!("integration/{}", integration.id);
    facts::append(tx, &Fact { kind: NOTED, actor: &integration.actor(), subject, body, at }).await?;
    Ok(())
}
