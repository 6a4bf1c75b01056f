//! The form in which a rule is made or changed, and what the draft in it would have done.
//!
//! It is a form like any other: "try" puts the draft into the address, and the server answers with the same screen, filled in and judged;
//! "save" leads on to the rule, or back here with what is wrong at its field. `public/screen.js` asks for the same while somebody writes
//! (`data-judged`), and leaves alone what is being written.

mod choices;
pub mod fields;
mod input;
mod seen;

use crate::screen::loaded;
use crate::words::locale;
use crate::words::rules::{RuleWords, rule_words};
use crate::words::words;
use api::ask;
use api::kept::{refusal_of, typed_into};
use api::rules::{RuleFormAsk, RuleFormView, RuleSave, rule_form};
use choices::data_lists;
use fields::{Kind, SECTIONS, Spec, rows, says_something};
use input::{hidden, input, ticks};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links;
use seen::{Seen, pane};
use ui::attempt::{Wrong, refused};
use ui::button::{Button, ButtonLink, Rank};

/// Says in an address that somebody tried, so that what is missing is told too.
const TRIED: &str = "tried";

/// The screen at `/rules/new` and at `/rules/:id/edit`.
#[component]
pub fn RuleFormScreen() -> impl IntoView {
    let save: ServerAction<RuleSave> = ServerAction::new();
    let was_tried: bool = was_tried(save);
    let asked = asked(save);
    let data = ask(move || asked.get(), rule_form);
    view! {
        <Title text=words().rules />
        {loaded(data, move |view| sheet(&view, save, was_tried))}
    }
}

/// Which form, and the draft that stands in the address; a draft that was refused comes back with its address, and goes with it.
fn asked(save: ServerAction<RuleSave>) -> Memo<RuleFormAsk> {
    let (params, search) = (use_params_map(), use_location().search);
    let (first, back) = (search.get_untracked(), typed_into(save));
    Memo::new(move |_| {
        let id: String = params.with(|params| params.get("id").unwrap_or_default());
        search.with(|search| match &back {
            Some(fields) if *search == first => written(id, fields.clone()),
            _ => written(id, links::pairs(search)),
        })
    })
}

/// Whether somebody tried to save this draft, or to see what it would have done.
fn was_tried(save: ServerAction<RuleSave>) -> bool {
    let search: String = use_location().search.get_untracked();
    typed_into(save).is_some() || links::pairs(&search).iter().any(|(name, _)| name == TRIED)
}

/// What names and texts say, of a form as of an address.
fn written(id: String, pairs: Vec<(String, String)>) -> RuleFormAsk {
    let mut ask = RuleFormAsk { id, ..RuleFormAsk::default() };
    for (name, value) in pairs {
        match name.as_str() {
            "like" => ask.like = value,
            "version" => ask.version = value.parse().ok(),
            name => {
                if let Some(field) = name.strip_prefix("draft[").and_then(|rest| rest.strip_suffix(']')) {
                    ask.draft.insert(field.to_owned(), value);
                }
            }
        }
    }
    ask
}

fn sheet(view: &RuleFormView, save: ServerAction<RuleSave>, was_tried: bool) -> AnyView {
    let seen = Seen::new(view, was_tried);
    let here: String = links::rule_form(view.id.as_ref(), [].into_iter(), None);
    let sections: Vec<AnyView> = (0..SECTIONS.len()).map(|index| section(index, view, &seen)).collect();
    let version: String = view.version.map(|version| version.to_string()).unwrap_or_default();
    let fixed: Option<AnyView> = view.id.is_some().then(|| hidden("id", &view.form));
    // What was told once is told again while it is put right.
    let tried = was_tried.then(|| view! { <input type="hidden" name=TRIED value="true" /> });
    let fields = view! {
        <div class="rule-form__all">
            {refused(Signal::stored(wrong(&seen, save)))}
            {fixed}
            <input type="hidden" name="version" value=version />
            {tried}
            {sections}
            {data_lists(view)}
            {foot(view, here, was_tried)}
        </div>
    };
    view! {
        <div class="rule-form">
            {head(view)}
            <ActionForm action=save attr:data-judged="">{fields}</ActionForm>
            {pane(view)}
        </div>
    }
    .into_any()
}

fn head(view: &RuleFormView) -> AnyView {
    let said = rule_words();
    let title: String = match &view.id {
        Some(_) => (said.edit_title)(view.name.read(locale())),
        None => said.make_title.to_owned(),
    };
    let note = view.id.as_ref().map(|_| view! { <p class="mute">{said.ends_alerts}</p> });
    view! {
        <header class="rule-form__head">
            <h1 class="rule__title">{title}</h1>
            {note}
        </header>
    }
    .into_any()
}

