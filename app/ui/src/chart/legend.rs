//! The legend: a table of what each series is, says at the needle, and has said.

use ::chart::{Plot, Series, statistics};
use ::figures::{Locale, Unit};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::chart::crosshair::{Crosshair, use_crosshair};
use crate::chart::hands::Aside;
use crate::context::{Look, use_look};
use crate::words::Words;

/// What the legend says of each series, besides its value at the needle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegendColumn {
    Last,
    Least,
    Most,
    Mean,
    /// The value below which 95 of 100 samples lie.
    P95,
}

impl LegendColumn {
    /// What a legend says where nobody chose.
    pub const USUAL: [LegendColumn; 4] = [Self::Last, Self::Least, Self::Most, Self::Mean];

    fn word(self, words: &'static Words) -> &'static str {
        match self {
            Self::Last => words.last,
            Self::Least => words.least,
            Self::Most => words.most,
            Self::Mean => words.mean,
            Self::P95 => "p95",
        }
    }

    /// The last value is looked for first; the others make room on little paper.
    fn class(self) -> &'static str {
        match self {
            Self::Last => "legend__last",
            Self::Most => "legend__wide",
            Self::Least | Self::Mean | Self::P95 => "legend__wide legend__extra",
        }
    }
}

/// The read-out under a chart. The column of the needle is always there, empty while nothing points, so that nothing moves.
#[component]
pub fn Legend(
    /// What there is to see.
    #[prop(into)]
    plot: Signal<Plot>,
    /// What it says of each series; without: [`LegendColumn::USUAL`].
    #[prop(optional)]
    columns: Option<Vec<LegendColumn>>,
    /// The series that are put aside, where the reader may: a press on a name leaves it alone, with Ctrl or ⌘ it puts it aside.
    #[prop(optional)]
    aside: Option<Aside>,
) -> impl IntoView {
    let pen = Pen {
        plot,
        look: StoredValue::new(use_look()),
        crosshair: use_crosshair(),
        columns: StoredValue::new(columns.unwrap_or_else(|| LegendColumn::USUAL.to_vec())),
        aside,
    };
    let words = use_look().words();
    let heads = pen.columns.with_value(|columns| {
        let head = |column: &LegendColumn| view! { <th scope="col" class=column.class()>{column.word(words)}</th> }.into_any();
        columns.iter().map(head).collect::<Vec<AnyView>>()
    });
    view! {
        <table class="legend">
            <thead>
                <tr>
                    <th scope="col">{words.series} <small class="legend__unit">{move || pen.unit()}</small></th>
                    <th scope="col" class="legend__at">
                        {move || pen.moment()}
                    </th>
                    {heads}
                </tr>
            </thead>
            <tbody>{pen.body()}</tbody>
        </table>
    }
}

/// What a row is made for. Its figures change with every tick, and it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    name: String,
    style: u8,
}

/// What every row is written with.
#[derive(Clone, Copy)]
struct Pen {
    plot: Signal<Plot>,
    look: StoredValue<Look>,
    crosshair: Crosshair,
    columns: StoredValue<Vec<LegendColumn>>,
    aside: Option<Aside>,
}

impl Pen {
    /// The time of the needle, and how far it is from the moment that is held.
    fn moment(self) -> String {
        let Some(ms) = self.crosshair.at_ms.get() else { return String::new() };
        self.look.with_value(|look| {
            let time = self.plot.with(|plot| ::chart::moment(plot, ms));
            match self.crosshair.compared_ms() {
                Some(held) if held < ms => format!("{time} (+{})", ::figures::duration(ms - held, look.locale)),
                Some(held) => format!("{time} (−{})", ::figures::duration(held - ms, look.locale)),
                None => time,
            }
        })
    }

