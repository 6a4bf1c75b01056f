//! What the addresses of these screens ask, and addresses that ask for a little else. Pure.

use api::incidents::IncidentQuery;
use api::incidents::line::StoryShow;
use api::incidents::moment::MomentAsk;
use api::incidents::view::IncidentAsk;
use model::ids::IncidentId;
use model::links;

/// Which incidents an address asks for.
#[must_use]
pub fn list(search: &str) -> IncidentQuery {
    let mut query = IncidentQuery::default();
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "q" => query.q = value,
            "show" => query.show = value,
            "severity" => query.severity = value,
            "team" => query.team = value,
            "system" => query.system = value,
            "from" => query.from = value,
            "until" => query.until = value,
            "before" => query.before = value.parse().ok(),
            _ => {}
        }
    }
    query
}

fn list_address(query: &IncidentQuery, before: Option<i64>) -> String {
    let fields = [
        ("q", &query.q),
        ("show", &query.show),
        ("severity", &query.severity),
        ("team", &query.team),
        ("system", &query.system),
        ("from", &query.from),
        ("until", &query.until),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let mut pairs: Vec<String> = said.map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    pairs.extend(before.map(|before| format!("before={before}")));
    if pairs.is_empty() { links::INCIDENTS.to_owned() } else { format!("{}?{}", links::INCIDENTS, pairs.join("&")) }
}

/// The next screenful of a selection.
#[must_use]
pub fn older(query: &IncidentQuery, before: i64) -> String {
    list_address(query, Some(before))
}

/// Its first screenful.
#[must_use]
pub fn first(query: &IncidentQuery) -> String {
    list_address(query, None)
}

/// Everything an address says of one incident's screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub ask: IncidentAsk,
    /// What was just done.
    pub done: String,
}

/// Reads an address.
#[must_use]
pub fn one(id: &str, search: &str) -> Asked {
    let mut asked = Asked { ask: IncidentAsk { id: id.to_owned(), ..IncidentAsk::default() }, done: String::new() };
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "show" => asked.ask.show = value,
            "before" => asked.ask.before = value,
            "line" => asked.ask.line = value,
            "correct" => asked.ask.correct = value,
            "graph" => asked.ask.graph = value,
            "done" => asked.done = value,
            _ => {}
        }
    }
    asked
}

/// A part of its timeline: a selection, and behind which line it begins.
#[must_use]
pub fn story(id: IncidentId, show: StoryShow, more: &[(&str, &str)]) -> String {
    let shown = Some(("show", show.as_str())).filter(|(_, word)| !word.is_empty());
    let pairs = shown.into_iter().chain(more.iter().copied());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    let screen: String = links::incident(id);
    if pairs.is_empty() { format!("{screen}#story") } else { format!("{screen}?{}#story", pairs.join("&")) }
}

/// Which second of which incident.
#[must_use]
pub fn moment(id: &str, search: &str) -> MomentAsk {
    let t: Option<String> = links::pairs(search).into_iter().find(|(name, _)| name == "t").map(|(_, value)| value);
    MomentAsk { id: id.to_owned(), t: t.unwrap_or_default() }
}

/// From which alert one is declared.
#[must_use]
pub fn alert(search: &str) -> String {
    let found = links::pairs(search).into_iter().find(|(name, _)| name == "alert");
    found.map(|(_, value)| value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_comes_back_from_its_address_and_goes_on() {
        let query = list("?q=%E6%B1%BA%E6%B8%88+api&show=all&severity=p1&from=2026-11-01&x=1");
        assert_eq!((query.q.as_str(), query.show.as_str(), query.from.as_str()), ("決済 api", "all", "2026-11-01"));
        let next = older(&query, 40);
        let again = list(next.split_once('?').map_or("", |(_, search)| search));
        assert_eq!((again.before, first(&again)), (Some(40), first(&query)));
        assert_eq!(first(&IncidentQuery::default()), "/incidents");
    }

    #[test]
    fn a_part_of_a_timeline_has_its_address() {
        let id = IncidentId(42);
        assert_eq!(story(id, StoryShow::All, &[]), "/incidents/I-42#story");
        let address = story(id, StoryShow::Notes, &[("before", "1795323907000.12")]);
        assert_eq!(address, "/incidents/I-42?show=notes&before=1795323907000.12#story");
        let (path, search) = address.trim_end_matches("#story").split_once('?').unwrap();
        let asked = one("I-42", search);
        assert_eq!((path, asked.ask.show.as_str(), asked.ask.before.as_str()), ("/incidents/I-42", "notes", "1795323907000.12"));
    }

    #[test]
    fn a_second_and_an_alert_are_read_too() {
        assert_eq!(moment("I-42", "?t=5&x=1"), MomentAsk { id: "I-42".to_owned(), t: "5".to_owned() });
        assert_eq!((moment("I-42", "").t.as_str(), alert("alert=A-12").as_str()), ("", "A-12"));
    }
}
