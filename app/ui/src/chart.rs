//! A chart as a thing to touch.
//!
//! The server paints a plot as SVG, and that is enough to read it. In the browser a canvas takes its place on the same
//! box and follows the data; a second, thin canvas above it carries the needle, so that moving the pointer never redraws
//! the lines. The pictures come from the `chart` crate; what is here is the stage, the hands and the voice.
//!
//! Absent: values of any kind (the plot has them), zoom history (the screen's address has it).

mod brush;
mod crosshair;
mod data_table;
mod gestures;
mod glide;
mod hands;
mod legend;
mod moment;
mod stage;
mod surface;
mod tools;
mod value_axis;

use ::chart::{Plot, Size};
use leptos::prelude::*;

use crate::chart::stage::Stage;
use crate::chart::surface::Layers;
use crate::chart::tools::Tools;
use crate::chart::value_axis::{AxisNote, AxisStrip};
use crate::context::use_look;

pub use crate::chart::crosshair::{Crosshair, provide_crosshair, use_crosshair};
pub use crate::chart::data_table::ChartTable;
pub use crate::chart::hands::{Aside, Hands};
pub use crate::chart::legend::{Legend, LegendColumn};

/// How the server paints a chart: plot, size, label to SVG (`chart::svg`). The server provides it as a context; in the
/// browser there is none, so that hydrating does not paint again what already stands in the document, and the SVG writer
/// stays out of the browser's program.
#[derive(Clone, Copy)]
pub struct ServerPainter(pub fn(&Plot, Size, &str) -> String);

/// A chart with its needle. Its words (legend, table) are separate components, to be placed where the screen wants them.
///
/// Arrows move the needle while the chart has the focus, Enter opens a menu at its moment, `m` holds it, `t` opens the table, `+` and `-` zoom, `,` and `.` pan, Escape
/// lets go. A press opens the same menu, a drag chooses a span, with Shift it pans, the wheel with Ctrl zooms: what `hands` lets the reader do. Buttons do the same.
/// The value axis is zoomed by the strip beside the plot, by `y`, and shown whole again by `0`.
#[component]
pub fn ChartFigure(
    /// What there is to see.
    #[prop(into)]
    plot: Signal<Plot>,
    /// The size the server paints at; the browser keeps its proportions.
    size: Size,
    /// What the chart is, in a sentence.
    #[prop(into)]
    label: Signal<String>,
    /// What the screen does when the span is changed.
    #[prop(optional)]
    hands: Hands,
    /// The series that are put aside, shared with the legend.
    #[prop(optional)]
    aside: Option<Aside>,
    /// The picture that stands there already, so that taking it over does not blink.
    #[prop(optional)]
    picture: Option<String>,
) -> impl IntoView {
    let table_open = RwSignal::new(false);
    let stage = Stage::new(plot, aside.unwrap_or_default(), size, hands, table_open);
    let layers = Layers::new();
    surface::mount(stage, layers);
    let first_picture = picture.unwrap_or_else(|| first_picture(plot, size, label));
    let tools = hands.on_zoom.is_some().then(|| view! { <Tools stage=stage /> }.into_any());
    let table = move || table_open.get().then(|| view! { <ChartTable plot=plot label=label /> });
    view! {
        <figure class="chart-figure">
            <StageView stage=stage layers=layers label=label first_picture=first_picture />
            {tools}
            <AxisNote stage=stage layers=layers />
            <p class="hush" aria-live="polite">
                {move || stage.said()}
                {move || stage.said_of_axis()}
            </p>
            {table}
        </figure>
    }
}

/// The pictures, one above the other, and the hands on them.
#[component]
fn StageView(stage: Stage, layers: Layers, label: Signal<String>, first_picture: String) -> impl IntoView {
    let words = use_look().words();
    view! {
        <div
            class="chart-figure__stage"
            class:chart-figure__stage--painted=move || layers.is_painted.get()
            node_ref=layers.stage
            tabindex="0"
            role="application"
            aria-roledescription=words.chart_role
            aria-label=move || label.get()
            aria-description=words.chart_keys
            on:pointermove=move |event| stage.pointer_moved(&event)
            on:pointerdown=move |event| stage.pointer_pressed(&event)
            on:pointerup=move |event| {
                stage.finger_lifted(&event);
                stage.pointer_released();
            }
            on:pointercancel=move |_| {
                stage.fingers.update_value(Vec::clear);
                stage.drag.set(None);
            }
            on:pointerleave=move |_| stage.pointer_left()
            on:click=move |event| stage.clicked(&event)
            on:dblclick=move |_| stage.go_back()
            on:wheel=move |event| stage.wheel_turned(&event)
            on:keydown=move |event| stage.key_pressed(&event)
            on:blur=move |_| stage.fall_silent()
        >
            <div class="chart-figure__paper" aria-hidden="true" inner_html=first_picture></div>
            <canvas
                class="chart-figure__canvas"
                aria-hidden="true"
                node_ref=layers.data
                style:transform=move || pulled(stage.pull_px())
            ></canvas>
            <canvas class="chart-figure__needle" aria-hidden="true" node_ref=layers.needle></canvas>
            <ChosenSpan stage=stage />
            {move || layers.is_painted.get().then(|| view! { <AxisStrip stage=stage /> })}
        </div>
    }
}

/// The picture the server sends. Without a painter (a screen first opened in the browser) an empty drawing of the same
/// proportions holds the room for the canvas.
fn first_picture(plot: Signal<Plot>, size: Size, label: Signal<String>) -> String {
    match use_context::<ServerPainter>() {
        Some(painter) => plot.with_untracked(|plot| painter.0(plot, size, &label.get_untracked())),
        None => format!("<svg class=\"chart\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\"></svg>", size.width, size.height),
    }
}

/// The picture follows a hand that pulls it along.
fn pulled(by_px: f64) -> Option<String> {
    (by_px != 0.0).then(|| format!("translateX({by_px}px)"))
}

/// What a drag has chosen so far.
#[component]
fn ChosenSpan(stage: Stage) -> impl IntoView {
    move || {
        stage.drag_span().map(|(left_px, width_px)| {
            view! {
                <span
                    class="chart-figure__window"
                    style:left=format!("{left_px}px")
                    style:width=format!("{width_px}px")
                ></span>
            }
        })
    }
}
