//! Fences that show what the house knows: `ops-fields`, `ops-timeline`, `ops-graph`, `ops-actions`, `ops-checklist`.
//!
//! They are ordinary fences of Markdown, readable in any viewer. What can't be read as one of ours stays code.

use model::ids::{IncidentId, RunbookRunId};
use std::ops::Range;

/// What a fence begins with that shows a graph.
const GRAPH: &str = "ops-graph";
/// Of more, Markdown makes code that is indented.
const MOST_INDENT: usize = 3;
/// Fewer are no fence.
const LEAST_MARKS: usize = 3;

/// A fence, as places in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence<'a> {
    /// With its last line break, where it has one.
    pub whole: Range<usize>,
    pub indent: &'a str,
    /// `` ` `` or `~`.
    pub mark: char,
    pub n_marks: usize,
    /// What stands behind the marks, without blanks around it.
    pub info: &'a str,
    /// What stands between the first line and the last.
    pub body: &'a str,
}

struct Open<'a> {
    start: usize,
    body_start: usize,
    indent: &'a str,
    mark: char,
    n_marks: usize,
    info: &'a str,
}

/// The fences of a text that stand at its top level, in order. One that is not closed reaches to the end (CommonMark 0.31, 4.5).
#[must_use]
pub fn fences(text: &str) -> Vec<Fence<'_>> {
    let mut found: Vec<Fence<'_>> = Vec::new();
    let mut open: Option<Open<'_>> = None;
    let mut at: usize = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        match open.take() {
            None => open = opening(line, start),
            Some(fence) if is_closing(line, &fence) => found.push(closed(text, &fence, start, end)),
            Some(fence) => open = Some(fence),
        }
    }
    if let Some(fence) = open {
        found.push(closed(text, &fence, text.len(), text.len()));
    }
    found
}

fn closed<'a>(text: &'a str, open: &Open<'a>, body_end: usize, end: usize) -> Fence<'a> {
    Fence {
        whole: open.start..end,
        indent: open.indent,
        mark: open.mark,
        n_marks: open.n_marks,
        info: open.info,
        body: &text[open.body_start.min(body_end)..body_end],
    }
}

/// Blanks, marks, and what is behind them.
fn split_marks(line: &str) -> Option<(&str, char, usize, &str)> {
    let line: &str = line.trim_end_matches('\n');
    let unindented: &str = line.trim_start_matches(' ');
    let indent: &str = &line[..line.len() - unindented.len()];
    let mark: char = unindented.chars().next().filter(|first| matches!(first, '`' | '~'))?;
    let rest: &str = unindented.trim_start_matches(mark);
    let n_marks: usize = unindented.len() - rest.len();
    (indent.len() <= MOST_INDENT && n_marks >= LEAST_MARKS).then_some((indent, mark, n_marks, rest))
}

fn opening(line: &str, start: usize) -> Option<Open<'_>> {
    let (indent, mark, n_marks, rest) = split_marks(line)?;
    // Marks on one line on both sides of a text are code within a sentence.
    if mark == '`' && rest.contains('`') {
        return None;
    }
    Some(Open { start, body_start: start + line.len(), indent, mark, n_marks, info: rest.trim() })
}

fn is_closing(line: &str, open: &Open<'_>) -> bool {
    split_marks(line).is_some_and(|(_, mark, n_marks, rest)| {
        mark == open.mark && n_marks >= open.n_marks && rest.trim_matches([' ', '\t']).is_empty()
    })
}

/// What a fence of ours shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Directive {
    /// When it began, was noticed and was over, how long that was, how bad, and for whom.
    Fields(IncidentId),
    Timeline {
        incident: IncidentId,
        only_starred: bool,
    },
    /// By the hash of query, range and data; or whatever else somebody wrote, which is the id of no graph.
    Graph(String),
    Actions(IncidentId),
    Checklist(RunbookRunId),
}

impl Directive {
    /// The incident it tells of, if it tells of one.
    #[must_use]
    pub fn incident(&self) -> Option<IncidentId> {
        match self {
            Self::Fields(incident) | Self::Timeline { incident, .. } | Self::Actions(incident) => Some(*incident),
            Self::Graph(_) | Self::Checklist(_) => None,
        }
    }
}

/// A directive as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub directive: Directive,
    /// Its body is what was true when it was published.
    pub is_frozen: bool,
}

