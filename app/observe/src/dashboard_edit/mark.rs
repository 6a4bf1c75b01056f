//! A mistake at its place in what was written.

use leptos::prelude::*;

/// Characters of a text that are shown before and behind what is wrong with it.
const MOST_AROUND: usize = 200;

/// A text with the bytes at fault marked.
pub(super) fn marked(text: &str, at: (usize, usize)) -> AnyView {
    let (before, wrong, after): (String, String, String) = parted(text, at);
    view! {
        <code class="dashboard-edit__code">
            {before}
            <mark class="dashboard-edit__mark">{wrong}</mark>
            {after}
        </code>
    }
    .into_any()
}

/// What stands before the mistake, the mistake, and what stands behind it. What is missing is a blank, so that it can be seen.
fn parted(text: &str, (start, end): (usize, usize)) -> (String, String, String) {
    let inside = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let (start, end): (usize, usize) = (inside(start), inside(end).max(inside(start)));
    let wrong: String = if start == end { " ".to_owned() } else { text[start..end].to_owned() };
    (ending(&text[..start]), wrong, beginning(&text[end..]))
}

fn ending(text: &str) -> String {
    match text.char_indices().rev().nth(MOST_AROUND) {
        Some((at, letter)) => format!("…{}", &text[at + letter.len_utf8()..]),
        None => text.to_owned(),
    }
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(MOST_AROUND) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_marked_wherever_it_is() {
        let parts = |text: &str, at: (usize, usize)| {
            let (before, wrong, after) = parted(text, at);
            format!("{before}[{wrong}]{after}")
        };
        assert_eq!(parts("sum(rte(a))", (4, 7)), "sum([rte](a))");
        assert_eq!(parts("up +", (4, 4)), "up +[ ]");
        assert_eq!(parts("up", (7, 9)), "up[ ]");
        assert_eq!(parts("蔵", (1, 2)), "[ ]蔵");
        assert!(parts(&"x".repeat(999), (500, 501)).starts_with("…x"));
        assert!(marked("a<b", (1, 2)).to_html().contains("&lt;"));
    }
}
