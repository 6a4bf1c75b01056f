//! The fields of a form: what stands in them, what they are called, and what is wrong with them.

use crate::words::dashboard_edit::edit_words;
use api::dashboards::editing::EditForm;
use expression::field::{PromqlField, promql_field};
use leptos::prelude::*;
use ui::attempt::{Attempt, Named, Typed, Wrong, refused};
use ui::field::Line;

/// A value and what it is called.
pub(super) type Choices = Vec<(String, String)>;

/// A form with what is wrong in it.
pub(super) struct Sheet<'a> {
    form: &'a EditForm,
    attempt: Attempt,
    /// What its ids begin with: some screens have several forms.
    prefix: String,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(prefix: &str, form: &'a EditForm, wrong: Vec<Wrong>) -> Self {
        let attempt = Attempt { typed: Typed::default(), wrong: Signal::stored(wrong) };
        Self { form, attempt, prefix: prefix.to_owned() }
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.form.get(field).map(String::as_str).unwrap_or_default()
    }

    /// Everything that is wrong, for the top of the form.
    pub(super) fn refused(&self) -> AnyView {
        refused(self.attempt.wrong)
    }

    pub(super) fn line(&self, field: &str) -> AnyView {
        self.line_like(field, false)
    }

    /// A line that machines read.
    pub(super) fn code(&self, field: &str) -> AnyView {
        self.line_like(field, true)
    }

    fn line_like(&self, field: &str, is_code: bool) -> AnyView {
        let (label, hint): (&'static str, &'static str) = (edit_words().field)(&plain(field));
        let (id, name): (String, String) = (input_id(&self.prefix, field), sent_as(field));
        let (value, hint): (String, String) = (self.text(field).to_owned(), hint.to_owned());
        self.attempt.line(Line { value, hint, is_code, ..Line::new(&id, &name, label) })
    }

    pub(super) fn area(&self, field: &str) -> AnyView {
        let (label, hint): (&'static str, &'static str) = (edit_words().field)(&plain(field));
        let named = Named::new(&sent_as(field), &input_id(&self.prefix, field), label);
        self.attempt.area(named, hint.to_owned(), self.text(field))
    }

    /// Several lines of PromQL.
    pub(super) fn expression(&self, field: &str) -> AnyView {
        let (label, hint): (&'static str, &'static str) = (edit_words().field)(&plain(field));
        let (id, name): (String, String) = (input_id(&self.prefix, field), sent_as(field));
        let error: Option<String> = self.attempt.wrong_at(&id).get_untracked();
        let (label, hint): (String, String) = (label.to_owned(), hint.to_owned());
        promql_field(&PromqlField {
            id: &id,
            name: &name,
            label,
            value: self.text(field),
            hint: Some(hint),
            error,
            submits: false,
        })
    }

    pub(super) fn choice(&self, field: &str, choices: &[(String, String)]) -> AnyView {
        let (label, hint): (&'static str, &'static str) = (edit_words().field)(&plain(field));
        let named = Named::new(&sent_as(field), &input_id(&self.prefix, field), label);
        let chosen: &str = self.text(field);
        let mut options: Vec<AnyView> = choices.iter().map(|(value, word)| option(value, word, chosen)).collect();
        if !choices.iter().any(|(value, _)| value == chosen) && !chosen.is_empty() {
            // What is in force is always among what can be chosen.
            options.push(option(chosen, chosen, chosen));
        }
        self.attempt.select(named, hint.to_owned(), options)
    }

    pub(super) fn tick(&self, field: &str) -> AnyView {
        let (label, _): (&'static str, &'static str) = (edit_words().field)(&plain(field));
        let (id, name): (String, String) = (input_id(&self.prefix, field), sent_as(field));
        let is_ticked: bool = !self.text(field).is_empty();
        view! {
            <label class="tick">
                <input type="checkbox" id=id name=name value="true" checked=is_ticked />
                {label}
            </label>
        }
        .into_any()
    }

    /// Both languages of a text, beside each other.
    pub(super) fn both(&self, under: &str) -> AnyView {
        view! {
            {self.line(&format!("{under}.ja"))}
            {self.line(&format!("{under}.en"))}
        }
        .into_any()
    }

    pub(super) fn both_areas(&self, under: &str) -> AnyView {
        view! {
            {self.area(&format!("{under}.ja"))}
            {self.area(&format!("{under}.en"))}
        }
        .into_any()
    }

    /// How many rows under a name to show: those that say something, and an empty one while there may be more.
    pub(super) fn n_rows(&self, under: &str, most: usize) -> usize {
        let begins: String = format!("{under}.");
        let number = |field: &String| field.strip_prefix(&begins)?.split('.').next()?.parse::<usize>().ok();
        let said = self.form.iter().filter(|(_, text)| !text.trim().is_empty());
        let last: Option<usize> = said.filter_map(|(field, _)| number(field)).max();
        last.map_or(1, |last| last.saturating_add(2)).min(most)
    }

    /// Links in rows, and an empty one at the end.
    pub(super) fn links(&self) -> AnyView {
        let row = |row: usize| {
            let under = format!("link.{row}");
            let legend: String = (edit_words().link)(row + 1);
            view! {
                <fieldset class="dashboard-edit__group">
                    <legend class="field__label">{legend}</legend>
                    <div class="dashboard-edit__pair">{self.both(&format!("{under}.title"))}</div>
                    {self.code(&format!("{under}.href"))}
                    {self.tick(&format!("{under}.keeps_span"))}
                </fieldset>
            }
            .into_any()
        };
        let rows: Vec<AnyView> = (0..self.n_rows("link", dashboard::MOST_LINKS)).map(row).collect();
        rows.into_any()
    }
}

