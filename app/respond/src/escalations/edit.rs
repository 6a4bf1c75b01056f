//! A policy as a form: steps with whom they page and how long they wait. Who would be paged is worked out by the server before anything is
//! saved: the first button asks by the address, the second saves.

use super::ladder::{rehearsal, target_text, target_word};
use super::refusal::{failed, placed, wrong};
use crate::oncall::said::option;
use crate::words::escalations::escalation_words;
use api::escalations::{PolicyFormAsk, PolicyFormView, PolicySave, TargetView, policy_form};
use api::kept::{refusal_of, typed_into};
use api::{ApiError, ask};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links;
use ui::attempt::{Attempt, Named, Typed, Wrong, refused};
use ui::button::{Button, ButtonLink, Rank};
use ui::field::Line;
use ui::loaded::loaded;
use ui::part::Part;

/// What a form sends, and what is read.
type Choices = Vec<(String, String)>;

/// What every field must know.
struct Sheet<'a> {
    view: &'a PolicyFormView,
    attempt: Attempt,
}

impl Sheet<'_> {
    fn text(&self, field: &str) -> String {
        self.view.form.get(field).cloned().unwrap_or_default()
    }
}

/// The screen at `/escalations/new` and at `/escalations/:name/edit`.
#[component]
pub fn PolicyFormScreen() -> impl IntoView {
    let save: ServerAction<PolicySave> = ServerAction::new();
    let (params, search) = (use_params_map(), use_location().search);
    let (first, back) = (search.get_untracked(), typed_into(save));
    // What was refused comes back with this address, and goes with it.
    let asked: Memo<PolicyFormAsk> = Memo::new(move |_| {
        let name: String = params.with(|params| params.get("name").unwrap_or_default());
        search.with(|search| match &back {
            Some(fields) if *search == first => written(name, fields.clone()),
            _ => written(name, links::pairs(search)),
        })
    });
    let data = ask(move || asked.get(), policy_form);
    let refusal: Signal<Option<ApiError>> = refusal_of(save);
    loaded(data, move |view| sheet(&view, save, refusal), failed)
}

fn written(name: String, pairs: Vec<(String, String)>) -> PolicyFormAsk {
    let (draft, version) = crate::oncall::asked::draft(pairs);
    PolicyFormAsk { name, draft, version }
}

fn sheet(view: &PolicyFormView, save: ServerAction<PolicySave>, refusal: Signal<Option<ApiError>>) -> AnyView {
    let words = escalation_words();
    let title: String = view.name.as_ref().map_or_else(|| words.make_title.to_owned(), |name| (words.edit_title)(name));
    let back: String = view.name.as_ref().map_or_else(|| links::ESCALATIONS.to_owned(), |name| links::policy(name));
    let hint = (!view.can_edit).then(|| view! { <p class="mute">{words.only_editors}</p> });
    let file = view.is_from_file.then(|| view! { <p class="mute">{words.from_file}</p> });
    view! {
        <Title text=title.clone() />
        <div class="duty-edit">
            <header class="screen-head screen-head--row">
                <h1>{title}</h1>
                <ButtonLink href=back>{words.back_to}</ButtonLink>
                <p class="screen-head__lead">{words.edit_lead}</p>
            </header>
            {hint}
            {file}
            {form(view, save, refusal)}
        </div>
    }
    .into_any()
}

