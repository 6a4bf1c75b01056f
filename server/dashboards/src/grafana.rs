//! Dashboards of Grafana (JSON, schema versions 16 to 41) as dashboards of this house.
//!
//! Nothing is dropped silently: what has no meaning here is listed with its place in the file and the reason. What comes out keeps every
//! law ([`dashboard::check`]), so it can be saved as it is.

mod colours;
mod expressions;
mod field;
mod fields;
mod json;
mod kinds;
mod layout;
mod mend;
mod overrides;
mod panels;
mod targets;
mod templating;
#[cfg(test)]
mod tests;
mod transformations;
mod units;

use dashboard::{Dashboard, Link, MOST_LINKS, MOST_TAGS, MOST_TEXT, MOST_TITLE, Refresh, Said, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use thiserror::Error;

/// A file larger than this is no dashboard. The largest ones that people share are under one mebibyte.
pub const MAX_BYTES: usize = 4 * 1_024 * 1_024;
/// Notes that are kept; more of them say nothing more.
const MOST_NOTES: usize = 500;
/// Characters of the note's words.
const MOST_WHAT: usize = 300;

/// A dashboard made of Grafana's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    pub dashboard: Dashboard,
    pub not_mapped: Vec<NotMapped>,
}

/// Something of Grafana's that has no meaning here, or another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotMapped {
    /// Where it stands in the file: `panels[3].targets[0]`.
    pub path: String,
    /// What it is, in the file's own words.
    pub what: String,
    /// What becomes of it and why.
    pub why: Said,
}

/// Why a file is no dashboard at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    #[error("expected at most {MAX_BYTES} bytes, found {0}")]
    TooLarge(usize),
    #[error("expected JSON, found at line {line}, column {column}: {said}")]
    NotJson { line: usize, column: usize, said: String },
    #[error("expected a Grafana dashboard with panels or rows, found {0}")]
    NoDashboard(String),
}

/// Reads a dashboard as Grafana exports it, or as its API answers (`{"dashboard": …, "meta": …}`).
///
/// # Errors
/// When it is no JSON, or no dashboard.
pub fn read(text: &str) -> Result<Import, Unreadable> {
    if text.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge(text.len()));
    }
    let root: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| Unreadable::NotJson {
        line: error.line(),
        column: error.column(),
        said: error.to_string(),
    })?;
    let board: &Value = root.get("dashboard").filter(|inner| inner.is_object()).unwrap_or(&root);
    if !board.get("panels").is_some_and(Value::is_array) && !board.get("rows").is_some_and(Value::is_array) {
        return Err(Unreadable::NoDashboard(json::described(board)));
    }
    let mut importer = Importer::new(board);
    let dashboard: Dashboard = importer.board(board);
    let dashboard: Dashboard = mend::mended(dashboard, &mut importer);
    Ok(Import { dashboard, not_mapped: importer.notes })
}

/// What is known while a dashboard is read.
struct Importer {
    notes: Vec<NotMapped>,
    /// Where the panels came from, by their ids here.
    came_from: HashMap<String, String>,
    /// Data sources by the names that panels give them, with what they are.
    sources: HashMap<String, String>,
    ids: HashSet<String>,
    n_panels: usize,
}

fn both(ja: &str, en: &str) -> Said {
    Said { ja: ja.to_owned(), en: en.to_owned() }
}

