//! A schedule as a form has it, and everything that can be wrong with what is written about duties.

use super::PersonName;
use super::schedule::PreviewView;
use crate::error::{ApiError, Expected};
use crate::text::Text;
use figures::Zone;
use model::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A schedule as a form has it: field (`title_ja`, `layer.0.role`, `layer.0.member.2`) to text. What is not there is empty.
pub type ScheduleForm = BTreeMap<String, String>;

/// Which form to show: of a schedule, or an empty one; `draft` is what stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScheduleFormAsk {
    /// Empty for a new one.
    pub name: String,
    #[serde(default)]
    pub draft: ScheduleForm,
    /// The version that the draft was begun from.
    pub version: Option<i64>,
}

/// A form, ready to be filled in, with what it would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScheduleFormView {
    /// Of the schedule that is changed; `None` for a new one.
    pub name: Option<String>,
    pub title: Text,
    pub form: ScheduleForm,
    pub version: Option<i64>,
    pub is_from_file: bool,
    /// How many layers the form shows, empty ones to fill in among them.
    pub n_layers: usize,
    /// How many members each of them shows.
    pub n_members: Vec<usize>,
    pub people: Vec<PersonName>,
    pub teams: Vec<String>,
    pub zones: Vec<String>,
    /// Calendars of holidays.
    pub calendars: Vec<String>,
    pub wrong: Vec<FieldTrouble>,
    /// Set where something was written that can be read.
    pub preview: Option<PreviewView>,
    /// When the change would begin.
    pub begins: Option<Time>,
    pub zone: Zone,
    pub can_edit: bool,
}

/// Something wrong, at a field of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldTrouble {
    /// Empty where it is about the whole.
    pub field: String,
    pub trouble: DutyTrouble,
    /// A word of the writer's that it is about; may be empty.
    pub found: String,
}

/// What can be wrong with something about duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DutyTrouble {
    /// Somebody else changed it meanwhile.
    Stale,
    /// The name is taken.
    Taken,
    Name,
    Title,
    Zone,
    /// No such calendar of holidays.
    Calendar,
    Role,
    MostHours,
    /// A number that is none, or out of its bounds.
    Number,
    TooManyLayers,
    /// A rank, an offset or a time that can't be.
    Layer,
    Turns,
    /// No moment where one should stand.
    Moment,
    /// Times of a day that are none.
    Times,
    Members,
    /// The schedule has no such layer any more.
    NoLayer,
    /// A beginning that is not before its end, or too far from it.
    Window,
    Past,
    NotYours,
    NotAResponder,
    /// Nobody is chosen, or somebody nobody knows.
    Person,
    /// An override that changes nothing.
    Empty,
    TooMany,
    /// Somebody was faster.
    NotOpen,
    NothingThere,
    Oneself,
    Part,
    LongText,
    /// It comes from a calendar, and is changed there.
    FromCalendar,
    /// No address of a calendar.
    Address,
    /// What else the room says.
    Other,
}

impl DutyTrouble {
    /// Each with its word.
    pub const ALL: [(Self, &str); 31] = [
        (Self::Stale, "duty.stale"),
        (Self::Taken, "duty.taken"),
        (Self::Name, "duty.name"),
        (Self::Title, "duty.title"),
        (Self::Zone, "duty.zone"),
        (Self::Calendar, "duty.calendar"),
        (Self::Role, "duty.role"),
        (Self::MostHours, "duty.most_hours"),
        (Self::Number, "duty.number"),
        (Self::TooManyLayers, "duty.too_many_layers"),
        (Self::Layer, "duty.layer"),
        (Self::Turns, "duty.turns"),
        (Self::Moment, "duty.moment"),
        (Self::Times, "duty.times"),
        (Self::Members, "duty.members"),
        (Self::NoLayer, "duty.no_layer"),
        (Self::Window, "duty.window"),
        (Self::Past, "duty.past"),
        (Self::NotYours, "duty.not_yours"),
        (Self::NotAResponder, "duty.not_a_responder"),
        (Self::Person, "duty.person"),
        (Self::Empty, "duty.empty"),
        (Self::TooMany, "duty.too_many"),
        (Self::NotOpen, "duty.not_open"),
        (Self::NothingThere, "duty.nothing_there"),
        (Self::Oneself, "duty.oneself"),
        (Self::Part, "duty.part"),
        (Self::LongText, "duty.long_text"),
        (Self::FromCalendar, "duty.from_calendar"),
        (Self::Address, "duty.address"),
        (Self::Other, "duty.other"),
    ];

    /// As it crosses the door: the word, a slash and the field of the form; what was expected is said in English for programs.
    #[must_use]
    pub fn field(self, field: &str) -> String {
        let word: &str = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("duty", |(_, word)| *word);
        if field.is_empty() { word.to_owned() } else { format!("{word}/{field}") }
    }

    /// The refusal of something as a whole, or of one field.
    #[must_use]
    pub fn refused(self, field: &str, expected: &str) -> ApiError {
        ApiError::Invalid { field: self.field(field), expected: Expected::other(expected) }
    }

    /// What the field of a refusal is about, and the field of the form, if it is one of these.
    #[must_use]
    pub fn of(field: &str) -> Option<(Self, &str)> {
        let (word, place) = field.split_once('/').unwrap_or((field, ""));
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(trouble, _)| (*trouble, place))
    }
}

#[cfg(test)]
mod tests {
    use super::DutyTrouble;
    use crate::ApiError;

    #[test]
    fn every_trouble_comes_back_from_its_refusal_with_its_place() {
        for (trouble, word) in DutyTrouble::ALL {
            let ApiError::Invalid { field, .. } = trouble.refused("layer.0.members", "something else") else { panic!("{word}") };
            assert_eq!(DutyTrouble::of(&field), Some((trouble, "layer.0.members")), "{word}");
            assert_eq!(DutyTrouble::of(&trouble.field("")), Some((trouble, "")), "{word}");
        }
        assert_eq!(DutyTrouble::of("silence.matchers"), None);
    }
}
