//! The timeline: what happened, line by line. Nobody rewrites it; a mistake is corrected by another line.
//!
//! Lines come from three sides: this room writes its own in the transaction of what they tell, the reader of Facts writes what other rooms
//! tell of linked alerts, and people write notes. Each Fact and each message is told once, whoever tells it again.

use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::needs::GraphAsk;
use crate::rooms;
use crate::store;
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::IncidentId;
use model::incident::MAX_TITLE;
use model::{Actor, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// UTF-16 code units of a note.
pub const MAX_NOTE: usize = 20_000;
/// Lines that are read at once, at most.
pub const MOST_LINES: i64 = 500;
/// Points in time of a graph that is kept.
const MOST_STEPS: i64 = 11_000;
/// Bytes of a graph that is kept, as JSON.
const MOST_GRAPH: usize = 2_000_000;
/// How far ahead of now a note may lie: clocks differ.
const AHEAD_MS: i64 = 60_000;

/// A line's number, over all timelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// The number of a graph that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GraphId(pub i64);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a line tells of. What its body has beside it stands with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// `title`, `code`, `severity`, `source`.
    Declared,
    /// `fact` (`AlertFired`, `AlertResolved` …, or `linked`, `unlinked`), `alert`, and what the Fact's body has.
    Alert,
    /// `fact` (`PageSent` …), `alert`, and what the Fact's body has: `channel`, `page`, `delivery`, `reason`.
    Page,
    /// `fact` (`EscalationStepFired` …), `alert`, and what the Fact's body has: `policy`, `run`, `step`, `pass`, `people`.
    Escalation,
    /// `fact`, `subject`, and what the Fact's body has.
    Deploy,
    /// `from`, `to`, `move`, `reason`; `alert` when answering that alert did it.
    Status,
    /// `from`, `to` (codes), `from_severity`, `to_severity`, `reason`.
    Severity,
    /// `role`, `person`, `name`; `from`, `from_name` when it was handed over; `given_up`.
    Role,
    /// `clock` (`ack`, `update` …), `what` (`at_risk`, `breached`, `reckoned`), `due_at`; `follow_up`; `was_due_at`.
    Clock,
    /// `update`, `ja`, `en`, `next_at`.
    Update,
    /// The text says all.
    Note,
    /// The text stands in place of that of the line in `corrects`; `at` when the moment was wrong too.
    Correction,
    /// `graph`, `title`, `query`, `from`, `until`.
    Graph,
    /// A message of the channel: `channel`, `ts`, `url`.
    Chat,
    /// `task`, `what` (`added`, `changed`, `done`, `reopened`), `title`, `owner`.
    Task,
    /// `follow_up`, `what`, `title`, `owner`, `due_on`.
    FollowUp,
    /// `what` (`merged_into`, `took`, `taken_out`, `gave_back`, `split_off`, `split_from`), `other`, `n_alerts`, `n_entries`.
    Merge,
    /// `fields`: what was changed; `mark` and `moment` when a moment was noted.
    Edit,
    /// `what` (`opened`, `failed`), `name`, `url`, `reason`.
    Room,
    /// Of a runbook: `what` (`began`, `done`, `skipped`, `open`, `ended`), `run`, `page`, `slug`, `title`; of a step `n`, `of`, `text`, `note`.
    Runbook,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::Declared,
        Self::Alert,
        Self::Page,
        Self::Escalation,
        Self::Deploy,
        Self::Status,
        Self::Severity,
        Self::Role,
        Self::Clock,
        Self::Update,
        Self::Note,
        Self::Correction,
        Self::Graph,
        Self::Chat,
        Self::Task,
        Self::FollowUp,
        Self::Merge,
        Self::Edit,
        Self::Room,
        Self::Runbook,
    ];

    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Alert => "alert",
            Self::Page => "page",
            Self::Escalation => "escalation",
            Self::Deploy => "deploy",
            Self::Status => "status",
            Self::Severity => "severity",
            Self::Role => "role",
            Self::Clock => "clock",
            Self::Update => "update",
            Self::Note => "note",
            Self::Correction => "correction",
            Self::Graph => "graph",
            Self::Chat => "chat",
            Self::Task => "task",
            Self::FollowUp => "follow_up",
            Self::Merge => "merge",
            Self::Edit => "edit",
            Self::Room => "room",
            Self::Runbook => "runbook",
        }
    }

    /// The kind of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// That a line matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub by: String,
    pub at: Time,
}

/// A line as it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub id: EntryId,
    /// In whose timeline it stands now.
    pub incident: IncidentId,
    /// In whose timeline it was written.
    pub origin: IncidentId,
    pub at: Time,
    pub written_at: Time,
    pub kind: EntryKind,
    pub by: By,
    /// What people wrote; empty of what the body says.
    pub text: String,
    pub body: Value,
    pub corrects: Option<EntryId>,
    /// The newest correction of it.
    pub corrected_by: Option<EntryId>,
    pub pin: Option<Pin>,
}

