//! The list: what has to be written, what was, what came again, and what was learned.

use super::Adapter;
use super::asked;
use super::refusals::shown;
use super::shape;
use crate::apis::incidents::names::Names;
use ::api::ApiError;
use ::api::postmortems::{LessonView, PostmortemLine, PostmortemList, PostmortemQuery, RepeatView};
use documents::pages::search::{Hits, Query};
use documents::postmortems::lists::{Listed, MOST, PostmortemFilter};
use model::ids::{IncidentId, PersonId};
use model::postmortem::{Detection, Factor, State, Trigger};
use model::{Actor, Severity, Time};
use std::collections::HashSet;

/// Of one screenful.
const A_SCREENFUL: i64 = 100;
/// Causes are counted over a quarter, lessons are looked for in all.
const QUARTER_MS: i64 = 90 * 86_400_000;
const MOST_REPEATS: usize = 20;
const MOST_LESSONS: usize = 50;
/// Texts that are found for words.
const MOST_HITS: usize = 50;
/// How postmortems are labelled among documents.
const LABEL: &str = "postmortem";

impl Adapter {
    /// The list.
    pub(super) async fn listed(&self, query: &PostmortemQuery) -> Result<PostmortemList, ApiError> {
        let (names, now): (Names, Time) = (Names::of(&self.0).await?, self.now());
        let is_first: bool = query.before.is_none() && !query.is_filtered();
        let open: Vec<PostmortemLine> = if is_first { self.open(now, &names).await? } else { Vec::new() };
        let found: Vec<Listed> = if query.is_filtered() { self.found(query).await? } else { self.over(query).await? };
        let is_full: bool = i64::try_from(found.len()).is_ok_and(|n| n >= A_SCREENFUL);
        let more: Option<i64> = found.last().map(|last| last.postmortem.incident.0).filter(|_| is_full);
        let since: Time = now.plus_ms(-QUARTER_MS);
        Ok(PostmortemList {
            open,
            others: found.iter().map(|one| shape::listed(one, now, &names)).collect(),
            more,
            lessons: self.lessons(query).await?,
            since,
            repeats: if is_first { self.repeats(since).await? } else { Vec::new() },
        })
    }

    async fn of(&self, filter: &PostmortemFilter) -> Result<Vec<Listed>, ApiError> {
        self.room().postmortems(self.actor()?, filter).await.map_err(shown)
    }

    /// What has to be written: what is overdue first, then by deadline, those without one last.
    async fn open(&self, now: Time, names: &Names) -> Result<Vec<PostmortemLine>, ApiError> {
        let mut all: Vec<PostmortemLine> = Vec::new();
        for state in State::ALL.into_iter().filter(|state| !state.is_over()) {
            let filter = PostmortemFilter { state: Some(state), limit: MOST, ..PostmortemFilter::default() };
            all.extend(self.of(&filter).await?.iter().map(|one| shape::listed(one, now, names)));
        }
        all.sort_by_key(|line| (line.due_at.is_none(), line.due_at, line.incident));
        Ok(all)
    }

