//! Charts on screens that the server alone draws.
//!
//! The server draws the picture and its legend and packs the data beside them ([`ServedFigure`]); in the browser the module takes each
//! of them over where it stands ([`take`]): the same components over the same data, now with hands. A screen that is drawn anew brings
//! new data into the same element ([`Taken::renew`]), so zoom and needle stay. A browser without the module keeps the picture.
//!
//! Pictures that nobody needs to touch (heat maps, states, shares) are only drawn.

use ::chart::{Figure, Plot, Size};
use leptos::mount::{UnmountHandle, mount_to_renderer};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast;

use crate::chart::{Aside, ChartFigure, Hands, Legend, LegendColumn};

/// What the browser finds the figures of a screen by.
pub const MARK: &str = "[data-figure]";

const PACK: &str = "data-pack";
const LABEL: &str = "data-label";
const COLUMNS: &str = "data-columns";
const NAMES: &str = "data-names";

/// How the server paints a figure that is only drawn (`chart::svg_figure`), as a context beside [`crate::chart::ServerPainter`].
#[derive(Clone, Copy)]
pub struct FigurePainter(pub fn(&Figure, Size, &str) -> String);

/// A figure on a screen that the server alone draws.
#[component]
pub fn ServedFigure(
    /// Once on its screen; ticks of the live stream name it.
    key: String,
    /// What there is to see.
    figure: Figure,
    /// The size the server paints at; the browser keeps its proportions.
    size: Size,
    /// What it is, in a sentence.
    label: String,
    /// What the legend says; empty: no legend.
    #[prop(optional)]
    legend: Vec<LegendColumn>,
    /// Names of series as the stream says them, and what they are called here, where that differs.
    #[prop(optional)]
    names: Vec<(String, String)>,
    /// Where what it shows is asked anew around a moment, with `{from}` and `{to}` for the ends of the span; empty: nowhere.
    #[prop(optional)]
    around: String,
) -> impl IntoView {
    match figure {
        Figure::Plot(plot) => touchable(key, plot, size, label, legend, &names, around),
        drawn => still(&drawn, size, &label),
    }
}

fn still(figure: &Figure, size: Size, label: &str) -> AnyView {
    let picture = use_context::<FigurePainter>().map(|painter| painter.0(figure, size, label)).unwrap_or_default();
    view! { <div class="figure figure--still" inner_html=picture></div> }.into_any()
}

fn touchable(
    key: String,
    plot: Plot,
    size: Size,
    label: String,
    legend: Vec<LegendColumn>,
    names: &[(String, String)],
    around: String,
) -> AnyView {
    let packed = ::chart::pack(&Figure::Plot(plot.clone()));
    let parts =
        Parts { size, label: Signal::stored(label.clone()), legend: legend.clone(), hands: Hands::default(), picture: None };
    let own = format!("figure {key}");
    view! {
        <div
            class="figure"
            data-figure=key
            data-own=own
            data-pack=packed
            data-label=label
            data-columns=written(&legend)
            data-names=(!names.is_empty()).then(|| together(names))
            data-around=(!around.is_empty()).then_some(around)
        >
            {inside(Signal::stored(plot), parts)}
        </div>
    }
    .into_any()
}

/// What a figure is made with, besides its data.
struct Parts {
    size: Size,
    label: Signal<String>,
    legend: Vec<LegendColumn>,
    hands: Hands,
    /// The picture that stands there already.
    picture: Option<String>,
}

fn inside(plot: Signal<Plot>, parts: Parts) -> AnyView {
    let aside = Aside::new();
    let legend = (!parts.legend.is_empty()).then(|| view! { <Legend plot=plot columns=parts.legend aside=aside /> }.into_any());
    let picture = parts.picture.unwrap_or_default();
    let has_picture = !picture.is_empty();
    let label = parts.label;
    let chart = if has_picture {
        view! { <ChartFigure plot=plot size=parts.size label=label hands=parts.hands aside=aside picture=picture /> }.into_any()
    } else {
        view! { <ChartFigure plot=plot size=parts.size label=label hands=parts.hands aside=aside /> }.into_any()
    };
    view! {
        {chart}
        {legend}
    }
    .into_any()
}

/// Pairs of names as an attribute: a line each, a tab between them.
fn together(names: &[(String, String)]) -> String {
    let plain = |name: &str| name.replace(['\t', '\n'], " ");
    names.iter().map(|(said, shown)| format!("{}\t{}", plain(said), plain(shown))).collect::<Vec<String>>().join("\n")
}

fn apart(text: &str) -> Vec<(String, String)> {
    let pair = |line: &str| line.split_once('\t').map(|(said, shown)| (said.to_owned(), shown.to_owned()));
    text.lines().filter_map(pair).collect()
}

