//! Texts with placeholders: `{{host}} の CPU 使用率が {{value}}`.
//!
//! A name in double braces is a label (`{{host.name}}` is `host` too, as Datadog writes it); `value`, `threshold` and `warn_threshold`
//! are figures. `{{#is_warning}}…{{/is_warning}}` stands only in a warning, `{{^is_warning}}…{{/is_warning}}` only elsewhere. There are
//! no functions and no loops: a template words an alert, and never decides whether there is one.

#[cfg(test)]
mod tests;

use crate::state::Level;
use figures::{Locale, Unit};
use model::labels::Labels;

/// The figure that was measured.
const VALUE: &str = "value";
/// The figure it is compared with.
const THRESHOLD: &str = "threshold";
/// The figure it is compared with first.
const WARN_THRESHOLD: &str = "warn_threshold";
/// What only figures and the state of the alert can fill in.
const FIGURES: [&str; 3] = [VALUE, THRESHOLD, WARN_THRESHOLD];

/// Sections that ask for nothing but the state.
const STATES: [&str; 9] = [
    "is_alert",
    "is_warning",
    "is_no_data",
    "is_recovery",
    "is_alert_recovery",
    "is_warning_recovery",
    "is_no_data_recovery",
    "is_alert_to_warning",
    "is_renotify",
];
/// Sections that compare: a label with texts, the priority with a number.
const COMPARES: [&str; 3] = ["is_match", "is_exact_match", "is_priority"];

/// What a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Placeholder(String),
    Section { test: Test, negated: bool, inside: Vec<Part> },
}

/// When a section stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Test {
    name: String,
    /// Of `is_match "host" "app" "db"`: what stands behind the name.
    arguments: Vec<String>,
}

/// A text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("expected }}}} after {{{{, found the end of the text")]
    Unclosed,
    #[error("expected a label's name, value or threshold between {{{{ and }}}}, found \"{0}\"")]
    Name(String),
    #[error("expected one of the sections {known}, found \"{0}\"", known = sections())]
    Section(String),
    #[error("expected {{{{/{0}}}}} after {{{{#{0}}}}}, found the end of the text")]
    Open(String),
    #[error("expected the end of the innermost section, found \"{0}\"")]
    End(String),
    #[error("expected a label and the texts to compare it with, each in quotes, found \"{0}\"")]
    Arguments(String),
}

fn sections() -> String {
    let all: Vec<&str> = STATES.into_iter().chain(COMPARES).collect();
    all.join(", ")
}

/// What is happening to the alert that a text is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// It fires.
    #[default]
    Firing,
    /// It is a warning from now on, and was critical.
    Lowered,
    /// It is said again, because nobody answered.
    Repeated,
    /// It is over.
    Over,
}

/// The figures of an alert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// `None` while nothing was measured.
    pub value: Option<f64>,
    pub threshold: f64,
    pub warning: Option<f64>,
    pub unit: Unit,
    /// Where it stands; where it stood when it is over.
    pub level: Level,
    pub moment: Moment,
    pub priority: Option<u8>,
}

/// What placeholders are filled from.
struct Known<'a> {
    labels: &'a Labels,
    figures: Option<&'a Figures>,
    locale: Locale,
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// When braces are left open or hold something that is no name, or a section is unknown or not ended.
    pub fn read(text: &str) -> Result<Self, TemplateError> {
        let mut reading = Reading::default();
        let mut rest: &str = text;
        while let Some(open) = rest.find("{{") {
            let inside: &str = &rest[open + 2..];
            let close: usize = inside.find("}}").ok_or(TemplateError::Unclosed)?;
            reading.parts.push(Part::Literal(rest[..open].to_owned()));
            reading.tag(inside[..close].trim())?;
            rest = &inside[close + 2..];
        }
        reading.parts.push(Part::Literal(rest.to_owned()));
        match reading.open.pop() {
            Some(section) => Err(TemplateError::Open(section.test.name)),
            None => Ok(Self(reading.parts)),
        }
    }

    /// Whether there is any placeholder.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Literal(_)))
    }

    /// Whether the measured value, a threshold or the state of the alert stands in it.
    #[must_use]
    pub fn uses_figures(&self) -> bool {
        uses_figures(&self.0)
    }

    /// The labels it names.
    pub(super) fn labels(&self) -> Vec<String> {
        let mut named: Vec<String> = Vec::new();
        collect_labels(&self.0, &mut named);
        named
    }

    fn render(&self, known: &Known<'_>) -> String {
        let mut text: String = String::new();
        write(&self.0, known, &mut text);
        text
    }
}

/// A text that is being read: what was read so far, and the sections that are still open.
#[derive(Default)]
struct Reading {
    parts: Vec<Part>,
    open: Vec<OpenSection>,
}

struct OpenSection {
    test: Test,
    negated: bool,
    /// What stood before it.
    before: Vec<Part>,
}

impl Reading {
    fn tag(&mut self, tag: &str) -> Result<(), TemplateError> {
        if let Some(test) = tag.strip_prefix('#') {
            self.begin(Test::read(test)?, false);
        } else if let Some(test) = tag.strip_prefix('^') {
            self.begin(Test::read(test)?, true);
        } else if let Some(name) = tag.strip_prefix('/') {
            self.end(name.trim())?;
        } else {
            self.parts.push(Part::Placeholder(placeholder(tag)?));
        }
        Ok(())
    }

    fn begin(&mut self, test: Test, negated: bool) {
        let before: Vec<Part> = std::mem::take(&mut self.parts);
        self.open.push(OpenSection { test, negated, before });
    }

