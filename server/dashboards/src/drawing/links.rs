//! Texts and addresses of the author with what was chosen in them.

use crate::asked::Window;
use crate::evaluating::cleaning::clean;
use dashboard::{Chosen, Link, ShownLink, Values, fill_address, fill_text};
use figures::Locale;

/// What means something in Markdown. Before any of these a backslash takes the meaning away (CommonMark 0.31 section 2.4).
const MARKUP: &str = "\\`*_[]<>!|~#&";

pub(super) fn shown_links(links: &[Link], values: &Values, window: &Window, locale: Locale) -> Vec<ShownLink> {
    links.iter().map(|link| shown(link, values, window, locale)).collect()
}

fn shown(link: &Link, values: &Values, window: &Window, locale: Locale) -> ShownLink {
    let href: String = fill_address(&link.href, values);
    let title: &str = link.title.read(locale);
    ShownLink {
        title: if title.is_empty() { href.clone() } else { clean(&fill_text(title, values)) },
        href: if link.keeps_span { with_span(&href, window) } else { href },
    }
}

/// The address with the span that is shown, before its anchor.
fn with_span(href: &str, window: &Window) -> String {
    let (address, anchor): (&str, Option<&str>) = match href.split_once('#') {
        Some((address, anchor)) => (address, Some(anchor)),
        None => (href, None),
    };
    let separator: &str = match address.chars().next_back() {
        Some('?' | '&') => "",
        _ if address.contains('?') => "&",
        _ => "?",
    };
    let anchor: String = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
    format!("{address}{separator}from={}&to={}{anchor}", window.from.0, window.to.0)
}

/// Markdown of the author. What was chosen comes from an address, and is text: no link nor picture can be made of it.
pub(super) fn prose(text: &str, values: &Values) -> String {
    let mut plain: Values = values.clone();
    for chosen in plain.chosen.values_mut() {
        *chosen = match chosen {
            Chosen::One(value) => Chosen::One(without_markup(value)),
            Chosen::Several(values) => Chosen::Several(values.iter().map(|value| without_markup(value)).collect()),
            Chosen::Any => Chosen::Any,
        };
    }
    fill_text(text, &plain)
}

fn without_markup(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    for character in clean(value).chars() {
        if MARKUP.contains(character) {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Said;
    use model::Time;

    fn link(href: &str, keeps_span: bool) -> String {
        let values = Values::default().with("host", Chosen::One("a&b/../c".to_owned()));
        let window = Window { from: Time(1), to: Time(2), range: String::new() };
        let link = Link { title: Said::same("$host"), href: href.to_owned(), keeps_span };
        shown_links(&[link], &values, &window, Locale::Ja).remove(0).href
    }

    #[test]
    fn the_span_goes_into_the_query_and_values_stay_within_their_place() {
        for (href, keeps_span, expected) in [
            ("/hosts/$host", false, "/hosts/a%26b%2F..%2Fc"),
            ("/hosts", true, "/hosts?from=1&to=2"),
            ("/hosts?x=1#top", true, "/hosts?x=1&from=1&to=2#top"),
            ("/hosts?", true, "/hosts?from=1&to=2"),
        ] {
            assert_eq!(link(href, keeps_span), expected);
        }
    }

    #[test]
    fn a_value_makes_no_markup() {
        let values = Values::default().with("x", Chosen::One("[a](//b) <b>\n# c".to_owned()));
        assert_eq!(prose("**$x**", &values), "**\\[a\\](//b) \\<b\\> \\# c**");
    }
}
