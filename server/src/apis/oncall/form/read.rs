//! The fields of a form as a schedule, with everything in them that can't be read. Pure.

use super::super::asked::{moment, role};
use super::print::{DAYS, time};
use ::api::oncall::form::{DutyTrouble, FieldTrouble, ScheduleForm};
use chrono_tz::Tz;
use model::Time;
use model::ids::{LayerId, PersonId};
use model::rota::local::{DAY_S, Local};
use model::rota::offsets::Offsets;
use model::rota::{AdvanceOn, DutyRole, Member, Mode, OnHoliday, Restriction, RestrictionKind, Rotation, Unit, Weekdays};
use oncall::schedules::change::Effective;
use oncall::schedules::definition::{Definition, JAPAN, LayerDraft, MAX_LAYERS, MAX_MEMBERS, MAX_RESTRICTIONS, USUAL_MOST_HOURS};
use std::collections::BTreeSet;

/// What a form says.
#[derive(Debug)]
pub struct Written {
    pub definition: Definition,
    pub effective: Effective,
}

/// A form that is read.
pub struct Reader<'a> {
    pub form: &'a ScheduleForm,
    /// The schedule that is changed.
    pub before: Option<&'a Definition>,
    pub zone: &'a str,
    /// Of `zone`.
    pub clock: &'a Offsets,
    pub now: Time,
}

/// A name that is an address of the form itself.
const TAKEN: [&str; 2] = ["new", "edit"];

