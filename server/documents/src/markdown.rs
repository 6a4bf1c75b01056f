//! Markdown as people read it: HTML that is safe whatever the text says, and what a text consists of.
//!
//! Nothing of the text reaches the screen as HTML: what looks like a tag is shown as it was typed, an address is followed only where it leads to
//! the web, to mail or to this house, and a picture is shown only from here. Headings lie one level deeper than written, because the
//! screen has the first for itself.

pub mod addresses;
pub mod outline;
mod writer;

#[cfg(test)]
mod tests;

pub use outline::{Heading, Outline, Step, outline, plain, steps};

use pulldown_cmark::{Options, Parser, TextMergeStream};

/// What a text stands in: it alone knows what lies elsewhere.
pub trait Surroundings: Send + Sync {
    /// The title that stands above the text already; a first heading that says the same is left out.
    fn title(&self) -> Option<&str> {
        None
    }

    /// Where an address of the text leads; `None`: it leads nowhere, and its words are shown alone.
    fn link(&self, target: &str) -> Option<String> {
        addresses::followed(target)
    }

    /// Where a picture comes from; `None`: it is not shown, its words lead there if they may.
    fn picture(&self, target: &str) -> Option<String> {
        addresses::shown(target)
    }

    /// The HTML of a fence whose first word begins with `ops-`; `None`: it is shown as code.
    fn directive(&self, info: &str, body: &str) -> Option<String>;
}

/// Nothing around it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Surroundings for Alone {
    fn directive(&self, _info: &str, _body: &str) -> Option<String> {
        None
    }
}

/// The HTML of a text.
#[must_use]
pub fn render(text: &str, env: &dyn Surroundings) -> String {
    writer::html(text, env)
}

/// The same reading of a text everywhere.
pub(crate) fn parser(text: &str) -> TextMergeStream<'_, Parser<'_>> {
    let options: Options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    TextMergeStream::new(Parser::new_ext(text, options))
}

/// Text for between tags, and within a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