/// Which lines are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineFilter {
    /// Empty: all.
    pub kinds: Vec<EntryKind>,
    pub only_pinned: bool,
    /// Behind this line: for the next stretch.
    pub before: Option<(Time, EntryId)>,
    /// Nothing later.
    pub until: Option<Time>,
    /// Cut to 1 … [`MOST_LINES`].
    pub limit: i64,
}

/// A graph as it was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    pub id: GraphId,
    pub incident: IncidentId,
    pub title: String,
    pub query: String,
    pub from: Time,
    pub until: Time,
    pub step_ms: i64,
    /// As [`crate::needs::Graphs`] gave it.
    pub data: Value,
    pub frozen_at: Time,
}

/// A line as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) kind: EntryKind,
    pub(crate) at: Time,
    pub(crate) by: By,
    pub(crate) text: String,
    pub(crate) body: Value,
    pub(crate) source: Option<String>,
    pub(crate) corrects: Option<EntryId>,
}

impl Line {
    /// One that says all in its body.
    pub(crate) fn of(kind: EntryKind, at: Time, by: By, body: Value) -> Self {
        Self { kind, at, by, text: String::new(), body, source: None, corrects: None }
    }
}

/// Writes a line, and what is to be said of it in the channel; `None` when it was told already.
pub(crate) async fn write(tx: &mut Tx, incident: &Incident, line: &Line, now: Time) -> Result<Option<EntryId>, Error> {
    let written: Option<EntryId> = store::entries::add(tx, incident.id, line, now).await?;
    if written.is_some() {
        rooms::mirror(tx, incident, line, now).await?;
    }
    Ok(written)
}

