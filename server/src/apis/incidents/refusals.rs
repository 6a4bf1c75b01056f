//! What a screen may see of what was refused about incidents, and where in a form it is put right.

use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::incidents::form::{IncidentTrouble, missing_place};
use incidents::Error;
use model::incident::Refusal;

/// What a screen may see of the room's errors.
pub fn shown(error: Error) -> ApiError {
    if let Error::NotFound(id) = error {
        return ApiError::NotFound { what: format!("incident {id}") };
    }
    match trouble(&error) {
        Some((trouble, place)) => trouble.refused(&place, &error.to_string()),
        None => unavailable(&error),
    }
}

/// What is wrong, and the field of the form it is about or what it names; none of what belongs in the log.
fn trouble(error: &Error) -> Option<(IncidentTrouble, String)> {
    use IncidentTrouble as Trouble;
    let found: (IncidentTrouble, String) = match error {
        Error::Stale { .. } => (Trouble::Stale, String::new()),
        Error::Refused(refusal) => refused(refusal),
        Error::Empty { what } => (Trouble::Empty, field_of(what).to_owned()),
        Error::Large { what, .. } => {
            (if what.starts_with("the list") { Trouble::TooMany } else { Trouble::Long }, field_of(what).to_owned())
        }
        Error::NoLevel { .. } => (Trouble::NoLevel, "code".to_owned()),
        Error::NoPart { .. } => (Trouble::Gone, String::new()),
        Error::AlertTaken(alert, incident) => (Trouble::AlertTaken, format!("{alert} {incident}")),
        Error::AlertHeld(alert) => (Trouble::AlertTaken, alert.to_string()),
        Error::NoAlerts => (Trouble::NoAlerts, "alerts".to_owned()),
        Error::NoSuchPerson => (Trouble::NoPerson, "owner".to_owned()),
        Error::Over => (Trouble::Over, String::new()),
        Error::BadTime { way: "ahead of now", .. } => (Trouble::Ahead, "at".to_owned()),
        Error::BadTime { .. } => (Trouble::Moment, "at".to_owned()),
        Error::BadUrl => (Trouble::Address, "url".to_owned()),
        Error::NoRooms => (Trouble::NoRooms, String::new()),
        Error::HasRoom => (Trouble::HasRoom, String::new()),
        Error::NoGraph { .. } => (Trouble::Graph, "query".to_owned()),
        Error::BadScheme { .. } => (Trouble::Other, String::new()),
        Error::NotFound(_)
        | Error::Database(_)
        | Error::Corrupt { .. }
        | Error::Encode(_)
        | Error::Lease(_)
        | Error::World(_) => return None,
    };
    Some(found)
}

fn refused(refusal: &Refusal) -> (IncidentTrouble, String) {
    match refusal {
        Refusal::NotFrom { from, by } => (IncidentTrouble::NotFrom, format!("{} {}", from.as_str(), by.as_str())),
        Refusal::Already(status) => (IncidentTrouble::NotFrom, format!("{} {}", status.as_str(), status.as_str())),
        Refusal::Unfinished(missing) => (IncidentTrouble::Unfinished, missing_place(missing)),
        Refusal::NoReason(_) => (IncidentTrouble::NoReason, "reason".to_owned()),
        Refusal::IntoItself => (IncidentTrouble::IntoItself, "into".to_owned()),
        Refusal::TargetOver(status) => (IncidentTrouble::TargetOver, status.as_str().to_owned()),
    }
}

/// The field that the room calls so.
fn field_of(what: &str) -> &'static str {
    match what {
        "the title" | "the task" | "the follow-up" => "title",
        "the summary" => "summary",
        "the note" => "text",
        "the query" => "query",
        "the stretch" => "until",
        "the reason" => "reason",
        "the Japanese update" | "the update" => "ja",
        "the English update" => "en",
        "the address" | "the evidence" => "url",
        "the name of a system" | "the list of systems" => "systems",
        "the list of alerts" => "alerts",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::{AlertId, IncidentId};
    use model::incident::steps::Missing;
    use model::incident::{IncidentStatus, Move};

    fn field(error: Error) -> String {
        match shown(error) {
            ApiError::Invalid { field, .. } => field,
            other => panic!("{other} is no refusal of a field"),
        }
    }

    #[test]
    fn a_refusal_says_its_place_or_what_it_names() {
        let not_from = Refusal::NotFrom { from: IncidentStatus::Closed, by: Move::Resolve };
        assert_eq!(field(not_from.into()), "incident.not_from/closed resolve");
        let unfinished = Refusal::Unfinished(vec![Missing::Postmortem, Missing::Dates { n: 1 }]);
        assert_eq!(field(unfinished.into()), "incident.unfinished/postmortem,dates:1");
        assert_eq!(field(Error::Empty { what: "the note" }), "incident.empty/text");
        assert_eq!(field(Error::AlertTaken(AlertId(12), IncidentId(3))), "incident.alert_taken/A-12 I-3");
        assert_eq!(field(Error::AlertHeld(AlertId(12))), "incident.alert_taken/A-12", "of a private one there is no number");
        assert_eq!(field(Error::BadTime { what: "the moment", way: "ahead of now" }), "incident.ahead/at");
    }

    #[test]
    fn what_is_not_there_is_not_found_and_what_failed_is_not_told() {
        assert!(matches!(shown(Error::NotFound(IncidentId(3))), ApiError::NotFound { what } if what == "incident I-3"));
        assert_eq!(shown(Error::Database(sqlx::Error::PoolClosed)), ApiError::Unavailable);
    }
}