impl Reader<'_> {
    /// Everything, or all that is wrong.
    pub fn read(&self) -> Result<Written, Vec<FieldTrouble>> {
        let mut wrong: Vec<FieldTrouble> = Vec::new();
        let name: String = self.name(&mut wrong);
        if self.zone.parse::<Tz>().is_err() {
            wrong.push(self.wrong("zone", DutyTrouble::Zone));
        }
        let most_hours: u32 = self.number("most_hours", USUAL_MOST_HOURS, DutyTrouble::MostHours, &mut wrong);
        let required: &[Restriction] = self.before.map(|before| before.required.as_slice()).unwrap_or_default();
        let required: Vec<Restriction> = self.times("required", required, &mut wrong);
        let layers: Vec<LayerDraft> = layers(self.form).into_iter().filter_map(|index| self.layer(index, &mut wrong)).collect();
        let effective: Effective = self.effective(&mut wrong);
        let calendar: &str = self.text("calendar");
        let definition = Definition {
            name,
            title_ja: self.text("title_ja").to_owned(),
            title_en: self.text("title_en").to_owned(),
            owner: Some(self.text("owner").to_owned()).filter(|owner| !owner.is_empty()),
            zone: self.zone.to_owned(),
            calendar: if calendar.is_empty() { JAPAN.to_owned() } else { calendar.to_owned() },
            required,
            most_hours,
            layers,
        };
        if wrong.is_empty() { Ok(Written { definition, effective }) } else { Err(wrong) }
    }

    fn text(&self, field: &str) -> &str {
        self.form.get(field).map_or("", |text| text.trim())
    }

    fn wrong(&self, field: &str, trouble: DutyTrouble) -> FieldTrouble {
        FieldTrouble { field: field.to_owned(), trouble, found: self.text(field).chars().take(60).collect() }
    }

    fn name(&self, wrong: &mut Vec<FieldTrouble>) -> String {
        if let Some(before) = self.before {
            return before.name.clone();
        }
        let name: &str = self.text("name");
        if name.is_empty() || TAKEN.contains(&name) {
            wrong.push(self.wrong("name", DutyTrouble::Name));
        }
        name.to_owned()
    }

    /// A number; `usual` where nothing is written.
    fn number<N: std::str::FromStr>(&self, field: &str, usual: N, trouble: DutyTrouble, wrong: &mut Vec<FieldTrouble>) -> N {
        match self.text(field) {
            "" => usual,
            text => text.parse::<N>().unwrap_or_else(|_| {
                wrong.push(self.wrong(field, trouble));
                usual
            }),
        }
    }

    fn effective(&self, wrong: &mut Vec<FieldTrouble>) -> Effective {
        match self.text("begins") {
            "now" => Effective::At(self.now),
            "at" => match moment(self.text("begins_at"), self.clock, "begins_at") {
                Ok(at) => Effective::At(at),
                Err((trouble, field)) => {
                    wrong.push(self.wrong(field, trouble));
                    Effective::NextHandoff
                }
            },
            _ => Effective::NextHandoff,
        }
    }

    /// One layer; nothing of one that is ended, and of one that nobody has filled in.
    fn layer(&self, index: usize, wrong: &mut Vec<FieldTrouble>) -> Option<LayerDraft> {
        let at = |field: &str| format!("layer.{index}.{field}");
        let id: Option<LayerId> = self.text(&at("id")).parse().ok();
        let members: Vec<Member> = self.members(index, wrong);
        if self.text(&at("remove")) == "true" || (id.is_none() && members.is_empty()) {
            return None;
        }
        if members.is_empty() {
            wrong.push(self.wrong(&at("members"), DutyTrouble::Members));
        }
        let before: Option<&LayerDraft> =
            self.before.and_then(|before| before.layers.iter().find(|layer| layer.id.is_some() && layer.id == id));
        let restrictions: &[Restriction] = before.map(|layer| layer.restrictions.as_slice()).unwrap_or_default();
        Some(LayerDraft {
            id,
            name: self.text(&at("name")).to_owned(),
            role: self.role(index, wrong),
            rank: self.number(&at("rank"), 1, DutyTrouble::Number, wrong),
            mode: if self.text(&at("mode")) == "add" { Mode::Add } else { Mode::Cut },
            from: self.moment(&at("from"), wrong),
            until: self.moment(&at("until"), wrong),
            rotation: self.rotation(index, members, wrong),
            restrictions: self.times(&at("time"), restrictions, wrong),
        })
    }

    fn role(&self, index: usize, wrong: &mut Vec<FieldTrouble>) -> DutyRole {
        let word: &str = self.text(&format!("layer.{index}.role"));
        let own: String = format!("layer.{index}.own_role");
        let (word, field): (&str, String) = match word {
            "own" => (self.text(&own), own),
            "" => ("primary", String::new()),
            word => (word, String::new()),
        };
        role(word).unwrap_or_else(|(trouble, _)| {
            wrong.push(self.wrong(&field, trouble));
            DutyRole::Primary
        })
    }

    /// A moment that may stay away.
    fn moment(&self, field: &str, wrong: &mut Vec<FieldTrouble>) -> Option<Time> {
        match self.text(field) {
            "" => None,
            text => moment(text, self.clock, "").map_err(|(trouble, _)| wrong.push(self.wrong(field, trouble))).ok(),
        }
    }

    fn rotation(&self, index: usize, members: Vec<Member>, wrong: &mut Vec<FieldTrouble>) -> Rotation {
        let at = |field: &str| format!("layer.{index}.{field}");
        let anchor: Local = self.text(&at("anchor")).parse().unwrap_or_else(|_| {
            wrong.push(self.wrong(&at("anchor"), DutyTrouble::Moment));
            Local::default()
        });
        let zone: &str = self.text(&at("zone"));
        if !zone.is_empty() && zone.parse::<Tz>().is_err() {
            wrong.push(self.wrong(&at("zone"), DutyTrouble::Zone));
        }
        Rotation {
            unit: unit(self.text(&at("unit"))),
            every: self.number(&at("every"), 1, DutyTrouble::Number, wrong),
            anchor,
            zone: if zone.is_empty() { self.zone.to_owned() } else { zone.to_owned() },
            members,
            offset: self.number(&at("offset"), 0, DutyTrouble::Number, wrong),
            advance_on: if self.text(&at("advance_on")) == "worked_shift" { AdvanceOn::WorkedShift } else { AdvanceOn::Period },
            on_holiday: on_holiday(self.text(&at("on_holiday"))),
        }
    }

    fn members(&self, layer: usize, wrong: &mut Vec<FieldTrouble>) -> Vec<Member> {
        let mut found: Vec<Member> = Vec::new();
        for index in members(self.form, layer) {
            let field: String = format!("layer.{layer}.member.{index}");
            match member(self.text(&field)) {
                Some(one) => found.push(one),
                None => wrong.push(self.wrong(&field, DutyTrouble::Person)),
            }
        }
        found
    }

    /// The times under a key. One that says what it said before is what it was before: the end of a day is written in two ways.
    fn times(&self, under: &str, before: &[Restriction], wrong: &mut Vec<FieldTrouble>) -> Vec<Restriction> {
        let mut found: Vec<Restriction> = Vec::new();
        for index in indexes(self.form, &format!("{under}."), MAX_RESTRICTIONS) {
            let at: String = format!("{under}.{index}");
            let Some(kind) = kind(self.text(&format!("{at}.kind"))) else { continue };
            let (start, end): (Option<u32>, Option<u32>) =
                (clock_s(self.text(&format!("{at}.start"))), clock_s(self.text(&format!("{at}.end"))));
            let (Some(start_s), Some(end_s)) = (start, end) else {
                wrong.push(self.wrong(&format!("{at}.start"), DutyTrouble::Times));
                continue;
            };
            let end_s: u32 = if end_s == 0 { u32::try_from(DAY_S).unwrap_or(86_400) } else { end_s };
            let read = Restriction { kind, start_s, end_s, weekdays: self.weekdays(&at) };
            let same = before.iter().find(|known| time("", known) == time("", &read));
            found.push(same.copied().unwrap_or(read));
        }
        found
    }

    fn weekdays(&self, under: &str) -> Weekdays {
        let bits = DAYS.into_iter().enumerate().filter(|(_, day)| self.text(&format!("{under}.{day}")) == "true");
        Weekdays(bits.fold(0, |bits, (day, _)| bits | (1 << day)))
    }
}

