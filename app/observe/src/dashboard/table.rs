//! The newest values by their labels.

use super::number::Manner;
use super::stats::severity;
use crate::words::dashboards::board_words;
use dashboard::{Table, TableRow};
use leptos::prelude::*;
use ui::table::{Column, Figures};

pub(super) fn table(found: &Table, manner: Manner, title: String) -> AnyView {
    let columns: Vec<Column> = found
        .labels
        .iter()
        .map(|label| Column::text(label.clone()))
        .chain(found.values.iter().map(|value| Column::number(value.clone())))
        .collect();
    let manners: Vec<Manner> = found.measures.iter().map(|measure| manner.with(*measure)).collect();
    let rows: Vec<AnyView> = found.rows.iter().map(|line| row(line, manner, &manners)).collect();
    let label: String = title.clone();
    // It is scrolled inside of its panel, which needs no mouse.
    view! {
        <div class="tile__table" tabindex="0" role="group" aria-label=label>
            <Figures caption=title columns=columns>{rows}</Figures>
        </div>
    }
    .into_any()
}

/// The first label names the row. `manners` are those of the columns, `manner` that of one that has none.
fn row(line: &TableRow, manner: Manner, manners: &[Manner]) -> AnyView {
    let mut labels = line.labels.iter();
    let first = labels.next().cloned();
    let head = first.map(|first| view! { <th scope="row">{severity(line.severity)} " " {first}</th> });
    // Without labels there is no head to mark.
    let mark: Option<AnyView> = if line.labels.is_empty() { severity(line.severity) } else { None };
    let labels: Vec<AnyView> = labels.map(|label| view! { <td>{label.clone()}</td> }.into_any()).collect();
    let values: Vec<AnyView> = line
        .values
        .iter()
        .enumerate()
        .map(|(place, value)| cell(*value, manners.get(place).copied().unwrap_or(manner)))
        .collect();
    view! { <tr>{head}{labels}{values}{mark.map(|mark| view! { <td>{mark}</td> })}</tr> }.into_any()
}

fn cell(value: Option<f64>, manner: Manner) -> AnyView {
    let shown: AnyView = match value {
        Some(value) => manner.view(value),
        None => view! { <span class="hush">{board_words().no_data}</span> }.into_any(),
    };
    view! { <td class="figures__num">{shown}</td> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Unit;
    use model::Severity;

    #[test]
    fn labels_are_words_values_are_figures_and_a_judged_row_says_so() {
        let owner = Owner::new();
        owner.set();
        let row = |host: &str, value: Option<f64>, severity: Option<Severity>| TableRow {
            labels: vec![host.to_owned(), "/".to_owned()],
            values: vec![value],
            severity,
        };
        let found = Table {
            labels: vec!["host".to_owned(), "mountpoint".to_owned()],
            values: vec!["used".to_owned()],
            measures: Vec::new(),
            rows: vec![row("<a>", Some(93.0), Some(Severity::P2)), row("b", None, None)],
        };
        let html: String = table(&found, Manner { unit: Unit::Percent, decimals: None }, "ディスク".to_owned()).to_html();
        assert_eq!(html.matches("scope=\"row\"").count(), 2, "{html}");
        assert!(html.contains("P2") && html.contains("93") && html.contains("データがありません"), "{html}");
        assert!(!html.contains("<a>"), "{html}");
    }
}
