//! What a form or an address about postmortems says, as the rooms take it. Moments are on the reader's clock. Pure.

use ::api::ApiError;
use ::api::postmortems::form::PostmortemTrouble;
use chrono::NaiveDate;
use figures::{Civil, Zone};
use model::Time;
use model::ids::PersonId;
use model::postmortem::{Act, ActionKind, Factor};
use model::rota::local::Local;

/// A moment on the reader's clock; none of an empty text.
///
/// # Errors
/// [`PostmortemTrouble::Moment`] at the field.
pub fn moment(text: &str, zone: &Zone, field: &str) -> Result<Option<Time>, ApiError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let expected = "a date and a time such as 2026-11-30T10:00";
    let local: Local = text.parse().map_err(|_| PostmortemTrouble::Moment.refused(field, expected))?;
    Ok(Some(Time(zone.instant(Civil::from_wall_ms(local.0.saturating_mul(1_000))))))
}

/// A date; none of an empty text.
///
/// # Errors
/// [`PostmortemTrouble::Moment`] at the field.
pub fn date(text: &str, field: &str) -> Result<Option<NaiveDate>, ApiError> {
    let text: &str = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |_| PostmortemTrouble::Moment.refused(field, "a date such as 2026-12-24");
    text.parse::<NaiveDate>().map(Some).map_err(refused)
}

/// Somebody who was chosen; none of an empty text.
///
/// # Errors
/// [`PostmortemTrouble::NoPerson`] at the field.
pub fn person(text: &str, field: &str) -> Result<Option<PersonId>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse::<PersonId>().map(Some).map_err(|_| PostmortemTrouble::NoPerson.refused(field, "the id of somebody"))
}

/// An act.
///
/// # Errors
/// [`PostmortemTrouble::Other`].
pub fn act(text: &str) -> Result<Act, ApiError> {
    let expected = "request_changes, approve, withdraw, publish, reopen or waive";
    Act::from_word(text).ok_or_else(|| PostmortemTrouble::Other.refused("act", expected))
}

/// What an action is for; none of an empty text.
///
/// # Errors
/// [`PostmortemTrouble::Other`].
pub fn kind(text: &str) -> Result<Option<ActionKind>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    let kind: Option<ActionKind> = ActionKind::from_word(text);
    kind.map(Some).ok_or_else(|| PostmortemTrouble::Other.refused("kind", "mitigate, prevent, detect or process"))
}

/// Those that there are.
#[must_use]
pub fn factors(words: &[String]) -> Vec<Factor> {
    words.iter().filter_map(|word| Factor::from_word(word)).collect()
}

/// Tags, however they are parted.
#[must_use]
pub fn tags(text: &str) -> Vec<String> {
    let parted = text.split(['\n', ',', '、', '，']);
    parted.map(|tag| tag.trim().trim_start_matches('#').to_owned()).filter(|tag| !tag.is_empty()).collect()
}

/// The words that somebody looks for, in small letters.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// The day of a moment on the reader's clock.
#[must_use]
pub fn day_of(at: Time, zone: &Zone) -> Option<NaiveDate> {
    let Civil { year, month, day, .. } = zone.civil(at.0);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(result: Result<impl Sized, ApiError>) -> String {
        match result.err() {
            Some(ApiError::Invalid { field, .. }) => field,
            _ => String::new(),
        }
    }

    #[test]
    fn what_is_written_is_read_as_people_write_it() {
        let tokyo = Zone::fixed("Asia/Tokyo", "JST", 540);
        assert_eq!(moment("1970-01-02T09:00", &tokyo, "due").unwrap(), Some(Time(86_400_000)));
        assert_eq!((moment(" ", &tokyo, "due").unwrap(), date("", "due_on").unwrap()), (None, None));
        assert_eq!(tags("決済、#Deploy, \n手順\n"), ["決済", "Deploy", "手順"]);
        assert_eq!(factors(&["fatigue".to_owned(), "luck".to_owned()]), [Factor::Fatigue]);
        assert_eq!(words(" Rate  limit "), ["rate", "limit"]);
        assert_eq!(day_of(Time(86_400_000 - 1), &tokyo), NaiveDate::from_ymd_opt(1970, 1, 2));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_at_its_field() {
        let utc = Zone::utc();
        assert_eq!(refusal(moment("soon", &utc, "due")), "postmortem.moment/due");
        assert_eq!(refusal(date("2026-13-01", "due_on")), "postmortem.moment/due_on");
        assert_eq!(refusal(person("hana", "owner")), "postmortem.no_person/owner");
        assert_eq!(
            (refusal(act("end")), refusal(kind("luck"))),
            ("postmortem.other/act".to_owned(), "postmortem.other/kind".to_owned())
        );
    }
}
