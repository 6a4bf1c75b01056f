//! What else can be done with it: how bad it is, its words, ending it and bringing it back, making it part of another or a part of it
//! another, and who may see it. Folded in, because it is rare; refused in place, because it is grave.

use super::detail::Acts;
use super::head::step_on;
use super::refusal::{Places, attempt};
use super::said::{missing_text, move_text, name_text, seen, version};
use super::story::SPLIT_FORM;
use crate::oncall::said::{hidden, option};
use crate::words::incidents::incident_words;
use crate::words::locale;
use api::incidents::form::LevelChoice;
use api::incidents::view::{IncidentView, LinkedView};
use api::incidents::{
    IncidentAct, IncidentEdit, IncidentLevel, IncidentMerge, IncidentRoom, IncidentSplit, IncidentUnmerge, IncidentVisibility,
};
use api::oncall::PersonName;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::ids::IncidentId;
use model::incident::{MAX_REASON, MAX_TITLE, Move};
use ui::attempt::{Attempt, Named, Typed, Wrong};
use ui::button::{Button, Rank};
use ui::field::{Field, Line, described_by, invalid};
use ui::part::Part;

/// Fewer than so many others that go on are all of them, as many as are handed out: then there is nothing to write.
const ALL_NAMED: usize = 49;

/// The part.
pub fn manage(view: &IncidentView, acts: Acts) -> Option<AnyView> {
    let words = incident_words();
    if !view.can_work {
        return None;
    }
    let is_open: bool = view.line.status.is_open();
    let is_final: bool = view.line.status.is_final();
    let parts: Vec<AnyView> = [
        (!is_final).then(|| level(view, acts)),
        Some(edit(view, acts)),
        ending(view, acts),
        reasoned(view, Move::Reopen, words.reopen_hint, acts),
        reasoned(view, Move::Dismiss, words.dismiss_hint, acts),
        view.moves.contains(&Move::Merge).then(|| merge(view, acts)),
        view.moves.contains(&Move::Split).then(|| unmerge(view)),
        is_open.then(|| split(view, acts)),
        Some(visibility(view, acts)),
        (is_open && view.room.is_none()).then(|| room(view)),
    ]
    .into_iter()
    .flatten()
    .collect();
    Some(
        view! { <Part title=words.manage_title.to_owned() id="manage"><div class="case__manage">{parts}</div></Part> }.into_any(),
    )
}

fn id(view: &IncidentView) -> AnyView {
    hidden("id", &view.line.id.0.to_string())
}

/// A form that opens on its name, and stands open when it was refused.
fn folded(anchor: &'static str, summary: &'static str, is_open: bool, body: AnyView) -> AnyView {
    view! {
        <details class="case__more" id=anchor open=is_open>
            <summary class="button button--quiet">{summary}</summary>
            {body}
        </details>
    }
    .into_any()
}

/// Whether something came back of the last try.
fn was_tried(attempt: &Attempt) -> bool {
    attempt.typed.fields().is_some() || attempt.wrong.with_untracked(|wrong| !wrong.is_empty())
}

fn reason_line(anchor: &str, label: &str, required: bool) -> Line {
    let most: u32 = u32::try_from(MAX_REASON).unwrap_or(u32::MAX);
    Line { most: Some(most), required, ..Line::new(&format!("{anchor}-reason"), "reason", label) }
}

/// A form of some fields and its button. On a screen that the server draws it is the same as one of an action.
fn form(url: &'static str, fields: Vec<AnyView>, word: &'static str) -> AnyView {
    form_called(None, url, fields, word)
}

/// The same with an id, for fields that stand elsewhere.
fn form_called(id: Option<&'static str>, url: &'static str, fields: Vec<AnyView>, word: &'static str) -> AnyView {
    view! {
        <form class="form" id=id method="post" action=url>
            {fields}
            <div class="form__foot"><Button kind="submit">{word}</Button></div>
        </form>
    }
    .into_any()
}

fn hint(text: &'static str) -> AnyView {
    view! { <p class="field__hint">{text}</p> }.into_any()
}

/// A box to tick, with its words.
fn tick(name: &'static str, value: String, text: String, is_ticked: bool) -> AnyView {
    view! { <label class="tick"><input type="checkbox" name=name value=value checked=is_ticked />{text}</label> }.into_any()
}

fn ticks(legend: &'static str, all: Vec<AnyView>) -> AnyView {
    view! { <fieldset class="case__ticks"><legend class="field__label">{legend}</legend>{all}</fieldset> }.into_any()
}

/// How bad it is. Clocks that run go by it: worse is never later.
fn level(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let places: Places = vec![Named::new("code", "level-code", words.level), Named::new("reason", "level-reason", words.reason)];
    let attempt: Attempt = attempt(acts.level, places);
    let chosen: String = attempt.typed.text("code", &view.line.code);
    let choice = |level: &LevelChoice| option(&level.code, &level_text(level), &chosen);
    let options: Vec<AnyView> = view.choices.levels.iter().map(choice).collect();
    let fields: Vec<AnyView> = vec![
        attempt.refused(),
        id(view),
        version(view.version),
        hint(words.level_hint),
        attempt.select(Named::new("code", "level-code", words.level), String::new(), options),
        attempt.line(reason_line("level", words.reason, false)),
    ];
    folded("level", words.level_change, was_tried(&attempt), form(IncidentLevel::url(), fields, words.level_do))
}

