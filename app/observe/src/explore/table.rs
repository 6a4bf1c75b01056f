//! The series of one query in figures: each with the key of its line, and what it did over the span. Every head sorts.

use super::address::Address;
use super::sorting;
use crate::words::explore::{ExploreWords, explore_words};
use crate::words::locale;
use api::explore::{ExploreAnswer, ExploreBy, ExploreRow, ROWS_AT_ONCE};
use expression::offer::selector;
use figures::{Locale, Unit};
use leptos::prelude::*;
use ui::table::{Column, Table};

/// What every row is written with.
struct Pen<'a> {
    said: &'static ExploreWords,
    address: &'a Address,
    /// The labels with a column of their own.
    labels: &'a [String],
    unit: Unit,
    locale: Locale,
    /// A range selector has many values at one moment; anything else has one.
    is_single: bool,
}

/// The table of query `place`, from 1, called by a title.
pub(super) fn table(answer: &ExploreAnswer, place: u32, title: String, address: &Address) -> AnyView {
    let said = explore_words();
    let is_single: bool = answer.instant && answer.rows.iter().all(|row| row.count == 1);
    let pen = Pen { said, address, labels: &answer.labels, unit: answer.unit, locale: locale(), is_single };
    let rows: Vec<AnyView> = answer.rows.iter().map(|row| pen.row(row)).collect();
    view! {
        <Table caption=title columns=pen.columns() stacked=true>{rows}</Table>
        {parts(answer, place, address)}
    }
    .into_any()
}

/// Which rows these are, and the ways to the others.
fn parts(answer: &ExploreAnswer, place: u32, address: &Address) -> Option<AnyView> {
    let said = explore_words();
    let n_rows: u32 = u32::try_from(answer.rows.len()).unwrap_or(u32::MAX);
    if n_rows >= answer.series_total {
        return None;
    }
    let (part, last): (u32, u32) = (answer.n_before / ROWS_AT_ONCE + 1, answer.n_before + n_rows);
    let way = |part: u32, said: &'static str| {
        let href: String = address.with_part(place, part).href();
        view! { <a class="link" href=href>{said}</a> }.into_any()
    };
    let earlier: Option<AnyView> = (part > 1).then(|| way(part - 1, said.earlier_rows));
    let later: Option<AnyView> = (last < answer.series_total).then(|| way(part + 1, said.later_rows));
    Some(
        view! {
            <p class="explore__parts">
                <span class="mute">{(said.rows)(answer.n_before + 1, last, answer.series_total)}</span>
                {earlier}
                {later}
            </p>
        }
        .into_any(),
    )
}

impl Pen<'_> {
    fn columns(&self) -> Vec<Column> {
        let said = self.said;
        let labels = self.labels.iter().map(|name| (Column::text(name.as_str()), ExploreBy::Label(name.clone())));
        let numbers: Vec<(&'static str, ExploreBy)> = if self.is_single {
            vec![(said.value, ExploreBy::Last)]
        } else {
            vec![
                (said.last, ExploreBy::Last),
                (said.min, ExploreBy::Min),
                (said.max, ExploreBy::Max),
                (said.avg, ExploreBy::Avg),
                (said.count, ExploreBy::Count),
            ]
        };
        let numbers = numbers.into_iter().map(|(title, by)| (Column::number(title), by));
        let all = std::iter::once((Column::text(said.series), ExploreBy::Series)).chain(labels).chain(numbers);
        all.map(|(column, by)| column.sorted_by(sorting::link(by, self.address))).collect()
    }

    fn row(&self, row: &ExploreRow) -> AnyView {
        let said = self.said;
        let cells: Vec<AnyView> = if self.is_single {
            vec![self.figure(said.value, row.last)]
        } else {
            let all = [(said.last, row.last), (said.min, row.min), (said.max, row.max), (said.avg, row.avg)];
            let figures = all.into_iter().map(|(label, value)| self.figure(label, value));
            figures.chain([cell(said.count, figures::count(i64::from(row.count)), None)]).collect()
        };
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{key(row.style)} {self.name(row)}</th>
                {self.labels_of(row)}
                {cells}
            </tr>
        }
        .into_any()
    }

    fn labels_of(&self, row: &ExploreRow) -> Vec<AnyView> {
        let value = |name: &String| row.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.clone());
        let one = |name: &String| view! { <td role="cell" data-label=name.clone()>{value(name)}</td> }.into_any();
        self.labels.iter().map(one).collect()
    }

    /// A value to three figures; all of them stand in its title.
    fn figure(&self, label: &'static str, value: f64) -> AnyView {
        cell(label, figures::value(value, self.unit, self.locale).joined(), Some(value.to_string()))
    }

    /// The series by name; a link to it alone, where a metric's name says which one that is.
    fn name(&self, row: &ExploreRow) -> AnyView {
        let written: String = selector(&row.metric, &row.labels);
        if row.metric.is_empty() {
            return view! { <code class="explore__series">{written}</code> }.into_any();
        }
        let href: String = self.address.with_only(&written).href();
        view! { <a class="explore__series link code" href=href>{written}</a> }.into_any()
    }
}

