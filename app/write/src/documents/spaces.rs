//! Spaces: branches of the tree, and who may do what there.

use super::asked;
use super::rights::{levels, teams};
use crate::report::{own_attempt, refusal_before};
use crate::screen::{failed, hidden, option, seen};
use crate::words::documents::document_words;
use crate::words::locale;
use api::ask;
use api::documents::view::{BranchView, RightView, SpaceView, SpacesView};
use api::documents::{SpaceClose, SpaceSave, document_spaces};
use figures::Locale;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links::documents as ways;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::facts::{Fact, Facts};
use ui::field::Line;
use ui::loaded::loaded;
use ui::part::Part;

/// What one can do here.
#[derive(Clone, Copy)]
struct Acts {
    save: ServerAction<SpaceSave>,
    close: ServerAction<SpaceClose>,
}

/// The screen at `/documents/spaces`.
#[component]
pub fn SpacesScreen() -> impl IntoView {
    let (words, search) = (document_words(), use_location().search);
    let done: Memo<String> = Memo::new(move |_| search.with(|search| asked::of(search, "done")));
    let acts = Acts { save: ServerAction::new(), close: ServerAction::new() };
    let data = ask(|| (), |()| document_spaces());
    view! {
        <Title text=words.spaces />
        <div class="spaces">{loaded(data, move |view: SpacesView| sheet(&view, &done.get_untracked(), acts), failed)}</div>
    }
    .into_any()
}

fn sheet(view: &SpacesView, done: &str, acts: Acts) -> AnyView {
    let words = document_words();
    let said = (words.done)(done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    let hint = (!view.can_manage).then(|| view! { <p class="mute">{words.only_editors}</p> });
    let spaces: Vec<AnyView> = view.spaces.iter().map(|space| one(view, space, acts)).collect();
    let new = view.can_manage.then(|| {
        let form: AnyView = form(view, None, acts);
        view! { <Part title=words.space_new.to_owned() id="new">{form}</Part> }
    });
    view! {
        <header class="screen-head">
            <h1>{words.spaces}</h1>
            <p class="screen-head__lead">{words.spaces_lead}</p>
            <p class="screen-head__ways"><a class="link" href=ways::DOCUMENTS>{words.title}</a></p>
        </header>
        {said}
        {hint}
        {refusal_before(acts.close)}
        {spaces}
        {new}
    }
    .into_any()
}

fn title_of(space: &SpaceView) -> String {
    match locale() {
        Locale::Ja => space.title_ja.clone(),
        Locale::En => space.title_en.clone(),
    }
}

fn one(view: &SpacesView, space: &SpaceView, acts: Acts) -> AnyView {
    let words = document_words();
    let named = |id: &model::ids::TeamId| view.teams.iter().find(|(team, _)| team == id).map(|(_, name)| name.clone());
    let team: String = space.team.as_ref().and_then(named).unwrap_or_else(|| words.nobody.to_owned());
    let given = space.teams.iter().filter_map(|(id, right)| named(id).map(|name| format!("{name}: {}", right_text(*right))));
    let given: Vec<String> = given.collect();
    let everyone: &'static str = right_text(space.everyone);
    let branch: &'static str = words.branches[space.branch as usize];
    let edit = view.can_manage.then(|| {
        let (form, close): (AnyView, Option<AnyView>) = (form(view, Some(space), acts), close(space, acts));
        let is_open: bool = tried(acts, &space.id.to_string()).typed.fields().is_some();
        view! {
            <details class="folio__add" open=is_open>
                <summary class="link">{words.change}</summary>
                {form}
                {close}
            </details>
        }
    });
    let href: String = ways::space(&space.slug);
    let more = move || view! { <a class="link" href=href.clone()>{document_words().open_it}</a> };
    view! {
        <Part title=title_of(space) count=Some(space.n.to_string()) more=more>
            <Facts>
                <Fact name=words.branch>{branch}</Fact>
                <Fact name=words.owner_team>{team}</Fact>
                <Fact name=words.everyone>{everyone}</Fact>
                {(!given.is_empty()).then(|| view! { <Fact name=words.teams>{given.join(words.comma)}</Fact> })}
            </Facts>
            {edit}
        </Part>
    }
    .into_any()
}

fn right_text(right: RightView) -> &'static str {
    document_words().rights_words[right as usize]
}

