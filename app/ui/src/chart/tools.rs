//! What hands do by dragging, turning and pressing keys, as buttons: for one finger, and for whoever can only press (WCAG 2.5.7).

use leptos::prelude::*;

use crate::chart::stage::Stage;
use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// A row over the chart's corner, in sight while the chart has the pointer or the focus.
#[component]
pub(crate) fn Tools(stage: Stage) -> impl IntoView {
    let words = use_look().words();
    let tool = |sign: AnyView, name: &'static str, act: fn(&Stage)| {
        let press = move |_| act(&stage);
        view! {
            <button type="button" class="chart-figure__tool" aria-label=name title=name on:click=press>
                {sign}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="chart-figure__tools" role="group" aria-label=words.chart_tools>
            {tool("+".into_any(), words.zoom_in, Stage::nearer)}
            {tool("−".into_any(), words.zoom_out, Stage::farther)}
            {tool("↕".into_any(), words.axis_nearer, Stage::axis_nearer)}
            {tool("↩".into_any(), words.zoom_back, Stage::go_back)}
            {tool(view! { <Icon name=IconName::Pin /> }.into_any(), words.hold_moment, Stage::hold)}
            {tool(view! { <Icon name=IconName::Lines /> }.into_any(), words.chart_table, Stage::show_table)}
        </div>
    }
}
