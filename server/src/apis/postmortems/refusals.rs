//! What a screen may see of what was refused about postmortems, and where in a form it is put right.

use crate::apis::incidents::refusals;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::postmortems::form::PostmortemTrouble;
use documents::postmortems::Refused;
use documents::{Error, collab, pages};

/// What a screen may see of the room's errors.
pub fn shown(error: Error) -> ApiError {
    match &error {
        Error::Postmortems(Refused::NotFound(id)) => ApiError::NotFound { what: format!("postmortem {id}") },
        Error::Pages(pages::Refused::NotFound(id)) => ApiError::NotFound { what: format!("document {id}") },
        Error::Collab(collab::Refused::Unknown(id) | collab::Refused::Deleted(id)) => {
            ApiError::NotFound { what: format!("document {id}") }
        }
        Error::Postmortems(refused) => of_postmortems(refused, &error),
        Error::Collab(refused) => of_text(refused, &error),
        // Nobody has begun, and whoever asks may not.
        Error::Pages(pages::Refused::Right { .. } | pages::Refused::NoSpace(_)) => {
            PostmortemTrouble::ReadOnly.refused("", &error.to_string())
        }
        Error::Pages(_) | Error::Writing(_) => PostmortemTrouble::Other.refused("", &error.to_string()),
        Error::Db(_) | Error::Corrupt { .. } | Error::Encode(_) | Error::Lease(_) | Error::World(_) => unavailable(&error),
    }
}

fn of_postmortems(refused: &Refused, error: &Error) -> ApiError {
    use PostmortemTrouble as Trouble;
    let (trouble, place): (PostmortemTrouble, String) = match refused {
        Refused::NotFound(_) => (Trouble::Gone, String::new()),
        Refused::NotBegun(_) => (Trouble::NotBegun, String::new()),
        Refused::Stale { .. } => (Trouble::Stale, String::new()),
        Refused::NotFrom { state, act } => (Trouble::NotFrom, format!("{} {}", state.as_str(), act.as_str())),
        Refused::NoReason(_) => (Trouble::NoReason, "reason".to_owned()),
        Refused::NoReviewer => (Trouble::NoReviewer, "reviewers".to_owned()),
        Refused::NoSuchPerson => (Trouble::NoPerson, "owner".to_owned()),
        Refused::OwnApproval => (Trouble::OwnApproval, String::new()),
        Refused::OwnWaiver => (Trouble::OwnWaiver, String::new()),
        Refused::NotWaivable { code } => (Trouble::NotWaivable, code.clone()),
        Refused::ChangedSinceApproval { since, by } => (Trouble::Changed, format!("{} {}", since.0, by.join("、"))),
        Refused::NoGraphs(ids) => (Trouble::NoGraphs, ids.join("、")),
        Refused::Unwritten(titles) => (Trouble::Unwritten, titles.join("、")),
        Refused::Large { what, .. } => (Trouble::Long, field_of(what).to_owned()),
        Refused::BadPolicy => (Trouble::Other, String::new()),
        Refused::BadTime { what, way } => {
            (if way.starts_with("more than") { Trouble::Ahead } else { Trouble::Moment }, field_of(what).to_owned())
        }
        Refused::NoGraph { reason } => (Trouble::Graph, reason.clone()),
        Refused::NotPublished => (Trouble::NotPublished, String::new()),
        Refused::Private(_) => (Trouble::Private, String::new()),
    };
    trouble.refused(&place, &error.to_string())
}

fn of_text(refused: &collab::Refused, error: &Error) -> ApiError {
    match refused {
        collab::Refused::TooLarge { .. } => PostmortemTrouble::Long.refused("text", &error.to_string()),
        collab::Refused::BaseGone { .. } => PostmortemTrouble::TextGone.refused("text", &error.to_string()),
        collab::Refused::Unknown(_) | collab::Refused::Deleted(_) | collab::Refused::Later(_) => unavailable(error),
    }
}

/// The field that the room calls so.
fn field_of(what: &str) -> &'static str {
    match what {
        "the scope" => "scope",
        "a tag" | "the list of tags" => "tags",
        "the reason" => "reason",
        "the list of reviewers" => "reviewers",
        "the title" => "title",
        "the query" => "query",
        "the stretch" => "until",
        "the end of the link" => "days",
        _ => "",
    }
}

/// The same of what is to be done, which is the incidents' room's.
pub fn of_incidents(error: incidents::Error) -> ApiError {
    use PostmortemTrouble as Trouble;
    let (trouble, place): (PostmortemTrouble, &'static str) = match &error {
        incidents::Error::Stale { .. } => (Trouble::Stale, ""),
        incidents::Error::Empty { what: "the evidence" } => (Trouble::Evidence, "evidence"),
        incidents::Error::Empty { .. } => (Trouble::Empty, "title"),
        incidents::Error::Large { what: "the follow-up", .. } => (Trouble::Long, "title"),
        incidents::Error::Large { .. } => (Trouble::Long, ""),
        incidents::Error::NoSuchPerson => (Trouble::NoPerson, "owner"),
        incidents::Error::BadUrl => (Trouble::Address, ""),
        incidents::Error::NoPart { .. } => (Trouble::Gone, ""),
        _ => return refusals::shown(error),
    };
    trouble.refused(place, &error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;
    use model::ids::IncidentId;
    use model::postmortem::{Act, State};

    fn field(error: ApiError) -> String {
        match error {
            ApiError::Invalid { field, .. } => field,
            other => panic!("{other} is no refusal of a field"),
        }
    }

    #[test]
    fn a_refusal_says_its_place_or_what_it_names() {
        let of = |refused: Refused| field(shown(refused.into()));
        assert_eq!(of(Refused::NotFrom { state: State::Published, act: Act::Approve }), "postmortem.not_from/published approve");
        assert_eq!(
            of(Refused::Unwritten(vec!["影響".to_owned(), "学んだこと".to_owned()])),
            "postmortem.unwritten/影響、学んだこと"
        );
        assert_eq!(of(Refused::NoReason(Act::Waive)), "postmortem.no_reason/reason");
        let by: Vec<String> = vec!["佐藤 健".to_owned(), "鈴木".to_owned()];
        assert_eq!(of(Refused::ChangedSinceApproval { since: Time(7), by }), "postmortem.changed/7 佐藤 健、鈴木");
        assert_eq!(of(Refused::NoGraphs(vec!["12".to_owned(), "ab".to_owned()])), "postmortem.no_graphs/12、ab");
        assert_eq!(of(Refused::Large { what: "a tag", n: 61, max: 60 }), "postmortem.long/tags");
        assert_eq!(field(of_incidents(incidents::Error::Empty { what: "the evidence" })), "postmortem.evidence/evidence");
    }

    #[test]
    fn what_is_not_there_is_not_found_and_what_failed_is_not_told() {
        let lost = shown(Refused::NotFound(IncidentId(3)).into());
        assert!(matches!(lost, ApiError::NotFound { what } if what == "postmortem I-3"));
        assert_eq!(shown(Error::Db(sqlx::Error::PoolClosed)), ApiError::Unavailable);
    }
}
