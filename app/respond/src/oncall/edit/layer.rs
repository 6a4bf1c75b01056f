//! The layers of a schedule as a form, each folded but the one that is to be filled in.

use super::written::{Sheet, choice, input_id, line, sent_as, tick, times};
use crate::words::duty::duty_words;
use crate::words::oncall::oncall_words;
use api::oncall::PersonName;
use leptos::prelude::*;
use ui::part::Part;

/// What a form sends, and what is read.
type Choices = Vec<(String, String)>;
/// So many layers are shown open: a schedule that is no more is read at a glance.
const FEW: usize = 3;

/// Every layer, and an empty one to fill in.
pub fn layers(sheet: &Sheet<'_>) -> AnyView {
    let words = oncall_words();
    let drawn: Vec<AnyView> = (0..sheet.view.n_layers).map(|index| layer(sheet, index)).collect();
    let body: AnyView = view! {
        <p class="field__hint">{words.layers_hint}</p>
        <div class="duty-layers">{drawn}</div>
    }
    .into_any();
    view! { <Part title=words.layers.to_owned()>{body}</Part> }.into_any()
}

fn layer(sheet: &Sheet<'_>, index: usize) -> AnyView {
    let words = oncall_words();
    let under: String = format!("layer.{index}");
    let is_new: bool = !sheet.has(&format!("{under}."));
    let is_wrong: bool = sheet.view.wrong.iter().any(|one| one.field.starts_with(&format!("{under}.")));
    let is_alone: bool = sheet.view.n_layers == 1;
    let title: String = title(sheet, &under, is_new, index);
    let id: String = sheet.text(&format!("{under}.id"));
    let remove = (!id.is_empty()).then(|| tick(sheet, &format!("{under}.remove"), words.layer_remove));
    view! {
        <details class="duty-layer" open={is_wrong || is_alone || (!is_new && sheet.view.n_layers <= FEW)}>
            <summary class="duty-layer__head">{title}</summary>
            <div class="duty-layer__body">
                <input type="hidden" name=sent_as(&format!("{under}.id")) value=id />
                {who(sheet, &under, index)}
                {turns(sheet, &under)}
                {finer(sheet, &under, is_wrong)}
                {remove}
            </div>
        </details>
    }
    .into_any()
}

fn title(sheet: &Sheet<'_>, under: &str, is_new: bool, index: usize) -> String {
    let words = oncall_words();
    if is_new {
        return words.layer_new.to_owned();
    }
    let name: String = sheet.text(&format!("{under}.name"));
    let role: String = role_name(&sheet.text(&format!("{under}.role")), &sheet.text(&format!("{under}.own_role")));
    let number: String = (words.layer_number)(index + 1);
    if name.is_empty() { format!("{number} · {role}") } else { format!("{number} · {role} · {name}") }
}

