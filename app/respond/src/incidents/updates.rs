//! What those who wait are told, in Japanese and English side by side, and when the next word is promised.

use super::detail::Acts;
use super::entry::both;
use super::refusal::{Places, attempt};
use super::said::{clock_badge, moment_text};
use crate::facts::name_of;
use crate::oncall::said::hidden;
use crate::words::incidents::incident_words;
use api::incidents::ClockView;
use api::incidents::view::{IncidentView, UpdateView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::clock::{ClockKind, Standing};
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::part::Part;

/// Earlier ones that stand beside the form; all of them stand in the timeline.
const SHOWN: usize = 2;

/// The part.
pub fn updates(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let count = Some(view.updates.len().to_string());
    let last: Vec<AnyView> = view.updates.iter().take(SHOWN).map(one).collect();
    let none = view.updates.is_empty().then(|| view! { <p class="mute">{words.updates_none}</p> });
    let may: bool = view.can_work && !view.line.status.is_final();
    let form = may.then(|| form(view, acts));
    let (cadence, following): (Option<AnyView>, Option<AnyView>) = (cadence(view), following(view, acts));
    view! {
        <Part title=words.updates_title.to_owned() count=count id="updates">
            {cadence}
            {form}
            {none}
            <div class="case__updates">{last}</div>
            {following}
        </Part>
    }
    .into_any()
}

/// When the next one is due, and whether it still comes in time.
fn cadence(view: &IncidentView) -> Option<AnyView> {
    let words = incident_words();
    let is_running = |clock: &&ClockView| clock.kind == ClockKind::Update && !matches!(clock.standing, Standing::Met { .. });
    let clock: &ClockView = view.clocks.iter().find(is_running)?;
    let due: String = (words.next_update)(&moment_text(clock.due_at));
    Some(view! { <p class="case__cadence"><b>{due}</b> {clock_badge(clock)}</p> }.into_any())
}

fn one(update: &UpdateView) -> AnyView {
    let said: String = format!("{} · {}", moment_text(update.at), name_of(&update.by));
    view! { <div class="case__update"><small class="mute">{said}</small>{both(&update.ja, &update.en)}</div> }.into_any()
}

/// Both languages at once: who writes one sees that the other is empty.
fn form(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let places: Places = vec![Named::new("ja", "update-ja", words.japanese), Named::new("en", "update-en", words.english)];
    let attempt: Attempt = attempt(acts.update, places);
    let id: AnyView = hidden("id", &view.line.id.0.to_string());
    let rank: Rank = if view.line.needs_somebody() { Rank::Normal } else { Rank::Main };
    view! {
        <ActionForm action=acts.update attr:class="case__compose">
            {attempt.refused()}
            {id}
            <div class="case__pair">
                {attempt.area(Named::new("ja", "update-ja", words.japanese), String::new(), "")}
                {attempt.area(Named::new("en", "update-en", words.english), String::new(), "")}
            </div>
            <div class="form__foot">
                <Button kind="submit" rank=rank>{words.update_do}</Button>
                <small class="mute">{words.update_hint}</small>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// Who hears of it: the reader may want to.
fn following(view: &IncidentView, acts: Acts) -> Option<AnyView> {
    let words = incident_words();
    let n: u32 = view.audience.n_followers;
    let wants: &'static str = if view.audience.is_following { "false" } else { "true" };
    let word: &'static str = if view.audience.is_following { words.unfollow } else { words.follow };
    let fields: [AnyView; 2] = [hidden("id", &view.line.id.0.to_string()), hidden("wants", wants)];
    view.can_work.then(|| {
        view! {
            <ActionForm action=acts.watch attr:class="case__follow">
                {fields.into_iter().collect_view()}
                <Button kind="submit" rank=Rank::Quiet>{word}</Button>
                <small class="mute">{(words.followers)(n)}</small>
            </ActionForm>
        }
        .into_any()
    })
}
