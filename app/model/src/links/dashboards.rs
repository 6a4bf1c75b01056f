//! Addresses of dashboards.

use super::{EXPLORE, encode};

/// All of them.
pub const LIST: &str = "/dashboards";
pub const NEW: &str = "/dashboards/new";
/// Where a file is brought in, and where it is sent.
pub const IMPORT: &str = "/dashboards/import";
pub const TRASH: &str = "/dashboards/trash";
/// What stands before the slug of one.
pub const ONE: &str = "/d";
/// What the name of a variable follows in an address: `var-host=app-02`, once for each value.
pub const VARIABLE: &str = "var-";

/// One dashboard.
#[must_use]
pub fn one(slug: &str) -> String {
    format!("{ONE}/{}", encode(slug))
}

/// One dashboard with a span, chosen values and what else its address says, written by [`query`].
#[must_use]
pub fn one_with(slug: &str, query: &str) -> String {
    if query.is_empty() { one(slug) } else { format!("{}?{query}", one(slug)) }
}

/// Pairs as they stand behind the question mark.
#[must_use]
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<String>>().join("&")
}

/// Those with a tag.
#[must_use]
pub fn tagged(tag: &str) -> String {
    format!("{LIST}?tag={}", encode(tag))
}

/// Where one is changed.
#[must_use]
pub fn edit(slug: &str) -> String {
    format!("{}/edit", one(slug))
}

/// The form of one of its panels, by the id as it is written.
#[must_use]
pub fn edit_panel(slug: &str, id: &str) -> String {
    format!("{}?panel={}", edit(slug), encode(id))
}

/// The form of a new panel in the first row, as it is filled in.
#[must_use]
pub fn edit_new_panel<'a>(slug: &str, fields: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    let fields = fields.into_iter().map(|(field, text)| format!("&fields%5B{}%5D={}", encode(field), encode(text)));
    format!("{}?part=panel{}", edit(slug), fields.collect::<String>())
}

/// Its title, span, links.
#[must_use]
pub fn edit_settings(slug: &str) -> String {
    format!("{}?part=settings", edit(slug))
}

#[must_use]
pub fn edit_variables(slug: &str) -> String {
    format!("{}?part=variables", edit(slug))
}

/// The whole of it as a text.
#[must_use]
pub fn edit_source(slug: &str) -> String {
    format!("{}?part=source", edit(slug))
}

/// Its versions, and what can be done with the whole of it.
#[must_use]
pub fn history(slug: &str) -> String {
    format!("{}/history", one(slug))
}

/// What differs between two versions; 0 is the one that is shipped.
#[must_use]
pub fn difference(slug: &str, old: i64, new: i64) -> String {
    format!("{}?old={old}&new={new}#difference", history(slug))
}

/// The whole of it as a file.
#[must_use]
pub fn export(slug: &str) -> String {
    format!("{}/export", one(slug))
}

/// A panel as a table. `query` says its span and what was chosen, as [`query`] writes it.
#[must_use]
pub fn panel_csv(slug: &str, key: &str, query: &str) -> String {
    panel_file(slug, "csv", key, query)
}

#[must_use]
pub fn panel_svg(slug: &str, key: &str, query: &str) -> String {
    panel_file(slug, "svg", key, query)
}

#[must_use]
pub fn panel_png(slug: &str, key: &str, query: &str) -> String {
    panel_file(slug, "png", key, query)
}

fn panel_file(slug: &str, extension: &str, key: &str, query: &str) -> String {
    let and: &str = if query.is_empty() { "" } else { "&" };
    format!("{}/panel.{extension}?panel={}{and}{query}", one(slug), encode(key))
}

/// An expression over the span that a dashboard shows.
#[must_use]
pub fn explore(expression: &str, from_ms: i64, to_ms: i64) -> String {
    format!("{EXPLORE}?q={}&from={from_ms}&to={to_ms}", encode(expression))
}

/// Expressions around a moment that is chosen later: `{from}` and `{to}` stand for the ends of the span. No part of an expression looks
/// like them, because braces are encoded there.
#[must_use]
pub fn explore_around<'a>(expressions: impl IntoIterator<Item = &'a str>) -> String {
    let asked: String = query(expressions.into_iter().map(|expression| ("q", expression)));
    format!("{EXPLORE}?{asked}&from={{from}}&to={{to}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_dashboards_is_printed_here() {
        let chosen = query([("range", "6h"), ("var-host", "a&b"), ("var-host", "蔵")]);
        assert_eq!(chosen, "range=6h&var-host=a%26b&var-host=%E8%94%B5");
        let addresses = [
            (one("http"), "/d/http"),
            (one_with("http", ""), "/d/http"),
            (one_with("http", "range=6h"), "/d/http?range=6h"),
            (tagged("a b"), "/dashboards?tag=a%20b"),
            (edit("http"), "/d/http/edit"),
            (edit_panel("http", "rate"), "/d/http/edit?panel=rate"),
            (
                edit_new_panel("http", [(&"query.0.expr".to_owned(), &"a + b".to_owned())]),
                "/d/http/edit?part=panel&fields%5Bquery.0.expr%5D=a%20%2B%20b",
            ),
            (edit_settings("http"), "/d/http/edit?part=settings"),
            (edit_variables("http"), "/d/http/edit?part=variables"),
            (edit_source("http"), "/d/http/edit?part=source"),
            (history("http"), "/d/http/history"),
            (difference("http", 0, 3), "/d/http/history?old=0&new=3#difference"),
            (export("http"), "/d/http/export"),
            (panel_csv("http", "rate~a/b", ""), "/d/http/panel.csv?panel=rate~a%2Fb"),
            (panel_svg("http", "rate", "range=6h"), "/d/http/panel.svg?panel=rate&range=6h"),
            (panel_png("http", "rate", "range=6h"), "/d/http/panel.png?panel=rate&range=6h"),
            (explore("a % 2", 1, 2), "/explore?q=a%20%25%202&from=1&to=2"),
            (explore_around(["a{b=\"c\"}", "up"]), "/explore?q=a%7Bb%3D%22c%22%7D&q=up&from={from}&to={to}"),
        ];
        for (printed, expected) in addresses {
            assert_eq!(printed, expected);
        }
    }
}
