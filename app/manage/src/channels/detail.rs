//! One channel, or the empty form for one: what it must be told, how that is set up at its provider's, what was changed, and a test.

use super::failed;
use super::form::form;
use super::history::history;
use super::test::{Tested, test};
use super::{last, not_taken, reason_not, routes, used};
use crate::report::refusal;
use crate::words::channels::channel_words;
use api::channels::{ChannelRemove, ChannelSave, ChannelTest, ChannelView, channel_detail};
use api::{ApiError, Asked, Text, ask};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::links;
use ui::button::{Button, Rank};
use ui::context::use_look;
use ui::facts::{Fact, Facts};
use ui::loaded::loaded;
use ui::menu::Menu;
use ui::part::Part;

/// Everything one can do here. One set for the screen, so that it outlives each drawing.
#[derive(Clone, Copy)]
pub struct Acts {
    pub save: ServerAction<ChannelSave>,
    pub remove: ServerAction<ChannelRemove>,
    pub test: ServerAction<ChannelTest>,
}

impl Acts {
    fn new() -> Self {
        Self { save: ServerAction::new(), remove: ServerAction::new(), test: ServerAction::new() }
    }

    /// Moves when something was saved, and not when it was refused: then what is filled in must stay.
    fn saved(&self) -> Memo<usize> {
        let (value, version) = (self.save.value(), self.save.version());
        Memo::new(move |before: Option<&usize>| {
            let n_answers = version.get();
            let is_saved = value.with(|value| matches!(value, Some(Ok(_))));
            if is_saved { n_answers } else { before.copied().unwrap_or_default() }
        })
    }
}

/// The screen at `/channels/:name`.
#[component]
pub fn ChannelScreen() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name").unwrap_or_default()));
    let acts = Acts::new();
    let saved = acts.saved();
    // Not fetched again with the house: what somebody is filling in must not be replaced under their hands.
    let data = ask(move || (name.get(), saved.get()), |(name, _)| channel_detail(name, String::new()));
    drawn(data, acts)
}

/// The screen at `/channels/new?kind=slack`.
#[component]
pub fn NewChannelScreen() -> impl IntoView {
    let query = use_query_map();
    let kind = Memo::new(move |_| query.with(|query| query.get("kind").unwrap_or_default()));
    let data = ask(move || kind.get(), |kind| channel_detail(String::new(), kind));
    drawn(data, Acts::new())
}

fn drawn(data: Asked<Result<ChannelView, ApiError>>, acts: Acts) -> AnyView {
    let tested = Tested::new(acts.test);
    loaded(data, move |channel| sheet(channel, acts, tested), failed)
}

fn sheet(channel: ChannelView, acts: Acts, tested: Tested) -> AnyView {
    let words = channel_words();
    let locale = use_look().locale;
    let kind = channel.kind_name.read(locale).to_owned();
    let title = if channel.version.is_none() { (words.new_title)(&kind) } else { channel.name.clone() };
    let needs = channel.needs.read(locale).to_owned();
    let standing = channel.version.map(|version| standing(&channel, version, kind, acts, tested));
    let steps = steps(&channel.steps);
    let past = history(&channel.versions);
    let form = form(channel, acts);
    view! {
        <Title text=title.clone() />
        <div class="channel">
            <header class="screen-head">
                <h1>{title}</h1>
                <p class="screen-head__lead">{needs}</p>
                <a class="link" href=links::CHANNELS>{words.to_channels}</a>
            </header>
            <div class="channel__main">{form}</div>
            <aside class="channel__side">{standing} {steps} {past}</aside>
        </div>
    }
    .into_any()
}

/// How it does, with the acts on a channel that stands.
fn standing(channel: &ChannelView, version: i64, kind: String, acts: Acts, tested: Tested) -> AnyView {
    let words = channel_words();
    let (used, last, routes) = (used(channel.enabled), last(channel.last.as_ref()), routes(&channel.routes, words));
    let stuck = not_taken(channel.stuck.as_ref()).map(|said| view! { <Fact name=words.stuck>{said}</Fact> });
    let tests = test(&channel.name, acts.test, tested);
    let removal = removal(&channel.name, version, acts);
    let log = links::deliveries_of_channel(&channel.name);
    view! {
        <Part title=words.state.to_owned() more=move || view! { <a class="link" href=log.clone()>{words.deliveries}</a> }>
            <Facts>
                <Fact name=words.kind>{kind}</Fact>
                <Fact name=words.state>{used}</Fact>
                <Fact name=words.last_delivery>{last}</Fact>
                {stuck}
                <Fact name=words.routes>{routes}</Fact>
            </Facts>
            <div class="channel__acts">{tests} {removal}</div>
        </Part>
    }
    .into_any()
}

/// The question before a channel goes.
fn removal(name: &str, version: i64, acts: Acts) -> AnyView {
    let words = channel_words();
    if let Some(reason) = reason_not() {
        return view! { <Button rank=Rank::Quiet disabled=Some(reason)>{words.remove}</Button> }.into_any();
    }
    let (name, sure) = (name.to_owned(), (words.remove_sure)(name));
    view! {
        {refusal(acts.remove)}
        <Menu label=words.remove>
            <ActionForm action=acts.remove attr:class="channel__sure">
                <p>{sure}</p>
                <input type="hidden" name="name" value=name />
                <input type="hidden" name="version" value=version.to_string() />
                <Button kind="submit" busy=acts.remove.pending()>{words.remove_do}</Button>
            </ActionForm>
        </Menu>
    }
    .into_any()
}

/// What is done at the provider's, in order.
fn steps(steps: &[Text]) -> Option<AnyView> {
    if steps.is_empty() {
        return None;
    }
    let locale = use_look().locale;
    let lines = steps.iter().map(|step| view! { <li>{step.read(locale).to_owned()}</li> }).collect_view();
    let title = channel_words().steps.to_owned();
    Some(view! { <Part title=title><ol class="channel__steps">{lines}</ol></Part> }.into_any())
}
