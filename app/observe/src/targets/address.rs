//! What the address asks: `/targets?state=down&job=web&q=…&open=http://…`.

use api::targets::TargetsQuery;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::links;

/// The question, and the target whose labels are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub query: TargetsQuery,
    pub open: Option<String>,
}

/// What the address asks.
pub fn asked() -> Memo<Asked> {
    let map = use_query_map();
    Memo::new(move |_| {
        let map = map.get();
        let text = |name: &str| map.get(name).filter(|value| !value.is_empty());
        let query = TargetsQuery { q: text("q").unwrap_or_default(), job: text("job"), state: text("state") };
        Asked { query, open: text("open") }
    })
}

/// Where a question stands, and a target with its labels.
#[must_use]
pub fn href(query: &TargetsQuery, open: Option<&str>) -> String {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let pairs =
        [("state", query.state.clone()), ("job", query.job.clone()), ("q", given(&query.q)), ("open", open.and_then(given))];
    let written: Vec<String> =
        pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", links::encode(&value?)))).collect();
    if written.is_empty() { links::TARGETS.to_owned() } else { format!("{}?{}", links::TARGETS, written.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::href;
    use api::targets::TargetsQuery;

    #[test]
    fn everything_that_is_asked_stands_in_the_address() {
        let query = TargetsQuery { q: "a b".to_owned(), job: Some("web".to_owned()), state: Some("down".to_owned()) };
        assert_eq!(href(&query, Some("http://a:1/m")), "/targets?state=down&job=web&q=a%20b&open=http%3A%2F%2Fa%3A1%2Fm");
        assert_eq!(href(&TargetsQuery::default(), None), "/targets");
        assert_eq!(href(&TargetsQuery::default(), Some("")), "/targets");
    }
}
