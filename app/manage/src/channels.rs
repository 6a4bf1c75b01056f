//! Channels: the ways to people, how they do, and what can be added.

mod detail;
mod form;
mod history;
mod stuck;
mod test;

use crate::deliveries::said::{age, state_mark};
use crate::screen;
use crate::words::channels::{ChannelWords, channel_words};
use crate::words::viewer;
use api::channels::{ChannelList, ChannelRow, KindView, LastDelivery, channel_list};
use api::deliveries::DeliveryState;
use api::pulse::use_pulse;
use api::{ApiError, ask};
pub use detail::{ChannelScreen, NewChannelScreen};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Role, links};
pub use stuck::not_taken;
use ui::context::use_look;
use ui::empty::Empty;
use ui::loaded::loaded;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The screen at `/channels`.
#[component]
pub fn ChannelsScreen() -> impl IntoView {
    let words = channel_words();
    let pulse = use_pulse();
    let data = ask(move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get()), |_| channel_list());
    view! {
        <Title text=words.channels />
        <div class="channels">
            <header class="screen-head">
                <h1>{words.channels}</h1>
                <p class="screen-head__lead">{words.channels_lead}</p>
                <p class="screen-head__ways">
                    <a class="link" href=links::PAGER>{words.pager_question}</a>
                    <a class="link" href=links::DELIVERIES>{words.deliveries}</a>
                </p>
            </header>
            {loaded(data, |list| view! { <Sheet list=list /> }.into_any(), failed)}
        </div>
    }
    .into_any()
}

/// Why this viewer can't change channels, if they can't.
pub fn reason_not() -> Option<String> {
    (!viewer().may(Role::Admin)).then(|| channel_words().admin_only.to_owned())
}

/// What happened, and the way to what there is.
pub fn failed(error: &ApiError) -> AnyView {
    screen::failed_or_lost(error, links::CHANNELS, channel_words().to_channels)
}

#[component]
fn Sheet(list: ChannelList) -> impl IntoView {
    let words = channel_words();
    let count = Some(list.rows.len().to_string());
    let body = if list.rows.is_empty() {
        view! { <Empty title=words.no_channels say=words.no_channels_hint /> }.into_any()
    } else {
        table(list.rows, words)
    };
    let kinds = list.kinds.into_iter().map(kind).collect_view();
    view! {
        <Part title=words.channels.to_owned() count=count>{body}</Part>
        <Part title=words.add.to_owned()>
            <ul class="channels__kinds">{kinds}</ul>
        </Part>
    }
    .into_any()
}

fn table(rows: Vec<ChannelRow>, words: &'static ChannelWords) -> AnyView {
    let columns = vec![
        Column::text(words.name),
        Column::text(words.kind),
        Column::text(words.state),
        Column::text(words.last_delivery),
        Column::text(words.week),
        Column::text(words.routes),
    ];
    let rows = rows.into_iter().map(|row| line(row, words)).collect_view();
    view! { <Table caption=words.channels columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn line(row: ChannelRow, words: &'static ChannelWords) -> AnyView {
    let kind = row.kind.read(use_look().locale).to_owned();
    let (last, used, routes) = (last(row.last.as_ref()), used(row.enabled), routes(&row.routes, words));
    let (week, stuck) = ((words.week_of)(row.sent, row.failed), not_taken(row.stuck.as_ref()));
    let last_resort = row.last_resort.then(|| view! { <small class="table__sub">{words.last_resort}</small> });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a class="link" href=links::channel(&row.name)>{row.name.clone()}</a>
                {last_resort}
                {stuck}
            </th>
            <Cell label=words.kind>{kind}</Cell>
            <Cell label=words.state>{used}</Cell>
            <Cell label=words.last_delivery>{last}</Cell>
            <Cell label=words.week>{week}</Cell>
            <Cell label=words.routes wide=true>{routes}</Cell>
        </tr>
    }
    .into_any()
}

/// Whether a channel is used.
pub fn used(enabled: bool) -> AnyView {
    let words = channel_words();
    screen::used(enabled, words.on, words.off)
}

/// How the last delivery ended, and how long ago; a link to it.
pub fn last(last: Option<&LastDelivery>) -> AnyView {
    let words = channel_words();
    let Some(last) = last else {
        return view! { <span class="mute">{words.never}</span> }.into_any();
    };
    let state = if last.is_sent { DeliveryState::Sent } else { DeliveryState::Failed };
    view! {
        <a class="link" href=links::delivery(&last.id)>{state_mark(state)}</a>
        " "
        <small class="mute">{age(last.at)}</small>
    }
    .into_any()
}

/// The routes that name a channel, as paths.
pub fn routes(paths: &[String], words: &'static ChannelWords) -> AnyView {
    if paths.is_empty() {
        return view! { <span class="mute">{words.no_routes}</span> }.into_any();
    }
    view! { <span>{paths.join(words.comma)}</span> }.into_any()
}

/// One kind to add: its name leads to the empty form.
fn kind(kind: KindView) -> AnyView {
    let locale = use_look().locale;
    view! {
        <li class="channels__kind">
            <a class="link" href=links::channel_new(&kind.kind)>{kind.name.read(locale).to_owned()}</a>
            <span class="soft">{kind.needs.read(locale).to_owned()}</span>
        </li>
    }
    .into_any()
}