    fn end(&mut self, name: &str) -> Result<(), TemplateError> {
        let Some(section) = self.open.pop().filter(|section| section.test.name == name) else {
            return Err(TemplateError::End(name.to_owned()));
        };
        let inside: Vec<Part> = std::mem::replace(&mut self.parts, section.before);
        self.parts.push(Part::Section { test: section.test, negated: section.negated, inside });
        Ok(())
    }
}

/// The label or figure that is named.
fn placeholder(tag: &str) -> Result<String, TemplateError> {
    let name: &str = tag.strip_suffix(".name").unwrap_or(tag);
    if is_label_name(name) { Ok(name.to_owned()) } else { Err(TemplateError::Name(tag.to_owned())) }
}

impl Test {
    fn read(text: &str) -> Result<Self, TemplateError> {
        let text: &str = text.trim();
        let (name, rest): (&str, &str) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if STATES.contains(&name) && rest.trim().is_empty() {
            return Ok(Self { name: name.to_owned(), arguments: Vec::new() });
        }
        if !COMPARES.contains(&name) {
            return Err(TemplateError::Section(text.to_owned()));
        }
        let arguments: Vec<String> = quoted(rest).ok_or_else(|| TemplateError::Arguments(text.to_owned()))?;
        let enough: usize = if name == "is_priority" { 1 } else { 2 };
        if arguments.len() < enough {
            return Err(TemplateError::Arguments(text.to_owned()));
        }
        Ok(Self { name: name.to_owned(), arguments })
    }

    /// Whether it says the same of every state of an alert.
    fn is_about_labels(&self) -> bool {
        self.name == "is_match" || self.name == "is_exact_match"
    }

    fn holds(&self, known: &Known<'_>) -> bool {
        if self.is_about_labels() {
            return self.matches(known.labels);
        }
        let Some(figures) = known.figures else {
            return false;
        };
        let (level, over): (Level, bool) = (figures.level, figures.moment == Moment::Over);
        match self.name.as_str() {
            "is_alert" => level == Level::Critical && !over,
            "is_warning" => level == Level::Warning && !over,
            "is_no_data" => level == Level::NoData && !over,
            "is_recovery" => over,
            "is_alert_recovery" => level == Level::Critical && over,
            "is_warning_recovery" => level == Level::Warning && over,
            "is_no_data_recovery" => level == Level::NoData && over,
            "is_alert_to_warning" => figures.moment == Moment::Lowered,
            "is_renotify" => figures.moment == Moment::Repeated,
            _ => self.is_priority(figures.priority),
        }
    }

    fn matches(&self, labels: &Labels) -> bool {
        let Some((label, texts)) = self.arguments.split_first() else {
            return false;
        };
        let value: &str = labels.get(label.strip_suffix(".name").unwrap_or(label));
        let exact: bool = self.name == "is_exact_match";
        texts.iter().any(|text| if exact { value == text } else { value.contains(text.as_str()) })
    }

    fn is_priority(&self, priority: Option<u8>) -> bool {
        let Some(priority) = priority else {
            return false;
        };
        self.arguments.iter().any(|text| text.trim_start_matches(['P', 'p']) == priority.to_string())
    }
}

/// Texts in single or double quotes, parted by blanks. `None` when anything else stands there.
fn quoted(text: &str) -> Option<Vec<String>> {
    let mut texts: Vec<String> = Vec::new();
    let mut rest: &str = text.trim();
    while let Some(quote) = rest.chars().next() {
        if quote != '"' && quote != '\'' {
            return None;
        }
        let (inside, after): (&str, &str) = rest[1..].split_once(quote)?;
        texts.push(inside.to_owned());
        rest = after.trim_start();
    }
    Some(texts)
}

fn uses_figures(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Literal(_) => false,
        Part::Placeholder(name) => FIGURES.contains(&name.as_str()),
        Part::Section { test, inside, .. } => !test.is_about_labels() || uses_figures(inside),
    })
}

fn collect_labels(parts: &[Part], named: &mut Vec<String>) {
    for part in parts {
        match part {
            Part::Placeholder(name) if !FIGURES.contains(&name.as_str()) => named.push(name.clone()),
            Part::Section { inside, .. } => collect_labels(inside, named),
            Part::Placeholder(_) | Part::Literal(_) => {}
        }
    }
}

fn write(parts: &[Part], known: &Known<'_>, text: &mut String) {
    for part in parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Placeholder(name) => text.push_str(&filled_in(name, known)),
            Part::Section { test, negated, inside } => {
                if test.holds(known) != *negated {
                    write(inside, known, text);
                }
            }
        }
    }
}

fn filled_in(name: &str, known: &Known<'_>) -> String {
    let Some(figures) = known.figures.filter(|_| FIGURES.contains(&name)) else {
        return known.labels.get(name).to_owned();
    };
    let figure: f64 = match name {
        VALUE => figures.value.unwrap_or(f64::NAN),
        THRESHOLD => figures.threshold,
        _ => figures.warning.unwrap_or(f64::NAN),
    };
    figures::value(figure, figures.unit, known.locale).joined()
}

/// Whether `name` can be a label's: letters, digits and underscores, no digit first (Prometheus' data model).
#[must_use]
pub fn is_label_name(name: &str) -> bool {
    let starts_well: bool = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts_well && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// Fills in labels only. A text that can't be read is left as it stands; `check` refuses those.
#[must_use]
pub fn with_labels(text: &str, labels: &Labels) -> String {
    let known = Known { labels, figures: None, locale: Locale::En };
    Template::read(text).map_or_else(|_| text.to_owned(), |template| template.render(&known))
}

/// Fills in labels and figures, these with their unit. A label that an alert has not is left empty.
#[must_use]
pub fn fill(text: &str, labels: &Labels, figures: &Figures, locale: Locale) -> String {
    let known = Known { labels, figures: Some(figures), locale };
    Template::read(text).map_or_else(|_| text.to_owned(), |template| template.render(&known))
}
