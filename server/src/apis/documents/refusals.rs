//! What a screen may see of what was refused about documents, and where in a form it is put right.

use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::documents::form::DocumentTrouble;
use documents::{Error, collab, pages, writing};

/// What a screen may see of the room's errors.
pub fn shown(error: Error) -> ApiError {
    match &error {
        Error::Pages(pages::Refused::NotFound(id)) => return ApiError::NotFound { what: format!("document {id}") },
        Error::Pages(pages::Refused::NoRun(run)) => return ApiError::NotFound { what: format!("run {run}") },
        Error::Collab(collab::Refused::Unknown(id) | collab::Refused::Deleted(id)) => {
            return ApiError::NotFound { what: format!("document {id}") };
        }
        _ => {}
    }
    match trouble(&error) {
        Some((trouble, place)) => trouble.refused(place, &error.to_string()),
        None => unavailable(&error),
    }
}

/// What is wrong, and the field of the form it is about; none of what belongs in the log.
fn trouble(error: &Error) -> Option<(DocumentTrouble, &'static str)> {
    match error {
        Error::Pages(refused) => Some(of_pages(refused)),
        Error::Writing(refused) => Some(of_writing(refused)),
        Error::Collab(refused) => Some((of_collab(refused), "")),
        Error::Postmortems(_) => Some((DocumentTrouble::Other, "")),
        Error::Db(_) | Error::Corrupt { .. } | Error::Encode(_) | Error::Lease(_) | Error::World(_) => None,
    }
}

fn of_pages(refused: &pages::Refused) -> (DocumentTrouble, &'static str) {
    use DocumentTrouble as Trouble;
    use pages::Refused;
    match refused {
        Refused::Stale { .. } | Refused::StaleSpace { .. } => (Trouble::Stale, ""),
        Refused::Right { .. } => (Trouble::NoRight, ""),
        Refused::Empty { what } => (Trouble::Empty, field_of(what)),
        Refused::Large { what, .. } => {
            (if what.starts_with("the list") { Trouble::TooMany } else { Trouble::Long }, field_of(what))
        }
        Refused::Circle => (Trouble::Circle, "parent"),
        Refused::Deep { .. } => (Trouble::Deep, "parent"),
        Refused::SlugTaken { .. } => (Trouble::SlugTaken, "slug"),
        Refused::BadSlug { .. } => (Trouble::BadSlug, "slug"),
        Refused::SpaceNotEmpty => (Trouble::SpaceNotEmpty, ""),
        Refused::NotTrashed => (Trouble::NotTrashed, ""),
        Refused::KeptForIncident => (Trouble::KeptForIncident, ""),
        Refused::BadFile { .. } => (Trouble::BadFile, "file"),
        Refused::Unkept { .. } => (Trouble::Unkept, "file"),
        Refused::BadZip { .. } => (Trouble::BadZip, "file"),
        Refused::BadInterval { .. } => (Trouble::Interval, "every_days"),
        Refused::NoSuchPerson => (Trouble::NoPerson, "person"),
        Refused::NoSteps => (Trouble::NoSteps, ""),
        Refused::RunOver { .. } => (Trouble::RunOver, ""),
        Refused::NotFound(_) | Refused::NoSpace(_) | Refused::NoAttachment(_) | Refused::NoRun(_) | Refused::NoStep { .. } => {
            (Trouble::Gone, "")
        }
        Refused::Busy => (Trouble::Busy, ""),
        Refused::Unknown { .. } => (Trouble::Other, ""),
    }
}

fn of_writing(refused: &writing::Refused) -> (DocumentTrouble, &'static str) {
    use DocumentTrouble as Trouble;
    use writing::Refused;
    match refused {
        Refused::NoRevision(_) | Refused::NoThread(_) | Refused::NoComment(_) | Refused::NoSuggestion(_) => (Trouble::Gone, ""),
        Refused::OtherDocument(_) => (Trouble::Gone, ""),
        Refused::Empty { what } => (Trouble::Empty, field_of(what)),
        Refused::Large { what, .. } => (Trouble::Long, field_of(what)),
        Refused::Full { .. } => (Trouble::TooMany, ""),
        Refused::BadAnchor => (Trouble::Anchor, "quoted"),
        Refused::NothingThere => (Trouble::NothingThere, "quoted"),
        Refused::NoChange => (Trouble::NoChange, "replacement"),
        Refused::Outdated { .. } => (Trouble::Outdated, ""),
        Refused::Settled { .. } => (Trouble::Settled, ""),
        Refused::Resolved(_) => (Trouble::Resolved, ""),
        Refused::NotOwn => (Trouble::NotOwn, ""),
        Refused::NoSuchPerson(_) => (Trouble::NoPerson, "body"),
    }
}

fn of_collab(refused: &collab::Refused) -> DocumentTrouble {
    match refused {
        collab::Refused::Unknown(_) | collab::Refused::Deleted(_) => DocumentTrouble::Gone,
        collab::Refused::TooLarge { .. } => DocumentTrouble::TooLarge,
        collab::Refused::BaseGone { .. } => DocumentTrouble::BaseGone,
        collab::Refused::Later(_) => DocumentTrouble::Later,
    }
}

/// The field that the room calls so.
fn field_of(what: &str) -> &'static str {
    match what {
        "the title" => "title",
        "the Japanese title" => "title_ja",
        "the English title" => "title_en",
        "the list of labels" => "labels",
        "the list of alerts" => "alertnames",
        "the list of paths" => "watch_paths",
        "the list of teams" => "teams",
        "the name of the alert" => "alertname",
        "the name of the file" => "file",
        "how it should be" => "instead",
        "the note" => "note",
        "the comment" => "body",
        "the replacement" => "replacement",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::DocumentId;

    fn field(error: Error) -> String {
        match shown(error) {
            ApiError::Invalid { field, .. } => field,
            other => panic!("{other} is no refusal of a field"),
        }
    }

    #[test]
    fn a_refusal_says_its_place() {
        assert_eq!(field(pages::Refused::Empty { what: "the title" }.into()), "document.empty/title");
        assert_eq!(field(pages::Refused::SlugTaken { slug: "a".to_owned() }.into()), "document.slug_taken/slug");
        assert_eq!(field(writing::Refused::NothingThere.into()), "document.nothing_there/quoted");
    }

    #[test]
    fn what_is_not_there_is_not_found_and_what_failed_is_not_told() {
        let id = DocumentId(uuid::Uuid::nil());
        assert!(matches!(shown(pages::Refused::NotFound(id).into()), ApiError::NotFound { .. }));
        assert!(matches!(shown(collab::Refused::Deleted(id).into()), ApiError::NotFound { .. }));
        assert_eq!(shown(Error::Db(sqlx::Error::PoolClosed)), ApiError::Unavailable);
    }
}
