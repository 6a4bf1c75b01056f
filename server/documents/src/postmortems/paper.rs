//! A report as a document of its own: for a browser to print, as PDF where somebody wants one, and for those who have a link.
//!
//! It needs no script. Its style is the house's; a policy of content that forbids inline styles is kept.

use crate::markdown::escape;
use figures::Locale;

/// What stands around a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    pub title: &'a str,
    /// Short facts above it: state, incident, when it was printed.
    pub head: &'a [String],
    /// Where the house's style sheet is.
    pub style_href: &'a str,
    pub locale: Locale,
}

/// The whole document around HTML that is safe already.
#[must_use]
pub fn document(frame: &Frame<'_>, html: &str) -> String {
    let head: String = frame.head.iter().map(|fact| format!("<span>{}</span>", escape(fact))).collect();
    format!(
        "<!DOCTYPE html><html lang=\"{}\" data-theme=\"light\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><meta name=\"referrer\" \
         content=\"no-referrer\"><title>{} · Mimamori</title><link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"{}\"></head><body><main \
         class=\"paper\"><h1>{}</h1><p class=\"paper__head\">{head}</p><div class=\"prose\">{html}</div></main></body></html>",
        frame.locale.as_str(),
        escape(frame.title),
        escape(frame.style_href),
        escape(frame.title),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_around_it_is_no_markup() {
        let head = ["<b>".to_owned()];
        let frame = Frame { title: "\"><script>", head: &head, style_href: "/a.css", locale: Locale::Ja };
        let written: String = document(&frame, "<p>x</p>");
        assert!(!written.contains("<script") && !written.contains("<b>") && written.contains("<p>x</p>"), "{written}");
        assert!(written.starts_with("<!DOCTYPE html><html lang=\"ja\""), "{written}");
    }
}
