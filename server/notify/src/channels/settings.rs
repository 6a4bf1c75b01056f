//! What a channel must be told, as a form shows it and as it is read.

use kernel::outbound::OutboundError;
use reqwest::Url;
use serde_json::{Map, Value};

/// No setting is longer: a key of any provider has room, and a book has not.
const LONGEST: usize = 4_096;

/// One text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub ja: &'static str,
    pub en: &'static str,
}

/// One field of a channel's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in the settings.
    pub name: &'static str,
    pub label: Said,
    /// What to put there and where to find it.
    pub help: Said,
    /// Never shown again once it is saved, and never written to a log.
    pub secret: bool,
    pub required: bool,
    /// The only values it may have; empty when it is free.
    pub choices: &'static [&'static str],
    /// What it is when nothing is given; empty when there is no such thing.
    pub default: &'static str,
}

impl Field {
    /// A free text that must be given.
    pub(crate) const fn required(name: &'static str, label: Said, help: Said) -> Self {
        Self { name, label, help, secret: false, required: true, choices: &[], default: "" }
    }

    /// A free text that may be left out.
    pub(crate) const fn optional(name: &'static str, label: Said, help: Said) -> Self {
        Self { name, label, help, secret: false, required: false, choices: &[], default: "" }
    }

    /// The same as a secret.
    pub(crate) const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// The same with a value for when nothing is given.
    pub(crate) const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// The same with only these values.
    pub(crate) const fn one_of(self, choices: &'static [&'static str]) -> Self {
        Self { choices, ..self }
    }
}

/// What is wrong with a channel's settings. Never says a value: it may be a secret in the wrong field.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    #[error("there is no channel of the kind {kind:?}")]
    UnknownKind { kind: String },
    #[error("the settings of a channel must be an object")]
    NotAnObject,
    #[error("the channel has no setting {field:?}")]
    UnknownField { field: String },
    #[error("the setting {field} is missing")]
    Missing { field: &'static str },
    #[error("the setting {field} can't be used: expected {expected}")]
    Wrong { field: &'static str, expected: &'static str },
    #[error("prepare the way out")]
    Outbound(#[from] OutboundError),
    /// Several of these, in the order of the form.
    #[error("{all}", all = listed(.0))]
    Several(Vec<BadSettings>),
}

fn listed(wrong: &[BadSettings]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<String>>().join("; ")
}

/// Settings that were looked through: every name is known, every value a text that fits.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    fields: &'static [Field],
    values: &'a Map<String, Value>,
}

impl<'a> Given<'a> {
    pub(crate) fn read(fields: &'static [Field], settings: &'a Value) -> Result<Self, BadSettings> {
        let values: &Map<String, Value> = settings.as_object().ok_or(BadSettings::NotAnObject)?;
        if let Some(field) = values.keys().find(|name| !fields.iter().any(|field| field.name == name.as_str())) {
            return Err(BadSettings::UnknownField { field: field.chars().take(80).collect() });
        }
        let given = Self { fields, values };
        let mut wrong: Vec<BadSettings> = fields.iter().filter_map(|field| given.check(field).err()).collect();
        if wrong.len() > 1 {
            return Err(BadSettings::Several(wrong));
        }
        wrong.pop().map_or(Ok(given), Err)
    }

    fn check(&self, field: &'static Field) -> Result<(), BadSettings> {
        match self.written(field.name)? {
            None if field.required => Err(BadSettings::Missing { field: field.name }),
            Some(value) if !field.choices.is_empty() && !field.choices.contains(&value.as_str()) => {
                Err(BadSettings::Wrong { field: field.name, expected: "one of its choices" })
            }
            _ => Ok(()),
        }
    }

    /// As it was written: numbers and switches count as texts, lists as lines, blanks as nothing.
    fn written(&self, name: &'static str) -> Result<Option<String>, BadSettings> {
        let expected_text = || BadSettings::Wrong { field: name, expected: "a text" };
        let text: String = match self.values.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(switch)) => switch.to_string(),
            Some(Value::Array(items)) => {
                let lines: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                lines.ok_or_else(expected_text)?.join("\n")
            }
            Some(Value::Object(_)) => return Err(expected_text()),
        };
        if text.len() > LONGEST {
            return Err(BadSettings::Wrong { field: name, expected: "at most 4096 bytes" });
        }
        Ok(if text.is_empty() { None } else { Some(text) })
    }

    /// What was given, else the field's default, else nothing.
    pub(crate) fn maybe(&self, name: &'static str) -> Result<Option<String>, BadSettings> {
        let default: &str = self.fields.iter().find(|field| field.name == name).map_or("", |field| field.default);
        let given: Option<String> = self.written(name)?;
        Ok(given.or_else(|| if default.is_empty() { None } else { Some(default.to_owned()) }))
    }

    /// What was given, else the field's default.
    pub(crate) fn text(&self, name: &'static str) -> Result<String, BadSettings> {
        self.maybe(name)?.ok_or(BadSettings::Missing { field: name })
    }

    /// An http or https address without a user, as it was given.
    pub(crate) fn url(&self, name: &'static str) -> Result<String, BadSettings> {
        let text: String = self.text(name)?;
        let wrong = || BadSettings::Wrong { field: name, expected: "an address that begins with https:// or http://" };
        let url: Url = Url::parse(&text).map_err(|_| wrong())?;
        let is_usable: bool = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none();
        if is_usable { Ok(text) } else { Err(wrong()) }
    }

    /// Such an address to which paths are appended: without a slash at its end.
    pub(crate) fn base(&self, name: &'static str) -> Result<String, BadSettings> {
        Ok(self.url(name)?.trim_end_matches('/').to_owned())
    }

    /// Everything between commas, semicolons and line breaks.
    pub(crate) fn list(&self, name: &'static str) -> Result<Vec<String>, BadSettings> {
        let text: String = self.text(name)?;
        let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        Ok(parts.map(str::to_owned).collect())
    }
}
