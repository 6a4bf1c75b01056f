//! The fields of the form of a schedule: each is a key of the draft (`layer.0.role`), an input of the form (`draft[layer.0.role]`) and an id.

use super::super::said::option;
use crate::words::duty::duty_words;
use crate::words::oncall::oncall_words;
use api::oncall::form::ScheduleFormView;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named, Typed, Wrong};
use ui::field::Line;

/// The days of a week, as the form sends them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// What kinds of times there are; the first is none.
const TIME_KINDS: [&str; 5] = ["", "daily", "weekly", "holiday", "not_holiday"];

/// What every field must know.
pub struct Sheet<'a> {
    pub view: &'a ScheduleFormView,
    pub wrong: Vec<Wrong>,
}

impl Sheet<'_> {
    /// What stands in a field.
    pub fn text(&self, field: &str) -> String {
        self.view.form.get(field).cloned().unwrap_or_default()
    }

    /// Whether there is anything under this key.
    pub fn has(&self, begins: &str) -> bool {
        self.view.form.iter().any(|(field, text)| field.starts_with(begins) && !text.is_empty())
    }

    fn attempt(&self) -> Attempt {
        Attempt { typed: Typed::default(), wrong: Signal::stored(self.wrong.clone()) }
    }
}

/// What the form sends a field as.
pub fn sent_as(field: &str) -> String {
    format!("draft[{field}]")
}

/// The id of its input.
pub fn input_id(field: &str) -> String {
    format!("duty-{}", field.replace(['.', '_'], "-"))
}

/// A line to fill in. What kind of line it is follows from its name.
pub fn line(sheet: &Sheet<'_>, field: &str, required: bool) -> AnyView {
    let part: &str = super::last_part(field);
    let (label, hint): (&'static str, &'static str) = (oncall_words().field)(part);
    let (kind, keys): (&'static str, Option<&'static str>) = match part {
        "anchor" | "from" | "until" | "begins_at" => ("datetime-local", None),
        "start" | "end" => ("time", None),
        "every" | "most_hours" | "rank" | "offset" => ("number", Some("numeric")),
        _ => ("text", None),
    };
    sheet.attempt().line(Line {
        hint: hint.to_owned(),
        kind,
        keys,
        value: sheet.text(field),
        required,
        says_required: required,
        is_code: part == "name",
        ..Line::new(&input_id(field), &sent_as(field), label)
    })
}

/// One of several: what the form sends, and what is read.
pub fn choice(sheet: &Sheet<'_>, field: &str, choices: &[(String, String)]) -> AnyView {
    let (label, hint): (&'static str, &'static str) = (oncall_words().field)(super::last_part(field));
    let chosen: String = sheet.text(field);
    let mut options: Vec<AnyView> = choices.iter().map(|(value, word)| option(value, word, &chosen)).collect();
    if !choices.iter().any(|(value, _)| *value == chosen) {
        // What is in force is always among what can be chosen.
        let word: &str = if chosen.is_empty() { "—" } else { &chosen };
        options.insert(0, option(&chosen, word, &chosen));
    }
    sheet.attempt().select(Named::new(&sent_as(field), &input_id(field), label), hint.to_owned(), options)
}

/// A box to tick.
pub fn tick(sheet: &Sheet<'_>, field: &str, word: &'static str) -> AnyView {
    let is_ticked: bool = sheet.text(field) == "true";
    view! {
        <label class="tick">
            <input type="checkbox" id=input_id(field) name=sent_as(field) value="true" checked=is_ticked />
            {word}
        </label>
    }
    .into_any()
}

/// The times of a day under a key, and one more to fill in.
pub fn times(sheet: &Sheet<'_>, under: &str) -> AnyView {
    let n_written: usize = (0..).take_while(|index: &usize| sheet.has(&format!("{under}.{index}.kind"))).count();
    let rows: Vec<AnyView> = (0..=n_written).map(|index| time(sheet, &format!("{under}.{index}"))).collect();
    view! { <div class="duty-times">{rows}</div> }.into_any()
}

fn time(sheet: &Sheet<'_>, under: &str) -> AnyView {
    let words = oncall_words();
    let kinds: Vec<(String, String)> =
        TIME_KINDS.into_iter().zip(words.time_kinds).map(|(value, word)| (value.to_owned(), word.to_owned())).collect();
    let days: Vec<AnyView> =
        DAYS.into_iter().zip(duty_words().weekdays).map(|(day, word)| tick(sheet, &format!("{under}.{day}"), word)).collect();
    let name: &'static str = (words.field)("days").0;
    view! {
        <div class="duty-times__one">
            {choice(sheet, &format!("{under}.kind"), &kinds)}
            {line(sheet, &format!("{under}.start"), false)}
            {line(sheet, &format!("{under}.end"), false)}
            <fieldset class="duty-times__days"><legend class="hush">{name}</legend>{days}</fieldset>
        </div>
    }
    .into_any()
}
