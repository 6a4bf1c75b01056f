//! The question in the address: `/explore?q=…&range=1h`.
//!
//! Read from the address itself and not from the router's map of it: the map decodes percent signs twice, and `%` is an operator.

use api::explore::ExploreQuery;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::links;

/// What the address asks.
pub fn asked() -> Memo<ExploreQuery> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| read(search)))
}

/// Where a question stands.
#[must_use]
pub fn href(query: &ExploreQuery) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    if !query.q.is_empty() {
        pairs.push(("q", query.q.clone()));
    }
    for (name, value) in span_pairs(query) {
        pairs.push((name, value));
    }
    let written: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    if written.is_empty() { links::EXPLORE.to_owned() } else { format!("{}?{}", links::EXPLORE, written.join("&")) }
}

/// Everything but the expression, as fields of a form.
#[must_use]
pub fn span_pairs(query: &ExploreQuery) -> Vec<(&'static str, String)> {
    let mut pairs: Vec<(&'static str, String)> = Vec::new();
    if let Some(range) = &query.range {
        pairs.push(("range", range.clone()));
    }
    if let Some(from) = query.from {
        pairs.push(("from", from.to_string()));
    }
    if let Some(to) = query.to {
        pairs.push(("to", to.to_string()));
    }
    if query.instant {
        pairs.push(("instant", "1".to_owned()));
    }
    pairs
}

/// Reads the part behind the question mark.
#[must_use]
pub fn read(search: &str) -> ExploreQuery {
    let mut query = ExploreQuery::default();
    for pair in search.trim_start_matches('?').split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match name {
            // A browser writes the line breaks of a form as CR LF.
            "q" => query.q = decoded(value).replace("\r\n", "\n"),
            "range" => query.range = Some(decoded(value)).filter(|word| !word.is_empty()),
            "from" => query.from = decoded(value).parse().ok(),
            "to" => query.to = decoded(value).parse().ok(),
            "instant" => query.instant = value == "1",
            _ => {}
        }
    }
    query
}

/// As a form encodes it: `+` is a blank, `%XX` a byte. What is no such byte stays as it stands.
fn decoded(value: &str) -> String {
    let bytes: &[u8] = value.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at: usize = 0;
    while at < bytes.len() {
        match (bytes[at], escaped(bytes, at)) {
            (_, Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', None) => out.push(b' '),
            (byte, None) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The byte that `%XX` at this place stands for.
fn escaped(bytes: &[u8], at: usize) -> Option<u8> {
    if bytes[at] != b'%' {
        return None;
    }
    let high: u8 = digit(*bytes.get(at + 1)?)?;
    let low: u8 = digit(*bytes.get(at + 2)?)?;
    Some(high * 16 + low)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{href, read};
    use api::explore::ExploreQuery;

    fn about(q: &str) -> ExploreQuery {
        ExploreQuery { q: q.to_owned(), ..ExploreQuery::default() }
    }

    #[test]
    fn whatever_is_asked_comes_back_from_its_address() {
        for q in ["up", "a % 20", "a%20", "a%2520+b", "up{job=\"見守り & co\"} # 100%", "a\n+ b", "x=~\"a+b?\"", "%"] {
            let query = ExploreQuery { instant: true, from: Some(-5), to: Some(i64::MAX), ..about(q) };
            let address = href(&query);
            let (_, search) = address.split_once('?').unwrap();
            assert_eq!(read(search), query, "{address}");
        }
        let query = ExploreQuery { range: Some("24h".to_owned()), ..about("up") };
        assert_eq!(href(&query), "/explore?q=up&range=24h");
        assert_eq!(href(&about("")), "/explore");
    }

    #[test]
    fn a_form_without_script_is_read_alike() {
        let sent = "q=sum+by+%28host%29+%28rate%28a%5B5m%5D%29%29%0D%0A%2B+1&range=1h&from=&to=x&other=1";
        let query = read(sent);
        assert_eq!(query.q, "sum by (host) (rate(a[5m]))\n+ 1");
        assert_eq!((query.range.as_deref(), query.from, query.to, query.instant), (Some("1h"), None, None, false));
        assert_eq!(read(""), ExploreQuery::default());
        assert_eq!(read("?q=%zz%4"), about("%zz%4"));
    }
}
