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

/// A list of things as a table, 40 px rows. Its children are `<tr>`s; cells with buttons have the class `table__act`, cells with
/// figures `table__end`.
///
/// With `stacked` a row becomes a block of named figures where the columns have no room. Its rows are then `<tr role="row">`s of one
/// `<th scope="row" role="rowheader">` and [`Cell`]s: a table that is drawn otherwise is no table to some screen readers, unless it
/// says so.
#[component]
pub fn Table(
    /// The rows.
    children: Children,
    /// What the table holds, for screen readers.
    #[prop(into)]
    caption: String,
    /// The columns, in order.
    columns: Vec<Column>,
    /// Whether rows become blocks where the columns have no room.
    #[prop(default = false)]
    stacked: bool,
) -> impl IntoView {
    let heads = columns.into_iter().map(|column| head(column, "table__end")).collect_view();
    let (frame, class) =
        if stacked { ("table__scroll table__scroll--stacked", "table table--stacked") } else { ("table__scroll", "table") };
    let role = |name: &'static str| stacked.then_some(name);
    view! {
        <div class=frame>
            <table class=class role=role("table")>
                <caption class="hush">{caption}</caption>
                <thead role=role("rowgroup")>
                    <tr role=role("row")>{heads}</tr>
                </thead>
                <tbody role=role("rowgroup")>{children()}</tbody>
            </table>
        </div>
    }
}

/// A cell of a stacked [`Table`]: the title of its column stands above it where the columns are gone.
#[component]
pub fn Cell(
    /// The value.
    children: Children,
    /// The title of its column; empty for a sign that needs no name, which then stands above the row's name.
    #[prop(optional, into)]
    label: String,
    /// Whether it holds figures, set to the right.
    #[prop(default = false)]
    number: bool,
    /// Whether it takes a line of its own in the block.
    #[prop(default = false)]
    wide: bool,
) -> impl IntoView {
    let class = match (number, wide) {
        (false, false) => None,
        (true, false) => Some("table__end"),
        (false, true) => Some("table__wide"),
        (true, true) => Some("table__end table__wide"),
    };
    let label = (!label.is_empty()).then_some(label);
    view! {
        <td class=class data-label=label role="cell">
            {children()}
        </td>
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

    #[test]
    fn a_stacked_row_says_what_it_is_and_names_its_figures() {
        let owner = Owner::new();
        owner.set();
        let columns = vec![Column::text("Name"), Column::number("Open")];
        let html = view! {
            <Table caption="Rules" columns=columns stacked=true>
                <tr role="row">
                    <Cell label="Open" number=true>
                        "3"
                    </Cell>
                    <Cell>"sign"</Cell>
                </tr>
            </Table>
        }
        .to_html();
        for part in ["table--stacked", "role=\"rowgroup\"", "data-label=\"Open\"", "role=\"cell\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(html.matches("data-label").count(), 1, "{html}");
    }
}
