//! Tables. The head and the body are always written, because a browser inserts a missing body and hydration would not
//! find its nodes.

use leptos::prelude::*;

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it; empty for a column of signs or buttons.
    pub title: String,
    /// Whether it holds figures, set to the right.
    pub is_number: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), is_number: false }
    }

    /// A column of figures.
    #[must_use]
    pub fn number(title: impl Into<String>) -> Self {
        Self { title: title.into(), is_number: true }
    }
}

/// A dense table of figures, 28 px rows. Its children are `<tr>`s; cells with figures have the class `figures__num`.
#[component]
pub fn Figures(
    /// The rows.
    children: Children,
    /// What the table holds, for screen readers.
    #[prop(into)]
    caption: String,
    /// The columns, in order.
    columns: Vec<Column>,
) -> impl IntoView {
    let heads = columns.into_iter().map(|column| head(column, "figures__num")).collect_view();
    view! {
        <div class="figures__scroll">
            <table class="figures">
                <caption class="hush">{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// A list of things as a table, 40 px rows. Its children are `<tr>`s; a link with the class `table__link` makes its row the
/// target, cells with buttons have the class `table__act`, cells with figures `table__end`.
#[component]
pub fn Table(
    /// The rows.
    children: Children,
    /// What the table holds, for screen readers.
    #[prop(into)]
    caption: String,
    /// The columns, in order.
    columns: Vec<Column>,
) -> impl IntoView {
    let heads = columns.into_iter().map(|column| head(column, "table__end")).collect_view();
    view! {
        <div class="table__scroll">
            <table class="table">
                <caption class="hush">{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

fn head(column: Column, number_class: &'static str) -> impl IntoView {
    let class = column.is_number.then_some(number_class);
    view! {
        <th scope="col" class=class>
            {column.title}
        </th>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_always_has_a_head_and_a_body() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <Table caption="Rules" columns=vec![Column::text("Name"), Column::number("n")]>""</Table> }.to_html();
        for part in ["<thead>", "<tbody>", "<caption", "table__end"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