    /// Published and waived, the newest incident first.
    async fn over(&self, query: &PostmortemQuery) -> Result<Vec<Listed>, ApiError> {
        let mut all: Vec<Listed> = Vec::new();
        for state in [State::Published, State::NotRequired] {
            let before: Option<IncidentId> = query.before.map(IncidentId);
            let filter = PostmortemFilter { state: Some(state), before, limit: A_SCREENFUL, ..PostmortemFilter::default() };
            all.extend(self.of(&filter).await?);
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.postmortem.incident));
        all.truncate(usize::try_from(A_SCREENFUL).unwrap_or(usize::MAX));
        Ok(all)
    }

    /// Everything of a selection; words are looked for in titles, tags, lessons and texts.
    async fn found(&self, query: &PostmortemQuery) -> Result<Vec<Listed>, ApiError> {
        let me: Option<PersonId> = self.actor()?.person_id();
        let (words, filter): (Vec<String>, PostmortemFilter) = (asked::words(&query.q), wanted(query, me));
        if words.is_empty() {
            return self.of(&filter).await;
        }
        let texts: HashSet<IncidentId> = self.texts(&query.q).await?;
        let most: usize = usize::try_from(A_SCREENFUL).unwrap_or(usize::MAX);
        let mut found: Vec<Listed> = Vec::new();
        let mut before: Option<IncidentId> = filter.before;
        // The room counts only what the reader may read; here only what says the words is counted.
        while found.len() < most {
            let stretch: Vec<Listed> = self.of(&PostmortemFilter { before, limit: MOST, ..filter.clone() }).await?;
            let Some(last) = stretch.last().map(|one| one.postmortem.incident) else {
                break;
            };
            before = Some(last);
            found.extend(stretch.into_iter().filter(|one| says(one, &words) || texts.contains(&one.postmortem.incident)));
        }
        found.truncate(most);
        Ok(found)
    }

    /// Incidents whose postmortem says all the words somewhere.
    async fn texts(&self, words: &str) -> Result<HashSet<IncidentId>, ApiError> {
        let actor: &Actor = self.actor()?;
        let query = Query { text: words.to_owned(), spaces: Vec::new(), labels: vec![LABEL.to_owned()], limit: MOST_HITS };
        let hits: Hits = self.room().search(actor, &query).await.map_err(shown)?;
        Ok(hits.hits.into_iter().filter_map(|hit| hit.page.incident).collect())
    }

    async fn lessons(&self, query: &PostmortemQuery) -> Result<Vec<LessonView>, ApiError> {
        if query.q.trim().is_empty() {
            return Ok(Vec::new());
        }
        let found = self.room().postmortem_lessons(self.actor()?, &query.q, Time(0)).await.map_err(shown)?;
        Ok(found.into_iter().take(MOST_LESSONS).map(shape::lesson).collect())
    }

    async fn repeats(&self, since: Time) -> Result<Vec<RepeatView>, ApiError> {
        let found = self.room().postmortem_repeats(self.actor()?, since).await.map_err(shown)?;
        Ok(found.into_iter().take(MOST_REPEATS).map(shape::repeat).collect())
    }
}

/// What an address asks for. What is no word of ours asks for nothing.
fn wanted(query: &PostmortemQuery, me: Option<PersonId>) -> PostmortemFilter {
    PostmortemFilter {
        state: State::from_word(&query.show),
        only_overdue: query.show == "overdue",
        severity: Severity::from_word(&query.severity),
        factor: Factor::from_word(&query.factor),
        trigger: Trigger::from_word(&query.trigger),
        detection: Detection::from_word(&query.detection),
        tag: Some(query.tag.trim().trim_start_matches('#').to_lowercase()).filter(|tag| !tag.is_empty()),
        owner: me.filter(|_| query.show == "mine"),
        reviewer: me.filter(|_| query.show == "review"),
        before: query.before.map(IncidentId),
        limit: A_SCREENFUL,
    }
}

/// Whether title, tags or lessons say all the words.
fn says(one: &Listed, words: &[String]) -> bool {
    let postmortem = &one.postmortem;
    let mut told: String = one.happened.title.to_lowercase();
    for text in postmortem.facets.tags.iter().chain(&postmortem.lessons) {
        told.push('\n');
        told.push_str(&text.to_lowercase());
    }
    words.iter().all(|word| told.contains(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use ::api::postmortems::PostmortemQuery;
    use model::ids::PersonId;
    use model::postmortem::{Factor, State};

    #[test]
    fn an_address_asks_for_what_it_says() {
        let me = PersonId(uuid::Uuid::nil());
        let query = |show: &str| PostmortemQuery {
            show: show.to_owned(),
            factor: "fatigue".to_owned(),
            tag: " #決済 ".to_owned(),
            ..PostmortemQuery::default()
        };
        let mine = wanted(&query("mine"), Some(me));
        assert_eq!((mine.owner, mine.reviewer, mine.state), (Some(me), None, None));
        assert_eq!((mine.factor, mine.tag.as_deref()), (Some(Factor::Fatigue), Some("決済")));
        assert_eq!(wanted(&query("review"), Some(me)).reviewer, Some(me));
        assert!(wanted(&query("overdue"), None).only_overdue);
        assert_eq!(wanted(&query("in_review"), None).state, Some(State::InReview));
    }
}
