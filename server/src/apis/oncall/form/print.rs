//! A schedule as the fields of its form. What [`super::read`] reads back is the same schedule. Pure.

use ::api::oncall::form::ScheduleForm;
use model::Time;
use model::ids::PersonId;
use model::rota::local::{DAY_S, Local};
use model::rota::offsets::Offsets;
use model::rota::{AdvanceOn, DutyRole, Member, Mode, OnHoliday, Restriction, RestrictionKind, Rotation, Unit, Weekdays};
use oncall::schedules::definition::{Definition, LayerDraft};

/// The days of a week, as the form sends them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// When a new schedule hands over.
const USUAL_HOUR_S: i64 = 10 * 3_600;

/// Every field that says something.
pub fn printed(definition: &Definition, clock: &Offsets) -> ScheduleForm {
    let mut form = ScheduleForm::new();
    let mut put = |field: &str, text: &str| {
        if !text.is_empty() {
            form.insert(field.to_owned(), text.to_owned());
        }
    };
    put("name", &definition.name);
    put("title_ja", &definition.title_ja);
    put("title_en", &definition.title_en);
    put("owner", definition.owner.as_deref().unwrap_or_default());
    put("zone", &definition.zone);
    put("calendar", &definition.calendar);
    put("most_hours", &definition.most_hours.to_string());
    put("begins", "next");
    form.extend(times("required", &definition.required));
    for (index, layer) in definition.layers.iter().enumerate() {
        form.extend(fields(&format!("layer.{index}"), layer, &definition.zone, clock));
    }
    form
}

/// The layer that a new schedule begins with: a week each, from Monday morning on.
pub fn first_layer(clock: &Offsets, now: Time) -> ScheduleForm {
    let today: i64 = clock.local(now).day();
    let monday: i64 = today - i64::from(model::rota::local::weekday(today));
    let anchor = Local(monday * DAY_S + USUAL_HOUR_S);
    let said = [("role", "primary"), ("rank", "1"), ("mode", "cut"), ("every", "1"), ("unit", "week"), ("offset", "0")];
    let mut form: ScheduleForm = said.into_iter().map(|(field, text)| (format!("layer.0.{field}"), text.to_owned())).collect();
    form.insert("layer.0.anchor".to_owned(), anchor.to_string());
    form
}

fn fields(under: &str, layer: &LayerDraft, zone: &str, clock: &Offsets) -> ScheduleForm {
    let rotation: &Rotation = &layer.rotation;
    let (role, own): (&str, &str) = match &layer.role {
        DutyRole::Primary => ("primary", ""),
        DutyRole::Secondary => ("secondary", ""),
        DutyRole::Shadow => ("shadow", ""),
        DutyRole::Custom(own) => ("own", own),
    };
    let wall = |at: Option<Time>| at.map(|at| clock.local(at).to_string()).unwrap_or_default();
    let said: [(&str, String); 15] = [
        ("id", layer.id.map(|id| id.to_string()).unwrap_or_default()),
        ("name", layer.name.clone()),
        ("role", role.to_owned()),
        ("own_role", own.to_owned()),
        ("rank", layer.rank.to_string()),
        ("mode", if layer.mode == Mode::Cut { "cut" } else { "add" }.to_owned()),
        ("from", wall(layer.from)),
        ("until", wall(layer.until)),
        ("unit", unit(rotation.unit).to_owned()),
        ("every", rotation.every.to_string()),
        ("anchor", rotation.anchor.to_string()),
        ("zone", if rotation.zone == zone { String::new() } else { rotation.zone.clone() }),
        ("offset", rotation.offset.to_string()),
        ("advance_on", if rotation.advance_on == AdvanceOn::Period { "period" } else { "worked_shift" }.to_owned()),
        ("on_holiday", on_holiday(rotation.on_holiday).to_owned()),
    ];
    let said = said.into_iter().filter(|(_, text)| !text.is_empty());
    let mut form: ScheduleForm = said.map(|(field, text)| (format!("{under}.{field}"), text)).collect();
    for (index, member) in rotation.members.iter().enumerate() {
        form.insert(format!("{under}.member.{index}"), member_word(member));
    }
    form.extend(times(&format!("{under}.time"), &layer.restrictions));
    form
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
    }
}

fn on_holiday(what: OnHoliday) -> &'static str {
    match what {
        OnHoliday::Keep => "keep",
        OnHoliday::Skip => "skip",
        OnHoliday::HolidayLayer => "holiday_layer",
    }
}

/// One turn: a person, people together, or nobody.
fn member_word(member: &Member) -> String {
    match member {
        Member::Person(person) => person.to_string(),
        Member::Group(people) => people.iter().map(PersonId::to_string).collect::<Vec<String>>().join("+"),
        Member::Nobody => "nobody".to_owned(),
    }
}

fn times(under: &str, restrictions: &[Restriction]) -> ScheduleForm {
    let all = restrictions.iter().enumerate();
    all.flat_map(|(index, restriction)| time(&format!("{under}.{index}"), restriction)).collect()
}

/// One time of a day.
pub fn time(under: &str, restriction: &Restriction) -> ScheduleForm {
    let kind: &str = match restriction.kind {
        RestrictionKind::Daily => "daily",
        RestrictionKind::Weekly => "weekly",
        RestrictionKind::Holiday => "holiday",
        RestrictionKind::NotHoliday => "not_holiday",
    };
    let mut form = ScheduleForm::new();
    form.insert(format!("{under}.kind"), kind.to_owned());
    form.insert(format!("{under}.start"), clock_text(restriction.start_s));
    form.insert(format!("{under}.end"), clock_text(restriction.end_s));
    let Weekdays(bits) = restriction.weekdays;
    for (day, word) in DAYS.into_iter().enumerate() {
        if (bits >> day) & 1 == 1 {
            form.insert(format!("{under}.{word}"), "true".to_owned());
        }
    }
    form
}

/// `09:00`; the end of a day is the beginning of the next, as such a field has no 24:00.
fn clock_text(seconds: u32) -> String {
    let minutes: u32 = seconds / 60 % 1_440;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