fn role_name(word: &str, own: &str) -> String {
    let roles: [&'static str; 3] = duty_words().roles;
    match word {
        "primary" => roles[0].to_owned(),
        "secondary" => roles[1].to_owned(),
        "shadow" => roles[2].to_owned(),
        _ => own.to_owned(),
    }
}

/// What it is for, and who takes turns.
fn who(sheet: &Sheet<'_>, under: &str, index: usize) -> AnyView {
    let words = oncall_words();
    let [primary, secondary, shadow] = duty_words().roles;
    let roles: Choices = named(&[("primary", primary), ("secondary", secondary), ("shadow", shadow), ("own", words.own_role)]);
    let n_members: usize = sheet.view.n_members.get(index).copied().unwrap_or(2);
    let members: Vec<AnyView> = (0..n_members).map(|at| member(sheet, &format!("{under}.member.{at}"), at)).collect();
    view! {
        <div class="duty-form__grid">
            {choice(sheet, &format!("{under}.role"), &roles)}
            {line(sheet, &format!("{under}.own_role"), false)}
        </div>
        <fieldset class="duty-form__group" id=input_id(&format!("{under}.members"))>
            <legend class="field__label">{words.members}</legend>
            <p class="field__hint">{words.members_hint}</p>
            <ol class="duty-members">{members}</ol>
        </fieldset>
    }
    .into_any()
}

/// One turn: a person, people together, or deliberately nobody.
fn member(sheet: &Sheet<'_>, field: &str, at: usize) -> AnyView {
    let words = oncall_words();
    let chosen: String = sheet.text(field);
    let person = |person: &PersonName| (person.id.to_string(), person.name.clone());
    let mut choices: Choices = vec![(String::new(), "—".to_owned())];
    choices.extend(sheet.view.people.iter().map(person));
    choices.push(("nobody".to_owned(), duty_words().nobody.to_owned()));
    if chosen.contains('+') {
        choices.push((chosen.clone(), together(sheet, &chosen)));
    }
    let options: Vec<AnyView> = choices.iter().map(|(value, word)| super::super::said::option(value, word, &chosen)).collect();
    let label: String = (words.member_number)(at + 1);
    view! {
        <li class="duty-members__one">
            <select class="input" id=input_id(field) name=sent_as(field) aria-label=label>{options}</select>
        </li>
    }
    .into_any()
}

/// People who have a turn together, by name.
fn together(sheet: &Sheet<'_>, ids: &str) -> String {
    let name = |id: &str| sheet.view.people.iter().find(|person| person.id.to_string() == id).map(|person| person.name.clone());
    ids.split('+').filter_map(name).collect::<Vec<String>>().join(duty_words().comma)
}

/// How long a turn is, and when it begins.
fn turns(sheet: &Sheet<'_>, under: &str) -> AnyView {
    let words = oncall_words();
    let [hour, day, week, month] = words.units;
    let units: Choices = named(&[("hour", hour), ("day", day), ("week", week), ("month", month)]);
    view! {
        <fieldset class="duty-form__group">
            <legend class="field__label">{words.turns}</legend>
            <div class="duty-form__grid">
                {line(sheet, &format!("{under}.every"), false)}
                {choice(sheet, &format!("{under}.unit"), &units)}
                {line(sheet, &format!("{under}.anchor"), false)}
                {line(sheet, &format!("{under}.offset"), false)}
            </div>
        </fieldset>
    }
    .into_any()
}

/// What most layers leave as it is: shown where one of these was set.
const FINER: [&str; 8] = ["name", "zone", "mode", "advance_on", "on_holiday", "time.0.kind", "from", "until"];
/// What it is when nobody said anything.
const USUAL: [&str; 4] = ["", "cut", "period", "keep"];

/// Everything else, folded while it is as usual.
fn finer(sheet: &Sheet<'_>, under: &str, is_wrong: bool) -> AnyView {
    let words = oncall_words();
    let is_set = |part: &&str| !USUAL.contains(&sheet.text(&format!("{under}.{part}")).as_str());
    let modes: Choices = named(&[("cut", words.modes[0]), ("add", words.modes[1])]);
    let zones = sheet.view.zones.iter().map(|zone| (zone.clone(), zone.replace('_', " ")));
    let zones: Choices = std::iter::once((String::new(), words.same_zone.to_owned())).chain(zones).collect();
    let advance: Choices = named(&[("period", words.advance[0]), ("worked_shift", words.advance[1])]);
    let holidays: Choices =
        named(&[("keep", words.on_holiday[0]), ("skip", words.on_holiday[1]), ("holiday_layer", words.on_holiday[2])]);
    view! {
        <details class="duty-finer" open={is_wrong || FINER.iter().any(is_set)}>
            <summary>{words.finer}</summary>
            <div class="duty-form__grid">
                {line(sheet, &format!("{under}.name"), false)}
                {line(sheet, &format!("{under}.rank"), false)}
                {choice(sheet, &format!("{under}.mode"), &modes)}
                {choice(sheet, &format!("{under}.zone"), &zones)}
                {choice(sheet, &format!("{under}.advance_on"), &advance)}
                {choice(sheet, &format!("{under}.on_holiday"), &holidays)}
            </div>
            {limits(sheet, under)}
        </details>
    }
    .into_any()
}

/// When it counts at all.
fn limits(sheet: &Sheet<'_>, under: &str) -> AnyView {
    let words = oncall_words();
    view! {
        <fieldset class="duty-form__group">
            <legend class="field__label">{words.restrictions}</legend>
            <p class="field__hint">{words.restrictions_hint}</p>
            {times(sheet, &format!("{under}.time"))}
            <div class="duty-form__pair">
                {line(sheet, &format!("{under}.from"), false)}
                {line(sheet, &format!("{under}.until"), false)}
            </div>
        </fieldset>
    }
    .into_any()
}

fn named(choices: &[(&str, &str)]) -> Choices {
    choices.iter().map(|(value, word)| ((*value).to_owned(), (*word).to_owned())).collect()
}
