//! The address of a dashboard as it is read: its span, what was chosen, which rows are open, which panel stands alone, and the wall.
//!
//! Read from the address itself and not from the router's map of it: the map decodes percent signs twice and knows each name once.

use api::dashboards::DashboardAsk;
use model::links;
use model::links::dashboards as ways;

/// Names that stand once in it.
const RANGE: &str = "range";
const FROM: &str = "from";
const TO: &str = "to";
const PANEL: &str = "panel";
const WALL: &str = "wall";
/// Once for each row that was opened.
const OPEN: &str = "open";

/// Which dashboard, and how. All that is not known of an address is left out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub slug: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// Reads the part behind the question mark.
    #[must_use]
    pub fn read(slug: String, search: &str) -> Self {
        let is_known = |name: &str| name.starts_with(ways::VARIABLE) || [RANGE, FROM, TO, PANEL, WALL, OPEN].contains(&name);
        let pairs = links::pairs(search).into_iter().filter(|(name, value)| is_known(name) && !value.is_empty());
        Self { slug, pairs: pairs.collect() }
    }

    /// What the server is asked.
    #[must_use]
    pub fn ask(&self) -> DashboardAsk {
        let variable = |(name, value): &(String, String)| Some((name.strip_prefix(ways::VARIABLE)?.to_owned(), value.clone()));
        let chosen = self.pairs.iter().filter_map(variable);
        DashboardAsk {
            slug: self.slug.clone(),
            range: self.first(RANGE).map(str::to_owned),
            from: self.first(FROM).and_then(|text| text.parse().ok()),
            to: self.first(TO).and_then(|text| text.parse().ok()),
            chosen: chosen.collect(),
            open: self.opened().map(str::to_owned).collect(),
            panel: self.panel().map(str::to_owned),
            wall: self.is_wall(),
        }
    }

    /// What stands behind the question mark.
    #[must_use]
    pub fn query(&self) -> String {
        ways::query(self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    #[must_use]
    pub fn href(&self) -> String {
        ways::one_with(&self.slug, &self.query())
    }

    /// The key of the panel that stands alone.
    #[must_use]
    pub fn panel(&self) -> Option<&str> {
        self.first(PANEL)
    }

    #[must_use]
    pub fn is_wall(&self) -> bool {
        self.first(WALL) == Some("1")
    }

    /// Whether the reader has opened that row.
    #[must_use]
    pub fn is_open(&self, row: &str) -> bool {
        self.opened().any(|key| key == row)
    }

    /// The last so much until now.
    #[must_use]
    pub fn with_range(&self, word: &str) -> Self {
        self.without_span().with(RANGE, word)
    }

    /// From here to there.
    #[must_use]
    pub fn with_span(&self, from_ms: i64, to_ms: i64) -> Self {
        self.without_span().with(FROM, &from_ms.to_string()).with(TO, &to_ms.to_string())
    }

    /// With a panel alone, or with all of them again.
    #[must_use]
    pub fn with_panel(&self, key: Option<&str>) -> Self {
        let rest: Self = self.without(|name, _| name == PANEL);
        match key {
            Some(key) => rest.with(PANEL, key),
            None => rest,
        }
    }

    /// On a wall, or back in the console.
    #[must_use]
    pub fn with_wall(&self, is_wall: bool) -> Self {
        let rest: Self = self.without(|name, _| name == WALL);
        if is_wall { rest.with(WALL, "1") } else { rest }
    }

    /// With a folded row opened, or folded again.
    #[must_use]
    pub fn with_row(&self, row: &str, is_open: bool) -> Self {
        let rest: Self = self.without(|name, value| name == OPEN && value == row);
        if is_open { rest.with(OPEN, row) } else { rest }
    }

    /// What of it says which points a panel has: its span, and what was chosen.
    #[must_use]
    pub fn of_data(&self) -> Self {
        self.without(|name, _| [PANEL, WALL, OPEN].contains(&name))
    }

    /// Everything but the variables that a form asks for itself, as what the form sends unseen.
    #[must_use]
    pub fn carried(&self, asked: &[&str]) -> Vec<(String, String)> {
        let is_asked = |name: &str| name.strip_prefix(ways::VARIABLE).is_some_and(|variable| asked.contains(&variable));
        self.pairs.iter().filter(|(name, _)| !is_asked(name)).cloned().collect()
    }

    fn opened(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(|(name, _)| name == OPEN).map(|(_, value)| value.as_str())
    }

    fn first(&self, wanted: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    fn without_span(&self) -> Self {
        self.without(|name, _| [RANGE, FROM, TO].contains(&name))
    }

    fn without(&self, is_out: impl Fn(&str, &str) -> bool) -> Self {
        let kept = self.pairs.iter().filter(|(name, value)| !is_out(name, value));
        Self { slug: self.slug.clone(), pairs: kept.cloned().collect() }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(search: &str) -> Address {
        Address::read("http".to_owned(), search)
    }

    #[test]
    fn what_an_address_says_is_asked_and_written_again() {
        let address = at("?range=6h&var-host=a%2520b&var-host=%E8%94%B5&open=1~x&x=1&var-limit=&wall=1&panel=cpu~a");
        let ask: DashboardAsk = address.ask();
        let pair = |value: &str| ("host".to_owned(), value.to_owned());
        assert_eq!(ask.chosen, [pair("a%20b"), pair("蔵")]);
        assert_eq!((ask.range.as_deref(), ask.panel.as_deref(), ask.wall), (Some("6h"), Some("cpu~a"), true));
        assert_eq!(ask.open, ["1~x"]);
        let (_, search) = address.href().split_once('?').map(|(path, search)| (path.to_owned(), search.to_owned())).unwrap();
        assert_eq!(at(&search), address, "{search}");
        assert_eq!(at("").href(), "/d/http");
    }

    #[test]
    fn another_span_takes_the_place_of_the_one_before_and_the_rest_stays() {
        let address = at("from=1&to=2&var-job=api");
        assert_eq!(address.with_range("6h").query(), "var-job=api&range=6h");
        assert_eq!(address.with_range("6h").with_span(3, 4).query(), "var-job=api&from=3&to=4");
    }

    #[test]
    fn rows_open_and_fold_and_a_panel_stands_alone_and_comes_back() {
        let opened = at("open=1&var-job=a").with_row("2", true);
        assert!(opened.is_open("2") && opened.is_open("1"));
        assert_eq!(opened.with_row("1", false).query(), "var-job=a&open=2");
        assert_eq!(at("wall=1").with_panel(Some("cpu")).with_panel(None).query(), "wall=1");
        assert_eq!(at("wall=1&open=3").with_wall(false).query(), "open=3");
    }

    #[test]
    fn a_form_carries_what_it_does_not_ask() {
        let carried = at("var-job=a&var-host=b&range=1h").carried(&["job"]);
        assert_eq!(carried.iter().map(|(name, _)| name.as_str()).collect::<Vec<&str>>(), ["var-host", "range"]);
        assert_eq!(at("var-job=a&open=1&wall=1&panel=x&from=1&to=2").of_data().query(), "var-job=a&from=1&to=2");
    }
}
