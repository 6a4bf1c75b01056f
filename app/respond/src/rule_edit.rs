//! The form in which a rule is made or changed, and what the draft in it would have done, live as it is written.
//!
//! Without a script it is a form like any other: "preview" puts the draft into the address and the server answers with the same screen,
//! filled in and judged; "save" leads on to the rule, or back here with what is wrong at its field.

mod choices;
pub mod fields;
mod input;
mod seen;

use crate::report::report;
use crate::screen::loaded;
use crate::words::locale;
use crate::words::rules::{RuleWords, rule_words};
use crate::words::words;
use api::ask;
use api::kept::{refusal_of, typed_into};
use api::rules::{RuleForm, RuleFormAsk, RuleFormView, RuleSave, rule_form};
use choices::data_lists;
use fields::{Kind, SECTIONS, Spec, rows, says_something};
use input::{hidden, input, ticks};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use model::ids::RuleId;
use model::links;
use seen::{Seen, pane};
use ui::attempt::{Wrong, listed};
use ui::button::{Button, ButtonLink, Rank};
use ui::chart::provide_crosshair;

/// The screen at `/rules/new` and at `/rules/:id/edit`.
#[component]
pub fn RuleFormScreen() -> impl IntoView {
    let save: ServerAction<RuleSave> = ServerAction::new();
    let asked = asked(save);
    let data = ask(move || asked.get(), rule_form);
    provide_crosshair();
    view! {
        <Title text=words().rules />
        {loaded(data, move |view| {
            let was_tried: bool = asked.with_untracked(|asked| !asked.draft.is_empty());
            view! { <Sheet view=view save=save was_tried=was_tried /> }.into_any()
        })}
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

#[component]
fn Sheet(view: RuleFormView, save: ServerAction<RuleSave>, was_tried: bool) -> impl IntoView {
    let form: NodeRef<html::Form> = NodeRef::new();
    let seen = Seen::new(&view, form, was_tried);
    let top: NodeRef<html::Div> = NodeRef::new();
    follow(save, seen, top);
    let here: String = links::rule_form(view.id.as_ref(), [].into_iter(), None);
    let sections: Vec<AnyView> = (0..SECTIONS.len()).map(|index| section(index, &view, seen)).collect();
    let version: String = view.version.map(|version| version.to_string()).unwrap_or_default();
    let written: RuleForm = view.form.clone();
    let fixed: Option<AnyView> = view.id.is_some().then(|| hidden("id", &written));
    view! {
        <div class="rule-form">
            {head(&view)}
            <ActionForm action=save node_ref=form>
                <div class="rule-form__all" on:input=move |_| seen.written()>
                    {listed(wrong(seen, save), top)}
                    {fixed}
                    <input type="hidden" name="version" value=version />
                    {sections}
                    {data_lists(&view)}
                    {foot(&view, seen, save, here)}
                </div>
            </ActionForm>
            {pane(seen)}
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
fn wrong(seen: Seen, save: ServerAction<RuleSave>) -> Signal<Vec<Wrong>> {
    let (said, error) = (rule_words(), refusal_of(save));
    // What the draft itself does not explain, such as too many rules, is said as it was refused.
    let is_unexplained: bool = untrack(move || seen.wrong().is_empty());
    let all = Memo::new(move |_| -> Vec<Wrong> {
        if seen.is_stale() {
            return vec![Wrong { at: None, said: said.stale.to_owned() }];
        }
        let found: Vec<Wrong> = if seen.needs_another_look() { seen.wrong() } else { Vec::new() };
        let other: Option<String> = error.with(|error| {
            error.as_ref().filter(|error| is_unexplained || error.mistakes().is_empty()).map(crate::words::refused)
        });
        found.into_iter().chain(other.map(|said| Wrong { at: None, said })).collect()
    });
    all.into()
}

fn section(index: usize, view: &RuleFormView, seen: Seen) -> AnyView {
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

fn field_of(field: &'static str, kind: Kind, view: &RuleFormView, seen: Seen) -> AnyView {
    match kind {
        Kind::Ticks(words) => ticks(field, words, &view.form),
        Kind::Rows(parts) => many(field, parts, view, seen),
        Kind::Fold(parts) => fold(field, parts, view, seen),
        other => input(field, other, view, seen),
    }
}

/// Fields behind one line. It is open when one of them holds a value, and opens when one of them is wrong.
fn fold(name: &str, parts: &'static [Spec], view: &RuleFormView, seen: Seen) -> AnyView {
    let holds: bool = says_something(parts, &view.form);
    let title: &'static str = (rule_words().fold)(name);
    // Once open it stays so: what somebody writes in must not close under their hands.
    let is_open = Memo::new(move |before: Option<&bool>| holds || before == Some(&true) || seen.is_wrong_in(parts));
    let inputs: Vec<AnyView> = parts.iter().map(|(field, kind)| field_of(field, *kind, view, seen)).collect();
    view! {
        <details class="rule-form__fold" open=move || is_open.get()>
            <summary class="rule-form__more">{title}</summary>
            <div class="rule-form__grid">{inputs}</div>
        </details>
    }
    .into_any()
}

/// Rows of one kind: those that are filled in, and two more.
fn many(field: &str, parts: &'static [(&'static str, Kind)], view: &RuleFormView, seen: Seen) -> AnyView {
    let row = |number: usize| {
        let one = |(part, kind): &(&'static str, Kind)| input(&format!("{field}.{number}.{part}"), *kind, view, seen);
        let inputs: Vec<AnyView> = parts.iter().map(one).collect();
        let label: String = (rule_words().row)(number + 1);
        view! { <div class="rule-form__row" role="group" aria-label=label>{inputs}</div> }.into_any()
    };
    let rows: Vec<AnyView> = (0..rows(field, &view.form)).map(row).collect();
    view! { <div class="rule-form__rows">{rows}</div> }.into_any()
}

fn foot(view: &RuleFormView, seen: Seen, save: ServerAction<RuleSave>, here: String) -> AnyView {
    let said: &'static RuleWords = rule_words();
    let back: String = view.id.as_ref().map_or_else(|| links::RULES.to_owned(), links::rule);
    // With a script the draft is judged in place; without one it goes into the address.
    let class: &'static str = Rank::Normal.class();
    let preview = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        seen.judge();
    };
    view! {
        <div class="form__foot rule-form__foot">
            <Button kind="submit" rank=Rank::Main busy=save.pending()>{said.save}</Button>
            <button class=class type="submit" formmethod="get" formaction=here formnovalidate=true on:click=preview>
                {said.preview}
            </button>
            <ButtonLink href=back rank=Rank::Quiet>{said.cancel}</ButtonLink>
        </div>
    }
    .into_any()
}

/// On to the rule once it is saved; what is wrong goes to its field, and the reader to the list of it.
fn follow(save: ServerAction<RuleSave>, seen: Seen, top: NodeRef<html::Div>) {
    report(save, |_, saved| {
        let said = rule_words();
        if saved.id.is_some() { said.saved.to_owned() } else { said.check.to_owned() }
    });
    let (value, version, navigate) = (save.value(), save.version(), use_navigate());
    Effect::new(move |_: Option<()>| {
        if version.get() == 0 {
            return;
        }
        if let Some(Ok(saved)) = value.get_untracked() {
            let id: Option<RuleId> = saved.id;
            match id {
                Some(id) => navigate(&links::rule(&id), NavigateOptions::default()),
                None => {
                    seen.refuse(saved.wrong);
                    // A frame later the list is there.
                    request_animation_frame(move || show(top));
                }
            }
        }
    });
}

fn show(top: NodeRef<html::Div>) {
    if let Some(element) = top.get_untracked() {
        // Fails only for an element that is not shown, and then there is nothing to read.
        let _ = element.focus();
    }
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