/// `P1 高 — 主要機能の停止`.
#[must_use]
pub fn level_text(level: &LevelChoice) -> String {
    let (name, definition) = (level.name.read(locale()), level.definition.read(locale()));
    if definition.is_empty() { format!("{} {name}", level.code) } else { format!("{} {name} — {definition}", level.code) }
}

fn edit(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let places: Places = vec![
        Named::new("title", "edit-title", words.title_label),
        Named::new("summary", "edit-summary", words.summary_label),
        Named::new("systems", "edit-systems", words.systems_label),
    ];
    let attempt: Attempt = attempt(acts.edit, places);
    let title = Line {
        value: view.line.title.clone(),
        most: Some(u32::try_from(MAX_TITLE).unwrap_or(u32::MAX)),
        required: true,
        ..Line::new("edit-title", "edit[title]", words.title_label)
    };
    let systems = Line {
        value: view.line.systems.join(", "),
        hint: words.systems_hint.to_owned(),
        ..Line::new("edit-systems", "edit[systems]", words.systems_label)
    };
    let current: String = view.team_id.map(|id| id.to_string()).unwrap_or_default();
    let chosen: String = attempt.typed.text("edit[team]", &current);
    let mut teams: Vec<AnyView> = vec![option("", words.no_team, &chosen)];
    teams.extend(view.choices.teams.iter().map(|(id, name)| option(&id.to_string(), name, &chosen)));
    let summary = Named::new("edit[summary]", "edit-summary", words.summary_label);
    let fields: Vec<AnyView> = vec![
        attempt.refused(),
        hidden("edit[id]", &view.line.id.0.to_string()),
        seen("edit[version]", view.version),
        attempt.line(title),
        attempt.area(summary, words.summary_hint.to_owned(), &view.summary),
        attempt.line(systems),
        attempt.select(Named::new("edit[team]", "edit-team", words.team), String::new(), teams),
    ];
    folded("edit", words.edit, was_tried(&attempt), form(IncidentEdit::url(), fields, words.save))
}

/// Closing, with what it waits for.
fn ending(view: &IncidentView, acts: Acts) -> Option<AnyView> {
    let words = incident_words();
    if !view.moves.contains(&Move::Close) {
        return None;
    }
    let missing: Vec<String> = view.to_close.iter().map(|one| missing_text(*one)).collect();
    let body: AnyView = if missing.is_empty() {
        view! { <p class="field__hint">{words.close_hint}</p> {step_on(view, Move::Close, Rank::Normal, acts)} }.into_any()
    } else {
        let said: String = (words.unfinished)(&missing.join(words.comma));
        view! { <p class="field__hint">{said}</p> }.into_any()
    };
    Some(folded("close", words.close, false, view! { <div class="form">{body}</div> }.into_any()))
}

/// What needs a reason: bringing it back, and calling it a false alarm.
fn reasoned(view: &IncidentView, by: Move, why: &'static str, acts: Acts) -> Option<AnyView> {
    if !view.moves.contains(&by) {
        return None;
    }
    let words = incident_words();
    let anchor: &'static str = if by == Move::Reopen { "reopen" } else { "dismiss" };
    let places: Places = vec![Named::new("reason", &format!("{anchor}-reason"), words.reason)];
    let tried: Attempt = attempt(acts.act, places);
    let typed: Typed = tried.typed.only(&[("by", by.as_str())]);
    let is_mine: bool = typed.fields().is_some();
    let wrong: Signal<Vec<Wrong>> = if is_mine { tried.wrong } else { Signal::default() };
    let attempt = Attempt { typed, wrong };
    let fields: Vec<AnyView> = vec![
        attempt.refused(),
        hint(why),
        id(view),
        version(view.version),
        hidden("by", by.as_str()),
        attempt.line(reason_line(anchor, words.reason, true)),
    ];
    Some(folded(anchor, move_text(by), is_mine, form(IncidentAct::url(), fields, move_text(by))))
}

/// Into which of those that go on.
fn merge(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let attempt: Attempt = attempt(acts.merge, vec![Named::new("into", "merge-into", words.merge_into)]);
    if view.kin.open.is_empty() {
        let body: AnyView = view! { <div class="form">{hint(words.merge_none)}</div> }.into_any();
        return folded("merge", words.merge, was_tried(&attempt), body);
    }
    let into: AnyView = if view.kin.open.len() < ALL_NAMED { chosen(view, &attempt) } else { typed(view, &attempt) };
    let fields: Vec<AnyView> = vec![attempt.refused(), hint(words.merge_hint), id(view), version(view.version), into];
    folded("merge", words.merge, was_tried(&attempt), form(IncidentMerge::url(), fields, words.merge_do))
}

