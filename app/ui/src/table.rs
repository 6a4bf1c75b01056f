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
    /// How its head sorts the table, if it does.
    pub sort: Option<SortLink>,
}

/// A head that sorts. It is a link, so the order is an address and works without a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortLink {
    /// Where pressing it leads.
    pub href: String,
    /// Whether rows stand by this column, and which way.
    pub current: Option<Order>,
}

/// Which way rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Rising,
    Falling,
}

impl Order {
    fn word(self) -> &'static str {
        match self {
            Self::Rising => "ascending",
            Self::Falling => "descending",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Rising => "↑",
            Self::Falling => "↓",
        }
    }
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), is_number: false, sort: None }
    }

    /// A column of figures.
    #[must_use]
    pub fn number(title: impl Into<String>) -> Self {
        Self { title: title.into(), is_number: true, sort: None }
    }

    /// The same with a head that sorts. In a stacked table such heads stay in sight as a line of links.
    #[must_use]
    pub fn sorted_by(self, sort: SortLink) -> Self {
        Self { sort: Some(sort), ..self }
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
    let Some(sort) = column.sort else {
        return view! {
            <th scope="col" class=class>
                {column.title}
            </th>
        }
        .into_any();
    };
    let (order, sign) = (sort.current.map(Order::word), sort.current.map(Order::sign));
    view! {
        <th scope="col" class=class role="columnheader" aria-sort=order>
            <a class="table__sort" href=sort.href>{column.title} <span aria-hidden="true">{sign}</span></a>
        </th>
    }
    .into_any()
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
    fn a_head_that_sorts_is_a_link_and_says_which_way() {
        let owner = Owner::new();
        owner.set();
        let by = |current: Option<Order>| SortLink { href: "/x?sort=a".to_owned(), current };
        let columns = vec![
            Column::text("Name").sorted_by(by(None)),
            Column::number("n").sorted_by(by(Some(Order::Falling))),
            Column::text("Other"),
        ];
        let html = view! { <Table caption="Rules" columns=columns>""</Table> }.to_html();
        assert_eq!((html.matches("aria-sort").count(), html.matches("href=\"/x?sort=a\"").count()), (1, 2), "{html}");
        assert!(html.contains("aria-sort=\"descending\"") && html.contains("↓"), "{html}");
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
