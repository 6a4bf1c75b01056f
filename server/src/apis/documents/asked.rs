//! What a form or an address about documents says, as the room takes it. Pure.

use ::api::ApiError;
use ::api::documents::form::{AroundForm, DocumentTrouble, RightsForm, SpaceForm};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use documents::pages::rights::OwnRights;
use documents::pages::runs::{Check, Outcome};
use documents::pages::spaces::NewSpace;
use documents::pages::tree::Around;
use documents::pages::{Branch, Language, Right};
use documents::writing::anchors::{Anchors, Place};
use model::ids::{AlertId, DocumentId, IncidentId, PersonId, SpaceId, TeamId};

/// The language that a form names; Japanese where it names none.
#[must_use]
pub fn language(word: &str) -> Language {
    Language::from_word(word).unwrap_or_default()
}

/// The screen below a document that a form leads back to; only ours are known.
#[must_use]
pub fn part(word: &str) -> &'static str {
    match word {
        "settings" => "settings",
        _ => "edit",
    }
}

/// # Errors
/// [`DocumentTrouble::Gone`].
pub fn document(text: &str) -> Result<DocumentId, ApiError> {
    text.parse::<DocumentId>().map_err(|_| DocumentTrouble::Gone.refused("id", "the number of a document"))
}

/// # Errors
/// [`DocumentTrouble::Stale`].
pub fn version(text: &str) -> Result<i64, ApiError> {
    text.parse::<i64>().map_err(|_| DocumentTrouble::Stale.refused("", "the version that was looked at"))
}

/// # Errors
/// [`DocumentTrouble::Gone`].
pub fn space_id(text: &str) -> Result<SpaceId, ApiError> {
    text.parse::<SpaceId>().map_err(|_| DocumentTrouble::Gone.refused("space", "the number of a space"))
}

/// An incident's number; none of an empty text.
///
/// # Errors
/// [`DocumentTrouble::Gone`].
pub fn incident(text: &str) -> Result<Option<IncidentId>, ApiError> {
    let text: &str = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |_| DocumentTrouble::Gone.refused("incident", "the number of an incident such as I-42");
    text.to_uppercase().parse::<IncidentId>().map(Some).map_err(refused)
}

/// An alert's number; none of an empty text.
///
/// # Errors
/// [`DocumentTrouble::Gone`].
pub fn alert(text: &str) -> Result<Option<AlertId>, ApiError> {
    let text: &str = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |_| DocumentTrouble::Gone.refused("alert", "the number of an alert such as A-12");
    text.to_uppercase().parse::<AlertId>().map(Some).map_err(refused)
}

/// # Errors
/// [`DocumentTrouble::Other`].
pub fn check(word: &str) -> Result<Check, ApiError> {
    Check::from_word(word).ok_or_else(|| DocumentTrouble::Other.refused("state", "open, done or skipped"))
}

/// What came of a run.
///
/// # Errors
/// [`DocumentTrouble::Empty`].
pub fn outcome(word: &str) -> Result<Outcome, ApiError> {
    Outcome::from_word(word).ok_or_else(|| DocumentTrouble::Empty.refused("outcome", "worked, failed or stopped"))
}

/// Words, one a line; of labels also parted by commas.
fn lines(text: &str, parts: &[char]) -> Vec<String> {
    let is_part = |letter: char| letter == '\n' || letter == '\r' || parts.contains(&letter);
    text.split(is_part).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What stands around a text.
///
/// # Errors
/// [`DocumentTrouble::Interval`], [`DocumentTrouble::NoPerson`], [`DocumentTrouble::Gone`].
pub fn around(form: &AroundForm) -> Result<Around, ApiError> {
    let days: Option<i32> = match form.every_days.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| DocumentTrouble::Interval.refused("every_days", "a number of days"))?),
    };
    let person: Option<PersonId> = match form.person.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| DocumentTrouble::NoPerson.refused("person", "the id of somebody"))?),
    };
    Ok(Around {
        language: language(&form.language),
        labels: lines(&form.labels, &[',', '、']),
        watch_paths: lines(&form.watch_paths, &[]),
        alertnames: lines(&form.alertnames, &[]),
        owner_team: team(&form.team)?,
        owner_person: person,
        review_every_days: days,
        is_template: !form.is_template.is_empty(),
    })
}

fn team(text: &str) -> Result<Option<TeamId>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse::<TeamId>().map(Some).map_err(|_| DocumentTrouble::Gone.refused("team", "the id of a team"))
}

