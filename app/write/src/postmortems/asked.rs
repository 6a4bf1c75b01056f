//! What the addresses of these screens ask, and addresses that ask for a little else. Pure.

use api::postmortems::action::ActionQuery;
use api::postmortems::view::PostmortemAsk;
use api::postmortems::{CauseView, PostmortemQuery};
use model::links;

/// Which postmortems an address asks for.
#[must_use]
pub fn list(search: &str) -> PostmortemQuery {
    let mut query = PostmortemQuery::default();
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "q" => query.q = value,
            "show" => query.show = value,
            "severity" => query.severity = value,
            "factor" => query.factor = value,
            "trigger" => query.trigger = value,
            "detection" => query.detection = value,
            "tag" => query.tag = value,
            "before" => query.before = value.parse().ok(),
            _ => {}
        }
    }
    query
}

fn address(query: &PostmortemQuery, before: Option<i64>) -> String {
    let fields = [
        ("q", &query.q),
        ("show", &query.show),
        ("severity", &query.severity),
        ("factor", &query.factor),
        ("trigger", &query.trigger),
        ("detection", &query.detection),
        ("tag", &query.tag),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let mut pairs: Vec<String> = said.map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    pairs.extend(before.map(|before| format!("before={before}")));
    if pairs.is_empty() { links::POSTMORTEMS.to_owned() } else { format!("{}?{}", links::POSTMORTEMS, pairs.join("&")) }
}

/// The next screenful of a selection.
#[must_use]
pub fn older(query: &PostmortemQuery, before: i64) -> String {
    address(query, Some(before))
}

/// Its first screenful.
#[must_use]
pub fn first(query: &PostmortemQuery) -> String {
    address(query, None)
}

/// Everything with this cause.
#[must_use]
pub fn of_cause(cause: &CauseView) -> String {
    let empty = PostmortemQuery::default();
    let query: PostmortemQuery = match cause {
        CauseView::Factor(factor) => PostmortemQuery { factor: factor.as_str().to_owned(), ..empty },
        CauseView::Trigger(trigger) => PostmortemQuery { trigger: trigger.as_str().to_owned(), ..empty },
        CauseView::Tag(tag) => PostmortemQuery { tag: tag.clone(), ..empty },
    };
    address(&query, None)
}

/// Everything an address says of one postmortem's screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub ask: PostmortemAsk,
    /// What was just done.
    pub done: String,
}

/// Reads an address.
#[must_use]
pub fn one(id: &str, search: &str) -> Asked {
    let mut asked = Asked { ask: PostmortemAsk { id: id.to_owned(), ..PostmortemAsk::default() }, done: String::new() };
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "graph" => asked.ask.graph = value,
            "from" => asked.ask.from = value,
            "until" => asked.ask.until = value,
            "back" => asked.ask.back = value,
            "share" => asked.ask.share = value,
            "done" => asked.done = value,
            _ => {}
        }
    }
    asked
}

/// Which actions an address asks for, and what was just done.
#[must_use]
pub fn actions(search: &str) -> (ActionQuery, String) {
    let (mut query, mut done) = (ActionQuery::default(), String::new());
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "owner" => query.owner = value,
            "show" => query.show = value,
            "done" => done = value,
            _ => {}
        }
    }
    (query, done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::postmortem::Factor;

    #[test]
    fn a_selection_comes_back_from_its_address_and_goes_on() {
        let query = list("?q=%E6%B1%BA%E6%B8%88+api&show=overdue&factor=missing_test&tag=%E9%9D%99&x=1");
        assert_eq!((query.q.as_str(), query.show.as_str(), query.tag.as_str()), ("決済 api", "overdue", "静"));
        let next = older(&query, 40);
        let again = list(next.split_once('?').map_or("", |(_, search)| search));
        assert_eq!((again.before, first(&again)), (Some(40), first(&query)));
        assert_eq!(first(&PostmortemQuery::default()), "/postmortems");
        assert_eq!(of_cause(&CauseView::Factor(Factor::MissingTest)), "/postmortems?factor=missing_test");
    }

    #[test]
    fn what_is_looked_at_of_one_stands_in_its_address() {
        let asked = one("I-42", "?graph=ab&from=1&until=2&back=72&share=preview&done=begun");
        assert_eq!((asked.ask.id.as_str(), asked.ask.graph.as_str(), asked.ask.until.as_str()), ("I-42", "ab", "2"));
        assert_eq!((asked.ask.back.as_str(), asked.ask.share.as_str(), asked.done.as_str()), ("72", "preview", "begun"));
        let (query, done) = actions("?owner=me&show=overdue&done=finished");
        assert_eq!((query.owner.as_str(), query.show.as_str(), done.as_str()), ("me", "overdue", "finished"));
    }
}
