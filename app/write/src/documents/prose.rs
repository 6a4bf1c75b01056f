//! A text as it is read: the HTML that the server made of it, and its outline.

use crate::screen::is_narrow;
use crate::words::documents::document_words;
use crate::words::locale;
use api::documents::view::{DocumentView, HeadingView};
use leptos::prelude::*;
use ui::empty::Empty;

/// Headings deeper than this are not worth a line of the outline.
const DEEPEST: u8 = 4;
/// Fewer need no outline.
const LEAST: usize = 2;

/// The text. It is safe: nothing in it came from the text as HTML.
pub fn prose(view: &DocumentView) -> AnyView {
    let words = document_words();
    if view.html.trim().is_empty() {
        return view! { <Empty title=words.no_text say=words.no_text_hint /> }.into_any();
    }
    let language: Option<String> = (view.head.language != locale().as_str()).then(|| view.head.language.clone());
    let html: String = view.html.clone();
    view! { <article class="prose" lang=language inner_html=html></article> }.into_any()
}

/// Its headings, each a link into the text.
pub fn outline(headings: &[HeadingView]) -> Option<AnyView> {
    let shown: Vec<&HeadingView> = headings.iter().filter(|heading| heading.level <= DEEPEST).collect();
    if shown.len() < LEAST {
        return None;
    }
    let line = |heading: &HeadingView| -> AnyView {
        let (href, text): (String, String) = (format!("#{}", heading.id), heading.text.clone());
        // Left to the browser, which jumps there.
        view! { <li data-level=heading.level.to_string()><a class="outline__way" href=href rel="external">{text}</a></li> }
            .into_any()
    };
    let lines: Vec<AnyView> = shown.into_iter().map(line).collect();
    Some(folded(view! { <ol class="outline__list">{lines}</ol> }.into_any()))
}

/// What leads into a text, under its title: beside it, or before it and folded where the window is narrow.
pub fn folded(list: AnyView) -> AnyView {
    let words = document_words();
    let is_open: bool = !is_narrow();
    view! {
        <nav aria-label=words.outline>
            <details class="outline__fold" open=is_open>
                <summary class="outline__head"><h2 class="outline__title">{words.outline}</h2></summary>
                {list}
            </details>
        </nav>
    }
    .into_any()
}