    /// The unit that the figures leave out.
    fn unit(self) -> &'static str {
        self.plot.with(|plot| spared(plot.y.unit).unwrap_or_default())
    }

    /// The rows, which stay as long as the series are the same.
    fn body(self) -> impl IntoView {
        let subject = |series: &Series| Subject { name: series.name.clone(), style: series.style };
        let subjects = Memo::new(move |_| self.plot.with(|plot| plot.series.iter().map(subject).collect::<Vec<Subject>>()));
        move || subjects.get().into_iter().enumerate().map(|(index, subject)| self.row(index, subject)).collect::<Vec<AnyView>>()
    }

    fn row(self, index: usize, Subject { name, style }: Subject) -> AnyView {
        let is_past = style == 0;
        let followed = name.clone();
        let is_aside = move || self.aside.is_some_and(|aside| aside.has(&followed));
        view! {
            <tr class:legend__aside=is_aside>
                <th scope="row">
                    <svg class=key_class(style) viewBox="0 0 20 8" aria-hidden="true">
                        <path class:legend__past=is_past d="M0 4H20"></path>
                    </svg>
                    {self.name(name)}
                </th>
                <td class="legend__at">{move || self.reading(index)}</td>
                {self.cells(index)}
            </tr>
        }
        .into_any()
    }

    /// The name of a series, as a button where series may be put aside.
    fn name(self, name: String) -> AnyView {
        let Some(aside) = self.aside else { return name.into_any() };
        let label = name.clone();
        let press = move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() {
                aside.toggle(&name);
            } else {
                let all: Vec<String> =
                    self.plot.with_untracked(|plot| plot.series.iter().map(|series| series.name.clone()).collect());
                aside.solo(&name, &all);
            }
        };
        let state = label.clone();
        let pressed = move || if aside.has(&state) { "false" } else { "true" };
        view! { <button type="button" class="legend__name" aria-pressed=pressed on:click=press>{label}</button> }.into_any()
    }

    fn cells(self, index: usize) -> Vec<AnyView> {
        let figures = Memo::new(move |_| self.plot.with(|plot| self.figures(plot, index)));
        self.columns.with_value(|columns| {
            let cell = |(at, column): (usize, &LegendColumn)| {
                let said = move || figures.with(|figures| figures.get(at).cloned().unwrap_or_default());
                view! { <td class=column.class()>{said}</td> }.into_any()
            };
            columns.iter().enumerate().map(cell).collect()
        })
    }

    /// What stands in the columns for a series.
    fn figures(self, plot: &Plot, index: usize) -> Vec<String> {
        let Some(series) = plot.series.get(index) else { return Vec::new() };
        let found = statistics(&series.points, plot.from_ms, plot.to_ms);
        let locale = self.look.with_value(|look| look.locale);
        let value = |column: &LegendColumn| {
            found.as_ref().map_or(f64::NAN, |found| match column {
                LegendColumn::Last => found.last,
                LegendColumn::Least => found.min,
                LegendColumn::Most => found.max,
                LegendColumn::Mean => found.avg,
                LegendColumn::P95 => found.p95,
            })
        };
        self.columns.with_value(|columns| columns.iter().map(|column| written(value(column), plot, locale)).collect())
    }

    /// What a series says at the needle, and how much more than where it is held; empty while nothing points.
    fn reading(self, index: usize) -> String {
        let Some(ms) = self.crosshair.at_ms.get() else { return String::new() };
        let held = self.crosshair.compared_ms();
        let locale = self.look.with_value(|look| look.locale);
        self.plot.with(|plot| {
            let Some(series) = plot.series.get(index) else { return String::new() };
            let at = |ms: i64| ::chart::value_at(&series.points, ms, plot.gap_ms).unwrap_or(f64::NAN);
            let said = written(at(ms), plot, locale);
            match held.map(|held| at(ms) - at(held)).filter(|more| more.is_finite()) {
                Some(more) if more < 0.0 => format!("{said} (−{})", written(-more, plot, locale)),
                Some(more) => format!("{said} (+{})", written(more, plot, locale)),
                None => said,
            }
        })
    }
}

/// A figure without the unit that stands in the legend's head: at most a prefix is left of it (`708Ki`).
fn written(value: f64, plot: &Plot, locale: Locale) -> String {
    let written = ::figures::value(value, plot.y.unit, locale);
    let prefix = spared(plot.y.unit).and_then(|symbol| written.unit.strip_suffix(symbol));
    prefix.map_or_else(|| written.joined(), |prefix| format!("{}{prefix}", written.number))
}

/// The unit that is said once for all figures of a legend. Seconds are not: their prefix is a unit of its own.
fn spared(unit: Unit) -> Option<&'static str> {
    match unit {
        Unit::Percent | Unit::Bytes | Unit::BytesPerSecond | Unit::BitsPerSecond => Some(unit.symbol()),
        _ => None,
    }
}

/// The key of a series: its colour and its dash. The past has its own.
fn key_class(style: u8) -> String {
    if style == 0 { "legend__key".to_owned() } else { format!("legend__key s-{}", style.min(8)) }
}

#[cfg(test)]
mod tests {
    use super::written;
    use ::chart::Plot;
    use ::figures::{Locale, Unit, Zone};

    #[test]
    fn a_unit_that_stands_in_the_head_is_left_out() {
        let mut plot = Plot::new(0, 1, Zone::utc(), Locale::En);
        let mut say = |unit: Unit, value: f64| {
            plot.y.unit = unit;
            written(value, &plot, Locale::En)
        };
        assert_eq!(say(Unit::Percent, 58.3), "58.3");
        assert_eq!(say(Unit::BytesPerSecond, 708.0 * 1024.0), "708Ki");
        assert_eq!(say(Unit::Bytes, f64::NAN), say(Unit::None, f64::NAN));
        assert!(say(Unit::Milliseconds, 12.0).ends_with("ms"));
    }
}
