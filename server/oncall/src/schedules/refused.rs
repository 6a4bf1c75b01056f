//! Why something about a schedule was not done. All of it is safe to show, and each says what was expected.

use super::definition::{MAX_GROUP, MAX_LAYERS, MAX_MEMBERS, MAX_NAME, MAX_RESTRICTIONS, MAX_SCHEDULES, USUAL_MOST_HOURS};
use model::holidays::csv::BadFile;
use model::ical::reading::NotRead;
use model::ids::PersonId;

/// What is wrong, or in the way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the schedule was not found")]
    NoSchedule,
    #[error("there is a schedule named {0:?} already")]
    Taken(String),
    #[error("the schedule was changed meanwhile: version {found} was expected to be {expected}")]
    Stale { expected: i64, found: i64 },
    #[error("there may be {MAX_SCHEDULES} schedules")]
    TooManySchedules,
    #[error("expected a name of 1 to {MAX_NAME} letters, digits, - and _, found {0:?}")]
    Name(String),
    #[error("expected at most {MAX_NAME} characters on one line, found {0:?}")]
    Title(String),
    #[error("{0:?} is no time zone: expected an IANA name such as Asia/Tokyo")]
    Zone(String),
    #[error("expected the name of a calendar of holidays, found {0:?}")]
    NoCalendar(String),
    #[error("expected a role such as primary, found {0:?}")]
    Role(String),
    #[error("expected 1 to {USUAL_MOST_HOURS} hours in seven days")]
    MostHours,
    #[error("a schedule may have {MAX_LAYERS} layers")]
    TooManyLayers,
    #[error("the layer {0:?} has a rank, an offset or a time that can't be")]
    BadLayer(String),
    #[error("the layer {0:?} has turns of a length that can't be: expected 1 or more units, a year at most")]
    BadTurns(String),
    #[error("expected at most {MAX_RESTRICTIONS} times, each from 0:00 to 24:00")]
    Restrictions,
    #[error("expected at most {MAX_MEMBERS} members, and 1 to {MAX_GROUP} people in a group")]
    Members,
    #[error("the schedule has no such layer any more: look at it again")]
    NoLayer,
    #[error("nobody has the id {0}")]
    NoPerson(PersonId),
    #[error("expected a beginning before an end, at most {0} days apart")]
    Window(i64),
    #[error("that time is over: what has been doesn't change")]
    Past,
    #[error("only an editor may do this for others")]
    NotYours,
    #[error("only a responder can be put on call")]
    NotAResponder,
    #[error("the override was not found, or is over")]
    NoOverride,
    #[error("it comes from a calendar: change it there, or detach the calendar")]
    FromACalendar,
    #[error("expected somebody whom the override puts on call or takes away")]
    EmptyOverride,
    #[error("there may be {0} of them")]
    TooMany(usize),
    #[error("the request was not found")]
    NoSwap,
    /// Somebody was faster. The request says how it stands.
    #[error("it is not open any more: it is {0}")]
    NotOpen(&'static str),
    #[error("nothing of that time is theirs")]
    NothingThere,
    #[error("one can't take one's own")]
    Oneself,
    #[error("what is asked in return can't be had for a part")]
    PartOfASwap,
    #[error("the leave was not found")]
    NoLeave,
    #[error("expected at most {0} characters")]
    LongText(usize),
    #[error("the calendar {0:?} can't be changed or removed: it is the house's, or a schedule keeps it")]
    CalendarHeld(String),
    #[error("{0}")]
    Holidays(#[from] BadFile),
    #[error("the file is neither UTF-8 nor code page 932")]
    Encoding,
    #[error("the day off was not found")]
    NoDay,
    #[error("the address for calendars was not found")]
    NoFeed,
    #[error("the calendar was not found")]
    NoSource,
    #[error("{0}")]
    Calendar(#[from] NotRead),
    #[error("expected an address that begins with https:// or http://, found {0:?}")]
    Address(String),
    #[error("the calendar could not be fetched: {0}")]
    NotFetched(String),
}

impl Refused {
    /// Whether somebody else was faster: the screen shows how it stands now (409).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Stale { .. } | Self::Taken(_) | Self::NotOpen(_) | Self::NoLayer)
    }
}