/// Why nothing was saved: everything that is wrong, by the names of the fields.
fn wrong(seen: &Seen<'_>, save: ServerAction<RuleSave>) -> Vec<Wrong> {
    if seen.is_stale() {
        return vec![Wrong { at: None, said: rule_words().stale.to_owned() }];
    }
    let found: Vec<Wrong> = seen.wrong();
    // What the draft itself does not explain, such as too many rules, is said as it was refused.
    let other: Option<String> = refusal_of(save).with_untracked(|error| {
        error.as_ref().filter(|error| found.is_empty() || error.mistakes().is_empty()).map(crate::words::refused)
    });
    let told: Vec<Wrong> = if seen.was_tried { found } else { Vec::new() };
    told.into_iter().chain(other.map(|said| Wrong { at: None, said })).collect()
}

fn section(index: usize, view: &RuleFormView, seen: &Seen<'_>) -> AnyView {
    let title: &'static str = rule_words().sections[index];
    let inputs: Vec<AnyView> = SECTIONS[index]
        .iter()
        .filter(|(field, _)| !(*field == "id" && view.id.is_some()))
        .map(|(field, kind)| field_of(field, *kind, view, seen))
        .collect();
    view! {
        <fieldset class="rule-form__section">
            <legend class="rule-form__legend">{title}</legend>
            <div class="rule-form__grid">{inputs}</div>
        </fieldset>
    }
    .into_any()
}

fn field_of(field: &'static str, kind: Kind, view: &RuleFormView, seen: &Seen<'_>) -> AnyView {
    match kind {
        Kind::Ticks(words) => ticks(field, words, &view.form),
        Kind::Rows(parts) => many(field, parts, view, seen),
        Kind::Fold(parts) => fold(field, parts, view, seen),
        other => input(field, other, view, seen),
    }
}

/// Fields behind one line. It is open when one of them holds a value or is wrong.
fn fold(name: &str, parts: &'static [Spec], view: &RuleFormView, seen: &Seen<'_>) -> AnyView {
    let title: &'static str = (rule_words().fold)(name);
    let is_open: bool = says_something(parts, &view.form) || seen.is_wrong_in(parts);
    let inputs: Vec<AnyView> = parts.iter().map(|(field, kind)| field_of(field, *kind, view, seen)).collect();
    view! {
        <details class="rule-form__fold" open=is_open>
            <summary class="rule-form__more">{title}</summary>
            <div class="rule-form__grid">{inputs}</div>
        </details>
    }
    .into_any()
}

/// Rows of one kind: those that are filled in, and two more.
fn many(field: &str, parts: &'static [(&'static str, Kind)], view: &RuleFormView, seen: &Seen<'_>) -> AnyView {
    let row = |number: usize| {
        let one = |(part, kind): &(&'static str, Kind)| input(&format!("{field}.{number}.{part}"), *kind, view, seen);
        let inputs: Vec<AnyView> = parts.iter().map(one).collect();
        let label: String = (rule_words().row)(number + 1);
        view! { <div class="rule-form__row" role="group" aria-label=label>{inputs}</div> }.into_any()
    };
    let rows: Vec<AnyView> = (0..rows(field, &view.form)).map(row).collect();
    view! { <div class="rule-form__rows">{rows}</div> }.into_any()
}

fn foot(view: &RuleFormView, here: String, was_tried: bool) -> AnyView {
    let said: &'static RuleWords = rule_words();
    let back: String = view.id.as_ref().map_or_else(|| links::RULES.to_owned(), links::rule);
    let class: &'static str = Rank::Normal.class();
    // A form that was tried says so in a field of its own.
    let tries: Option<&'static str> = (!was_tried).then_some(TRIED);
    view! {
        <div class="form__foot rule-form__foot">
            <Button kind="submit" rank=Rank::Main>{said.save}</Button>
            <button class=class type="submit" formmethod="get" formaction=here formnovalidate=true name=tries value="true">
                {said.preview}
            </button>
            <ButtonLink href=back rank=Rank::Quiet>{said.cancel}</ButtonLink>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::written;
    use model::ids::RuleId;
    use model::links;

    #[test]
    fn the_draft_in_an_address_is_read_as_it_was_filled_in() {
        let fields = [("expr".to_owned(), "a % 20\n+ b".to_owned()), ("name.ja".to_owned(), "使用率".to_owned())];
        let id = RuleId("cpu".to_owned());
        let address = links::rule_form(Some(&id), fields.iter().map(|(field, text)| (field, text)), Some(4));
        let (_, search) = address.split_once('?').unwrap();
        let ask = written("cpu".to_owned(), links::pairs(search));
        assert_eq!((ask.id.as_str(), ask.version, ask.like.as_str()), ("cpu", Some(4), ""));
        assert_eq!(ask.draft, fields.into_iter().collect());
        assert_eq!(written(String::new(), links::pairs("like=disk-usage")).like, "disk-usage");
    }
}
