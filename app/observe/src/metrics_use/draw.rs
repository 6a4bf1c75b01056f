//! What the parts of the screen share: figures, shares, links.

use crate::words::metrics_use::usage_words;
use leptos::prelude::*;
use model::links;
use ui::part::Part;
use ui::table::{Column, Table};

/// A whole number as it is read.
#[must_use]
pub fn count(n: u64) -> String {
    figures::count(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A part of a whole, from 0 to 1 and beyond; nothing is a part of nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A share as a bar, beside the figure that says it in words.
#[must_use]
pub fn bar(share: f64) -> AnyView {
    view! { <span class="usage__bar" inner_html=drawing(share)></span> }.into_any()
}

fn drawing(share: f64) -> String {
    let width: f64 = share.clamp(0.0, 1.0) * 100.0;
    let of = |class: &str, width: f64| format!("<rect class=\"{class}\" width=\"{width:.1}\" height=\"4\"/>");
    format!(
        "<svg viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}{}</svg>",
        of("usage__track", 100.0),
        of("usage__fill", width),
    )
}

/// The figure of a share with its bar.
#[must_use]
pub fn shared(share: f64) -> AnyView {
    view! { <span class="usage__share">{figures::percent(share)} {bar(share)}</span> }.into_any()
}

/// A cell of a stacked table with a figure.
#[must_use]
pub fn figure(label: &'static str, value: String) -> AnyView {
    numbers(label, value.into_any())
}

/// A cell with a figure and what stands beside it.
#[must_use]
pub fn numbers(label: &'static str, value: AnyView) -> AnyView {
    view! { <td class="table__end" role="cell" data-label=label>{value}</td> }.into_any()
}

/// A cell with words.
#[must_use]
pub fn cell(label: &'static str, value: AnyView) -> AnyView {
    view! { <td role="cell" data-label=label>{value}</td> }.into_any()
}

/// A table whose rows become blocks on a phone.
#[must_use]
pub fn table(caption: String, columns: Vec<Column>, rows: Vec<AnyView>) -> AnyView {
    view! { <Table caption=caption columns=columns stacked=true>{rows}</Table> }.into_any()
}

/// A part of the screen with a note under its title, or none.
#[must_use]
pub fn part(title: &str, count: Option<String>, note: Option<String>, body: AnyView) -> AnyView {
    let note = note.map(|note| view! { <p class="usage__note">{note}</p> });
    view! { <Part title=title.to_owned() count=count>{note} {body}</Part> }.into_any()
}

/// The way to Explore with an expression about `name`.
#[must_use]
pub fn explore(name: &str, expression: &str) -> AnyView {
    let words = usage_words();
    let label: String = (words.explore_of)(name);
    view! {
        <td class="table__act" role="cell">
            <a class="link" href=links::explore(expression, "") aria-label=label title=expression.to_owned()>{words.explore}</a>
        </td>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_drawn_within_its_track_whatever_it_is() {
        assert_eq!((share(1, 4), share(1, 0), share(0, 0)), (0.25, 0.0, 0.0));
        for (share, width) in [(0.25, "25.0"), (0.0, "0.0"), (1.7, "100.0"), (-1.0, "0.0")] {
            assert!(drawing(share).contains(&format!("class=\"usage__fill\" width=\"{width}\"")), "{}", drawing(share));
        }
    }
}
