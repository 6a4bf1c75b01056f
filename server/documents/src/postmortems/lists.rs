//! Postmortems in lists: by state, cause and tag; what is overdue; what came again; what was learned.

use crate::Documents;
use crate::error::Error;
use crate::postmortems::needs::Happened;
use crate::postmortems::{Postmortem, Reviewer};
use crate::store;
use crate::store::postmortems::rows::Due;
use kernel::Tx;
use model::ids::{DocumentId, IncidentId, PersonId};
use model::postmortem::{Detection, Factor, State, Trigger};
use model::{Actor, Severity, Time};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Postmortems of one list.
pub const MOST: i64 = 500;
/// Rows that are read at once, until there are enough of those that whoever asks may see.
const STRETCH: i64 = 500;
/// How many of one cause are a repetition.
const REPEATED: usize = 2;

/// Which postmortems are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostmortemFilter {
    /// None: in any state.
    pub state: Option<State>,
    pub only_overdue: bool,
    pub severity: Option<Severity>,
    pub factor: Option<Factor>,
    pub trigger: Option<Trigger>,
    pub detection: Option<Detection>,
    pub tag: Option<String>,
    pub owner: Option<PersonId>,
    /// Who is asked to read it and has not answered.
    pub reviewer: Option<PersonId>,
    /// Below this incident: for the next stretch.
    pub before: Option<IncidentId>,
    /// Cut to 1 … [`MOST`].
    pub limit: i64,
}

/// A postmortem in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub postmortem: Postmortem,
    pub happened: Happened,
    pub is_overdue: bool,
}

/// What postmortems have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    Factor(Factor),
    Trigger(Trigger),
    Tag(String),
}

/// A cause that came again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    pub cause: Cause,
    /// The newest first.
    pub incidents: Vec<IncidentId>,
}

/// A lesson, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    pub incident: IncidentId,
    pub title: String,
    pub published_at: Time,
    pub text: String,
}