impl Incidents {
    /// Lines of a timeline, the newest first. Empty when there is no such incident for whoever asks.
    ///
    /// # Errors
    /// The database's.
    pub async fn timeline(&self, actor: &Actor, id: IncidentId, filter: &TimelineFilter) -> Result<Vec<Entry>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        if visibility::seen_by(&mut tx, actor, id).await?.is_none() {
            return Ok(Vec::new());
        }
        store::entries::list(&mut tx, id, filter, filter.limit.clamp(1, MOST_LINES)).await
    }

    /// Writes a note; `at` is when what it tells happened, if that is not now.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Empty`], [`Error::Large`], [`Error::BadTime`]. The database's.
    pub async fn note(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        text: &str,
        at: Option<Time>,
    ) -> Result<EntryId, Error> {
        let now: Time = self.clock.now();
        let text: String = checked_note(text)?;
        let at: Time = checked_time(at, now)?;
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let line = Line { text, ..Line::of(EntryKind::Note, at, By::of(grant.actor()), json!({})) };
        let entry: EntryId = written(&mut tx, &incident, &line, now).await?;
        history::append(&mut tx, &incident, history::NOTED, grant.actor(), now, json!({ "entry": entry })).await?;
        tx.commit().await?;
        Ok(entry)
    }

    /// Corrects a line by another, which stands beside it; `at` when its moment was wrong too. The original stays.
    ///
    /// # Errors
    /// [`Error::NoPart`], and as [`Incidents::note`].
    pub async fn correct(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        entry: EntryId,
        text: &str,
        at: Option<Time>,
    ) -> Result<EntryId, Error> {
        let now: Time = self.clock.now();
        let text: String = checked_note(text)?;
        let moment: Option<Time> = at.map(|at| checked_time(Some(at), now)).transpose()?;
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        must_have(&mut tx, id, entry).await?;
        let body: Value = json!({ "at": moment });
        let line = Line { text, corrects: Some(entry), ..Line::of(EntryKind::Correction, now, By::of(grant.actor()), body) };
        let correction: EntryId = written(&mut tx, &incident, &line, now).await?;
        let body: Value = json!({ "entry": entry, "correction": correction });
        history::append(&mut tx, &incident, history::CORRECTED, grant.actor(), now, body).await?;
        tx.commit().await?;
        Ok(correction)
    }

    /// Pins a line. `false` when it was pinned already.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NoPart`]. The database's.
    pub async fn pin(&self, grant: &Grant<WorkOnIncident>, id: IncidentId, entry: EntryId) -> Result<bool, Error> {
        self.set_pin(grant.actor(), id, entry, true).await
    }

    /// Takes a pin away. `false` when there was none.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NoPart`]. The database's.
    pub async fn unpin(&self, grant: &Grant<WorkOnIncident>, id: IncidentId, entry: EntryId) -> Result<bool, Error> {
        self.set_pin(grant.actor(), id, entry, false).await
    }

    async fn set_pin(&self, actor: &Actor, id: IncidentId, entry: EntryId, is_pinned: bool) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, actor, Seen::any(id)).await?;
        must_have(&mut tx, id, entry).await?;
        let (changed, kind): (bool, &'static str) = if is_pinned {
            (store::entries::pin(&mut tx, entry, actor.name(), now).await?, history::PINNED)
        } else {
            (store::entries::unpin(&mut tx, entry).await?, history::UNPINNED)
        };
        if changed {
            history::append(&mut tx, &incident, kind, actor, now, json!({ "entry": entry })).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Keeps a graph as it is now: query, data and time. Samples go after a while, and this stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NoGraph`], [`Error::Large`], [`Error::BadTime`]. The database's.
    pub async fn freeze_graph(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        title: &str,
        ask: &GraphAsk,
    ) -> Result<GraphId, Error> {
        let now: Time = self.clock.now();
        let title: String = bounded("the title", title, MAX_TITLE)?;
        check_ask(ask)?;
        self.incident(grant.actor(), id).await?.ok_or(Error::NotFound(id))?;
        let data: Value = self.needs.graphs.freeze(ask).await.map_err(|error| Error::NoGraph { reason: error.reason })?;
        let n: usize = data.to_string().len();
        if n > MOST_GRAPH {
            return Err(Error::Large { what: "the graph", n, max: MOST_GRAPH });
        }
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let graph: GraphId = store::graphs::add(&mut tx, id, &title, ask, &data, now).await?;
        let body: Value = json!({ "graph": graph, "title": title, "query": ask.query, "from": ask.from, "until": ask.until });
        let line: Line = Line::of(EntryKind::Graph, now, By::of(grant.actor()), body);
        written(&mut tx, &incident, &line, now).await?;
        history::append(&mut tx, &incident, history::GRAPH_FROZEN, grant.actor(), now, json!({ "graph": graph })).await?;
        tx.commit().await?;
        Ok(graph)
    }

    /// A graph that was kept.
    ///
    /// # Errors
    /// The database's.
    pub async fn graph(&self, actor: &Actor, id: IncidentId, graph: GraphId) -> Result<Option<Frozen>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        if visibility::seen_by(&mut tx, actor, id).await?.is_none() {
            return Ok(None);
        }
        store::graphs::one(&mut tx, id, graph).await
    }
}

/// For lines that nothing can have told before.
async fn written(tx: &mut Tx, incident: &Incident, line: &Line, now: Time) -> Result<EntryId, Error> {
    let entry: Option<EntryId> = write(tx, incident, line, now).await?;
    entry.ok_or(Error::Database(sqlx::Error::RowNotFound))
}

async fn must_have(tx: &mut Tx, incident: IncidentId, entry: EntryId) -> Result<(), Error> {
    if store::entries::is_in(tx, incident, entry).await? {
        Ok(())
    } else {
        Err(Error::NoPart { what: "line", id: entry.0, incident })
    }
}

fn checked_note(text: &str) -> Result<String, Error> {
    bounded("the note", text, MAX_NOTE)
}

/// Not ahead of now.
pub(crate) fn checked_time(at: Option<Time>, now: Time) -> Result<Time, Error> {
    let at: Time = at.unwrap_or(now);
    if at > now.plus_ms(AHEAD_MS) {
        return Err(Error::BadTime { what: "the moment", way: "ahead of now" });
    }
    if at.0 < 0 {
        return Err(Error::BadTime { what: "the moment", way: "before 1970" });
    }
    Ok(at)
}

/// Without blanks around it; not empty, and no longer than `max` UTF-16 code units.
pub(crate) fn bounded(what: &'static str, text: &str, max: usize) -> Result<String, Error> {
    let text: String = at_most(what, text, max)?;
    if text.is_empty() { Err(Error::Empty { what }) } else { Ok(text) }
}

/// The same, but it may be empty.
pub(crate) fn at_most(what: &'static str, text: &str, max: usize) -> Result<String, Error> {
    let text: &str = text.trim();
    let n: usize = text.encode_utf16().count();
    if n > max { Err(Error::Large { what, n, max }) } else { Ok(text.to_owned()) }
}

fn check_ask(ask: &GraphAsk) -> Result<(), Error> {
    if ask.query.trim().is_empty() {
        return Err(Error::Empty { what: "the query" });
    }
    if ask.until <= ask.from || ask.step_ms <= 0 {
        return Err(Error::BadTime { what: "the stretch", way: "the wrong way round" });
    }
    let n: i64 = ask.until.since(ask.from) / ask.step_ms;
    let n_steps: usize = usize::try_from(n).unwrap_or(usize::MAX);
    let max: usize = usize::try_from(MOST_STEPS).unwrap_or(usize::MAX);
    if n_steps > max { Err(Error::Large { what: "the stretch", n: n_steps, max }) } else { Ok(()) }
}
