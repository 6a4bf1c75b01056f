//! One incident: how bad, how far, who has it, what was promised, what happened, and everything that is done about it.

use super::asked::{self, Asked};
use super::refusal::{Places, attempt, failed, refusal_before};
use super::{compose, head, linked, manage, missing, roles, steps, story, tasks, updates};
use crate::words::incidents::incident_words;
use api::ask;
use api::incidents::view::IncidentView;
use api::incidents::{
    IncidentAct, IncidentAssign, IncidentEdit, IncidentFollowUp, IncidentFollowUpDone, IncidentFreeze, IncidentGiveUp,
    IncidentLevel, IncidentLink, IncidentMark, IncidentMerge, IncidentNoFollowUps, IncidentNote, IncidentPin, IncidentRoom,
    IncidentSplit, IncidentTask, IncidentTaskDone, IncidentUnlink, IncidentUnmerge, IncidentUnpin, IncidentUpdate,
    IncidentVisibility, IncidentWatch, incident,
};
use api::postmortems::PostmortemBegin;
use api::pulse::use_pulse;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::incident::Move;
use ui::attempt::Attempt;
use ui::callout::{Callout, Tone};
use ui::loaded::loaded;

/// Everything one can do here.
#[derive(Clone, Copy)]
pub struct Acts {
    pub act: ServerAction<IncidentAct>,
    pub level: ServerAction<IncidentLevel>,
    pub edit: ServerAction<IncidentEdit>,
    pub mark: ServerAction<IncidentMark>,
    pub assign: ServerAction<IncidentAssign>,
    pub give_up: ServerAction<IncidentGiveUp>,
    pub note: ServerAction<IncidentNote>,
    pub pin: ServerAction<IncidentPin>,
    pub unpin: ServerAction<IncidentUnpin>,
    pub freeze: ServerAction<IncidentFreeze>,
    pub link: ServerAction<IncidentLink>,
    pub unlink: ServerAction<IncidentUnlink>,
    pub update: ServerAction<IncidentUpdate>,
    pub task: ServerAction<IncidentTask>,
    pub task_done: ServerAction<IncidentTaskDone>,
    pub follow_up: ServerAction<IncidentFollowUp>,
    pub follow_up_done: ServerAction<IncidentFollowUpDone>,
    pub no_follow_ups: ServerAction<IncidentNoFollowUps>,
    pub merge: ServerAction<IncidentMerge>,
    pub unmerge: ServerAction<IncidentUnmerge>,
    pub split: ServerAction<IncidentSplit>,
    pub watch: ServerAction<IncidentWatch>,
    pub visibility: ServerAction<IncidentVisibility>,
    pub room: ServerAction<IncidentRoom>,
    pub postmortem: ServerAction<PostmortemBegin>,
}

impl Acts {
    fn new() -> Self {
        Self {
            act: ServerAction::new(),
            level: ServerAction::new(),
            edit: ServerAction::new(),
            mark: ServerAction::new(),
            assign: ServerAction::new(),
            give_up: ServerAction::new(),
            note: ServerAction::new(),
            pin: ServerAction::new(),
            unpin: ServerAction::new(),
            freeze: ServerAction::new(),
            link: ServerAction::new(),
            unlink: ServerAction::new(),
            update: ServerAction::new(),
            task: ServerAction::new(),
            task_done: ServerAction::new(),
            follow_up: ServerAction::new(),
            follow_up_done: ServerAction::new(),
            no_follow_ups: ServerAction::new(),
            merge: ServerAction::new(),
            unmerge: ServerAction::new(),
            split: ServerAction::new(),
            watch: ServerAction::new(),
            visibility: ServerAction::new(),
            room: ServerAction::new(),
            postmortem: ServerAction::new(),
        }
    }
}

/// The screen at `/incidents/:id`.
#[component]
pub fn IncidentScreen() -> impl IntoView {
    let (params, search, pulse) = (use_params_map(), use_location().search, use_pulse());
    let asked: Memo<Asked> = Memo::new(move |_| {
        let id: String = params.with(|params| params.get("id").unwrap_or_default());
        search.with(|search| asked::one(&id, search))
    });
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.with(|asked| asked.ask.clone()), moved()), |(ask, _)| incident(ask));
    let acts = Acts::new();
    loaded(data, move |view| sheet(&view, &asked.get_untracked(), acts), failed)
}

fn sheet(view: &IncidentView, asked: &Asked, acts: Acts) -> AnyView {
    let title: String = format!("{} {}", view.line.id, view.line.title);
    let (act, aside): (AnyView, AnyView) = (doing(view, acts), beside(view, acts));
    view! {
        <Title text=title />
        <article class="case">
            {head::head(view, acts)}
            <div class="case__notes">{notes(view, asked, acts)}</div>
            {head::clocks(view)}
            {steps::steps(view)}
            <div class="case__act">{act}</div>
            <aside class="case__side">{aside}</aside>
            <div class="case__main">{story::story(view, acts)}</div>
        </article>
    }
    .into_any()
}

/// What was done or refused, and whether this goes on elsewhere.
fn notes(view: &IncidentView, asked: &Asked, acts: Acts) -> AnyView {
    let words = incident_words();
    let done = (words.done)(&asked.done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    let refusals: Vec<AnyView> = vec![
        moved(acts),
        refusal_before(acts.mark),
        refusal_before(acts.pin),
        refusal_before(acts.unpin),
        refusal_before(acts.unmerge),
        refusal_before(acts.watch),
        refusal_before(acts.room),
        refusal_before(acts.postmortem),
    ];
    view! {
        {done}
        {refusals}
        {head::kin(view)}
    }
    .into_any()
}

/// Why it was not moved on. What needs a reason says it where the reason is written, and once.
fn moved(acts: Acts) -> AnyView {
    let attempt: Attempt = attempt(acts.act, Places::new());
    let is_told_there: bool =
        [Move::Reopen, Move::Dismiss].into_iter().any(|by| attempt.typed.clone().only(&[("by", by.as_str())]).fields().is_some());
    if is_told_there { ().into_any() } else { attempt.refused() }
}

/// What is asked of people now: what is missing, and the line in which they write.
fn doing(view: &IncidentView, acts: Acts) -> AnyView {
    let missing: Option<AnyView> = missing::missing(view, acts);
    let compose: Option<AnyView> = view.can_work.then(|| compose::compose(view, acts));
    let hint = (!view.can_work).then(|| view! { <p class="mute">{incident_words().only_responders}</p> });
    view! { {missing} {compose} {hint} }.into_any()
}

fn beside(view: &IncidentView, acts: Acts) -> AnyView {
    view! {
        {roles::roles(view, acts)}
        {updates::updates(view, acts)}
        {linked::linked(view, acts)}
        {tasks::tasks(view, acts)}
        {tasks::follow_ups(view, acts)}
        {manage::manage(view, acts)}
    }
    .into_any()
}