fn tried(acts: Acts, id: &str) -> Attempt {
    let words = document_words();
    let input = |name: &str| format!("space-{id}-{name}");
    let fields = vec![
        Named::new("slug", &input("slug"), words.slug),
        Named::new("title_ja", &input("ja"), words.title_ja),
        Named::new("title_en", &input("en"), words.title_en),
    ];
    own_attempt(acts.save, fields, &[("form[id]", id)])
}

fn form(view: &SpacesView, space: Option<&SpaceView>, acts: Acts) -> AnyView {
    let words = document_words();
    let id: String = space.map(|space| space.id.to_string()).unwrap_or_default();
    let attempt: Attempt = tried(acts, &id);
    let input = |name: &str| format!("space-{id}-{name}");
    let line = |name: &str, field: &str, label: &str, value: String| Line {
        value,
        required: true,
        most: Some(200),
        ..Line::new(&input(name), field, label)
    };
    let of = |read: fn(&SpaceView) -> String| space.map(read).unwrap_or_default();
    let branch: AnyView = branch(space, &attempt, &input("branch"));
    let version: Option<AnyView> = space.map(|space| seen("form[version]", space.version));
    let fields = view! {
        {attempt.refused()}
        {hidden("form[id]", &id)}
        {version}
        <fieldset class="folio__group">
            <legend>{words.names}</legend>
            {attempt.line(line("ja", "form[title_ja]", words.title_ja, of(|space| space.title_ja.clone())))}
            {attempt.line(line("en", "form[title_en]", words.title_en, of(|space| space.title_en.clone())))}
            {attempt.line(line("slug", "form[slug]", words.slug, of(|space| space.slug.clone())))}
            {branch}
        </fieldset>
        <fieldset class="folio__group">
            <legend>{words.rights}</legend>
            {access(view, space, &attempt, &input("team"), &input("everyone"))}
        </fieldset>
        <p class="form__foot"><Button kind="submit" rank=Rank::Normal>{words.save}</Button></p>
    };
    view! { <ActionForm action=acts.save attr:class="form">{fields}</ActionForm> }.into_any()
}

/// The branch of a space stays; a new one is put into one.
fn branch(space: Option<&SpaceView>, attempt: &Attempt, input: &str) -> AnyView {
    let words = document_words();
    if let Some(space) = space {
        return hidden("form[branch]", space.branch.as_str());
    }
    let chosen: String = attempt.typed.text("form[branch]", BranchView::Technical.as_str());
    let options: Vec<AnyView> =
        BranchView::ALL.into_iter().zip(words.branches).map(|((_, word), said)| option(word, said, &chosen)).collect();
    attempt.select(Named::new("form[branch]", input, words.branch), String::new(), options)
}

fn access(view: &SpacesView, space: Option<&SpaceView>, attempt: &Attempt, team_input: &str, everyone_input: &str) -> AnyView {
    let words = document_words();
    let team: String = space.and_then(|space| space.team).map(|team| team.to_string()).unwrap_or_default();
    let team: String = attempt.typed.text("form[team]", &team);
    let mut all: Vec<AnyView> = vec![option("", words.nobody, &team)];
    all.extend(view.teams.iter().map(|(id, name)| option(&id.to_string(), name, &team)));
    let everyone: RightView = space.map_or(RightView::Write, |space| space.everyone);
    let everyone: String = attempt.typed.text("form[everyone]", everyone.as_str());
    let given: &[(model::ids::TeamId, RightView)] = space.map(|space| space.teams.as_slice()).unwrap_or_default();
    let teams: AnyView = teams(team_input, &view.teams, given, &attempt.typed);
    view! {
        {attempt.select(Named::new("form[team]", team_input, words.owner_team), words.space_team_hint.to_owned(), all)}
        {attempt.select(Named::new("form[everyone]", everyone_input, words.everyone), String::new(), levels(&everyone, ""))}
        {teams}
    }
    .into_any()
}

/// One without documents can be closed.
fn close(space: &SpaceView, acts: Acts) -> Option<AnyView> {
    let words = document_words();
    (space.n == 0).then(|| {
        let fields = view! {
            {hidden("id", &space.id.to_string())}
            <Button kind="submit" rank=Rank::Quiet>{words.space_close}</Button>
        };
        view! { <ActionForm action=acts.close>{fields}</ActionForm> }.into_any()
    })
}
