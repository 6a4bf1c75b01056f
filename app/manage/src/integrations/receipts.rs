//! What came lately, and why some of it was refused.

use crate::words::integrations::{IntegrationWords, integration_words};
use api::integrations::ReceiptRow;
use leptos::prelude::*;
use ui::empty::Empty;
use ui::part::Part;
use ui::state::{StateKind, StateMark};
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// The newest requests.
pub fn receipts(rows: Vec<ReceiptRow>) -> AnyView {
    let words = integration_words();
    let body = if rows.is_empty() {
        view! { <Empty title=words.no_receipts say=words.no_receipts_hint /> }.into_any()
    } else {
        table(rows, words)
    };
    view! { <Part title=words.receipts.to_owned()>{body}</Part> }.into_any()
}

fn table(rows: Vec<ReceiptRow>, words: &'static IntegrationWords) -> AnyView {
    let columns = vec![Column::text(words.at), Column::text(words.outcome), Column::text(words.said)];
    let rows = rows.into_iter().map(|row| line(row, words)).collect_view();
    view! { <Table caption=words.receipts columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn line(row: ReceiptRow, words: &'static IntegrationWords) -> AnyView {
    let outcome = if row.taken {
        let figures = (words.figures)(row.fired, row.updated, row.resolved, row.left);
        view! { <span>{words.taken}</span> <small class="table__sub">{figures}</small> }.into_any()
    } else {
        view! { <StateMark kind=StateKind::Open word=words.refused /> }.into_any()
    };
    let payload = row.payload.map(|text| body(text, words));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><TimeText at_ms=row.at.0 form=TimeForm::Day /></th>
            <Cell label=words.outcome>{outcome}</Cell>
            <Cell label=words.said wide=true>{row.said} {payload}</Cell>
        </tr>
    }
    .into_any()
}

/// The body, to be copied into the field where mappings are tried.
fn body(text: String, words: &'static IntegrationWords) -> AnyView {
    view! {
        <details class="integration__body">
            <summary>{words.body}</summary>
            <pre tabindex="0">{text}</pre>
        </details>
    }
    .into_any()
}
