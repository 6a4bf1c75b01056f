//! What a form or an address about incidents says, as the room takes it. Moments are on the reader's clock. Pure.

use ::api::ApiError;
use ::api::incidents::form::IncidentTrouble;
use chrono::NaiveDate;
use figures::{Civil, Zone};
use model::Time;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::Move;
use model::incident::roles::IncidentRole;
use model::rota::local::Local;

const DAY_MS: i64 = 86_400_000;

/// A moment on the reader's clock; none of an empty text.
///
/// # Errors
/// [`IncidentTrouble::Moment`] at the field.
pub fn moment(text: &str, zone: &Zone, field: &str) -> Result<Option<Time>, ApiError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let expected = "a date and a time such as 2026-11-30T10:00";
    let local: Local = text.parse().map_err(|_| IncidentTrouble::Moment.refused(field, expected))?;
    Ok(Some(Time(zone.instant(Civil::from_wall_ms(local.0.saturating_mul(1_000))))))
}

/// The first moment of a day on the reader's clock; none of a text that is no day.
#[must_use]
pub fn day(text: &str, zone: &Zone) -> Option<Time> {
    let local: Local = format!("{}T00:00", text.trim()).parse().ok()?;
    Some(Time(zone.instant(Civil::from_wall_ms(local.0.saturating_mul(1_000)))))
}

/// The first moment after a day.
#[must_use]
pub fn day_after(text: &str, zone: &Zone) -> Option<Time> {
    let local: Local = format!("{}T00:00", text.trim()).parse().ok()?;
    Some(Time(zone.instant(Civil::from_wall_ms(local.0.saturating_mul(1_000).saturating_add(DAY_MS)))))
}

/// A date; none of an empty text.
///
/// # Errors
/// [`IncidentTrouble::Moment`] at the field.
pub fn date(text: &str, field: &str) -> Result<Option<NaiveDate>, ApiError> {
    let text: &str = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |_| IncidentTrouble::Moment.refused(field, "a date such as 2026-12-24");
    text.parse::<NaiveDate>().map(Some).map_err(refused)
}

/// The numbers of alerts in a text, however they are parted: `A-12, A-13`.
///
/// # Errors
/// [`IncidentTrouble::NoAlerts`] where one is no number.
pub fn alerts(text: &str) -> Result<Vec<AlertId>, ApiError> {
    let refused = |_| IncidentTrouble::NoAlerts.refused("alerts", "numbers of alerts such as A-12");
    parts(text).map(|part| part.parse::<AlertId>().map_err(refused)).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || letter == ',' || letter == '、').filter(|part| !part.is_empty())
}

/// The names of systems, each on its own line or parted by commas.
#[must_use]
pub fn systems(text: &str) -> Vec<String> {
    let parted = text.split(['\n', ',', '、']);
    parted.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Somebody who was chosen; none of an empty text.
///
/// # Errors
/// [`IncidentTrouble::NoPerson`] at the field.
pub fn person(text: &str, field: &str) -> Result<Option<PersonId>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse::<PersonId>().map(Some).map_err(|_| IncidentTrouble::NoPerson.refused(field, "the id of somebody"))
}

/// A team that was chosen; none of a text that is no id.
#[must_use]
pub fn team(text: &str) -> Option<TeamId> {
    text.parse::<TeamId>().ok()
}

/// A part in an incident.
///
/// # Errors
/// [`IncidentTrouble::Other`].
pub fn role(text: &str) -> Result<IncidentRole, ApiError> {
    let expected = "commander, communications, scribe or responder";
    IncidentRole::from_word(text).ok_or_else(|| IncidentTrouble::Other.refused("role", expected))
}

/// A move.
///
/// # Errors
/// [`IncidentTrouble::Other`].
pub fn by(text: &str) -> Result<Move, ApiError> {
    Move::from_word(text).ok_or_else(|| IncidentTrouble::Other.refused("by", "acknowledge, identify, mitigate, resolve, close …"))
}

/// The number of an incident.
///
/// # Errors
/// [`IncidentTrouble::NoIncident`] at the field.
pub fn incident(text: &str, field: &str) -> Result<IncidentId, ApiError> {
    let refused = |_| IncidentTrouble::NoIncident.refused(field, "a number such as I-42");
    text.trim().parse::<IncidentId>().map_err(refused)
}

/// Behind which line a stretch begins: `1795323907000.12`.
#[must_use]
pub fn place(text: &str) -> Option<(Time, i64)> {
    let (at, line) = text.split_once('.')?;
    Some((Time(at.parse::<i64>().ok()?), line.parse::<i64>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokyo() -> Zone {
        Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    fn refusal(result: Result<impl Sized, ApiError>) -> String {
        match result.err() {
            Some(ApiError::Invalid { field, .. }) => field,
            _ => String::new(),
        }
    }

    #[test]
    fn moments_are_on_the_readers_clock() {
        let at = moment("1970-01-02T09:00", &tokyo(), "at").unwrap();
        assert_eq!((at, moment(" ", &tokyo(), "at").unwrap()), (Some(Time(DAY_MS)), None));
        assert_eq!(refusal(moment("soon", &tokyo(), "at")), "incident.moment/at");
        assert_eq!(day("1970-01-02", &tokyo()), Some(Time(DAY_MS - 9 * 3_600_000)));
        assert_eq!(day_after("1970-01-01", &tokyo()), day("1970-01-02", &tokyo()));
        assert_eq!(day("x", &tokyo()), None);
    }

    #[test]
    fn numbers_may_be_written_as_people_write_them() {
        assert_eq!(alerts("A-12, a-13、14\n15").unwrap(), [12, 13, 14, 15].map(AlertId));
        assert_eq!(refusal(alerts("A-12 twelve")), "incident.no_alerts/alerts");
        assert_eq!(
            (incident(" I-7 ", "into").unwrap(), refusal(incident("seven", "into"))),
            (IncidentId(7), "incident.no_incident/into".to_owned())
        );
        assert_eq!(systems("edge, api\n決済、 "), ["edge", "api", "決済"]);
    }

    #[test]
    fn whoever_is_chosen_is_somebody_or_nobody() {
        assert_eq!(person("", "owner").unwrap(), None);
        assert_eq!(refusal(person("hana", "owner")), "incident.no_person/owner");
        assert_eq!((role("scribe").unwrap(), by("reopen").unwrap()), (IncidentRole::Scribe, Move::Reopen));
        assert_eq!(
            (refusal(role("boss")), refusal(by("end"))),
            ("incident.other/role".to_owned(), "incident.other/by".to_owned())
        );
    }

    #[test]
    fn a_stretch_begins_behind_a_line() {
        assert_eq!(place("1795323907000.12"), Some((Time(1_795_323_907_000), 12)));
        assert_eq!((place("12"), place("a.b")), (None, None));
    }
}