/// Reads what stands behind the marks of a fence; `None` for what is code.
#[must_use]
pub fn read(info: &str) -> Option<Stated> {
    let mut words = info.split_whitespace();
    let name: &str = words.next()?;
    // A graph that nobody named is still one that was meant to be there.
    let named: &str = words.next().or((name == GRAPH).then_some(""))?;
    let flags: Vec<&str> = words.collect();
    let is_timeline: bool = name == "ops-timeline";
    let is_known = |flag: &str| flag == "frozen" || (is_timeline && flag == "starred");
    if !flags.iter().all(|flag| is_known(flag)) {
        return None;
    }
    let only_starred: bool = flags.contains(&"starred");
    let directive: Directive = match name {
        "ops-fields" => Directive::Fields(incident(named)?),
        "ops-timeline" => Directive::Timeline { incident: incident(named)?, only_starred },
        GRAPH => Directive::Graph(named.to_owned()),
        "ops-actions" => Directive::Actions(incident(named)?),
        "ops-checklist" => Directive::Checklist(named.parse::<RunbookRunId>().ok().filter(|run| run.0 > 0)?),
        _ => return None,
    };
    Some(Stated { directive, is_frozen: flags.contains(&"frozen") })
}

/// `INC-42`, or as people say it here: `I-42`.
fn incident(word: &str) -> Option<IncidentId> {
    let word: &str = word.strip_prefix("INC-").or_else(|| word.strip_prefix("inc-")).unwrap_or(word);
    word.parse::<IncidentId>().ok().filter(|incident| incident.0 > 0)
}

/// Everything a text shows by directives, each once.
#[must_use]
pub fn directives(text: &str) -> Vec<Directive> {
    let mut found: Vec<Directive> =
        fences(text).iter().filter_map(|fence| read(fence.info)).map(|stated| stated.directive).collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_directive_is_read_and_everything_else_is_code() {
        let one = IncidentId(42);
        let graph: String = "0123456789abcdef".repeat(4);
        let live = |directive: Directive| Some(Stated { directive, is_frozen: false });
        for (info, expected) in [
            ("ops-fields INC-42".to_owned(), live(Directive::Fields(one))),
            ("ops-fields  I-42 ".to_owned(), live(Directive::Fields(one))),
            ("ops-timeline INC-42".to_owned(), live(Directive::Timeline { incident: one, only_starred: false })),
            ("ops-timeline INC-42 starred".to_owned(), live(Directive::Timeline { incident: one, only_starred: true })),
            (format!("ops-graph {graph}"), live(Directive::Graph(graph.clone()))),
            ("ops-actions inc-42".to_owned(), live(Directive::Actions(one))),
            ("ops-checklist RUN-7".to_owned(), live(Directive::Checklist(RunbookRunId(7)))),
            ("ops-fields INC-42 frozen".to_owned(), Some(Stated { directive: Directive::Fields(one), is_frozen: true })),
            ("ops-fields".to_owned(), None),
            ("ops-fields INC-0".to_owned(), None),
            ("ops-fields INC-42 starred".to_owned(), None),
            ("ops-timeline INC-42 red".to_owned(), None),
            ("ops-graph 12".to_owned(), live(Directive::Graph("12".to_owned()))),
            ("ops-graph".to_owned(), live(Directive::Graph(String::new()))),
            (format!("ops-graph {graph} frozen"), Some(Stated { directive: Directive::Graph(graph.clone()), is_frozen: true })),
            (format!("ops-graph {graph} starred"), None),
            ("ops-weather INC-42".to_owned(), None),
            ("rust".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(read(&info), expected, "{info}");
        }
    }

    #[test]
    fn fences_are_found_as_markdown_finds_them() {
        let text = "a\n```ops-fields INC-1\nx\n``\n```\n~~~~ b\n```ops-fields INC-2\n~~~~\n  ```c\nd\n    ```\n ````\n`` ` ``\n";
        let found: Vec<(&str, &str)> = fences(text).iter().map(|fence| (fence.info, fence.body)).collect();
        assert_eq!(found, [("ops-fields INC-1", "x\n``\n"), ("b", "```ops-fields INC-2\n"), ("c", "d\n    ```\n")]);
        let open = fences("```ops-fields INC-1\nx");
        assert_eq!((open[0].body, open[0].whole.clone()), ("x", 0..21));
        assert!(fences("```a`b\n").is_empty() && fences("    ```\n").is_empty() && fences("").is_empty());
        assert_eq!(fences("```")[0].body, "");
    }
}