/// The numbers that stand behind a key and are filled in, ascending.
fn indexes(form: &ScheduleForm, begins: &str, most: usize) -> Vec<usize> {
    let number = |field: &str| field.strip_prefix(begins)?.split('.').next()?.parse::<usize>().ok();
    let filled = form.iter().filter(|(_, text)| !text.trim().is_empty());
    let found: BTreeSet<usize> = filled.filter_map(|(field, _)| number(field)).filter(|index| *index < most).collect();
    found.into_iter().collect()
}

/// The layers of a form.
pub fn layers(form: &ScheduleForm) -> Vec<usize> {
    indexes(form, "layer.", MAX_LAYERS)
}

/// The members of a layer of a form.
pub fn members(form: &ScheduleForm, layer: usize) -> Vec<usize> {
    indexes(form, &format!("layer.{layer}.member."), MAX_MEMBERS)
}

/// One turn: an id, several joined by `+`, or `nobody`.
fn member(text: &str) -> Option<Member> {
    if text == "nobody" {
        return Some(Member::Nobody);
    }
    let people: Option<Vec<PersonId>> = text.split('+').map(|id| id.parse::<PersonId>().ok()).collect();
    match people?.as_slice() {
        [person] => Some(Member::Person(*person)),
        several => Some(Member::Group(several.to_vec())),
    }
}

fn kind(word: &str) -> Option<RestrictionKind> {
    match word {
        "daily" => Some(RestrictionKind::Daily),
        "weekly" => Some(RestrictionKind::Weekly),
        "holiday" => Some(RestrictionKind::Holiday),
        "not_holiday" => Some(RestrictionKind::NotHoliday),
        _ => None,
    }
}

fn unit(word: &str) -> Unit {
    match word {
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "month" => Unit::Month,
        _ => Unit::Week,
    }
}

fn on_holiday(word: &str) -> OnHoliday {
    match word {
        "skip" => OnHoliday::Skip,
        "holiday_layer" => OnHoliday::HolidayLayer,
        _ => OnHoliday::Keep,
    }
}

