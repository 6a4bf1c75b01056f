//! What the address asks, and addresses that open a list. Pure.

use api::reviews::ReviewQuery;
use model::links;

/// Reads an address.
#[must_use]
pub fn query(search: &str) -> ReviewQuery {
    let mut query = ReviewQuery::default();
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "from" => query.from = value,
            "until" => query.until = value,
            "team" => query.team = value,
            "system" => query.system = value,
            "list" => query.list = value,
            "of" => query.of = value,
            _ => {}
        }
    }
    query
}

/// The same period with a list opened; with none where its word is empty.
#[must_use]
pub fn list_address(query: &ReviewQuery, list: &str, of: &str) -> String {
    let fields = [
        ("from", query.from.as_str()),
        ("until", query.until.as_str()),
        ("team", query.team.as_str()),
        ("system", query.system.as_str()),
        ("list", list),
        ("of", of),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = said.map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    let anchor: &str = if list.is_empty() { "" } else { "#list" };
    if pairs.is_empty() { links::REVIEWS.to_owned() } else { format!("{}?{}{anchor}", links::REVIEWS, pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::{list_address, query};
    use api::reviews::ReviewQuery;

    #[test]
    fn a_list_keeps_its_period() {
        let asked = query("?from=2026-11-01&until=2026-11-22&system=%E6%B1%BA%E6%B8%88&x=1");
        let address = list_address(&asked, "idle", "cpu usage");
        let again = query(address.trim_end_matches("#list").split_once('?').map_or("", |(_, search)| search));
        assert_eq!((again.system.as_str(), again.list.as_str(), again.of.as_str()), ("決済", "idle", "cpu usage"));
        assert_eq!(again.from, asked.from);
        assert_eq!(list_address(&ReviewQuery::default(), "", ""), "/reviews");
    }
}