/// Where a field stands, and what it is called; `None` for what is no field of a form.
pub(super) fn place(prefix: &str, field: &str) -> Option<Named> {
    let (label, _): (&'static str, &'static str) = (edit_words().field)(&plain(field));
    let label: String = match number(field) {
        Some(number) => format!("{label} {}", number + 1),
        None => label.to_owned(),
    };
    (!label.is_empty()).then(|| Named::new(field, &input_id(prefix, field), &label))
}

/// The id of its input.
pub(super) fn input_id(prefix: &str, field: &str) -> String {
    format!("{prefix}-{}", field.replace(['.', '_'], "-"))
}

fn sent_as(field: &str) -> String {
    format!("fields[{field}]")
}

/// A field without the number of its row: `query.3.expr` is `query.expr`.
fn plain(field: &str) -> String {
    field.split('.').filter(|part| part.parse::<usize>().is_err()).collect::<Vec<&str>>().join(".")
}

fn number(field: &str) -> Option<usize> {
    field.split('.').find_map(|part| part.parse::<usize>().ok())
}

pub(super) fn option(value: &str, word: &str, chosen: &str) -> AnyView {
    let is_chosen: bool = value == chosen;
    view! { <option value=value.to_owned() selected=is_chosen>{word.to_owned()}</option> }.into_any()
}

/// Words of a file with what they are called.
pub(super) fn named(words: &[&'static str], name: fn(&str) -> &'static str) -> Choices {
    words.iter().map(|word| ((*word).to_owned(), name(word).to_owned())).collect()
}

/// The variables by which something may repeat.
pub(super) fn repeats(dashboard: &dashboard::Dashboard) -> Choices {
    let several = dashboard.variables.iter().filter(|variable| variable.is_multi);
    let named = several.map(|variable| (variable.name.clone(), format!("${}", variable.name)));
    std::iter::once((String::new(), edit_words().no_repeat.to_owned())).chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_row_is_called_by_its_number() {
        let owner = Owner::new();
        owner.set();
        let named = place("panel", "query.2.expr").unwrap();
        assert_eq!((named.id.as_str(), named.label.as_str()), ("panel-query-2-expr", "式 3"));
        assert!(place("panel", "").is_none() && place("panel", "nothing").is_none());
    }

    #[test]
    fn an_empty_row_stands_behind_those_that_say_something() {
        let owner = Owner::new();
        owner.set();
        let form = EditForm::from([("query.1.expr".to_owned(), "up".to_owned()), ("query.9.name".to_owned(), " ".to_owned())]);
        let sheet = Sheet::new("panel", &form, Vec::new());
        assert_eq!((sheet.n_rows("query", 12), sheet.n_rows("link", 20), sheet.n_rows("query", 2)), (3, 1, 2));
    }

    #[test]
    fn what_stands_in_a_field_is_no_markup_and_what_is_wrong_stands_beside_it() {
        let owner = Owner::new();
        owner.set();
        let form = EditForm::from([("repeat".to_owned(), "<gone>".to_owned())]);
        let wrong = vec![Wrong { at: place("panel", "repeat"), said: "ある変数の名前が必要です。".to_owned() }];
        let html: String = Sheet::new("panel", &form, wrong).choice("repeat", &[]).to_html();
        assert!(html.contains("&lt;gone&gt;") && html.contains("aria-invalid=\"true\""), "{html}");
    }
}
