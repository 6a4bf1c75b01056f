//! Texts with placeholders: `{{host}} の CPU 使用率が {{value}}`.
//!
//! A name in double braces is a label; `value` and `threshold` are figures. There are no functions, conditions or loops: a template
//! never decides anything.

use figures::{Locale, Unit};
use model::labels::Labels;

/// The figure that was measured.
const VALUE: &str = "value";
/// The figure it is compared with.
const THRESHOLD: &str = "threshold";

/// What a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Placeholder(String),
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
}

/// The figures of an alert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// `None` while nothing was measured.
    pub value: Option<f64>,
    pub threshold: f64,
    pub unit: Unit,
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// When braces are left open or hold something that is no name.
    pub fn read(text: &str) -> Result<Self, TemplateError> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest: &str = text;
        while let Some(open) = rest.find("{{") {
            let inside: &str = &rest[open + 2..];
            let close: usize = inside.find("}}").ok_or(TemplateError::Unclosed)?;
            let name: &str = inside[..close].trim();
            if !is_label_name(name) {
                return Err(TemplateError::Name(name.to_owned()));
            }
            parts.push(Part::Literal(rest[..open].to_owned()));
            parts.push(Part::Placeholder(name.to_owned()));
            rest = &inside[close + 2..];
        }
        parts.push(Part::Literal(rest.to_owned()));
        Ok(Self(parts))
    }

    /// Whether there is any placeholder.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Literal(_)))
    }

    /// Whether the measured value or the threshold stands in it.
    #[must_use]
    pub fn uses_figures(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Placeholder(name) if name == VALUE || name == THRESHOLD))
    }

    /// The labels it names.
    pub(super) fn labels(&self) -> Vec<String> {
        let named = self.0.iter().filter_map(|part| match part {
            Part::Placeholder(name) if name != VALUE && name != THRESHOLD => Some(name.clone()),
            Part::Placeholder(_) | Part::Literal(_) => None,
        });
        named.collect()
    }

    fn render(&self, known: impl Fn(&str) -> String) -> String {
        let written = self.0.iter().map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Placeholder(name) => known(name),
        });
        written.collect()
    }
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
    Template::read(text).map_or_else(|_| text.to_owned(), |template| template.render(|name| labels.get(name).to_owned()))
}

/// Fills in labels and figures, these with their unit. A label that an alert has not is left empty.
#[must_use]
pub fn fill(text: &str, labels: &Labels, figures: &Figures, locale: Locale) -> String {
    let known = |name: &str| match name {
        VALUE => figures::value(figures.value.unwrap_or(f64::NAN), figures.unit, locale).joined(),
        THRESHOLD => figures::value(figures.threshold, figures.unit, locale).joined(),
        _ => labels.get(name).to_owned(),
    };
    Template::read(text).map_or_else(|_| text.to_owned(), |template| template.render(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_figures_are_filled_in() {
        let labels = Labels::new([("host", "app-02")]);
        let figures = Figures { value: Some(83.0), threshold: 80.0, unit: Unit::Percent };
        let text = "{{host}} の CPU 使用率が {{ value }} ({{threshold}} 以上){{absent}}";
        assert_eq!(fill(text, &labels, &figures, Locale::Ja), "app-02 の CPU 使用率が 83% (80% 以上)");
    }

    #[test]
    fn broken_braces_are_refused() {
        assert_eq!(Template::read("{{host"), Err(TemplateError::Unclosed));
        assert_eq!(Template::read("{{#if x}}"), Err(TemplateError::Name("#if x".to_owned())));
        assert!(Template::read("a { b } c").is_ok_and(|template| template.is_plain()));
        assert!(Template::read("{{value}}").is_ok_and(|template| template.uses_figures()));
    }
}
