//! How the answers go on: what the stream moves along, and how often the rest is drawn anew. Pure.

use super::address::{Address, letter};
use api::explore::{ExploreAnswer, ExploreColumn, ExploreView};
use api::live::{EXPLORE_ALONE, explore_topic};

/// How often a span that ends now is drawn anew where the stream does not move all of it.
const EVERY_MS: i64 = 15_000;
/// Where it moves every line: then only the figures of the tables wait.
const FIGURES_MS: i64 = 30_000;
/// The longest topic. It stands in the stream's address, encoded once more, and proxies refuse one of more than 8 kB.
const LONGEST_TOPIC: usize = 4_000;

/// What the stream is asked for: the lines of each query that has them all drawn. Nothing where nothing goes on.
pub(super) fn topic(view: &ExploreView, address: &Address) -> String {
    let Some(column) = going_on(view, address) else { return String::new() };
    let is_several: bool = shown(column).count() > 1;
    let called = |place: usize| if is_several { letter(place).to_string() } else { EXPLORE_ALONE.to_owned() };
    let moving = shown(column).filter(|(_, answer)| is_moving(answer));
    let queries: Vec<(String, &str)> = moving.map(|(place, answer)| (called(place), answer.q.as_str())).collect();
    if queries.is_empty() {
        return String::new();
    }
    let topic: String = explore_topic(queries.iter().map(|(name, text)| (name.as_str(), *text)));
    if topic.len() <= LONGEST_TOPIC { topic } else { String::new() }
}

/// How often it is drawn anew. `topic` is what the stream is asked for.
pub(super) fn every_ms(view: &ExploreView, address: &Address, topic: &str) -> Option<i64> {
    let column = going_on(view, address)?;
    let is_moved: bool = !topic.is_empty() && shown(column).all(|(_, answer)| is_moving(answer));
    Some(if is_moved { FIGURES_MS } else { EVERY_MS })
}

/// What ends now goes on. What is marked lies in the past, and to compare it again would only cost.
fn going_on<'a>(view: &'a ExploreView, address: &Address) -> Option<&'a ExploreColumn> {
    let column: &ExploreColumn = view.columns.first().filter(|column| column.live)?;
    (address.is_asking() && view.unlike.is_none()).then_some(column)
}

/// The queries that are shown, with their places.
fn shown(column: &ExploreColumn) -> impl Iterator<Item = (usize, &ExploreAnswer)> {
    column.answers.iter().enumerate().filter(|(_, answer)| !answer.is_hidden)
}

/// Of one whose lines are not all drawn, nobody could tell which of the newest points belong to a line.
fn is_moving(answer: &ExploreAnswer) -> bool {
    !answer.instant && answer.n_drawn > 0 && answer.n_drawn == answer.series_total
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::explore::UnlikeView;
    use figures::Zone;
    use model::Time;

    fn answer(q: &str) -> ExploreAnswer {
        ExploreAnswer { q: q.to_owned(), n_drawn: 2, series_total: 2, ..ExploreAnswer::default() }
    }

    fn view(answers: Vec<ExploreAnswer>) -> ExploreView {
        let (from, to) = (Time(0), Time(3_600_000));
        let column = ExploreColumn { from, to, step_ms: 5_000, live: true, plots: Vec::new(), answers };
        ExploreView { columns: vec![column], history: Vec::new(), boards: None, names: None, unlike: None, base: String::new() }
    }

    fn said(view: &ExploreView, search: &str) -> (String, Option<i64>) {
        let address = Address::read(search, &Zone::utc());
        let topic: String = topic(view, &address);
        let every: Option<i64> = every_ms(view, &address, &topic);
        (topic, every)
    }

    #[test]
    fn the_stream_moves_the_lines_and_the_figures_are_drawn_anew() {
        assert_eq!(said(&view(vec![answer("up")]), "q=up"), ("explore:q=up".to_owned(), Some(FIGURES_MS)));
        let hidden = ExploreAnswer { is_hidden: true, ..ExploreAnswer::default() };
        let several = view(vec![answer("a"), hidden, answer("b, c")]);
        assert_eq!(said(&several, "q=a&off=x&q=b"), ("explore:A=a&C=b%2C%20c".to_owned(), Some(FIGURES_MS)));
    }

    #[test]
    fn what_the_stream_cannot_move_is_drawn_anew_as_before() {
        let many = ExploreAnswer { series_total: 60, n_drawn: 50, ..answer("many") };
        let instant = ExploreAnswer { instant: true, ..answer("now") };
        assert_eq!(said(&view(vec![answer("a"), many]), "q=a&q=many"), ("explore:A=a".to_owned(), Some(EVERY_MS)));
        assert_eq!(said(&view(vec![instant]), "q=now"), (String::new(), Some(EVERY_MS)));
        let long = view(vec![answer(&"a".repeat(LONGEST_TOPIC))]);
        assert_eq!(said(&long, "q=a"), (String::new(), Some(EVERY_MS)));
    }

    #[test]
    fn only_what_ends_now_and_asks_something_goes_on() {
        let nothing = (String::new(), None);
        assert_eq!(said(&view(vec![answer("up")]), "off=up"), nothing);
        let mut over = view(vec![answer("up")]);
        over.columns[0].live = false;
        assert_eq!(said(&over, "q=up"), nothing);
        let (rows, at) = (Vec::new(), Time(0));
        let unlike = UnlikeView { from: at, to: at, since: at, rows, n_looked: 0, n_known: 0, n_unanswered: 0, is_cut: false };
        let marked = ExploreView { unlike: Some(unlike), ..view(vec![answer("up")]) };
        assert_eq!(said(&marked, "q=up&mark=0-1"), nothing);
    }
}