/// An incident as it is sent, and as it is read.
fn other((id, title): &(IncidentId, String)) -> (String, String) {
    (id.to_string(), format!("{id} {title}"))
}

/// Each can be chosen.
fn chosen(view: &IncidentView, attempt: &Attempt) -> AnyView {
    let words = incident_words();
    let current: String = attempt.typed.text("into", "");
    let mut options: Vec<AnyView> = vec![option("", words.merge_pick, &current)];
    options.extend(view.kin.open.iter().map(other).map(|(sent, said)| option(&sent, &said, &current)));
    attempt.select(Named::new("into", "merge-into", words.merge_into), String::new(), options)
}

/// More go on than are named here: a number can be written, and those that are named are proposed.
fn typed(view: &IncidentView, attempt: &Attempt) -> AnyView {
    let words = incident_words();
    let error: Signal<Option<String>> = attempt.wrong_at("merge-into");
    let (value, described): (String, String) = (attempt.typed.text("into", ""), described_by("merge-into"));
    let options: Vec<AnyView> =
        view.kin.open.iter().map(other).map(|(sent, said)| view! { <option value=sent>{said}</option> }.into_any()).collect();
    view! {
        <Field id="merge-into" label=words.merge_into.to_owned() hint=words.merge_type_hint.to_owned() error=error>
            <input
                class="input"
                id="merge-into"
                name="into"
                list="merge-others"
                placeholder="I-12"
                autocomplete="off"
                required=true
                value=value
                aria-describedby=described
                aria-invalid=invalid(error)
            />
        </Field>
        <datalist id="merge-others">{options}</datalist>
    }
    .into_any()
}

fn unmerge(view: &IncidentView) -> AnyView {
    let words = incident_words();
    let fields: Vec<AnyView> = vec![hint(words.unmerge_hint), id(view), version(view.version)];
    folded("unmerge", words.unmerge, false, form(IncidentUnmerge::url(), fields, words.unmerge))
}

/// Alerts take their lines with them; further lines are ticked where they stand in the timeline.
fn split(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let places: Places = vec![
        Named::new("title", "split-title", words.title_label),
        Named::new("code", "split-code", words.level),
        Named::new("alerts", "split-alerts", words.alerts_title),
    ];
    let attempt: Attempt = attempt(acts.split, places);
    let alert = |alert: &LinkedView| {
        let number: String = alert.id.0.to_string();
        let is_ticked: bool = attempt.typed.is_ticked("split[alerts][]", &number, false);
        tick("split[alerts][]", number, format!("{} {}", alert.id, alert.name.read(locale())), is_ticked)
    };
    let alerts: Vec<AnyView> = view.alerts.iter().map(alert).collect();
    let title = Line { required: true, most: Some(200), ..Line::new("split-title", "split[title]", words.title_label) };
    let code: String = attempt.typed.text("split[code]", "");
    let mut levels: Vec<AnyView> = vec![option("", &(words.split_same_level)(&view.line.code), &code)];
    levels.extend(view.choices.levels.iter().map(|level| option(&level.code, &level_text(level), &code)));
    let fields: Vec<AnyView> = vec![
        attempt.refused(),
        hint(words.split_hint),
        hidden("split[id]", &view.line.id.0.to_string()),
        seen("split[version]", view.version),
        attempt.line(title),
        attempt.select(Named::new("split[code]", "split-code", words.level), String::new(), levels),
        view! { <div id="split-alerts" tabindex="-1">{ticks(words.alerts_title, alerts)}</div> }.into_any(),
        view! { <p class="field__hint">{words.split_lines_hint} " " <a class="link" href="#story" rel="external">{words.story_title}</a></p> }
            .into_any(),
    ];
    let body: AnyView = form_called(Some(SPLIT_FORM), IncidentSplit::url(), fields, words.split_do);
    folded("split", words.split, was_tried(&attempt), body)
}

fn visibility(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let attempt: Attempt = attempt(acts.visibility, Places::new());
    let insider = |person: &PersonName| {
        let is_in: bool = view.audience.insiders.contains(&person.id);
        tick("wish[insiders][]", person.id.to_string(), name_text(person), is_in)
    };
    let people: Vec<AnyView> = view.choices.people.iter().map(insider).collect();
    let fields: Vec<AnyView> = vec![
        attempt.refused(),
        hint(words.private_hint),
        hidden("wish[id]", &view.line.id.0.to_string()),
        seen("wish[version]", view.version),
        tick("wish[is_private]", "true".to_owned(), words.make_private.to_owned(), view.line.is_private),
        ticks(words.insiders, people),
    ];
    folded("visibility", words.visibility, was_tried(&attempt), form(IncidentVisibility::url(), fields, words.save))
}

fn room(view: &IncidentView) -> AnyView {
    let words = incident_words();
    form(IncidentRoom::url(), vec![id(view), version(view.version)], words.open_room)
}
