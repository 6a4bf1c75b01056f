//! What people write about a schedule, and what is kept of it.

use super::refused::Refused;
use chrono_tz::Tz;
use model::Time;
use model::ids::{LayerId, PersonId};
use model::rota::local::DAY_S;
use model::rota::{DutyRole, Layer, Member, Mode, Restriction, Rotation, Schedule, Unit, Weekdays};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Schedules of one installation.
pub const MAX_SCHEDULES: usize = 500;
/// Layers that people write for one schedule.
pub const MAX_LAYERS: usize = 30;
/// Members of one rotation.
pub const MAX_MEMBERS: usize = 100;
/// People who have a turn together.
pub const MAX_GROUP: usize = 20;
/// Restrictions of one layer, and hours in which somebody is required.
pub const MAX_RESTRICTIONS: usize = 20;
/// Units of one turn: more hours than a year has.
pub const MAX_EVERY: u32 = 9_000;
/// Ranks and offsets beyond this are typing errors.
pub const MAX_RANK: i32 = 1_000;
/// Characters of a name or a title.
pub const MAX_NAME: usize = 64;
/// On call for longer than this in seven days is told, where nobody says otherwise: as before somebody says anything, a whole week.
pub const USUAL_MOST_HOURS: u32 = 168;
/// The calendar of whoever names none: public holidays of Japan.
pub const JAPAN: &str = "japan";
/// A calendar without holidays.
pub const NO_HOLIDAYS: &str = "none";

/// A schedule's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScheduleId(pub Uuid);

impl fmt::Display for ScheduleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ScheduleId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A schedule as people write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What policies and files call it: letters, digits, - and _. Never changes.
    pub name: String,
    /// What people read; may be empty, then the name is read.
    pub title_ja: String,
    pub title_en: String,
    /// The name of the team that looks after it.
    pub owner: Option<String>,
    /// An IANA name.
    pub zone: String,
    /// The name of a calendar of holidays: [`JAPAN`], [`NO_HOLIDAYS`] or one that was made here.
    pub calendar: String,
    /// When somebody must be there, on the clock of `zone`. Empty: always.
    pub required: Vec<Restriction>,
    /// On call for more hours than this in seven days is told.
    pub most_hours: u32,
    pub layers: Vec<LayerDraft>,
}

impl Definition {
    /// A schedule of nobody.
    #[must_use]
    pub fn empty(name: &str, zone: &str) -> Self {
        Self {
            name: name.to_owned(),
            title_ja: String::new(),
            title_en: String::new(),
            owner: None,
            zone: zone.to_owned(),
            calendar: JAPAN.to_owned(),
            required: Vec::new(),
            most_hours: USUAL_MOST_HOURS,
            layers: Vec::new(),
        }
    }

    /// Everybody who takes turns in it, each once.
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        let members = self.layers.iter().flat_map(|layer| &layer.rotation.members);
        let people: BTreeSet<PersonId> = members.flat_map(of_member).collect();
        people.into_iter().collect()
    }

    /// The same with blanks taken away around what people typed.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let owner: Option<String> = self.owner.as_ref().map(|owner| owner.trim().to_owned());
        let layers = self.layers.iter().map(|layer| LayerDraft { name: layer.name.trim().to_owned(), ..layer.clone() });
        Self {
            name: self.name.trim().to_owned(),
            title_ja: self.title_ja.trim().to_owned(),
            title_en: self.title_en.trim().to_owned(),
            owner: owner.filter(|owner| !owner.is_empty()),
            layers: layers.collect(),
            ..self.clone()
        }
    }

    /// What is wrong with it, as far as that can be told without asking anybody.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), Refused> {
        check_name(&self.name)?;
        check_title(&self.title_ja)?;
        check_title(&self.title_en)?;
        check_title(self.owner.as_deref().unwrap_or_default())?;
        check_zone(&self.zone)?;
        check_restrictions(&self.required)?;
        if self.most_hours == 0 || self.most_hours > USUAL_MOST_HOURS {
            return Err(Refused::MostHours);
        }
        if self.layers.len() > MAX_LAYERS {
            return Err(Refused::TooManyLayers);
        }
        self.layers.iter().try_for_each(LayerDraft::check)
    }
}

/// A layer as people write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerDraft {
    /// The layer it goes on from, as [`ScheduleRow::definition`] has it; without one it is new.
    pub id: Option<LayerId>,
    /// What people call it; may be empty.
    pub name: String,
    pub role: DutyRole,
    pub rank: i32,
    pub mode: Mode,
    /// It counts from here on only, and until there only: for a time that somebody knows before. Without them, from when it is put in
    /// force until somebody changes it.
    pub from: Option<Time>,
    pub until: Option<Time>,
    pub rotation: Rotation,
    pub restrictions: Vec<Restriction>,
}

impl LayerDraft {
    /// Whether both say the same, whichever layers they go on from.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self { id: None, ..self.clone() } == Self { id: None, ..other.clone() }
    }

    fn check(&self) -> Result<(), Refused> {
        let rotation: &Rotation = &self.rotation;
        check_title(&self.name)?;
        check_role(&self.role)?;
        check_zone(&rotation.zone)?;
        check_restrictions(&self.restrictions)?;
        let is_span: bool = self.from.is_none_or(|from| self.until.is_none_or(|until| from < until));
        let is_near = |number: i32| (-MAX_RANK..=MAX_RANK).contains(&number);
        if !is_near(self.rank) || !is_near(rotation.offset) || !is_span {
            return Err(Refused::BadLayer(self.name.clone()));
        }
        if rotation.every == 0 || rotation.every > most(rotation.unit) || rotation.anchor != rotation.anchor.held() {
            return Err(Refused::BadTurns(self.name.clone()));
        }
        check_members(&rotation.members)
    }
}