/// The first so many characters.
fn clipped(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Both languages of a title: Grafana knows one.
fn title(text: &str) -> Said {
    Said::same(&clipped(text.trim(), MOST_TITLE))
}

/// A description; cut between characters.
fn prose(text: &str) -> Said {
    let mut text: &str = text;
    while text.len() > MOST_TEXT {
        let shorter: usize = (0..=MOST_TEXT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text = &text[..shorter];
    }
    Said::same(text)
}

impl Importer {
    fn new(board: &Value) -> Self {
        let mut sources: HashMap<String, String> = HashMap::new();
        for input in json::list(board, "/__inputs") {
            let (name, plugin): (&str, &str) = (json::text(input, "/name"), json::text(input, "/pluginId"));
            sources.insert(name.to_owned(), plugin.to_owned());
        }
        for variable in json::list(board, "/templating/list") {
            if json::text(variable, "/type") == "datasource" {
                sources.insert(json::text(variable, "/name").to_owned(), json::text(variable, "/query").to_owned());
            }
        }
        Self { notes: Vec::new(), came_from: HashMap::new(), sources, ids: HashSet::new(), n_panels: 0 }
    }

    /// Notes something that is not mapped.
    fn note(&mut self, path: &str, what: &str, why: Said) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(NotMapped { path: path.to_owned(), what: clipped(what, MOST_WHAT), why });
        } else if self.notes.len() == MOST_NOTES {
            let why: Said = both("ほかにもありますが、一覧には載せていません", "there is more, which is not listed");
            self.notes.push(NotMapped { path: String::new(), what: "…".to_owned(), why });
        }
    }

    /// Leaves so many, and notes the rest.
    fn cut<T>(&mut self, path: &str, found: &mut Vec<T>, most: usize) {
        if found.len() > most {
            let why = Said { ja: format!("{most}個までです"), en: format!("there may be {most} of them") };
            self.note(path, &found.len().to_string(), why);
            found.truncate(most);
        }
    }

    fn board(&mut self, board: &Value) -> Dashboard {
        let title_text: &str = json::text(board, "/title");
        let name: &str = if title_text.trim().is_empty() { "Grafana" } else { title_text };
        let slug: String = [title_text, json::text(board, "/uid"), "grafana"]
            .into_iter()
            .map(slug_of)
            .find(|slug| !slug.is_empty())
            .unwrap_or_default();
        self.annotations(board);
        self.elsewhere(board);
        let variables = self.variables(board);
        let rows = self.rows(board);
        Dashboard {
            slug,
            title: title(name),
            description: prose(json::text(board, "/description")),
            tags: self.tags(board),
            team: None,
            span: self.span(board),
            refresh: self.refresh(board),
            links: self.links(board),
            variables,
            rows,
        }
    }

    fn tags(&mut self, board: &Value) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for tag in json::list(board, "/tags").iter().filter_map(Value::as_str) {
            let plain: String = clipped(&tag.replace(',', " "), 40).trim().to_owned();
            if tags.len() >= MOST_TAGS {
                self.note("tags", tag, both("タグが多すぎます", "too many tags"));
                break;
            }
            if !plain.is_empty() && !tags.contains(&plain) {
                tags.push(plain);
            }
        }
        tags
    }

    /// `now-6h` to `now`.
    fn span(&mut self, board: &Value) -> Span {
        let (from, to): (&str, &str) = (json::text(board, "/time/from"), json::text(board, "/time/to"));
        let is_open: bool = to.is_empty() || to == "now";
        let span_ms: Option<i64> = from.strip_prefix("now-").and_then(json::duration_ms).filter(|ms| *ms >= 60_000);
        match span_ms.filter(|_| is_open) {
            Some(ms) => Span(ms),
            None => {
                if !from.is_empty() {
                    let why: Said = both(
                        "今までの期間だけを写せます。1時間にしました",
                        "only spans that end now are mapped; it opens with an hour",
                    );
                    self.note("time", &format!("{from} – {to}"), why);
                }
                Span::default()
            }
        }
    }

    fn refresh(&mut self, board: &Value) -> Refresh {
        let Some(found) = board.get("refresh").and_then(Value::as_str).filter(|found| !found.is_empty()) else {
            return Refresh::Off;
        };
        match json::duration_ms(found) {
            Some(ms) if ms < 5_000 => Refresh::Live,
            Some(ms) => Refresh::Every(ms),
            None => {
                self.note("refresh", found, both("期間として読めません。更新しません", "is no duration; it does not refresh"));
                Refresh::Off
            }
        }
    }

    fn links(&mut self, board: &Value) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for (index, link) in json::list(board, "/links").iter().enumerate() {
            let path = format!("links[{index}]");
            if let Some(mapped) = self.link(&path, link) {
                links.push(mapped);
            }
        }
        self.cut("links", &mut links, MOST_LINKS);
        links
    }

    /// A link of the dashboard or of a panel.
    fn link(&mut self, path: &str, link: &Value) -> Option<Link> {
        let (url, name): (&str, &str) = (json::text(link, "/url"), json::text(link, "/title"));
        let is_abroad: bool = ["https://", "http://"].iter().any(|start| url.starts_with(start));
        if !is_abroad {
            let what: String = format!("{name} {url}");
            let why: Said = both("Grafana の中だけで通じるリンクです", "a link that leads somewhere only within Grafana");
            self.note(path, what.trim(), why);
            return None;
        }
        if json::flag(link, "/includeVars") {
            let why: Said = both(
                "選んだ値は渡されません。番地に $変数 と書けます",
                "chosen values are not handed on; name $variables in the address",
            );
            self.note(&format!("{path}.includeVars"), name, why);
        }
        let name: &str = if name.trim().is_empty() { url } else { name };
        Some(Link { title: title(name), href: url.trim().to_owned(), keeps_span: json::flag(link, "/keepTime") })
    }

    fn annotations(&mut self, board: &Value) {
        for (index, annotation) in json::list(board, "/annotations/list").iter().enumerate() {
            let is_own: bool =
                annotation.get("builtIn").is_some_and(|own| own.as_i64() == Some(1) || own.as_bool() == Some(true));
            if !is_own {
                let why: Said = both(
                    "注釈は写しません。アラート、インシデント、デプロイは自動で時間軸に出ます",
                    "not mapped; alerts, incidents and deploys stand on the time axis by themselves",
                );
                self.note(&format!("annotations.list[{index}]"), json::text(annotation, "/name"), why);
            }
        }
    }

    /// What is said of the whole dashboard and has no meaning here.
    fn elsewhere(&mut self, board: &Value) {
        let timezone: &str = json::text(board, "/timezone");
        if !matches!(timezone, "" | "browser") {
            let why: Said = both("時刻は読む人の設定で示します", "times are shown in the reader's zone");
            self.note("timezone", timezone, why);
        }
        if board.get("__elements").and_then(Value::as_object).is_some_and(|elements| !elements.is_empty()) {
            let why: Said = both("ライブラリーパネルはありません", "there are no library panels");
            self.note("__elements", "library panels", why);
        }
    }
}

/// `Node Exporter / Full` is `node-exporter-full`. At most 48 characters, so that a number fits behind it.
fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().take(200) {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(48);
    slug.trim_end_matches('-').to_owned()
}
