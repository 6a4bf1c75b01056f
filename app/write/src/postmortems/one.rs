//! One postmortem: its text in the middle, and beside it how far it is, who must act, and what it promises.

use super::asked::{self, Asked};
use super::refusal::failed;
use super::said::{badge, due, length_text, moment_text, name_text, state_mark};
use super::{changes, describe, gate, graph, items, moves, paper, reviewers, share};
use crate::report::refusal_before;
use crate::screen::is_narrow;
use crate::words::postmortems::postmortem_words;
use api::ask;
use api::postmortems::view::PostmortemView;
use api::postmortems::{
    ActionFinish, ActionReopen, ActionSave, PostmortemAct, PostmortemAskReview, PostmortemBegin, PostmortemDescribe,
    PostmortemGraph, PostmortemShare, PostmortemUnshare, postmortem,
};
use api::pulse::use_pulse;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links;
use ui::callout::{Callout, Tone};
use ui::icon::{Icon, IconName};
use ui::loaded::loaded;

/// Everything one can do here.
#[derive(Clone, Copy)]
pub struct Acts {
    pub begin: ServerAction<PostmortemBegin>,
    pub review: ServerAction<PostmortemAskReview>,
    pub act: ServerAction<PostmortemAct>,
    pub describe: ServerAction<PostmortemDescribe>,
    pub graph: ServerAction<PostmortemGraph>,
    pub share: ServerAction<PostmortemShare>,
    pub unshare: ServerAction<PostmortemUnshare>,
    pub items: items::Acts,
}

impl Acts {
    fn new() -> Self {
        Self {
            begin: ServerAction::new(),
            review: ServerAction::new(),
            act: ServerAction::new(),
            describe: ServerAction::new(),
            graph: ServerAction::new(),
            share: ServerAction::new(),
            unshare: ServerAction::new(),
            items: items::Acts {
                save: ServerAction::<ActionSave>::new(),
                finish: ServerAction::<ActionFinish>::new(),
                reopen: ServerAction::<ActionReopen>::new(),
            },
        }
    }
}

/// The screen at `/postmortems/:incident`.
#[component]
pub fn PostmortemScreen() -> impl IntoView {
    let (params, search, pulse) = (use_params_map(), use_location().search, use_pulse());
    let asked: Memo<Asked> = Memo::new(move |_| {
        let id: String = params.with(|params| params.get("incident").unwrap_or_default());
        search.with(|search| asked::one(&id, search))
    });
    let moved = move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.with(|asked| asked.ask.clone()), moved()), |(ask, _)| postmortem(ask));
    let acts: Acts = Acts::new();
    loaded(data, move |view| sheet(&view, &asked.get_untracked(), acts), failed)
}

fn sheet(view: &PostmortemView, asked: &Asked, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let title: String = (words.of)(&format!("{} {}", view.line.incident, view.line.title));
    let body: AnyView = match &view.paper {
        Some(written) => paper::paper(view, written),
        None => moves::begin(view, acts),
    };
    let above: Option<AnyView> = view.paper.as_ref().filter(|_| is_narrow()).map(paper::outline);
    view! {
        <Title text=title />
        <article class="postmortem" data-writing="">
            {head(view)}
            <div class="postmortem__notes">{notes(asked, acts)}</div>
            <div class="postmortem__text">{above} {graph::graph(view)} {body}</div>
            <aside class="postmortem__side">{beside(view, acts)}</aside>
        </article>
    }
    .into_any()
}

fn head(view: &PostmortemView) -> AnyView {
    let words = postmortem_words();
    let line = &view.line;
    let title: String = (words.of)(&line.title);
    let private = line.is_private.then(|| view! { <span class="mute"><Icon name=IconName::Lock /> {words.private}</span> });
    let occurred = view.occurred_at.map(|at| view! { <span>{moment_text(at)}</span> });
    let lasted = view.lasted_ms.map(|ms| view! { <span>{(words.lasted)(&length_text(ms))}</span> });
    let who: String = line.owner.as_ref().map_or_else(|| words.no_owner.to_owned(), name_text);
    let (badge, mark, due): (AnyView, AnyView, AnyView) = (badge(line), state_mark(line.state, line.is_begun), due(line));
    let summary = (!view.summary.is_empty()).then(|| view! { <p class="postmortem__lead">{view.summary.clone()}</p> });
    view! {
        <header class="postmortem__head">
            <p class="postmortem__of">
                {badge}
                <a class="link" href=links::incident(line.incident)>{words.to_incident} " " {line.incident.to_string()}</a>
                {occurred} {lasted} {private}
            </p>
            <h1>{title}</h1>
            {summary}
            <p class="postmortem__stand">
                {mark}
                <span>{words.owner} " " {who}</span>
                {due}
            </p>
            {share::ways(view)}
        </header>
    }
    .into_any()
}

/// What was done or refused.
fn notes(asked: &Asked, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let done = (words.done)(&asked.done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    let refusals: Vec<AnyView> =
        vec![refusal_before(acts.begin), refusal_before(acts.unshare), refusal_before(acts.items.reopen)];
    view! { {done} {refusals} }.into_any()
}

fn beside(view: &PostmortemView, acts: Acts) -> AnyView {
    let is_begun: bool = view.paper.is_some();
    let outline: Option<AnyView> = view.paper.as_ref().filter(|_| !is_narrow()).map(paper::outline);
    let readers = is_begun.then(|| reviewers::reviewers(view, acts));
    let graphs = is_begun.then(|| graph::graphs(view, acts));
    let share = is_begun.then(|| share::share(view, acts));
    view! {
        {moves::progress(view, acts)}
        {gate::gate(view)}
        {readers}
        {items::of_postmortem(view, acts.items)}
        {describe::about(view, acts)}
        {graphs}
        {outline}
        {changes::changes(view)}
        {share}
        {moves::history(view)}
    }
    .into_any()
}
