//! The palette's door: a few hosts, dashboards, alerts, rules, documents and people that hold every word of a text.
//!
//! It is asked while somebody writes, so it asks what is cheap (the index of series, not their samples) and answers little: who does
//! not find among the first of a kind writes another letter.

use crate::apis::Door;
use crate::apis::alerting::shown;
use crate::apis::dashboards::{keeping, listing};
use crate::apis::documents::refusals;
use crate::house_error::unavailable;
use ::api::error::Expected;
use ::api::find::{FindApi, Found, FoundAlert, FoundKind, LONGEST_TEXT};
use ::api::{ApiError, Text};
use alerting::{AlertRow, Filter, RuleRow, Show};
use async_trait::async_trait;
use dashboards::Listed;
use documents::pages::search::{Hit, Query};
use metrics::error::Error;
use model::access::{ReadConsole, ReadDocuments};
use model::ids::{AlertId, PersonId};
use model::links;
use promql::ast::{METRIC_NAME, MatchOp, Matcher, Span};
use std::collections::BTreeSet;

/// Answers the palette.
pub struct Adapter(pub Door);

/// Of each kind.
const MOST: usize = 6;
/// Alerts read to find those that hold every word: the database looks for one of them only.
const MOST_READ: i64 = 60;
const DAY_MS: i64 = 86_400_000;
/// How long ago an alert may have ended to be found by its words; by its number it is always found.
const RECENT_MS: i64 = 30 * DAY_MS;
/// When too much is asked at once it is worth asking again after this long.
const LATER_S: u32 = 5;
/// What every host measures.
const REPORTS: &str = "node_load1";

#[async_trait]
impl FindApi for Adapter {
    async fn find(&self, text: String) -> Result<Vec<Found>, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let Some(wanted) = Wanted::read(&text)? else { return Ok(Vec::new()) };
        let door = &self.0;
        let (hosts, alerts) = tokio::try_join!(hosts(door, &wanted), alerts(door, &wanted))?;
        let (rules, documents, people) = tokio::try_join!(rules(door, &wanted), documents(door, &text), people(door, &wanted))?;
        let boards: Vec<Found> = boards(door, &wanted).await?;
        Ok([hosts, boards, alerts, rules, documents, people].into_iter().flatten().collect())
    }
}

/// What somebody looks for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    /// In small letters, at least one.
    words: Vec<String>,
    /// The text may be the number of an alert.
    number: Option<AlertId>,
}

impl Wanted {
    /// `None` for blanks.
    fn read(text: &str) -> Result<Option<Self>, ApiError> {
        let text = text.trim();
        if text.chars().count() > LONGEST_TEXT as usize {
            let expected = Expected::Characters { least: 1, most: LONGEST_TEXT };
            return Err(ApiError::Invalid { field: "text".to_owned(), expected });
        }
        let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let number = text.parse::<AlertId>().ok().filter(|id| id.0 > 0);
        Ok((!words.is_empty()).then_some(Self { words, number }))
    }

    /// The word that is likely to be the rarest.
    fn longest(&self) -> String {
        self.words.iter().max_by_key(|word| word.chars().count()).cloned().unwrap_or_default()
    }

    /// Whether `text` holds every word.
    fn is_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    /// Where a name stands among others, `false` first: what begins with the first word, because that is what people write.
    fn rank(&self, name: &str) -> bool {
        self.words.first().is_none_or(|word| !name.to_lowercase().starts_with(word.as_str()))
    }
}

/// Hosts that reported lately.
async fn hosts(door: &Door, wanted: &Wanted) -> Result<Vec<Found>, ApiError> {
    let reports = Matcher { op: MatchOp::Eq, name: METRIC_NAME.to_owned(), value: REPORTS.to_owned(), span: Span::default() };
    let since = door.house.clock.now().plus_ms(-DAY_MS);
    let scope = metrics::listing::Scope { selectors: vec![vec![reports]], since, ..Default::default() };
    let listing = door.house.metrics.series(scope).await.map_err(|error| unlisted(&error))?;
    let names = listing.found.iter().map(|labels| labels.get("host").to_owned());
    let names: BTreeSet<String> = names.filter(|name| !name.is_empty() && wanted.is_in(name)).collect();
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by_key(|name| wanted.rank(name));
    Ok(names.into_iter().take(MOST).map(|name| host(&name)).collect())
}

