//! What differs between two versions, line by line.

use crate::words::documents::document_words;
use api::documents::history::{DifferenceRow, DifferenceView, Side};
use leptos::prelude::*;
use ui::part::Part;

/// The lines that differ, with some around them; `between` says of which two.
pub fn difference(view: &DifferenceView, between: &str) -> AnyView {
    let words = document_words();
    let count: String = (words.changed_lines)(view.n_new, view.n_gone);
    let rows: Vec<AnyView> = view.rows.iter().map(row).collect();
    let body: AnyView = if view.n_gone == 0 && view.n_new == 0 {
        view! { <p class="mute">{words.no_difference}</p> }.into_any()
    } else {
        view! {
            <div class="difference" tabindex="0" role="group" aria-label=words.difference>
                <table class="difference__lines">
                    <caption class="hush">{words.difference}</caption>
                    <thead class="hush">
                        <tr>
                            <th scope="col">{words.old_line}</th>
                            <th scope="col">{words.new_line}</th>
                            <th scope="col">{words.the_text}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let between: String = between.to_owned();
    view! { <Part title=words.difference.to_owned() count=Some(count) id="difference"><p class="mute">{between}</p> {body}</Part> }
        .into_any()
}

fn row(row: &DifferenceRow) -> AnyView {
    let words = document_words();
    match row {
        DifferenceRow::Folded(n) => {
            let text: String = (words.folded)(*n);
            view! { <tr class="difference__folded"><td colspan="3">{text}</td></tr> }.into_any()
        }
        DifferenceRow::Line { side, old, new, pieces } => line(*side, *old, *new, pieces),
    }
}

fn line(side: Side, old: Option<u32>, new: Option<u32>, pieces: &[(bool, String)]) -> AnyView {
    let words = document_words();
    let (class, sign, said): (&'static str, &'static str, &'static str) = match side {
        Side::Same => ("difference__same", " ", ""),
        Side::Gone => ("difference__gone", "−", words.gone_line),
        Side::New => ("difference__new", "+", words.new_line_said),
    };
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let piece = |(is_changed, text): &(bool, String)| -> AnyView {
        let text: String = text.trim_end_matches('\n').to_owned();
        match side {
            Side::Gone if *is_changed => view! { <del>{text}</del> }.into_any(),
            Side::New if *is_changed => view! { <ins>{text}</ins> }.into_any(),
            _ => text.into_any(),
        }
    };
    let text: Vec<AnyView> = pieces.iter().map(piece).collect();
    let said = (!said.is_empty()).then(|| view! { <span class="hush">{said}</span> });
    view! {
        <tr class=class>
            <td class="difference__number">{number(old)}</td>
            <td class="difference__number">{number(new)}</td>
            <td class="difference__text"><span aria-hidden="true">{sign}</span> {said} {text}</td>
        </tr>
    }
    .into_any()
}
