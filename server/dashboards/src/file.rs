//! Dashboards as files: YAML, short enough to be written by hand, read with the place of every mistake.
//!
//! The form stands in the room's README with an example. What is as usual need not be said, and is not written.

mod panels;
mod reader;
mod series;
#[cfg(test)]
mod tests;
mod thresholds;
mod variables;
mod written;

use dashboard::{Dashboard, Problem, Refresh, Row, Span};
use reader::Reader;
use std::collections::HashMap;
use std::fmt;
use yaml::{At, Node, Place, Step};

pub use series::{column_of_line, line_of_column, line_of_override, override_of_line};
pub use thresholds::{line_of_threshold, threshold_of_line};
pub use written::to_yaml;

/// A file larger than this is no file of dashboards.
pub const MAX_BYTES: usize = 4 * 1_024 * 1_024;

/// Brackets that may stand open.
const MOST_OPEN: usize = 1_000;

/// Columns and grid rows of a panel that does not say.
const USUAL_WIDTH: u8 = 12;
const USUAL_HEIGHT: u8 = 7;

const FILE_KEYS: &[&str] = &["dashboards"];
const DASHBOARD_KEYS: &[&str] =
    &["slug", "title", "description", "tags", "team", "span", "refresh", "links", "variables", "rows", "panels"];
const ROW_KEYS: &[&str] = &["title", "folded", "repeat", "panels"];

/// A file as given to `apply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DashboardFile {
    /// As shown in errors: usually its path.
    pub name: String,
    /// YAML.
    pub text: String,
}

/// A dashboard and the file it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct FromFile {
    pub file: String,
    pub dashboard: Dashboard,
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What was expected, and what was found.
    pub message: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Everything that is wrong, file by file in the order of the text; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblems(pub Vec<FileProblem>);

impl fmt::Display for FileProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(FileProblem::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for FileProblems {}

/// Whether a file of a directory that is applied is one of dashboards. One that can't be read at all is nobody's.
#[must_use]
pub fn is_ours(text: &str) -> bool {
    refusal(text).is_none()
        && matches!(yaml::read(text), Ok(Node::Mapping(entries)) if entries.iter().any(|(key, _)| key == "dashboards"))
}

/// Why a text is not even tried. The parser beneath takes the square of the brackets that stand open in it.
fn refusal(text: &str) -> Option<String> {
    if text.len() > MAX_BYTES {
        return Some(format!("expected at most {MAX_BYTES} bytes, found {}", text.len()));
    }
    let mut n_open: usize = 0;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => n_open += 1,
            b']' | b'}' => n_open = n_open.saturating_sub(1),
            _ => {}
        }
        if n_open > MOST_OPEN {
            return Some(format!("expected at most {MOST_OPEN} brackets within each other"));
        }
    }
    None
}

/// Reads and checks all files; slugs are unique over all of them.
///
/// # Errors
/// Everything that is wrong, with file, line and column.
pub fn read(files: &[DashboardFile]) -> Result<Vec<FromFile>, FileProblems> {
    let mut found: Vec<FromFile> = Vec::new();
    let mut problems: Vec<FileProblem> = Vec::new();
    // The file and line where each slug was given first.
    let mut slugs: HashMap<String, String> = HashMap::new();
    for file in files {
        let mut reader = Reader { file, problems: Vec::new() };
        let dashboards: Vec<Dashboard> = reader.file(&mut slugs);
        reader.problems.sort_by_key(|problem| (problem.line, problem.column));
        problems.append(&mut reader.problems);
        found.extend(dashboards.into_iter().map(|dashboard| FromFile { file: file.name.clone(), dashboard }));
    }
    if problems.is_empty() { Ok(found) } else { Err(FileProblems(problems)) }
}

