//! The question as a form: a field for each query, and the buttons that add, hide and remove one.
//!
//! Everything that is written goes along with every button, so nothing is lost by any of them. The first button is the one that Enter
//! presses, and does nothing but run.

use super::address::{ASKED, Address, HIDDEN, letter};
use super::names::names;
use crate::dashboard_history::said::hidden;
use crate::words::explore::explore_words;
use crate::words::locale;
use api::explore::{ExploreAnswer, ExploreError, ExploreFault, ExploreOne, ExploreView, LONGEST_EXPRESSION, MOST_QUERIES};
use expression::field::{PromqlField, promql_field};
use expression::mistake::said;
use leptos::prelude::*;
use model::links;
use ui::button::{Button, Rank};

/// `view` is what was answered, if anything was.
pub(super) fn form(address: &Address, view: Option<&ExploreView>) -> AnyView {
    let words = explore_words();
    let answers: &[ExploreAnswer] = view.and_then(|view| view.columns.first()).map_or(&[][..], |column| &column.answers[..]);
    let queries: &[ExploreOne] = &address.query.queries;
    let n_queries: usize = queries.len();
    let mut fields: Vec<AnyView> =
        queries.iter().enumerate().map(|(place, one)| query(place, n_queries, one, answers.get(place))).collect();
    let has_spare: bool = n_queries == 0 || (address.has_spare && n_queries < MOST_QUERIES);
    if has_spare {
        fields.push(query(n_queries, n_queries, &ExploreOne::default(), None));
    }
    let full: Option<String> = (n_queries >= MOST_QUERIES).then(|| words.most.to_owned());
    let kept: Vec<AnyView> = address.span_pairs().into_iter().map(|(name, value)| hidden(name, &value)).collect();
    view! {
        <form class="explore__question" method="get" action=links::EXPLORE>
            <button type="submit" hidden=true>{words.run}</button>
            {kept}
            {fields}
            <div class="board__bar">
                <Button kind="submit" rank=Rank::Main>{words.run}</Button>
                <Button kind="submit" name="add" value="1" disabled=full>{words.add}</Button>
            </div>
            {names(address, view.and_then(|view| view.names.as_ref()))}
        </form>
    }
    .into_any()
}

fn query(place: usize, n_queries: usize, one: &ExploreOne, answer: Option<&ExploreAnswer>) -> AnyView {
    let words = explore_words();
    let is_only: bool = n_queries <= 1 && place == 0;
    let label: String = if is_only { words.expression.to_owned() } else { (words.query)(letter(place)) };
    let hint: Option<String> = match (one.is_hidden, place) {
        (true, _) => Some(words.hidden.to_owned()),
        (false, 0) => Some(words.keys.to_owned()),
        (false, _) => None,
    };
    let field: AnyView = promql_field(&PromqlField {
        id: &format!("explore-{}", place + 1),
        name: if one.is_hidden { HIDDEN } else { ASKED },
        label,
        value: &one.text,
        hint,
        error: answer.and_then(|answer| answer.error.as_ref()).and_then(refused),
        submits: true,
    });
    let acts = (place < n_queries).then(|| acts(place, n_queries, one.is_hidden));
    view! { <div class="explore__query">{field} {acts}</div> }.into_any()
}

/// Each says which query it means, and of how many: when another field was emptied meanwhile, the numbers are others.
fn acts(place: usize, n_queries: usize, is_hidden: bool) -> AnyView {
    let words = explore_words();
    let meant: String = format!("{}-{n_queries}", place + 1);
    let hide: String = if is_hidden { (words.show)(letter(place)) } else { (words.hide)(letter(place)) };
    let remove: String = (words.remove)(letter(place));
    view! {
        <div class="explore__acts">
            <Button kind="submit" rank=Rank::Row name="hide" value=meant.clone()>{hide}</Button>
            <Button kind="submit" rank=Rank::Row name="drop" value=meant>{remove}</Button>
        </div>
    }
    .into_any()
}

/// What the server found wrong. The language's own mistakes the field says itself, where they stand.
fn refused(error: &ExploreError) -> Option<String> {
    let words = explore_words();
    match error.fault {
        ExploreFault::Syntax => None,
        ExploreFault::TooLong => Some((words.too_long)(LONGEST_EXPRESSION)),
        ExploreFault::TooMuch => Some(words.too_much.to_owned()),
        ExploreFault::TooSlow => Some(words.too_slow.to_owned()),
        ExploreFault::Busy => Some(words.busy.to_owned()),
        ExploreFault::Refused => Some(format!("{} {}", words.refused, meaning(error))),
    }
}

/// The evaluator's sentence, and where it points.
fn meaning(error: &ExploreError) -> String {
    let sentence: String = said(&error.message, locale());
    match error.span {
        Some(_) => format!("{}: {sentence}", (explore_words().at)(error.line as usize, error.column as usize)),
        None => sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Zone;

    fn html(search: &str) -> String {
        form(&Address::read(search, &Zone::utc()), None).to_html()
    }

    #[test]
    fn every_query_has_a_field_and_what_is_hidden_keeps_its_text() {
        let owner = Owner::new();
        owner.set();
        let two: String = html("q=up&off=down&range=6h");
        for part in ["name=\"q\"", "name=\"off\"", "value=\"1-2\"", "name=\"range\" value=\"6h\"", "隠しています", "data-submits"]
        {
            assert!(two.contains(part), "{part}: {two}");
        }
        assert_eq!((two.matches("<textarea").count(), html("q=a&add=1").matches("<textarea").count()), (2, 2));
        assert_eq!(html("").matches("<textarea").count(), 1);
        let full: String = html(&("q=a&".repeat(MOST_QUERIES) + "add=1"));
        assert_eq!(full.matches("<textarea").count(), MOST_QUERIES);
        assert!(full.contains("aria-disabled=\"true\""), "{full}");
    }

    #[test]
    fn only_what_the_field_cannot_find_itself_is_said_of_it() {
        let owner = Owner::new();
        owner.set();
        let error = |fault: ExploreFault, span: Option<(u32, u32)>| {
            refused(&ExploreError { fault, message: "no".to_owned(), span, line: 1, column: 3 })
        };
        assert_eq!(error(ExploreFault::Syntax, Some((0, 1))), None);
        assert!(error(ExploreFault::Refused, Some((2, 3))).unwrap().contains("1行3文字目"));
        assert!(error(ExploreFault::TooMuch, None).is_some());
    }
}
