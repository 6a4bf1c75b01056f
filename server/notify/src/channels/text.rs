//! Texts of strangers, made harmless and short enough.
//!
//! Names, sentences and labels come from whoever writes metrics and rules. Before a provider gets them, characters that only steer are
//! taken out, what the provider would read as markup is escaped, and the rest is cut between graphemes, never inside one.

use reqwest::Url;
use unicode_segmentation::UnicodeSegmentation;

/// No address in a message is longer: Slack's limit for a button, and more than browsers like.
const LONGEST_URL: usize = 2_000;

/// Without control characters and without those that turn the direction of text. Line breaks stay.
pub(crate) fn clean(text: &str) -> String {
    let lines: String = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    lines.chars().filter_map(shown).collect()
}

/// The same on one line: for headings, subjects and header values.
pub(crate) fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<&str>>().join(" ")
}

fn shown(character: char) -> Option<char> {
    match character {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        // Marks, embeddings, overrides and isolates of direction; the byte order mark; tags that nobody sees.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        '\u{e0000}'..='\u{e007f}' => None,
        other if other.is_control() => None,
        other => Some(other),
    }
}

/// How long a text is: in UTF-16 code units. No provider says what it counts; none counts more.
pub(crate) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// `text` escaped, and cut where that would be longer than `most`. `escape` must treat every character by itself.
pub(crate) fn fit(text: &str, most: usize, escape: fn(&str) -> String) -> String {
    let whole: String = escape(text);
    if length(&whole) <= most {
        return whole;
    }
    let mut cut = String::new();
    // The ellipsis.
    let mut n: usize = 1;
    for grapheme in text.graphemes(true) {
        let written: String = escape(grapheme);
        n += length(&written);
        if n > most {
            break;
        }
        cut.push_str(&written);
    }
    cut.push('…');
    cut
}

/// Cut, nothing escaped.
pub(crate) fn cut(text: &str, most: usize) -> String {
    fit(text, most, str::to_owned)
}

/// For HTML and XML, in text and in quoted attributes.
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// For Slack: the three characters its control sequences are made of (docs.slack.dev, "Formatting message text"). So no `<!channel>`,
/// no `<@U1>` and no link can be smuggled in.
pub(crate) fn slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// For Discord: every character its Markdown and its mentions are made of, behind a backslash.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '#' | '[' | ']' | '(' | ')') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// An address that may be followed: http or https, without a user, without any character that could end a link in markup.
pub(crate) fn link(address: &str) -> Option<String> {
    let url: Url = Url::parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let mut out = String::with_capacity(url.as_str().len());
    for character in url.as_str().chars() {
        match character {
            '|' => out.push_str("%7C"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '\'' => out.push_str("%27"),
            '*' => out.push_str("%2A"),
            other => out.push(other),
        }
    }
    if out.len() > LONGEST_URL { None } else { Some(out) }
}
