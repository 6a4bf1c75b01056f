//! Who pushes: when each wrote last, how much, and what was refused.

use crate::metrics_use::draw::{cell, count, figure, numbers, part, table};
use crate::words::locale;
use crate::words::metrics_use::usage_words;
use crate::words::targets::{TargetsWords, targets_words};
use api::targets::{SenderRow, TargetsView};
use figures::Unit;
use leptos::prelude::*;
use model::Time;
use ui::empty::Empty;
use ui::table::Column;
use ui::time_text::{TimeForm, TimeText};

/// The senders, or that there are none.
pub fn sheet(view: &TargetsView) -> AnyView {
    let words = targets_words();
    let body: AnyView = if view.senders.is_empty() {
        view! { <Empty title=words.no_senders say=words.no_senders_hint /> }.into_any()
    } else {
        let columns = vec![
            Column::text(words.token),
            Column::text(words.last_write),
            Column::number(words.per_minute),
            Column::number(words.refused),
        ];
        table(words.senders.to_owned(), columns, view.senders.iter().map(|row| sender(words, row, view.now)).collect())
    };
    part(words.senders, None, Some(words.senders_note.to_owned()), body)
}

fn sender(words: &'static TargetsWords, row: &SenderRow, now: Time) -> AnyView {
    let why = row.refusal.map(|refusal| view! { <small class="table__sub">{(usage_words().refusal)(refusal)}</small> });
    let refused: AnyView = view! { {count(row.refused)} {why} }.into_any();
    let rate: String = figures::value(row.per_minute, Unit::None, locale()).joined();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{row.name.clone()}</th>
            {cell(words.last_write, last(words, row, now))}
            {figure(words.per_minute, rate)}
            {numbers(words.refused, refused)}
        </tr>
    }
    .into_any()
}

fn last(words: &'static TargetsWords, row: &SenderRow, now: Time) -> AnyView {
    let Some(at) = row.wrote_at else {
        let word: &'static str = if row.is_use { words.unused } else { words.never };
        return view! { <span class="mute">{word}</span> }.into_any();
    };
    let age: String = (words.ago)(&figures::duration(now.since(at).max(0), locale()));
    let before = row.is_use.then(|| view! { <span class="mute">{words.last_use} " "</span> });
    view! { {before} <TimeText at_ms=at.0 form=TimeForm::Day /> " " {age} }.into_any()
}
