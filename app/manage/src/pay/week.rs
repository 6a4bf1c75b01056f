//! Business hours: in which zone, at what hours, with whose holidays. Every field is sent as `week[…]`.

use super::admin_reason;
use crate::report::attempt;
use crate::words::pay::{PayWords, pay_words};
use api::pay::{HolidaysView, WeekForm, WeekSave};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::field::Line;
use ui::part::Part;

/// A field as a refusal names it.
fn named(field: &str, label: &str) -> Named {
    Named::new(field, &format!("week-{}", field.replace('_', "-")), label)
}

/// The same as it is sent.
fn sent(named: &Named) -> Named {
    Named { field: format!("week[{}]", named.field), ..named.clone() }
}

fn line(named: &Named, value: &str, attempt: &Attempt, about: fn(Line) -> Line) -> AnyView {
    let sent: Named = sent(named);
    attempt.line(about(Line { value: value.to_owned(), ..Line::new(&sent.id, &sent.field, &sent.label) }))
}

fn beginning(line: Line) -> Line {
    Line { kind: "date", required: true, hint: pay_words().effective_hint.to_owned(), ..line }
}

fn code(line: Line) -> Line {
    Line { is_code: true, required: true, ..line }
}

fn plain(line: Line) -> Line {
    Line { is_code: true, ..line }
}

/// The form for another version.
pub fn week(view: &HolidaysView, save: ServerAction<WeekSave>) -> AnyView {
    let words = pay_words();
    let form: &WeekForm = &view.week;
    let (zone, calendar) = (named("zone", words.zone), named("calendar", words.calendar));
    let from = named("effective_from", words.effective_from);
    let days: Vec<Named> = day_fields(form, words);
    let mut fields: Vec<Named> = vec![from.clone(), zone.clone(), calendar.clone()];
    fields.extend(days.iter().cloned());
    let attempt: Attempt = attempt(save, fields);
    let hours: Vec<AnyView> = days.iter().zip(form.days()).map(|(day, (_, value))| line(day, value, &attempt, plain)).collect();
    let (from, zone) = (line(&from, "", &attempt, beginning), line(&zone, &form.zone, &attempt, code));
    let calendar: AnyView = calendars(&calendar, view, &attempt);
    let (refused, expected): (AnyView, String) = (attempt.refused(), form.expected.to_string());
    view! {
        <Part title=words.week.to_owned() id="week">
            <p class="pay__hint">{words.week_lead}</p>
            <ActionForm action=save attr:class="form">
                {refused}
                <input type="hidden" name="week[expected]" value=expected />
                <p class="field__hint">{words.hours_hint}</p>
                <div class="pay__pair">{hours}</div>
                {zone}
                {calendar}
                {from}
                <div class="form__foot"><Button kind="submit" disabled=admin_reason()>{words.save}</Button></div>
            </ActionForm>
        </Part>
    }
    .into_any()
}

fn day_fields(form: &WeekForm, words: &PayWords) -> Vec<Named> {
    let label = |weekday: usize| (words.hours_of)(words.weekdays[weekday]);
    form.days().iter().enumerate().map(|(weekday, (field, _))| named(field, &label(weekday))).collect()
}

fn calendars(about: &Named, view: &HolidaysView, attempt: &Attempt) -> AnyView {
    let sent: Named = sent(about);
    let chosen: String = attempt.typed.text(&sent.field, &view.week.calendar);
    let option = |name: &String| {
        let (value, word, is_chosen): (String, String, bool) = (name.clone(), name.clone(), *name == chosen);
        view! { <option value=value selected=is_chosen>{word}</option> }.into_any()
    };
    let options: Vec<AnyView> = view.calendars.iter().map(option).collect();
    attempt.select(sent, String::new(), options)
}

#[cfg(test)]
mod tests {
    use super::{day_fields, sent};
    use crate::words::pay::of;
    use api::pay::WeekForm;
    use figures::Locale;

    #[test]
    fn a_field_for_every_day_is_refused_by_its_name() {
        let fields = day_fields(&WeekForm::default(), of(Locale::Ja));
        let names: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
        assert_eq!((fields[0].label.as_str(), sent(&fields[0]).field.as_str()), ("月曜日", "week[mon]"));
    }
}