fn form(view: &PolicyFormView, save: ServerAction<PolicySave>, refusal: Signal<Option<ApiError>>) -> AnyView {
    let words = escalation_words();
    let found: Vec<Wrong> = all_wrong(view, refusal);
    let sheet = Sheet { view, attempt: Attempt { typed: Typed::default(), wrong: Signal::stored(found.clone()) } };
    let listed: AnyView = refused(Signal::stored(found));
    let here: String = links::policy_form(view.name.as_deref().unwrap_or_default());
    let version: String = view.version.map(|version| version.to_string()).unwrap_or_default();
    let name: String = view.name.clone().unwrap_or_default();
    let head: AnyView = head(&sheet);
    let steps: Vec<AnyView> = (0..view.n_targets.len()).map(|index| step(&sheet, index)).collect();
    let seen = view.ladder.as_ref().map(|rungs| {
        let drawn: AnyView = rehearsal(rungs, false);
        view! { <Part title=words.if_now.to_owned()>{drawn}</Part> }.into_any()
    });
    let reason: Option<String> = (!view.can_edit).then(|| words.only_editors.to_owned());
    view! {
        <ActionForm action=save attr:class="duty-edit__form">
            {listed}
            <input type="hidden" name="name" value=name />
            <input type="hidden" name="version" value=version />
            <input type="hidden" name="draft[written]" value="true" />
            {head}
            <Part title=words.steps.to_owned()>
                <p class="field__hint">{words.steps_hint}</p>
                <ol class="duty-steps">{steps}</ol>
            </Part>
            {seen}
            <div class="form__foot">
                <button class="button" type="submit" formmethod="get" formaction=here formnovalidate=true>{words.preview}</button>
                <Button kind="submit" rank=Rank::Main disabled=reason>{words.save}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// What stands in the form is judged by the server; what the last try was refused for besides is said too.
fn all_wrong(view: &PolicyFormView, refusal: Signal<Option<ApiError>>) -> Vec<Wrong> {
    let mut found: Vec<Wrong> = view.wrong.iter().map(|one| wrong(one.trouble, &one.field, place)).collect();
    let told: Vec<Wrong> = refusal.get_untracked().map(|error| placed(&error, place)).unwrap_or_default();
    for one in told {
        if !found.iter().any(|known| known.said == one.said) {
            found.push(one);
        }
    }
    found
}

fn input_id(field: &str) -> String {
    format!("policy-{}", field.replace(['.', '_'], "-"))
}

fn sent_as(field: &str) -> String {
    format!("draft[{field}]")
}

/// Where a field stands, and what it is called.
fn place(field: &str) -> Named {
    Named::new(field, &input_id(field), (escalation_words().field)(last_part(field)).0)
}

/// `step.0.target.1` is about a target.
fn last_part(field: &str) -> &str {
    let is_name = |part: &&str| !part.bytes().all(|byte| byte.is_ascii_digit());
    field.rsplit('.').find(is_name).unwrap_or(field)
}

fn line(sheet: &Sheet<'_>, field: &str, required: bool) -> AnyView {
    let (label, hint): (&'static str, &'static str) = (escalation_words().field)(last_part(field));
    sheet.attempt.line(Line {
        hint: hint.to_owned(),
        value: sheet.text(field),
        required,
        says_required: required,
        is_code: true,
        ..Line::new(&input_id(field), &sent_as(field), label)
    })
}

fn choice(sheet: &Sheet<'_>, field: &str, choices: &[(String, String)]) -> AnyView {
    let (label, hint): (&'static str, &'static str) = (escalation_words().field)(last_part(field));
    let chosen: String = sheet.text(field);
    let mut options: Vec<AnyView> = choices.iter().map(|(value, word)| option(value, word, &chosen)).collect();
    if !choices.iter().any(|(value, _)| *value == chosen) {
        // What is in force is always among what can be chosen.
        options.insert(0, option(&chosen, &chosen, &chosen));
    }
    sheet.attempt.select(Named::new(&sent_as(field), &input_id(field), label), hint.to_owned(), options)
}

fn head(sheet: &Sheet<'_>) -> AnyView {
    let words = escalation_words();
    let name = sheet.view.name.is_none().then(|| line(sheet, "name", true));
    let teams: Choices = std::iter::once((String::new(), words.no_team.to_owned()))
        .chain(sheet.view.teams.iter().map(|team| (team.clone(), team.clone())))
        .collect();
    let fields: AnyView = view! {
        <div class="duty-form__grid">
            {name}
            {choice(sheet, "owner", &teams)}
            {line(sheet, "passes", false)}
        </div>
    }
    .into_any();
    view! { <Part title=words.policy.to_owned()>{fields}</Part> }.into_any()
}

fn step(sheet: &Sheet<'_>, index: usize) -> AnyView {
    let words = escalation_words();
    let under: String = format!("step.{index}");
    let n_targets: usize = sheet.view.n_targets.get(index).copied().unwrap_or(1);
    let targets: Vec<AnyView> = (0..n_targets).map(|at| target(sheet, &format!("{under}.target.{at}"), at)).collect();
    let title: String = (words.step)(u32::try_from(index + 1).unwrap_or(u32::MAX));
    let hint = (index + 1 == sheet.view.n_targets.len()).then(|| view! { <p class="field__hint">{words.step_new}</p> });
    view! {
        <li class="duty-steps__one">
            <fieldset class="duty-form__group" id=input_id(&format!("{under}.targets"))>
                <legend class="field__label">{title}</legend>
                {hint}
                <ul class="duty-members">{targets}</ul>
                <div class="duty-form__grid">
                    {line(sheet, &format!("{under}.wait"), false)}
                    {choice(sheet, &format!("{under}.when"), &named(&["always", "business", "night", "holiday"], &words.whens))}
                    {zone(sheet, &under)}
                    {choice(sheet, &format!("{under}.ack"), &named(&["any", "all"], &words.acks))}
                    {choice(sheet, &format!("{under}.on_empty"), &named(&["next", "fallback"], &words.empties))}
                    {line(sheet, &format!("{under}.place"), false)}
                </div>
            </fieldset>
        </li>
    }
    .into_any()
}

fn zone(sheet: &Sheet<'_>, under: &str) -> AnyView {
    let zones = sheet.view.zones.iter().map(|zone| (zone.clone(), zone.replace('_', " ")));
    let zones: Choices = std::iter::once((String::new(), "—".to_owned())).chain(zones).collect();
    choice(sheet, &format!("{under}.zone"), &zones)
}

/// Whom a step pages: one of everything it could name.
fn target(sheet: &Sheet<'_>, field: &str, at: usize) -> AnyView {
    let chosen: String = sheet.text(field);
    let one = |target: &TargetView| option(&target_word(target), &target_text(target), &chosen);
    let mut options: Vec<AnyView> = vec![option("", "—", &chosen)];
    options.extend(sheet.view.choices.iter().map(one));
    let is_known: bool = chosen.is_empty() || sheet.view.choices.iter().any(|target| target_word(target) == chosen);
    if !is_known {
        options.push(option(&chosen, &chosen, &chosen));
    }
    let label: String = (escalation_words().target_number)(at + 1);
    view! {
        <li class="duty-members__one">
            <select class="input" id=input_id(field) name=sent_as(field) aria-label=label>{options}</select>
        </li>
    }
    .into_any()
}

fn named(values: &[&str], words: &[&str]) -> Choices {
    values.iter().zip(words).map(|(value, word)| ((*value).to_owned(), (*word).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::{last_part, named, written};
    use model::links;

    #[test]
    fn a_draft_comes_back_from_its_address() {
        let ask = written("payments".to_owned(), links::pairs("version=2&draft%5Bstep.0.target.1%5D=team%3ASRE"));
        assert_eq!((ask.version, ask.draft.get("step.0.target.1").map(String::as_str)), (Some(2), Some("team:SRE")));
        assert_eq!(last_part("step.0.target.1"), "target");
        assert_eq!(named(&["any"], &["一人"]), [("any".to_owned(), "一人".to_owned())]);
    }
}
