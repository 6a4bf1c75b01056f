//! Lists of incidents, and one of them.

use crate::Incidents;
use crate::clocks::{ClockRow, ClockView};
use crate::error::Error;
use crate::incident::{Detail, Incident};
use crate::store;
use crate::visibility;
use kernel::Tx;
use model::business_time::BusinessCalendar;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::steps::{self, FollowUps, IncidentFacts, Postmortem};
use model::incident::{self, IncidentStatus};
use model::{Actor, Severity, Time};

/// Incidents that are listed at once, at most.
pub const MOST: i64 = 500;
/// Updates that are shown with an incident.
const MOST_UPDATES: i64 = 100;
/// Characters of a search that count.
const MOST_SEARCHED: usize = 200;

/// How far they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Those that go on.
    #[default]
    Open,
    /// Resolved, and something is left to do: a postmortem, follow-ups.
    Resolved,
    /// Nothing is left to do.
    Closed,
    /// All of them, also those that are part of others or were none.
    All,
}

impl Show {
    const ALL: [Self; 4] = [Self::Open, Self::Resolved, Self::Closed, Self::All];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }

    /// What that word shows, if it is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.as_str() == word)
    }

    fn holds(self, status: IncidentStatus) -> bool {
        match self {
            Self::Open => status.is_open(),
            Self::Resolved => status == IncidentStatus::Resolved,
            Self::Closed => status == IncidentStatus::Closed,
            Self::All => true,
        }
    }
}

/// Which incidents are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub show: Show,
    pub severity: Option<Severity>,
    pub team: Option<TeamId>,
    pub system: Option<String>,
    /// With a part in it.
    pub person: Option<PersonId>,
    /// In title, summary or number (`I-42`).
    pub search: String,
    /// Declared from then on, and before then.
    pub from: Option<Time>,
    pub until: Option<Time>,
    /// Below this number: for the next stretch.
    pub before: Option<IncidentId>,
    /// Cut to 1 … [`MOST`].
    pub limit: i64,
}

impl Filter {
    pub(crate) fn everything() -> Self {
        Self { show: Show::All, ..Self::default() }
    }

    /// The words of the statuses that count; empty for all.
    pub(crate) fn statuses(&self) -> Vec<String> {
        if self.show == Show::All {
            return Vec::new();
        }
        let counting = IncidentStatus::ALL.into_iter().filter(|status| self.show.holds(*status));
        counting.map(|status| status.as_str().to_owned()).collect()
    }

    /// For `ilike`; `None` when nothing is searched for.
    pub(crate) fn pattern(&self) -> Option<String> {
        let searched: &str = self.search.trim();
        if searched.is_empty() {
            return None;
        }
        let mut pattern: String = String::from("%");
        for letter in searched.chars().take(MOST_SEARCHED) {
            if matches!(letter, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern.push('%');
        Some(pattern)
    }
}

impl Incidents {
    /// Incidents of a selection that the actor may see, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self, actor: &Actor, filter: &Filter) -> Result<Vec<Incident>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::incidents::list(&mut tx, visibility::eyes(actor), filter, None, filter.limit.clamp(1, MOST)).await
    }

    /// The same, and how many there are of the selection in all.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_counted(&self, actor: &Actor, filter: &Filter) -> Result<(Vec<Incident>, i64), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let eyes = visibility::eyes(actor);
        let found: Vec<Incident> = store::incidents::list(&mut tx, eyes, filter, None, filter.limit.clamp(1, MOST)).await?;
        let n: i64 = store::incidents::count(&mut tx, eyes, filter).await?;
        Ok((found, n))
    }

    /// One incident. `None` also when it is not for the actor's eyes.
    ///
    /// # Errors
    /// The database's.
    pub async fn incident(&self, actor: &Actor, id: IncidentId) -> Result<Option<Incident>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        visibility::seen_by(&mut tx, actor, id).await
    }

    /// Those of these incidents that the actor may see, the newest first, asked for at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn among(&self, actor: &Actor, ids: &[IncidentId]) -> Result<Vec<Incident>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let limit: i64 = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let mut tx: Tx = self.db.begin().await?;
        store::incidents::list(&mut tx, visibility::eyes(actor), &Filter::everything(), Some(ids), limit).await
    }

    /// The incident an alert belongs to.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_alert(&self, actor: &Actor, alert: AlertId) -> Result<Option<Incident>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(id) = store::alerts::incident_of(&mut tx, alert).await? else {
            return Ok(None);
        };
        visibility::seen_by(&mut tx, actor, id).await
    }

    /// One incident with all but its timeline.
    ///
    /// # Errors
    /// The database's, and that of whoever knows postmortems or calendars.
    pub async fn detail(&self, actor: &Actor, id: IncidentId) -> Result<Option<Detail>, Error> {
        let Some(looked) = self.incident(actor, id).await? else {
            return Ok(None);
        };
        let now: Time = self.clock.now();
        let postmortem: Postmortem = self.needs.postmortems.of(id).await?;
        let calendar: BusinessCalendar = self.needs.calendars.of(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let Some(incident) = visibility::seen_by(&mut tx, actor, id).await? else {
            return Ok(None);
        };
        let counted: FollowUps = store::follow_ups::counted(&mut tx, id).await?;
        let facts: IncidentFacts = incident.facts(postmortem, counted);
        let clocks: Vec<ClockRow> = store::clocks::of(&mut tx, id).await?;
        Ok(Some(Detail {
            stages: steps::stages(&facts),
            moves: incident::moves(&facts),
            facts,
            clocks: clocks.into_iter().map(|row| ClockView::of(row, now, &calendar)).collect(),
            alerts: store::alerts::of(&mut tx, id).await?,
            tasks: store::tasks::of(&mut tx, id).await?,
            follow_ups: store::follow_ups::of(&mut tx, id).await?,
            updates: store::updates::of(&mut tx, id, MOST_UPDATES).await?,
            followers: store::updates::followers(&mut tx, id).await?,
            n_lines: store::entries::count(&mut tx, id).await?,
            merged: store::merging::parts_of(&mut tx, id).await?,
            split_off: store::merging::split_off(&mut tx, id).await?,
            incident,
            at: now,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_is_taken_as_it_is_written() {
        let pattern = |search: &str| Filter { search: search.to_owned(), ..Filter::default() }.pattern();
        assert_eq!(pattern("  "), None);
        assert_eq!(pattern(" 100%_\\ ").as_deref(), Some("%100\\%\\_\\\\%"));
        assert_eq!(pattern(&"x".repeat(1_000)).map(|pattern| pattern.len()), Some(MOST_SEARCHED + 2));
    }

    #[test]
    fn every_status_is_shown_somewhere() {
        let statuses = |show: Show| Filter { show, ..Filter::default() }.statuses();
        assert_eq!(statuses(Show::Open), ["declared", "acknowledged", "identified", "mitigated"]);
        assert_eq!((statuses(Show::Resolved), statuses(Show::Closed)), (vec!["resolved".to_owned()], vec!["closed".to_owned()]));
        assert!(statuses(Show::All).is_empty(), "no restriction");
        for show in Show::ALL {
            assert_eq!(Show::from_word(show.as_str()), Some(show));
        }
    }
}
