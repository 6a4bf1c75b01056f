//! One field: what is filled in, its name, and what is wrong with it.

use super::choices::options;
use super::fields::Kind;
use super::seen::Seen;
use crate::words::rules::rule_words;
use api::rules::{RuleForm, RuleFormView};
use expression::field::{PromqlField, promql_field};
use expression::paint::field_text;
use leptos::prelude::*;
use ui::field::{Field, Tick, described_by, invalid};

/// What stands in a field.
fn text_of(form: &RuleForm, field: &str) -> String {
    form.get(field).cloned().unwrap_or_default()
}

/// What the form sends it as.
fn sent_as(field: &str) -> String {
    format!("draft[{field}]")
}

/// The id of its input.
pub fn input_id(field: &str) -> String {
    format!("rule-{}", field.replace('.', "-"))
}

/// A field that is not changed here.
pub fn hidden(field: &str, form: &RuleForm) -> AnyView {
    view! { <input type="hidden" name=sent_as(field) value=text_of(form, field) /> }.into_any()
}

/// A field with its frame.
pub fn input(field: &str, kind: Kind, view: &RuleFormView, seen: &Seen<'_>) -> AnyView {
    let framed: AnyView = match kind {
        Kind::Code => code(field, view, seen),
        other => framed(field, other, view, seen),
    };
    let note = seen.warning_at(field).map(|text| view! { <p class="rule-form__note">{text}</p> });
    let is_wide: bool = matches!(kind, Kind::Wide | Kind::Lines | Kind::Code);
    let class: &'static str = if is_wide { "rule-form__one rule-form__one--wide" } else { "rule-form__one" };
    view! { <div class=class>{framed} {note}</div> }.into_any()
}

fn framed(field: &str, kind: Kind, view: &RuleFormView, seen: &Seen<'_>) -> AnyView {
    let (label, hint) = (rule_words().field)(field);
    let id: String = input_id(field);
    let error: Signal<Option<String>> = Signal::stored(seen.wrong_at(field));
    let element: AnyView = element(field, &id, kind, view, error);
    let must: bool = kind == Kind::Line(true) || field == "group";
    view! { <Field id=id label=label.to_owned() hint=hint required=must error=error>{element}</Field> }.into_any()
}

/// The field of Explore: it completes, and shows mistakes where they stand.
fn code(field: &str, view: &RuleFormView, seen: &Seen<'_>) -> AnyView {
    let (label, hint) = (rule_words().field)(field);
    let text: String = text_of(&view.form, field);
    promql_field(&PromqlField {
        id: &input_id(field),
        name: &sent_as(field),
        label: label.to_owned(),
        value: &text,
        hint: Some(hint.to_owned()),
        error: seen.wrong_at(field),
        submits: false,
    })
}

fn element(field: &str, id: &str, kind: Kind, view: &RuleFormView, error: Signal<Option<String>>) -> AnyView {
    let (name, text, says) = (sent_as(field), text_of(&view.form, field), described_by(id));
    let id: String = id.to_owned();
    match kind {
        Kind::Choice => choice(id, name, options(field), &text, error),
        Kind::Lines => area(id, name, text, error),
        Kind::Line(_)
        | Kind::Wide
        | Kind::Listed(_)
        | Kind::Number
        | Kind::Code
        | Kind::Ticks(_)
        | Kind::Rows(_)
        | Kind::Fold(_) => {
            let list: Option<&'static str> = if let Kind::Listed(list) = kind { Some(list) } else { None };
            let keys: Option<&'static str> = (kind == Kind::Number).then_some("decimal");
            view! {
                <input
                    class="input"
                    id=id
                    name=name
                    value=text
                    list=list
                    inputmode=keys
                    autocomplete="off"
                    aria-describedby=says
                    aria-invalid=invalid(error)
                />
            }
            .into_any()
        }
    }
}

fn choice(id: String, name: String, options: Vec<(String, String)>, chosen: &str, error: Signal<Option<String>>) -> AnyView {
    let says: String = described_by(&id);
    let one = |(value, text): (String, String)| {
        let is_chosen: bool = value == chosen;
        view! { <option value=value selected=is_chosen>{text}</option> }.into_any()
    };
    let options: Vec<AnyView> = options.into_iter().map(one).collect();
    view! {
        <select class="input" id=id name=name aria-describedby=says aria-invalid=invalid(error)>
            {options}
        </select>
    }
    .into_any()
}

fn area(id: String, name: String, text: String, error: Signal<Option<String>>) -> AnyView {
    let (rows, says): (String, String) = (text.lines().count().clamp(2, 12).to_string(), described_by(&id));
    // As markup: between its tags a browser takes everything for text, also what frameworks leave there.
    let text: String = field_text(&text);
    view! {
        <textarea
            class="input rule-form__lines"
            id=id
            name=name
            rows=rows
            aria-describedby=says
            aria-invalid=invalid(error)
            inner_html=text
        ></textarea>
    }
    .into_any()
}

/// Several of a few, each a box to tick.
pub fn ticks(field: &str, parts: &'static [&'static str], form: &RuleForm) -> AnyView {
    let said = rule_words();
    let (label, _) = (said.field)(field);
    let one = |(part, word): (&&'static str, &'static str)| {
        let name: String = format!("{field}.{part}");
        let is_on: bool = !text_of(form, &name).is_empty();
        let sent: &'static str = tick_name(part);
        view! { <Tick name=sent checked=is_on>{word}</Tick> }.into_any()
    };
    let boxes: Vec<AnyView> = parts.iter().zip(said.levels).map(one).collect();
    view! {
        <fieldset class="rule-form__ticks">
            <legend class="field__label">{label}</legend>
            {boxes}
        </fieldset>
    }
    .into_any()
}

/// As the form sends it; a box has a fixed name.
fn tick_name(part: &str) -> &'static str {
    match part {
        "critical" => "draft[renotify.on.critical]",
        "warning" => "draft[renotify.on.warning]",
        _ => "draft[renotify.on.no_data]",
    }
}