fn right(word: &str) -> Result<Right, ApiError> {
    Right::from_word(word).ok_or_else(|| DocumentTrouble::Other.refused("everyone", "none, read, comment or write"))
}

/// Teams with what they may; a team without a right of its own is left out.
fn teams(teams: &[String], levels: &[String]) -> Result<Vec<(TeamId, Right)>, ApiError> {
    let mut given: Vec<(TeamId, Right)> = Vec::new();
    for (id, level) in teams.iter().zip(levels).filter(|(_, level)| !level.is_empty()) {
        if let Some(id) = team(id)? {
            given.push((id, right(level)?));
        }
    }
    Ok(given)
}

/// Rights of a document of its own; none: those above it hold.
///
/// # Errors
/// [`DocumentTrouble::Other`], [`DocumentTrouble::Gone`].
pub fn rights(form: &RightsForm) -> Result<Option<OwnRights>, ApiError> {
    if form.from != "own" {
        return Ok(None);
    }
    Ok(Some(OwnRights { everyone: right(&form.everyone)?, teams: teams(&form.teams, &form.levels)? }))
}

/// A space, and which one it was, as it was seen.
///
/// # Errors
/// [`DocumentTrouble::Other`], [`DocumentTrouble::Gone`], [`DocumentTrouble::Stale`].
pub fn space(form: &SpaceForm) -> Result<(Option<(SpaceId, i64)>, NewSpace), ApiError> {
    let seen: Option<(SpaceId, i64)> =
        if form.id.is_empty() { None } else { Some((space_id(&form.id)?, version(&form.version)?)) };
    let unknown = || DocumentTrouble::Other.refused("branch", "technical, operations, user or record");
    let space = NewSpace {
        branch: Branch::from_word(&form.branch).ok_or_else(unknown)?,
        slug: form.slug.clone(),
        title_ja: form.title_ja.clone(),
        title_en: form.title_en.clone(),
        team: team(&form.team)?,
        everyone: right(&form.everyone)?,
        teams: teams(&form.teams, &form.levels)?,
    };
    Ok((seen, space))
}

/// What a comment hangs on: what the editor chose, else the words that were written down, else the text as a whole.
///
/// # Errors
/// [`DocumentTrouble::Anchor`].
pub fn place(start: &str, end: &str, quoted: &str) -> Result<Place, ApiError> {
    if !start.is_empty() && !end.is_empty() {
        let read =
            |text: &str| STANDARD.decode(text).map_err(|_| DocumentTrouble::Anchor.refused("quoted", "a place of the text"));
        return Ok(Place::Anchored(Anchors { start: read(start)?, end: read(end)? }));
    }
    let words: String = quoted.replace("\r\n", "\n").trim().to_owned();
    Ok(if words.is_empty() { Place::Whole } else { Place::Words(words) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_by_lines_and_labels_by_commas_too() {
        let form = AroundForm {
            labels: "db, 復旧、夜間\r\n".to_owned(),
            watch_paths: "src/**\nmigrations/a,b.sql".to_owned(),
            every_days: " 30 ".to_owned(),
            is_template: "true".to_owned(),
            ..AroundForm::default()
        };
        let read = around(&form).unwrap();
        assert_eq!((read.labels.len(), read.watch_paths.len(), read.review_every_days), (3, 2, Some(30)));
        assert!(read.is_template && read.owner_team.is_none());
        assert!(around(&AroundForm { every_days: "x".to_owned(), ..form }).is_err());
    }

    #[test]
    fn a_comment_hangs_on_what_was_chosen() {
        assert_eq!(place("", "", "").unwrap(), Place::Whole);
        assert_eq!(place("", "", " 再起動\r\nする ").unwrap(), Place::Words("再起動\nする".to_owned()));
        assert!(matches!(place("AAE=", "AAI=", "x").unwrap(), Place::Anchored(_)));
        assert!(place("%", "AAI=", "x").is_err());
    }

    #[test]
    fn rights_that_stand_above_are_none() {
        let above = RightsForm { from: "above".to_owned(), everyone: "odd".to_owned(), ..RightsForm::default() };
        assert_eq!(rights(&above).unwrap(), None);
        let own = RightsForm { from: "own".to_owned(), everyone: "read".to_owned(), ..RightsForm::default() };
        assert_eq!(rights(&own).unwrap().map(|rights| rights.everyone), Some(Right::Read));
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        assert_eq!(incident(" i-42 ").unwrap(), Some(IncidentId(42)));
        assert_eq!((incident("").unwrap(), alert("A-7").unwrap()), (None, Some(AlertId(7))));
        assert!(incident("x").is_err());
    }
}