fn cell(label: &'static str, written: String, exact: Option<String>) -> AnyView {
    view! { <td class="table__end" role="cell" data-label=label title=exact>{written}</td> }.into_any()
}

/// The key of a line: its colour and its dash. A series that is not drawn has none.
fn key(style: u8) -> Option<AnyView> {
    let class: String = format!("legend__key s-{}", style.min(8));
    (style > 0)
        .then(|| view! { <svg class=class viewBox="0 0 20 8" aria-hidden="true"><path d="M0 4H20"></path></svg> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Zone;

    fn answer(n_rows: u32, n_before: u32, instant: bool) -> ExploreAnswer {
        let row = |number: u32| ExploreRow {
            metric: "up".to_owned(),
            labels: vec![("host".to_owned(), format!("h{number}"))],
            style: 1,
            last: 1.0,
            min: 0.0,
            max: 2.0,
            avg: 1.0,
            count: if instant { 1 } else { 9 },
        };
        let rows: Vec<ExploreRow> = (0..n_rows).map(row).collect();
        ExploreAnswer { rows, n_before, series_total: 250, instant, ..ExploreAnswer::default() }
    }

    fn html(answer: &ExploreAnswer) -> String {
        table(answer, 2, "式 B".to_owned(), &Address::read("q=down&q=up&range=6h", &Zone::utc())).to_html()
    }

    #[test]
    fn one_value_has_one_column_and_a_span_has_all() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(html(&answer(1, 0, true)).matches("scope=\"col\"").count(), 2);
        assert_eq!(html(&answer(1, 0, false)).matches("scope=\"col\"").count(), 6);
    }

    #[test]
    fn every_head_sorts_and_labels_have_columns() {
        let owner = Owner::new();
        owner.set();
        let told = ExploreAnswer { labels: vec!["host".to_owned()], ..answer(2, 0, true) };
        let sorted: Address = Address::read("q=up&sort=label-host&order=asc", &Zone::utc());
        let html: String = table(&told, 1, "系列".to_owned(), &sorted).to_html().replace("<!>", "");
        assert_eq!((html.matches("scope=\"col\"").count(), html.matches("table__sort").count()), (3, 3), "{html}");
        assert_eq!(html.matches("aria-sort=\"ascending\"").count(), 1, "{html}");
        assert!(html.contains("order=desc") && html.contains("data-label=\"host\">h1</td>"), "{html}");
    }

    #[test]
    fn a_long_table_says_which_rows_these_are_and_where_the_others_are() {
        let owner = Owner::new();
        owner.set();
        let middle: String = html(&answer(100, 100, true));
        assert!(middle.contains("part=2-1") && middle.contains("part=2-3") && middle.contains("101〜200"), "{middle}");
        let last: String = html(&answer(50, 200, true));
        assert!(last.contains("part=2-2") && !last.contains("part=2-4"), "{last}");
        assert!(last.contains("/explore?q=up%7Bhost%3D%22h0%22%7D&amp;range=6h"), "{last}");
    }
}
