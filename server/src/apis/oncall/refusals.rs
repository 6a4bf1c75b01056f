//! What a screen may see of what was refused about duties, and where in a form it is put right.

use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::error::Denial;
use ::api::oncall::form::DutyTrouble;
use oncall::Error;
use oncall::schedules::refused::Refused;

/// What a screen may see of the room's errors.
pub fn shown(error: Error) -> ApiError {
    match error {
        Error::Schedule(Refused::NoSchedule) => ApiError::NotFound { what: "schedule of that name".to_owned() },
        Error::Schedule(refused) => {
            let (trouble, field) = trouble(&refused);
            trouble.refused(field, &refused.to_string())
        }
        Error::NotAPerson => ApiError::Denied { reason: Denial::NotAPerson },
        other => unavailable(&other),
    }
}

/// What is wrong, and the field of the form it is about.
pub fn trouble(refused: &Refused) -> (DutyTrouble, &'static str) {
    match refused {
        Refused::Taken(_) => (DutyTrouble::Taken, "name"),
        Refused::Stale { .. } => (DutyTrouble::Stale, ""),
        Refused::Name(_) => (DutyTrouble::Name, "name"),
        Refused::Title(_) => (DutyTrouble::Title, "title_ja"),
        Refused::Zone(_) => (DutyTrouble::Zone, "zone"),
        Refused::NoCalendar(_) => (DutyTrouble::Calendar, "calendar"),
        Refused::Role(_) => (DutyTrouble::Role, "role"),
        Refused::MostHours => (DutyTrouble::MostHours, "most_hours"),
        Refused::TooManyLayers => (DutyTrouble::TooManyLayers, ""),
        Refused::BadLayer(_) => (DutyTrouble::Layer, ""),
        Refused::BadTurns(_) => (DutyTrouble::Turns, ""),
        Refused::Restrictions => (DutyTrouble::Times, ""),
        Refused::Members => (DutyTrouble::Members, ""),
        Refused::NoLayer => (DutyTrouble::NoLayer, ""),
        Refused::NoPerson(_) => (DutyTrouble::Person, "person"),
        Refused::Window(_) => (DutyTrouble::Window, "until"),
        Refused::Past => (DutyTrouble::Past, "until"),
        Refused::NotYours => (DutyTrouble::NotYours, ""),
        Refused::NotAResponder => (DutyTrouble::NotAResponder, "person"),
        Refused::EmptyOverride => (DutyTrouble::Empty, "person"),
        Refused::TooMany(_) | Refused::TooManySchedules => (DutyTrouble::TooMany, ""),
        Refused::NotOpen(_) => (DutyTrouble::NotOpen, ""),
        Refused::NothingThere => (DutyTrouble::NothingThere, "from"),
        Refused::Oneself => (DutyTrouble::Oneself, ""),
        Refused::PartOfASwap => (DutyTrouble::Part, ""),
        Refused::LongText(_) => (DutyTrouble::LongText, "reason"),
        Refused::FromACalendar => (DutyTrouble::FromCalendar, ""),
        Refused::NoFeed | Refused::Address(_) | Refused::NotFetched(_) | Refused::NoSource => (DutyTrouble::Address, ""),
        // What was there when the screen was drawn is gone by now: somebody was faster.
        Refused::NoOverride | Refused::NoSwap | Refused::NoLeave => (DutyTrouble::NotOpen, ""),
        _ => (DutyTrouble::Other, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::{shown, trouble};
    use ::api::ApiError;
    use ::api::oncall::form::DutyTrouble;
    use oncall::schedules::refused::Refused;

    #[test]
    fn a_refusal_says_its_place() {
        assert_eq!(trouble(&Refused::Zone("Mars".to_owned())), (DutyTrouble::Zone, "zone"));
        assert_eq!(trouble(&Refused::NoSwap), (DutyTrouble::NotOpen, ""));
        let ApiError::Invalid { field, .. } = shown(Refused::NotAResponder.into()) else { panic!("no refusal of a field") };
        assert_eq!(field, "duty.not_a_responder/person");
        assert!(matches!(shown(Refused::NoSchedule.into()), ApiError::NotFound { what } if what.starts_with("schedule ")));
    }
}