/// The columns of a legend as an attribute: a letter each.
fn written(legend: &[LegendColumn]) -> String {
    legend.iter().map(|column| letter(*column)).collect()
}

fn letter(column: LegendColumn) -> char {
    match column {
        LegendColumn::Last => 'l',
        LegendColumn::Least => 'i',
        LegendColumn::Most => 'a',
        LegendColumn::Mean => 'm',
        LegendColumn::P95 => 'p',
    }
}

fn read(letters: &str) -> Vec<LegendColumn> {
    let all = [LegendColumn::Last, LegendColumn::Least, LegendColumn::Most, LegendColumn::Mean, LegendColumn::P95];
    letters.chars().filter_map(|found| all.into_iter().find(|column| letter(*column) == found)).collect()
}

/// A figure that the module has taken over. Dropping it stops it, and takes what it drew with it.
pub struct Taken {
    element: web_sys::Element,
    /// What it is called on its screen.
    pub key: String,
    plot: RwSignal<Plot>,
    label: RwSignal<String>,
    packed: String,
    names: Vec<(String, String)>,
    _view: UnmountHandle<AnyViewState>,
    /// What the signals above live under; goes behind what reads them.
    _owner: Owner,
}

impl Taken {
    /// Whether this is the figure of `element`.
    #[must_use]
    pub fn is_of(&self, element: &web_sys::Element) -> bool {
        self.element == *element
    }

    /// Whether its element is still on the screen.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.element.is_connected()
    }

    /// Appends a tick of the stream. Says whether there is a line for every value.
    pub fn append(&self, at_ms: i64, values: &[(String, f64)]) -> bool {
        let shown = |name: &String| self.names.iter().find(|(said, _)| said == name).map_or(name, |(_, shown)| shown).clone();
        let values: Vec<(String, f64)> = values.iter().map(|(name, value)| (shown(name), *value)).collect();
        self.plot.try_maybe_update(|plot| (true, plot.append(at_ms, &values))).unwrap_or(true)
    }

    /// Takes the data that the server has sent since, if it has. Says whether there was any.
    pub fn renew(&mut self) -> bool {
        let label = self.element.get_attribute(LABEL).unwrap_or_default();
        if self.label.try_get_untracked().is_some_and(|known| known != label) {
            self.label.set(label);
        }
        self.names = apart(&self.element.get_attribute(NAMES).unwrap_or_default());
        let packed = self.element.get_attribute(PACK).unwrap_or_default();
        if packed == self.packed {
            return false;
        }
        let Some(plot) = ::chart::unpack_plot(&packed) else { return false };
        self.packed = packed;
        self.plot.set(plot);
        true
    }
}

/// Takes a figure over. `None` where its data can't be read: then the server's picture stays.
#[must_use]
pub fn take(element: web_sys::Element, hands: Hands) -> Option<Taken> {
    let packed = element.get_attribute(PACK)?;
    let plot = ::chart::unpack_plot(&packed)?;
    let attribute = |name: &str| element.get_attribute(name).unwrap_or_default();
    let stage = element.query_selector(".chart-figure__stage").ok().flatten()?;
    let paper = element.query_selector(".chart-figure__paper").ok().flatten()?;
    let box_of = stage.get_bounding_client_rect();
    let size = Size { width: box_of.width().max(1.0), height: box_of.height().max(1.0) };
    let (legend, picture) = (read(&attribute(COLUMNS)), Some(paper.inner_html()));
    let (key, names) = (attribute("data-figure"), apart(&attribute(NAMES)));
    element.set_inner_html("");
    let owner = Owner::new();
    let (plot, label, view) = owner.with(|| {
        let (plot, label) = (RwSignal::new(plot), RwSignal::new(attribute(LABEL)));
        let parts = Parts { size, label: label.into(), legend, hands, picture };
        let root: &web_sys::Element = element.unchecked_ref();
        (plot, label, mount_to_renderer(root, move || inside(plot.into(), parts)))
    });
    Some(Taken { element, key, plot, label, packed, names, _view: view, _owner: owner })
}

#[cfg(test)]
mod tests {
    use super::{LegendColumn, apart, read, together, written};

    #[test]
    fn names_come_back_from_their_attribute() {
        let names = [("used", "使用中"), ("1 min", "1分")].map(|(said, shown)| (said.to_owned(), shown.to_owned()));
        assert_eq!(apart(&together(&names)), names);
        assert!(apart("nonsense").is_empty());
    }

    #[test]
    fn the_columns_of_a_legend_come_back_from_its_attribute() {
        let columns = [LegendColumn::Last, LegendColumn::P95, LegendColumn::Least];
        assert_eq!(read(&written(&columns)), columns);
        assert!(read("?").is_empty());
    }
}