impl Reader<'_> {
    fn file(&mut self, slugs: &mut HashMap<String, String>) -> Vec<Dashboard> {
        if let Some(message) = refusal(&self.file.text) {
            self.problem(Place { line: 1, column: 1 }, message);
            return Vec::new();
        }
        let root: Node = match yaml::read(&self.file.text) {
            Ok(root) => root,
            Err(broken) => {
                self.problem(broken.place, broken.message);
                return Vec::new();
            }
        };
        let at = At::root(&root);
        if !self.mapping(&at, FILE_KEYS) {
            return Vec::new();
        }
        let Some(list) = self.required(&at, "dashboards") else {
            return Vec::new();
        };
        let mut dashboards: Vec<Dashboard> = Vec::new();
        for one in self.list(&list, "a list of dashboards") {
            dashboards.extend(self.dashboard(&one, slugs));
        }
        dashboards
    }

    fn dashboard(&mut self, at: &At<'_>, slugs: &mut HashMap<String, String>) -> Option<Dashboard> {
        let n_before: usize = self.problems.len();
        if !self.mapping(at, DASHBOARD_KEYS) {
            return None;
        }
        let slug: String = self.required(at, "slug").and_then(|slug| self.plain(&slug, "a text")).unwrap_or_default();
        let dashboard = Dashboard {
            slug,
            title: self.said(at, "title"),
            description: self.said(at, "description"),
            tags: self.scalars(at, "tags", "a list of words"),
            team: self.text(at, "team"),
            span: self.duration(at, "span").map_or_else(Span::default, Span),
            refresh: self.refresh(at),
            links: self.links(at),
            variables: self.variables(at),
            rows: self.rows(at),
        };
        if !dashboard.slug.is_empty() {
            self.refuse_second(at, &dashboard.slug, slugs);
        }
        // The laws are asked only of what could be read: otherwise each mistake would be told twice.
        if self.problems.len() == n_before {
            for problem in dashboard::check(&dashboard) {
                if !self.is_full() {
                    self.unlawful(at, &problem);
                }
            }
        }
        Some(dashboard)
    }

    fn refuse_second(&mut self, at: &At<'_>, slug: &str, slugs: &mut HashMap<String, String>) {
        let Some(place) = at.child("slug") else { return };
        let here = format!("{}:{}", self.file.name, self.place(&place).line);
        if let Some(first) = slugs.get(slug) {
            let message = format!("expected a slug that is not taken, found \"{slug}\", which stands at {first}");
            self.say(&place, message);
            return;
        }
        slugs.insert(slug.to_owned(), here);
    }

    fn refresh(&mut self, at: &At<'_>) -> Refresh {
        match at.child("refresh").map(|word| reader::scalar(word.node)) {
            None => Refresh::default(),
            Some(Some(word)) if word == "live" => Refresh::Live,
            Some(Some(word)) if word == "off" => Refresh::Off,
            Some(_) => self
                .duration_as(at, "refresh", "live, off, or a duration such as 30s")
                .map_or_else(Refresh::default, Refresh::Every),
        }
    }

    /// Rows; panels without rows are one row without a title.
    fn rows(&mut self, at: &At<'_>) -> Vec<Row> {
        let Some(panels) = at.child("panels") else {
            let rows: Vec<At<'_>> = self.children(at, "rows", "a list of rows");
            return rows.iter().filter_map(|row| self.row(row)).collect();
        };
        if at.child("rows").is_some() {
            self.say_at_key(&panels, "expected rows or panels, found both".to_owned());
        }
        vec![Row { panels: self.panels(at), ..Row::default() }]
    }

    fn row(&mut self, at: &At<'_>) -> Option<Row> {
        if !self.mapping(at, ROW_KEYS) {
            return None;
        }
        Some(Row {
            title: self.said(at, "title"),
            is_folded: self.flag(at, "folded"),
            repeat: self.text(at, "repeat"),
            panels: self.panels(at),
        })
    }

    /// A law that was broken, told where the file breaks it.
    fn unlawful(&mut self, at: &At<'_>, problem: &Problem) {
        let steps: Vec<Step> = steps(at.node, &problem.path);
        let mut path: Vec<Step> = at.path.clone();
        path.extend(steps.iter().cloned());
        let place: Place = yaml::locate(&self.file.text, &path, false);
        let place: Place = match (problem.at, deepest(at.node, &steps)) {
            (Some((start, _)), Node::Text(text)) => yaml::inside(&self.file.text, place, text, start),
            _ => place,
        };
        self.problem(place, problem.sentence());
    }
}

/// The way to a part of a dashboard (`rows[0].panels[1].judges[2]`) as the file has it.
fn steps(dashboard: &Node, path: &str) -> Vec<Step> {
    let has_rows: bool = matches!(dashboard, Node::Mapping(entries) if entries.iter().all(|(key, _)| key != "panels"));
    let mut steps: Vec<Step> = Vec::new();
    let parts: Vec<&str> = path.split('.').collect();
    for (place, part) in parts.iter().copied().enumerate() {
        let (name, index): (&str, Option<usize>) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            Some((name, index)) => (name, index.parse().ok()),
            None => (part, None),
        };
        if name == "rows" && index.is_some() && !has_rows {
            continue;
        }
        let is_inner: bool = place + 1 < parts.len();
        let name: &str = match name {
            "judges" => "thresholds",
            "past_ms" => "past",
            // A variable's own title; alone it is the label whose values are offered.
            "label" if is_inner && parts[0].starts_with("variables") => "title",
            other => other,
        };
        steps.push(Step::Key(name.to_owned()));
        steps.extend(index.map(Step::Index));
    }
    steps
}

/// The innermost part that a way leads to.
fn deepest<'n>(node: &'n Node, steps: &[Step]) -> &'n Node {
    let mut node: &'n Node = node;
    for step in steps {
        let next: Option<&'n Node> = match (node, step) {
            (Node::Mapping(entries), Step::Key(key)) => entries.iter().find(|(name, _)| name == key).map(|(_, inner)| inner),
            (Node::List(nodes), Step::Index(index)) => nodes.get(*index),
            _ => None,
        };
        match next {
            Some(inner) => node = inner,
            None => return node,
        }
    }
    node
}