impl Documents {
    /// Postmortems of a selection that the actor may see, the newest incident first.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn postmortems(&self, actor: &Actor, filter: &PostmortemFilter) -> Result<Vec<Listed>, Error> {
        let limit: usize = usize::try_from(filter.limit.clamp(1, MOST)).unwrap_or(1);
        let (states, now): (Vec<State>, Time) = (filter.state.into_iter().collect(), self.clock.now());
        let mut before: Option<IncidentId> = filter.before;
        let mut listed: Vec<Listed> = Vec::new();
        while listed.len() < limit {
            let mut tx: Tx = self.db.begin().await?;
            let ids: Vec<IncidentId> = store::postmortems::rows::list(&mut tx, &states, before, STRETCH).await?;
            let Some(last) = ids.last().copied() else {
                break;
            };
            before = Some(last);
            let mut found: Vec<Postmortem> = store::postmortems::rows::of(&mut tx, &ids).await?;
            found.retain(|postmortem| filter.holds(postmortem, now));
            if let Some(reviewer) = filter.reviewer {
                found = waiting_for(&mut tx, found, reviewer).await?;
            }
            drop(tx);
            listed.extend(self.listed_postmortems(actor, found, filter.severity).await?);
        }
        listed.truncate(limit);
        Ok(listed)
    }

    /// What is overdue, the longest first.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn overdue_postmortems(&self, actor: &Actor) -> Result<Vec<Listed>, Error> {
        let (now, most): (Time, usize) = (self.clock.now(), usize::try_from(MOST).unwrap_or(usize::MAX));
        let mut behind: Option<Due> = None;
        let mut listed: Vec<Listed> = Vec::new();
        while listed.len() < most {
            let mut tx: Tx = self.db.begin().await?;
            let due: Vec<Due> = store::postmortems::rows::due(&mut tx, now, behind, STRETCH).await?;
            let Some(last) = due.last().copied() else {
                break;
            };
            behind = Some(last);
            let ids: Vec<IncidentId> = due.into_iter().map(|(_, incident)| incident).collect();
            let found: Vec<Postmortem> = store::postmortems::rows::of(&mut tx, &ids).await?;
            drop(tx);
            listed.extend(self.listed_postmortems(actor, found, None).await?);
        }
        listed.sort_by_key(|one| one.postmortem.facets.due_at);
        listed.truncate(most);
        Ok(listed)
    }

    /// Causes that several postmortems published since then have in common, the most frequent first.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn postmortem_repeats(&self, actor: &Actor, since: Time) -> Result<Vec<Repeat>, Error> {
        let mut by_cause: BTreeMap<Cause, Vec<IncidentId>> = BTreeMap::new();
        for one in self.published_postmortems(actor, since).await? {
            for cause in causes(&one.postmortem) {
                by_cause.entry(cause).or_default().push(one.postmortem.incident);
            }
        }
        let repeated = by_cause.into_iter().filter(|(_, incidents)| incidents.len() >= REPEATED);
        let mut repeats: Vec<Repeat> = repeated.map(|(cause, incidents)| Repeat { cause, incidents }).collect();
        repeats.sort_by_key(|repeat| std::cmp::Reverse(repeat.incidents.len()));
        Ok(repeats)
    }

    /// What was learned since then, the newest first: each lesson that says all the words of `search`, in whatever case, of texts that the actor
    /// may read.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn postmortem_lessons(&self, actor: &Actor, search: &str, since: Time) -> Result<Vec<Lesson>, Error> {
        let words: Vec<String> = crate::pages::normal::normal(search).split_whitespace().map(str::to_owned).collect();
        let mut lessons: Vec<Lesson> = Vec::new();
        for one in self.published_postmortems(actor, since).await? {
            let published_at: Time = one.postmortem.published.as_ref().map_or(one.postmortem.made_at, |signed| signed.at);
            let says_all = |text: &&String| {
                let normal: String = crate::pages::normal::normal(text);
                words.iter().all(|word| normal.contains(word.as_str()))
            };
            lessons.extend(one.postmortem.lessons.iter().filter(says_all).map(|text| Lesson {
                incident: one.postmortem.incident,
                title: one.happened.title.clone(),
                published_at,
                text: text.clone(),
            }));
        }
        Ok(lessons)
    }

    /// All of them, the newest incident first.
    async fn published_postmortems(&self, actor: &Actor, since: Time) -> Result<Vec<Listed>, Error> {
        let mut before: Option<IncidentId> = None;
        let mut listed: Vec<Listed> = Vec::new();
        loop {
            let mut tx: Tx = self.db.begin().await?;
            let ids: Vec<IncidentId> = store::postmortems::rows::list(&mut tx, &[State::Published], before, STRETCH).await?;
            let Some(last) = ids.last().copied() else {
                return Ok(listed);
            };
            before = Some(last);
            let mut found: Vec<Postmortem> = store::postmortems::rows::of(&mut tx, &ids).await?;
            drop(tx);
            found.retain(|postmortem| postmortem.published.as_ref().is_some_and(|signed| signed.at >= since));
            listed.extend(self.listed_postmortems(actor, found, None).await?);
        }
    }

    /// Those that are there for the actor, in the same order: whose incident they may know of, and whose page they may read. It may have rights of
    /// its own, and who may know of the incident may not read it then.
    async fn listed_postmortems(
        &self,
        actor: &Actor,
        mut found: Vec<Postmortem>,
        severity: Option<Severity>,
    ) -> Result<Vec<Listed>, Error> {
        let now: Time = self.clock.now();
        let docs: Vec<DocumentId> = found.iter().filter_map(|postmortem| postmortem.doc).collect();
        let readable: HashSet<DocumentId> = self.readable_among(actor, &docs).await?;
        found.retain(|postmortem| postmortem.doc.is_none_or(|doc| readable.contains(&doc)));
        let ids: Vec<IncidentId> = found.iter().map(|postmortem| postmortem.incident).collect();
        let seen: Vec<Happened> = self.needs.postmortems.happened(actor, &ids).await?;
        let mut by_id: HashMap<IncidentId, Happened> = seen.into_iter().map(|happened| (happened.id, happened)).collect();
        let listed = found.into_iter().filter_map(|postmortem| {
            let happened: Happened = by_id.remove(&postmortem.incident)?;
            let is_asked: bool = severity.is_none_or(|severity| happened.severity == severity);
            is_asked.then(|| Listed { is_overdue: postmortem.is_overdue(now), postmortem, happened })
        });
        Ok(listed.collect())
    }
}

/// Those that wait for a reviewer's answer.
async fn waiting_for(tx: &mut Tx, found: Vec<Postmortem>, reviewer: PersonId) -> Result<Vec<Postmortem>, Error> {
    let mut waiting: Vec<Postmortem> = Vec::new();
    for postmortem in found.into_iter().filter(|postmortem| postmortem.state == State::InReview) {
        let asked: Vec<Reviewer> = store::postmortems::reviewers::of(tx, postmortem.incident).await?;
        if asked.iter().any(|one| one.person == reviewer && one.answer.is_none()) {
            waiting.push(postmortem);
        }
    }
    Ok(waiting)
}

fn causes(postmortem: &Postmortem) -> Vec<Cause> {
    let facets = &postmortem.facets;
    let mut causes: Vec<Cause> = facets.factors.iter().copied().map(Cause::Factor).collect();
    causes.extend(facets.trigger.map(Cause::Trigger));
    causes.extend(facets.tags.iter().cloned().map(Cause::Tag));
    causes
}

impl PostmortemFilter {
    fn holds(&self, postmortem: &Postmortem, now: Time) -> bool {
        let facets = &postmortem.facets;
        (!self.only_overdue || postmortem.is_overdue(now))
            && self.factor.is_none_or(|factor| facets.factors.contains(&factor))
            && self.trigger.is_none_or(|trigger| facets.trigger == Some(trigger))
            && self.detection.is_none_or(|detection| facets.detection == Some(detection))
            && self.tag.as_ref().is_none_or(|tag| facets.tags.contains(tag))
            && self.owner.is_none_or(|owner| facets.owner == Some(owner))
    }
}
