//! Pieces of a document that is written by hand. Names and sentences come from rules, labels and other tools, so every text is escaped.

use crate::signin::style_href;
use api::Viewer;
use model::theme::Theme;
use notify::channels::text::html as escaped;
use std::fmt::Write as _;

/// The document around a screen.
pub(super) fn document(viewer: &Viewer, title: &str, main: &str) -> String {
    let theme: String = match viewer.theme {
        Theme::Auto => String::new(),
        chosen => format!(" data-theme=\"{}\"", chosen.as_str()),
    };
    format!(
        "<!DOCTYPE html><html lang=\"{}\"{theme}><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" \
         content=\"noindex\"><title>{} · Mimamori</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link \
         rel=\"stylesheet\" href=\"{}\"></head><body><div class=\"bare\"><div class=\"signin\"><header class=\"signin__brand\"><span \
         class=\"brand__name\" lang=\"ja\">見守り</span> <span class=\"brand__en\" lang=\"en\">Mimamori</span></header><main \
         class=\"signin__main\">{main}</main></div></div></body></html>",
        viewer.locale.as_str(),
        escaped(title),
        escaped(&style_href()),
    )
}

/// An element that holds a text.
pub(super) fn push(out: &mut String, element: &str, class: &str, text: &str) {
    let class: String = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    // Writing into a String can't fail, here and below.
    let _ = write!(out, "<{element}{class}>{}</{element}>", escaped(text));
}

/// What just happened, said aloud.
pub(super) fn status(out: &mut String, text: &str) {
    let _ = write!(out, "<p class=\"signin__what\" role=\"status\">{}</p>", escaped(text));
}

/// Why something was refused, said aloud.
pub(super) fn problem(out: &mut String, text: &str) {
    let _ = write!(out, "<div class=\"signin__notice\" role=\"alert\"><p class=\"signin__what\">{}</p></div>", escaped(text));
}

/// A way on. `is_ours`: to another tool goes nothing of the reader.
pub(super) fn way(out: &mut String, href: &str, text: &str, is_ours: bool) {
    let rel: &str = if is_ours { "" } else { " rel=\"external noopener noreferrer\"" };
    let _ = write!(out, "<p><a class=\"button\" href=\"{}\"{rel}>{}</a></p>", escaped(href), escaped(text));
}

#[cfg(test)]
mod tests {
    use super::{escaped, way};

    #[test]
    fn nothing_that_was_measured_becomes_markup() {
        assert_eq!(escaped("<script>&\"'"), "&lt;script&gt;&amp;&quot;&#39;");
        let mut out = String::new();
        way(&mut out, "https://x/\"><script>", "<b>", false);
        assert!(!out.contains("<script>") && !out.contains("<b>") && out.contains("noreferrer"), "{out}");
    }
}