/// Seconds since midnight of `09:00`; of nothing, midnight.
fn clock_s(text: &str) -> Option<u32> {
    if text.is_empty() {
        return Some(0);
    }
    let (hours, minutes): (&str, &str) = text.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.get(..2)?.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 3_600 + minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::super::print::{first_layer, printed};
    use super::*;
    use model::rota::Weekdays;
    use uuid::Uuid;

    fn tokyo() -> Offsets {
        Offsets { zone: "Asia/Tokyo".to_owned(), first_s: 9 * 3_600, changes: Vec::new() }
    }

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn definition() -> Definition {
        let nights = Restriction {
            kind: RestrictionKind::NotHoliday,
            start_s: 18 * 3_600,
            end_s: 9 * 3_600,
            weekdays: Weekdays::MONDAY_TO_FRIDAY,
        };
        let whole = Restriction { kind: RestrictionKind::Daily, start_s: 0, end_s: 0, weekdays: Weekdays(0) };
        let rotation = Rotation {
            unit: Unit::Week,
            every: 2,
            anchor: "2026-11-30T10:00".parse().unwrap(),
            zone: "Asia/Tokyo".to_owned(),
            members: vec![Member::Person(person(1)), Member::Group(vec![person(2), person(3)]), Member::Nobody],
            offset: 1,
            advance_on: AdvanceOn::WorkedShift,
            on_holiday: OnHoliday::HolidayLayer,
        };
        let layer = LayerDraft {
            id: Some(LayerId(Uuid::from_u128(9))),
            name: "夜".to_owned(),
            role: DutyRole::Custom("窓口".to_owned()),
            rank: 3,
            mode: Mode::Add,
            from: Some(Time(1_795_000_020_000)),
            until: None,
            rotation,
            restrictions: vec![nights, whole],
        };
        Definition {
            title_ja: "決済".to_owned(),
            owner: Some("SRE".to_owned()),
            most_hours: 90,
            required: vec![Restriction { end_s: 86_400, ..whole }],
            layers: vec![layer],
            ..Definition::empty("payments", "Asia/Tokyo")
        }
    }

    fn read(form: &ScheduleForm, before: Option<&Definition>) -> Result<Written, Vec<FieldTrouble>> {
        Reader { form, before, zone: "Asia/Tokyo", clock: &tokyo(), now: Time(0) }.read()
    }

    #[test]
    fn what_is_printed_is_read_back_as_the_same_schedule() {
        let definition: Definition = definition();
        let form: ScheduleForm = printed(&definition, &tokyo());
        assert_eq!(read(&form, Some(&definition)).unwrap().definition, definition);
    }

    #[test]
    fn a_new_schedule_says_everything_that_is_wrong_with_it() {
        let mut form: ScheduleForm = first_layer(&tokyo(), Time(0));
        form.insert("layer.0.member.0".to_owned(), "somebody".to_owned());
        form.insert("layer.0.every".to_owned(), "often".to_owned());
        form.insert("name".to_owned(), "new".to_owned());
        form.insert("layer.0.id".to_owned(), Uuid::from_u128(5).to_string());
        let wrong: Vec<FieldTrouble> = read(&form, None).unwrap_err();
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["name", "layer.0.member.0", "layer.0.members", "layer.0.every"]);
    }

    #[test]
    fn a_layer_nobody_filled_in_and_one_that_is_ended_are_none() {
        let mut form: ScheduleForm = first_layer(&tokyo(), Time(0));
        form.insert("name".to_owned(), "payments".to_owned());
        assert!(read(&form, None).unwrap().definition.layers.is_empty());
        form.insert("layer.0.member.1".to_owned(), person(1).to_string());
        let written: Written = read(&form, None).unwrap();
        assert_eq!(written.definition.layers[0].rotation.members, [Member::Person(person(1))]);
        // 1970-01-01 was a Thursday.
        assert_eq!(written.definition.layers[0].rotation.anchor.to_string(), "1969-12-29T10:00");
        form.insert("layer.0.remove".to_owned(), "true".to_owned());
        assert!(read(&form, None).unwrap().definition.layers.is_empty());
    }

    #[test]
    fn a_change_begins_when_the_form_says() {
        let mut form: ScheduleForm = printed(&definition(), &tokyo());
        assert_eq!(read(&form, Some(&definition())).unwrap().effective, Effective::NextHandoff);
        form.insert("begins".to_owned(), "at".to_owned());
        assert_eq!(read(&form, Some(&definition())).unwrap_err()[0].field, "begins_at");
        form.insert("begins_at".to_owned(), "1970-01-01T10:00".to_owned());
        assert_eq!(read(&form, Some(&definition())).unwrap().effective, Effective::At(Time(3_600_000)));
    }

    #[test]
    fn rows_beyond_the_most_are_not_looked_at() {
        let form: ScheduleForm = [("layer.999999.member.0".to_owned(), "nobody".to_owned())].into_iter().collect();
        assert!(layers(&form).is_empty());
        assert_eq!((clock_s("24:00"), clock_s("9:5"), clock_s("09:05:30")), (None, None, Some(32_700)));
    }
}
