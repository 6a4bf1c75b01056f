//! Any figure as a picture and in words. A browser that only redraws plots calls `display` and carries nothing of this.

use crate::display::{DisplayList, Size};
use crate::draw::display;
use crate::figure::Figure;
use crate::summary::spoken;
use crate::svg::svg_of;
use crate::{gauge, heat, histogram, pie, states};

/// Draws a figure at a size.
#[must_use]
pub fn picture(figure: &Figure, size: Size) -> DisplayList {
    match figure {
        Figure::Plot(plot) => display(plot, size),
        Figure::Heat(heat) => heat::draw(heat, size),
        Figure::States(states) => states::draw(states, size),
        Figure::Histogram(histogram) => histogram::draw(histogram, size),
        Figure::Pie(pie) => pie::draw(pie, size),
        Figure::Gauge(gauge) => gauge::draw(gauge, size),
    }
}

/// A figure as a complete `<svg class="chart">`. `label` is what a screen reader says; see `spoken_figure`.
#[must_use]
pub fn svg_figure(figure: &Figure, size: Size, label: &str) -> String {
    svg_of(&picture(figure, size), label)
}

/// A figure in sentences: its name, and what the eye would see first.
#[must_use]
pub fn spoken_figure(figure: &Figure, name: &str) -> String {
    match figure {
        Figure::Plot(plot) => spoken(plot, name),
        Figure::Heat(heat) => heat::spoken(heat, name),
        Figure::States(states) => states::spoken(states, name),
        Figure::Histogram(histogram) => histogram::spoken(histogram, name),
        Figure::Pie(pie) => pie::spoken(pie, name),
        Figure::Gauge(gauge) => gauge::spoken(gauge, name),
    }
}

#[cfg(test)]
mod tests;
