//! The queries of a panel, and an empty one at the end: filling it in adds it, emptying one takes it away.

use super::sheet::{Sheet, input_id};
use crate::words::dashboard_edit::edit_words;
use dashboard::MOST_QUERIES;
use leptos::prelude::*;

pub(super) fn queries(sheet: &Sheet<'_>) -> AnyView {
    let rows: Vec<AnyView> = (0..sheet.n_rows("query", MOST_QUERIES)).map(|row| query(sheet, row)).collect();
    let hint: &'static str = edit_words().queries_hint;
    view! {
        <div class="dashboard-edit__group dashboard-edit__of-queries" id=input_id("panel", "query")>
            <p class="field__hint">{hint}</p>
            {rows}
        </div>
    }
    .into_any()
}

fn query(sheet: &Sheet<'_>, row: usize) -> AnyView {
    let under = format!("query.{row}");
    let legend: String = (edit_words().query)(row + 1);
    view! {
        <fieldset class="dashboard-edit__group">
            <legend class="field__label">{legend}</legend>
            {sheet.expression(&format!("{under}.expr"))}
            {sheet.line(&format!("{under}.name"))}
            <div class="dashboard-edit__ticks">
                {sheet.tick(&format!("{under}.instant"))}
                {sheet.tick(&format!("{under}.hidden"))}
            </div>
        </fieldset>
    }
    .into_any()
}