fn unlisted(error: &Error) -> ApiError {
    match error {
        Error::Overloaded => ApiError::TryLater { seconds: LATER_S },
        _ => unavailable(error),
    }
}

fn host(name: &str) -> Found {
    Found { kind: FoundKind::Host, label: same(name), hint: String::new(), href: links::host(name), alert: None }
}

/// Dashboards, those with the asker's star first.
async fn boards(door: &Door, wanted: &Wanted) -> Result<Vec<Found>, ApiError> {
    let person: Option<PersonId> = door.visitor.actor.as_ref().and_then(|actor| actor.person_id());
    let all: Vec<Listed> = door.house.dashboards.all(person).await.map_err(keeping::refusals::shown)?;
    let mut found: Vec<Listed> = all.into_iter().filter(|one| listing::is_named(one, &wanted.words)).collect();
    found.sort_by_key(|one| (!one.is_starred, wanted.rank(&one.title.ja) && wanted.rank(&one.title.en)));
    Ok(found.into_iter().take(MOST).map(board).collect())
}

fn board(one: Listed) -> Found {
    let href: String = links::dashboards::one(&one.slug);
    let label = Text { ja: one.title.ja, en: one.title.en };
    Found { kind: FoundKind::Dashboard, label, hint: one.tags.join(", "), href, alert: None }
}

/// The alert of that number, open alerts, and those that ended lately, in this order.
async fn alerts(door: &Door, wanted: &Wanted) -> Result<Vec<Found>, ApiError> {
    let now = door.house.clock.now();
    let search = Some(wanted.longest());
    let open = Filter { show: Show::Open, search: search.clone(), limit: MOST_READ, ..Filter::default() };
    let lately = Some((now.plus_ms(-RECENT_MS), now));
    let recent = Filter { show: Show::All, search, touching: lately, limit: MOST_READ, ..Filter::default() };
    let room = &door.house.alerting;
    let mut rows = room.alerts(&open).await.map_err(shown)?;
    rows.extend(room.alerts(&recent).await.map_err(shown)?);
    rows.retain(|row| wanted.is_in(&words_of(row)));
    let numbered = numbered(door, wanted).await?;
    let mut known: BTreeSet<AlertId> = BTreeSet::new();
    let distinct = numbered.into_iter().chain(rows).filter(|row| known.insert(row.id));
    Ok(distinct.take(MOST).map(alert).collect())
}

/// The alert whose number is written: the newest one that is not newer.
async fn numbered(door: &Door, wanted: &Wanted) -> Result<Option<AlertRow>, ApiError> {
    let Some(id) = wanted.number else { return Ok(None) };
    let before = Some(AlertId(id.0.saturating_add(1)));
    let filter = Filter { show: Show::All, before, limit: 1, ..Filter::default() };
    let found = door.house.alerting.alerts(&filter).await.map_err(shown)?;
    Ok(found.into_iter().find(|row| row.id == id))
}

/// Everything an alert is found by.
fn words_of(row: &AlertRow) -> String {
    let labels: Vec<&str> = row.labels.iter().map(|(_, value)| value).collect();
    let (names, sentences) = (&row.name, &row.summary);
    let severity = row.severity.code();
    format!("{} {severity} {} {} {} {} {}", row.id, names.ja, names.en, sentences.ja, sentences.en, labels.join(" "))
}

fn alert(row: AlertRow) -> Found {
    let stands = FoundAlert { severity: row.severity, state: row.state, held: row.held.is_some() };
    let href = links::alert(row.id);
    // A language that the author left out stays empty, so that the other one is read.
    let numbered = |text: &str| if text.is_empty() { String::new() } else { format!("{} {text}", row.id) };
    let label = Text { ja: numbered(&row.summary.ja), en: numbered(&row.summary.en) };
    Found { kind: FoundKind::Alert, label, hint: String::new(), href, alert: Some(stands) }
}

async fn rules(door: &Door, wanted: &Wanted) -> Result<Vec<Found>, ApiError> {
    let rows = door.house.alerting.rules().await.map_err(shown)?;
    let held = |row: &RuleRow| {
        let (rule, name) = (&row.rule.id, &row.rule.name);
        wanted.is_in(&format!("{rule} {} {} {}", name.ja, name.en, row.group))
    };
    Ok(rows.into_iter().filter(held).take(MOST).map(rule).collect())
}

