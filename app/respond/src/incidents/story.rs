//! The timeline: what happened by itself and what people wrote, the newest first, a screenful at a time.
//!
//! All pins share one form at the end: a button names the line. Two hundred forms would be most of the screen.

use super::asked;
use super::detail::Acts;
use super::entry;
use crate::oncall::said::hidden;
use crate::words::incidents::incident_words;
use crate::words::words;
use api::incidents::line::{EntryView, StoryShow, StoryView};
use api::incidents::view::IncidentView;
use api::kept::typed_into;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::IncidentId;
use ui::attempt::Typed;
use ui::part::Part;

/// The forms that pins belong to.
pub const PIN_FORM: &str = "pin-lines";
pub const UNPIN_FORM: &str = "unpin-lines";
/// The form that lines are ticked for, to become another incident.
pub const SPLIT_FORM: &str = "split-form";

/// The part.
pub fn story(view: &IncidentView, acts: Acts) -> AnyView {
    let said = incident_words();
    let (id, story): (IncidentId, &StoryView) = (view.line.id, &view.story);
    let typed = Typed::new(typed_into(acts.split));
    let lines: Vec<AnyView> = story.entries.iter().map(|line| entry::entry(line, view, &typed)).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{said.story_none}</p> }.into_any()
    } else {
        view! { <ol class="story">{lines}</ol> }.into_any()
    };
    let choices: Vec<AnyView> = StoryShow::ALL.into_iter().map(|show| choice(id, show, story.show)).collect();
    let newest = story.is_older.then(|| {
        let href: String = asked::story(id, story.show, &[]);
        view! { <p class="story__way"><a class="link" href=href>{words().to_top}</a></p> }
    });
    let (older, forms): (Option<AnyView>, Option<AnyView>) = (older(id, story), view.can_work.then(|| pins(id, acts)));
    let count = Some(story.n_lines.to_string());
    view! {
        <Part title=said.story_title.to_owned() count=count id="story">
            <nav class="story__show" aria-label=said.story_show>{choices}</nav>
            {newest}
            {body}
            {older}
            {forms}
        </Part>
    }
    .into_any()
}

fn choice(id: IncidentId, show: StoryShow, current: StoryShow) -> AnyView {
    let said = incident_words();
    let (word, href): (&'static str, String) = (said.story_shows[show as usize], asked::story(id, show, &[]));
    let is_current: Option<&'static str> = (show == current).then_some("true");
    view! { <a class="story__choice" href=href aria-current=is_current>{word}</a> }.into_any()
}

/// That there is more, and where: how many stand here is said, because nobody counts two hundred lines.
fn older(id: IncidentId, story: &StoryView) -> Option<AnyView> {
    let said = incident_words();
    let place: &String = story.older.as_ref()?;
    let href: String = asked::story(id, story.show, &[("before", place)]);
    let told: String = (said.story_cut)(story.entries.len());
    Some(
        view! { <p class="story__way"><span class="mute">{told}</span> <a class="link" href=href>{said.story_older}</a></p> }
            .into_any(),
    )
}

fn pins(id: IncidentId, acts: Acts) -> AnyView {
    let (one, other): (AnyView, AnyView) = (hidden("id", &id.0.to_string()), hidden("id", &id.0.to_string()));
    view! {
        <ActionForm action=acts.pin attr:id=PIN_FORM>{one}</ActionForm>
        <ActionForm action=acts.unpin attr:id=UNPIN_FORM>{other}</ActionForm>
    }
    .into_any()
}

/// Where a line stands on its own screen.
#[must_use]
pub fn anchor(line: &EntryView) -> String {
    format!("line-{}", line.id)
}
