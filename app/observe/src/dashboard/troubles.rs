//! Why a query has no answer, where its answer would stand, and what a reader should know about those that have one.

use crate::words::dashboards::board_words;
use dashboard::{Note, ShownPanel, Trouble};
use leptos::prelude::*;
use ui::icon::{Icon, IconName};

/// Characters of an expression that are shown around what is wrong with it.
const MOST_AROUND: usize = 200;

/// What failed of a panel; what the others say still stands below.
pub(super) fn troubles(panel: &ShownPanel) -> Option<AnyView> {
    if panel.troubles.is_empty() {
        return None;
    }
    let is_one_of_several: bool = panel.exprs.len() > 1;
    let lines: Vec<AnyView> = panel.troubles.iter().map(|trouble| line(trouble, is_one_of_several)).collect();
    Some(view! { <ul class="tile__troubles" tabindex="0">{lines}</ul> }.into_any())
}

fn line(trouble: &Trouble, is_one_of_several: bool) -> AnyView {
    let words = board_words();
    let query = is_one_of_several.then(|| format!("{}: ", (words.query)(trouble.query + 1)));
    let said: &'static str = (words.trouble)(trouble.kind);
    let told: Option<String> = Some(trouble.message.clone()).filter(|message| !message.is_empty());
    // What the evaluator says is English.
    let message = told.map(|message| view! { <span class="tile__message" lang="en">{message}</span> });
    view! {
        <li class="tile__trouble">
            <p><Icon name=IconName::Warn /> <b>{query} {said}</b> " " {message}</p>
            {expression(trouble)}
        </li>
    }
    .into_any()
}

/// What its author wrote, with the bytes at fault marked.
pub(super) fn expression(trouble: &Trouble) -> Option<AnyView> {
    if trouble.expr.is_empty() {
        return None;
    }
    let (before, wrong, after): (String, String, String) = parted(trouble);
    // At the end of an expression something is missing, which has no letters that could be marked.
    let has_mark: bool = trouble.span.is_some();
    let wrong: String = if has_mark && wrong.is_empty() { " ".to_owned() } else { wrong };
    let mark = has_mark.then(|| view! { <mark class="tile__wrong">{wrong}</mark> });
    Some(view! { <code class="tile__code">{before}{mark}{after}</code> }.into_any())
}

/// The text before, at and after the fault. A place that is none in this text marks nothing.
fn parted(trouble: &Trouble) -> (String, String, String) {
    let (text, end): (&str, usize) = (&trouble.expr, trouble.expr.len());
    let (start, stop): (usize, usize) = trouble.span.unwrap_or((end, end));
    let (start, stop): (usize, usize) = (start.min(end), stop.clamp(start.min(end), end));
    match (text.get(..start), text.get(start..stop), text.get(stop..)) {
        (Some(before), Some(wrong), Some(after)) => (tail(before), head(wrong), head(after)),
        _ => (head(text), String::new(), String::new()),
    }
}

fn head(text: &str) -> String {
    match text.char_indices().nth(MOST_AROUND) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn tail(text: &str) -> String {
    match text.char_indices().rev().nth(MOST_AROUND) {
        Some((at, left_out)) => format!("…{}", &text[at + left_out.len_utf8()..]),
        None => text.to_owned(),
    }
}

/// What a reader should know about the picture.
pub(super) fn notes(notes: &[Note]) -> Option<AnyView> {
    let said: Vec<AnyView> = notes.iter().map(|note| view! { <li>{note_text(*note)}</li> }.into_any()).collect();
    (!said.is_empty()).then(|| view! { <ul class="tile__notes">{said}</ul> }.into_any())
}

fn note_text(note: Note) -> String {
    let words = board_words();
    match note {
        Note::SeriesLeftOut { shown, of } => (words.series_left_out)(shown, of),
        Note::RowsLeftOut { shown, of } => (words.rows_left_out)(shown, of),
        Note::NotOnAxis { count } => (words.not_on_axis)(count),
        Note::NotShares => words.not_shares.to_owned(),
        Note::Said { query } => (words.said_of)(query + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::TroubleKind;

    fn trouble(expr: &str, span: Option<(usize, usize)>) -> Trouble {
        Trouble { expr: expr.to_owned(), span, kind: TroubleKind::Refused, message: "no <such> thing".to_owned(), query: 1 }
    }

    fn parts(expr: &str, span: Option<(usize, usize)>) -> [String; 3] {
        let (before, wrong, after) = parted(&trouble(expr, span));
        [before, wrong, after]
    }

    #[test]
    fn the_bytes_at_fault_are_marked_and_no_letter_is_cut() {
        assert_eq!(parts("sum(蔵)", Some((4, 7))), ["sum(", "蔵", ")"]);
        assert_eq!(parts("sum(蔵)", Some((5, 6))), ["sum(蔵)", "", ""]);
        assert_eq!(parts("up{", Some((3, 3))), ["up{", "", ""]);
        assert_eq!(parts("up", Some((9, 4))), ["up", "", ""]);
        let long: String = "あ".repeat(1_000);
        let [before, wrong, after] = parts(&format!("{long}!{long}"), Some((3_000, 3_001)));
        assert_eq!((before.chars().count(), wrong.as_str(), after.chars().count()), (MOST_AROUND + 1, "!", MOST_AROUND + 1));
    }

    #[test]
    fn each_trouble_says_which_query_and_what() {
        let owner = Owner::new();
        owner.set();
        let exprs = vec!["up".to_owned(), "sum(x)".to_owned()];
        let panel = ShownPanel { exprs, troubles: vec![trouble("sum(x)", Some((4, 5)))], ..ShownPanel::default() };
        let html: String = troubles(&panel).map(|view| view.to_html()).unwrap_or_default();
        assert!(html.contains("クエリ 2") && html.contains("評価できない式です"), "{html}");
        assert!(html.contains("<mark") && !html.contains("<such>"), "{html}");
        assert!(troubles(&ShownPanel::default()).is_none() && notes(&[]).is_none());
    }

    #[test]
    fn each_note_is_a_sentence() {
        let owner = Owner::new();
        owner.set();
        let all = [
            Note::SeriesLeftOut { shown: 50, of: 900 },
            Note::NotOnAxis { count: 2 },
            Note::NotShares,
            Note::RowsLeftOut { shown: 500, of: 501 },
            Note::Said { query: 0 },
        ];
        let html: String = notes(&all).map(|view| view.to_html()).unwrap_or_default();
        assert_eq!(html.matches("<li>").count(), all.len(), "{html}");
        assert!(html.contains("900") && html.contains("クエリ 1"), "{html}");
    }
}