fn rule(row: RuleRow) -> Found {
    let label = Text { ja: row.rule.name.ja, en: row.rule.name.en };
    Found { kind: FoundKind::Rule, label, hint: row.group, href: links::rule(&row.rule.id), alert: None }
}

/// Documents by what stands in them, as the room finds them.
async fn documents(door: &Door, text: &str) -> Result<Vec<Found>, ApiError> {
    let Ok(grant) = door.admit::<ReadDocuments>() else { return Ok(Vec::new()) };
    let query = Query { text: text.to_owned(), limit: MOST, ..Query::default() };
    let found = door.house.documents.search(grant.actor(), &query).await.map_err(refusals::shown)?;
    let one = |hit: Hit| Found {
        kind: FoundKind::Document,
        label: same(&hit.page.title),
        hint: String::new(),
        href: links::documents::document(&hit.page.slug),
        alert: None,
    };
    Ok(found.hits.into_iter().map(one).collect())
}

async fn people(door: &Door, wanted: &Wanted) -> Result<Vec<Found>, ApiError> {
    let rows = door.house.identity.people_list().await.map_err(|error| unavailable(&error))?;
    let mut found: Vec<identity::PersonRow> =
        rows.into_iter().filter(|row| wanted.is_in(&format!("{} {}", row.name, row.email))).collect();
    found.sort_by_key(|row| (row.disabled, wanted.rank(&row.name)));
    let one = |row: identity::PersonRow| Found {
        kind: FoundKind::Person,
        label: same(&row.name),
        hint: row.email,
        href: links::PEOPLE.to_owned(),
        alert: None,
    };
    Ok(found.into_iter().take(MOST).map(one).collect())
}

/// A name that is the same in every language.
fn same(name: &str) -> Text {
    Text { ja: name.to_owned(), en: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Visitor;
    use crate::strangers::rooms;
    use ::api::Viewer;
    use model::{Actor, Time};

    fn wanted(text: &str) -> Option<Wanted> {
        Wanted::read(text).unwrap()
    }

    #[test]
    fn every_word_must_be_held_in_any_letters() {
        let cpu = wanted("  CPU app-02 ").unwrap();
        assert!(cpu.is_in("A-7 P1 cpu usage app-02 is high"));
        assert!(!cpu.is_in("A-7 P1 cpu usage app-03 is high"));
        assert_eq!(cpu.longest(), "app-02");
        assert_eq!((cpu.rank("cpu-usage"), cpu.rank("the cpu")), (false, true));
        assert_eq!(wanted("  "), None);
    }

    #[test]
    fn a_number_is_read_as_people_write_it_and_a_long_text_is_refused() {
        for (text, number) in [("A-12", Some(12)), (" a-12", Some(12)), ("12", Some(12)), ("-12", None), ("12 cpu", None)] {
            assert_eq!(wanted(text).and_then(|wanted| wanted.number), number.map(AlertId), "{text}");
        }
        assert!(Wanted::read(&"あ".repeat(100)).is_ok());
        assert!(matches!(Wanted::read(&"あ".repeat(101)), Err(ApiError::Invalid { .. })));
    }

    #[sqlx::test(migrator = "kernel::MIGRATOR")]
    async fn rules_are_found_by_who_may_read_them_and_by_nobody_else(pool: sqlx::PgPool) {
        let house = rooms(pool).await;
        house.first_rules().await.unwrap();
        let nobody = Visitor::nobody(Viewer::stranger(Time(0)));
        let reader = Visitor { actor: Some(Actor::worker("reader")), ..nobody.clone() };
        let adapter = |visitor: Visitor| Adapter(Door { house: house.clone(), visitor });
        assert_eq!(adapter(nobody).find("cpu".to_owned()).await, Err(ApiError::SignedOut));
        let found = adapter(reader.clone()).find("cpu-usage".to_owned()).await.unwrap();
        let hrefs: Vec<&str> = found.iter().map(|found| found.href.as_str()).collect();
        assert!(hrefs.contains(&"/rules/cpu-usage"), "{hrefs:?}");
        assert!(found.iter().all(|found| found.kind == FoundKind::Rule), "{found:?}");
        assert_eq!(adapter(reader).find(" ".to_owned()).await, Ok(Vec::new()));
    }
}
