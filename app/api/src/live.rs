//! What the live stream (`/live`) says. One stream per tab; `id` is a Fact's cursor, resumed by `Last-Event-ID` or `since=`.

use figures::Unit;
use model::Time;
use model::ids::AlertId;
use model::links;
use serde::{Deserialize, Serialize};

/// The stream's address.
pub const PATH: &str = "/live";
/// Event name: something about an alert changed; data is [`AlertChanged`].
pub const ALERT: &str = "alert";
/// Event name: people, teams, rules or sessions changed; data is the Fact's kind as a JSON string.
pub const HOUSE: &str = "house";
/// Event name: new points of a board; data is a [`BoardTick`], packed (`wire::packed_text`).
pub const BOARD: &str = "board";
/// Event name: the server's time, at once and then every quarter of a minute; data is epoch milliseconds. Ages are computed by it, and
/// a line that does not even say this is dead.
pub const CLOCK: &str = "clock";
/// Event name: the id to resume from is too old; fetch everything again.
pub const RESET: &str = "reset";

/// The header of a request that a screen makes by itself, with the value `1`: it does not keep a sign-in alive.
pub const BACKGROUND: &str = "x-mimamori-background";

/// The topic of a host's board. What stands in it is encoded, so that it can't leave the list of topics.
#[must_use]
pub fn board_topic(host: &str) -> String {
    format!("{BOARD_TOPIC}{}", links::encode(host))
}

/// What the topic of a host's board begins with; the host's name, encoded, follows.
pub const BOARD_TOPIC: &str = "board:";
/// What the topic of a dashboard begins with; its slug, `?` and its choices follow as in its address.
pub const DASHBOARD_TOPIC: &str = "dash:";

/// The topic of a dashboard. `query` is as `links::dashboards::query` writes it, so that no comma of a value ends the topic.
#[must_use]
pub fn dashboard_topic(slug: &str, query: &str) -> String {
    format!("{DASHBOARD_TOPIC}{}?{query}", links::encode(slug))
}

/// What the topic of a question of Explore begins with; its queries follow.
pub const EXPLORE_TOPIC: &str = "explore:";
/// What a query is called in its topic where it is the only one on its screen; of several, each is called by its letter.
pub const EXPLORE_ALONE: &str = "q";

/// The topic of a question of Explore: what each of its queries is called, and its expression.
#[must_use]
pub fn explore_topic<'a>(queries: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    format!("{EXPLORE_TOPIC}{}", links::dashboards::query(queries))
}

/// The key of Explore's graph of a unit. By the unit and not by its place, which an answer without a value would move.
#[must_use]
pub fn explore_figure(unit: Unit) -> String {
    format!("explore-{}", unit.as_str())
}

/// An alert changed: fetch it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertChanged {
    pub id: AlertId,
    /// The Fact: `AlertFired`, `AlertAcknowledged` …
    pub fact: String,
}

/// The newest points of a board, a dashboard or a question of Explore, one entry per panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardTick {
    /// What was asked for, as it stood among the topics: `board:app-02`, `dash:http?var-job=api`, `explore:q=up`.
    pub topic: String,
    pub at: Time,
    pub panels: Vec<PanelTick>,
}

/// New points of one panel: series by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelTick {
    pub id: String,
    pub values: Vec<(String, f64)>,
}

#[cfg(test)]
mod tests {
    use super::{board_topic, dashboard_topic, explore_topic};
    use model::links::dashboards::query;

    #[test]
    fn a_hosts_name_cannot_leave_its_topic() {
        assert_eq!(board_topic("a&since=1#b+c"), "board:a%26since%3D1%23b%2Bc");
    }

    #[test]
    fn a_chosen_value_cannot_leave_the_topic_of_its_dashboard() {
        let chosen = query([("range", "6h"), ("var-job", "a,b&since=1")]);
        assert_eq!(dashboard_topic("http", &chosen), "dash:http?range=6h&var-job=a%2Cb%26since%3D1");
    }

    #[test]
    fn an_expression_cannot_leave_its_topic() {
        assert_eq!(explore_topic([("A", "a,b"), ("C", "c & d#")]), "explore:A=a%2Cb&C=c%20%26%20d%23");
    }
}