/// A year, in each unit.
fn most(unit: Unit) -> u32 {
    match unit {
        Unit::Hour => MAX_EVERY,
        Unit::Day => 366,
        Unit::Week => 53,
        Unit::Month => 12,
    }
}

/// A schedule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    pub id: ScheduleId,
    /// What holds from now on unless somebody changes it: each layer with its id, those too that are still to come.
    pub definition: Definition,
    /// Every layer that is not over, those too that a change has closed already and that still run.
    pub layers: Vec<LayerRow>,
    /// Grows with every change of the definition; who changes it names the one they looked at.
    pub version: i64,
    /// Grows with everything that may change who is on call.
    pub revision: i64,
    pub revised_at: Time,
    /// Came with files; the next files that don't have it take it away.
    pub is_from_file: bool,
    pub changed_by: String,
    pub changed_at: Time,
    /// What was before this is written down and never changes.
    pub final_until: Time,
}

impl ScheduleRow {
    /// What people read in a language.
    #[must_use]
    pub fn title(&self, is_japanese: bool) -> &str {
        let title: &str = if is_japanese { &self.definition.title_ja } else { &self.definition.title_en };
        if title.is_empty() { &self.definition.name } else { title }
    }

    /// As the maths takes it.
    #[must_use]
    pub fn model(&self) -> Schedule {
        Schedule {
            zone: self.definition.zone.clone(),
            layers: self.layers.iter().map(|row| row.layer.clone()).collect(),
            required: self.definition.required.clone(),
        }
    }

    /// The same without layers that a change has closed already: what somebody could still mend.
    #[must_use]
    pub fn lasting(&self) -> Schedule {
        let live = self.layers.iter().filter(|row| !row.is_closed);
        Schedule { layers: live.map(|row| row.layer.clone()).collect(), ..self.model() }
    }
}

/// A layer as it is kept: closed, never edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerRow {
    pub layer: Layer,
    pub name: String,
    /// The same for a layer and for those that took its place.
    pub line: Uuid,
    /// As drafted.
    pub from: Option<Time>,
    pub until: Option<Time>,
    /// A change closed it: it runs until [`Layer::effective_until`], and is no part of the definition any more.
    pub is_closed: bool,
}

impl LayerRow {
    /// As people would write it.
    #[must_use]
    pub fn draft(&self) -> LayerDraft {
        let layer: &Layer = &self.layer;
        LayerDraft {
            id: Some(layer.id),
            name: self.name.clone(),
            role: layer.role.clone(),
            rank: layer.rank,
            mode: layer.mode,
            from: self.from,
            until: self.until,
            rotation: layer.rotation.clone(),
            restrictions: layer.restrictions.clone(),
        }
    }
}

/// The word of a role in the database, in files and in policies.
#[must_use]
pub fn role_word(role: &DutyRole) -> &str {
    match role {
        DutyRole::Primary => "primary",
        DutyRole::Secondary => "secondary",
        DutyRole::Shadow => "shadow",
        DutyRole::Custom(word) => word,
    }
}

/// The role of a word: any other word is a team's own.
#[must_use]
pub fn role_of(word: &str) -> DutyRole {
    match word.trim() {
        "primary" => DutyRole::Primary,
        "secondary" => DutyRole::Secondary,
        "shadow" => DutyRole::Shadow,
        own => DutyRole::Custom(own.to_owned()),
    }
}

/// The people of a member.
#[must_use]
pub fn of_member(member: &Member) -> Vec<PersonId> {
    match member {
        Member::Person(person) => vec![*person],
        Member::Group(people) => people.clone(),
        Member::Nobody => Vec::new(),
    }
}

/// Whether a name can stand in addresses, in routes and in policies.
pub(super) fn check_name(name: &str) -> Result<(), Refused> {
    let n: usize = name.chars().count();
    let is_letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    if (1..=MAX_NAME).contains(&n) && name.chars().all(is_letter) { Ok(()) } else { Err(Refused::Name(shortened(name))) }
}

/// What people read, empty or short.
pub(super) fn check_title(title: &str) -> Result<(), Refused> {
    let is_short: bool = title.chars().count() <= MAX_NAME && !title.chars().any(char::is_control);
    if is_short { Ok(()) } else { Err(Refused::Title(shortened(title))) }
}

pub(super) fn check_zone(zone: &str) -> Result<(), Refused> {
    zone.parse::<Tz>().map(drop).map_err(|_| Refused::Zone(shortened(zone)))
}

pub(super) fn check_role(role: &DutyRole) -> Result<(), Refused> {
    let word: &str = role_word(role);
    let is_word: bool = !word.is_empty() && word.trim() == word && word.chars().count() <= MAX_NAME;
    if is_word && !word.chars().any(char::is_control) { Ok(()) } else { Err(Refused::Role(shortened(word))) }
}

fn check_restrictions(restrictions: &[Restriction]) -> Result<(), Refused> {
    let is_good = |restriction: &Restriction| {
        i64::from(restriction.start_s) < DAY_S
            && i64::from(restriction.end_s) <= DAY_S
            && restriction.weekdays.0 <= Weekdays::ALL.0
    };
    if restrictions.len() <= MAX_RESTRICTIONS && restrictions.iter().all(is_good) { Ok(()) } else { Err(Refused::Restrictions) }
}

fn check_members(members: &[Member]) -> Result<(), Refused> {
    let is_good = |member: &Member| !matches!(member, Member::Group(people) if people.is_empty() || people.len() > MAX_GROUP);
    if members.len() <= MAX_MEMBERS && members.iter().all(is_good) { Ok(()) } else { Err(Refused::Members) }
}

/// For messages: what somebody typed, not all of it.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(MAX_NAME).collect()
}
