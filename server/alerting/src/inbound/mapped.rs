//! JSON of any shape, read as a mapping says.

use super::reader::{self, MAX_SUMMARY, MAX_TITLE, clean};
use super::template::{Source, Template};
use super::{Act, InboundAlert, MAX_KEY, MOST_ALERTS, Wrong};
use model::labels::Labels;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Labels that a mapping may add.
const MOST_ADDED: usize = 50;
/// What a status means unless the mapping says otherwise, in lower case.
const RESOLVED: [&str; 9] = ["resolved", "resolve", "ok", "normal", "recovered", "closed", "clear", "cleared", "up"];
const ACKNOWLEDGED: [&str; 3] = ["acknowledge", "acknowledged", "ack"];

/// Where the parts of an alert stand. Every part is a template (`template.rs`) but `list` and `labels`, which are one place each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// A list of alerts in the body. Empty: the body is the alert, or a list of them.
    pub list: String,
    /// The same for the whole of an alert's life. Must be there.
    pub key: String,
    /// Its word decides whether the alert fires, is acknowledged, or is over. Empty: it fires.
    pub status: String,
    /// Words that mean that it is over, and that somebody has it; with none the usual ones. Any other word fires.
    pub resolved: Vec<String>,
    pub acknowledged: Vec<String>,
    pub name: String,
    pub summary: String,
    pub severity: String,
    pub url: String,
    pub value: String,
    pub started_at: String,
    /// An object whose members become labels.
    pub labels: String,
    /// More labels, each with its template.
    pub added: BTreeMap<String, String>,
}

/// A mapping that was checked.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    list: Template,
    key: Template,
    status: Template,
    resolved: Vec<String>,
    acknowledged: Vec<String>,
    name: Template,
    summary: Template,
    severity: Template,
    url: Template,
    value: Template,
    started_at: Template,
    labels: Template,
    added: Vec<(String, Template)>,
}

impl Mapping {
    /// Checks it.
    pub(super) fn reader(&self) -> Result<Reader, Wrong> {
        if self.key.trim().is_empty() {
            return Err(Wrong::new("key", "the place of something that is the same for the whole of an alert's life"));
        }
        if self.added.len() > MOST_ADDED {
            return Err(Wrong::new("added", "at most 50 labels"));
        }
        let mut added: Vec<(String, Template)> = Vec::with_capacity(self.added.len());
        for (name, text) in &self.added {
            added.push((name.clone(), Template::read(text, &format!("added.{name}"))?));
        }
        Ok(Reader {
            list: place(&self.list, "list")?,
            key: Template::read(&self.key, "key")?,
            status: Template::read(&self.status, "status")?,
            resolved: words(&self.resolved, &RESOLVED),
            acknowledged: words(&self.acknowledged, &ACKNOWLEDGED),
            name: Template::read(&self.name, "name")?,
            summary: Template::read(&self.summary, "summary")?,
            severity: Template::read(&self.severity, "severity")?,
            url: Template::read(&self.url, "url")?,
            value: Template::read(&self.value, "value")?,
            started_at: Template::read(&self.started_at, "started_at")?,
            labels: place(&self.labels, "labels")?,
            added,
        })
    }
}

/// A template that must be one place, if it is anything.
fn place(text: &str, field: &str) -> Result<Template, Wrong> {
    let text: &str = text.trim();
    if !text.is_empty() && !text.starts_with('/') && !text.starts_with("$/") {
        return Err(Wrong::new(field, "a place like /alerts"));
    }
    Template::read(text, field)
}

fn words(own: &[String], usual: &[&str]) -> Vec<String> {
    let own: Vec<String> = own.iter().map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect();
    if own.is_empty() { usual.iter().map(|word| (*word).to_owned()).collect() } else { own }
}

/// The alerts of a body.
pub(super) fn parse(bytes: &[u8], mapping: &Mapping) -> Result<Vec<InboundAlert>, Wrong> {
    let reader: Reader = mapping.reader().map_err(|wrong| wrong.under("mapping"))?;
    let body: Value = reader::read(bytes)?;
    let items: Vec<&Value> = reader.items(&body)?;
    if items.len() > MOST_ALERTS {
        return Err(Wrong::new("body", "at most 10000 alerts"));
    }
    let one = |(index, item): (usize, &Value)| {
        let source = Source { item, body: &body };
        reader.alert(source).map_err(|wrong| wrong.under(&format!("[{index}]")))
    };
    items.into_iter().enumerate().map(one).collect()
}

impl Reader {
    fn items<'a>(&self, body: &'a Value) -> Result<Vec<&'a Value>, Wrong> {
        let found: &'a Value = if self.list.is_empty() {
            body
        } else {
            let source = Source { item: body, body };
            self.list.found(source).ok_or_else(|| Wrong::new("list", "a place that is in the body"))?
        };
        match found {
            Value::Array(items) => Ok(items.iter().collect()),
            Value::Object(_) => Ok(vec![found]),
            _ => Err(Wrong::new("list", "the place of an object or of a list of objects")),
        }
    }

    fn alert(&self, source: Source<'_>) -> Result<InboundAlert, Wrong> {
        let key: String = self.key.fill(source);
        let n_characters: usize = key.trim().chars().count();
        if n_characters == 0 || n_characters > MAX_KEY {
            return Err(Wrong::new("key", "1 to 255 characters at the place of the key"));
        }
        let summary: String = clean(&self.summary.fill(source), MAX_SUMMARY);
        let name: String = self.named(source, &summary);
        Ok(InboundAlert {
            key: clean(&key, MAX_KEY),
            act: self.act(source),
            summary: if summary.is_empty() { name.clone() } else { summary },
            severity: clean(&self.severity.fill(source), MAX_TITLE),
            labels: self.labelled(source)?,
            annotations: BTreeMap::new(),
            url: reader::url(&self.url.fill(source)),
            value: self.value.fill(source).trim().parse::<f64>().ok().filter(|value| value.is_finite()),
            started_at: reader::time(&self.started_at.fill(source)),
            ends_at: None,
            name,
        })
    }

    fn named(&self, source: Source<'_>, summary: &str) -> String {
        let name: String = clean(&self.name.fill(source), MAX_TITLE);
        let name: String = if name.is_empty() { clean(summary, MAX_TITLE) } else { name };
        if name.is_empty() { "alert".to_owned() } else { name }
    }

    /// A word that nobody knows fires: to be woken for nothing is better than not to be woken.
    fn act(&self, source: Source<'_>) -> Act {
        let status: String = self.status.fill(source).trim().to_lowercase();
        if self.resolved.contains(&status) {
            Act::Resolve
        } else if self.acknowledged.contains(&status) {
            Act::Acknowledge
        } else {
            Act::Fire
        }
    }

    fn labelled(&self, source: Source<'_>) -> Result<Labels, Wrong> {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        match self.labels.found(source) {
            None | Some(Value::Null) => {}
            Some(Value::Object(object)) => {
                pairs.extend(object.iter().map(|(name, value)| (name.as_str(), reader::word(value))));
            }
            Some(_) => return Err(Wrong::new("labels", "the place of an object of texts")),
        }
        pairs.extend(self.added.iter().map(|(name, template)| (name.as_str(), template.fill(source))));
        Ok(reader::labels(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::{Mapping, parse};
    use crate::inbound::{Act, InboundAlert};
    use model::Time;
    use model::labels::Labels;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn mapping() -> Mapping {
        Mapping {
            list: "/data/incidents".to_owned(),
            key: "{{$/site}}-{{/id}}".to_owned(),
            status: "/state".to_owned(),
            name: "/check".to_owned(),
            summary: "{{/check}} on {{/tags/host}}".to_owned(),
            severity: "/level".to_owned(),
            url: "/link".to_owned(),
            value: "/figure".to_owned(),
            started_at: "/since".to_owned(),
            labels: "/tags".to_owned(),
            added: BTreeMap::from([("site".to_owned(), "$/site".to_owned())]),
            ..Mapping::default()
        }
    }

    fn body() -> Value {
        json!({"site": "tokyo", "data": {"incidents": [{
            "id": 17, "state": "CRIT", "check": "queue", "level": "major", "figure": "12.5", "since": "2026-11-22T05:06:07.5Z",
            "link": "https://mon.example.jp/17", "tags": {"host": "mq-01", "n": 3}
        }]}})
    }

    fn parsed(body: &Value, mapping: &Mapping) -> Result<Vec<InboundAlert>, String> {
        parse(body.to_string().as_bytes(), mapping).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn an_alert_is_read_as_the_mapping_says() {
        let expected = InboundAlert {
            key: "tokyo-17".to_owned(),
            act: Act::Fire,
            name: "queue".to_owned(),
            summary: "queue on mq-01".to_owned(),
            severity: "major".to_owned(),
            labels: Labels::new([("host", "mq-01"), ("n", "3"), ("site", "tokyo")]),
            annotations: BTreeMap::new(),
            url: Some("https://mon.example.jp/17".to_owned()),
            value: Some(12.5),
            started_at: Some(Time(1_795_323_967_500)),
            ends_at: None,
        };
        assert_eq!(parsed(&body(), &mapping()).unwrap(), [expected]);
    }

    #[test]
    fn the_status_decides() {
        let mut own: Mapping = mapping();
        own.resolved = vec!["Fine".to_owned()];
        own.acknowledged = vec!["seen".to_owned()];
        for (word, usual, by_own) in [
            ("OK", Act::Resolve, Act::Fire),
            ("ack", Act::Acknowledge, Act::Fire),
            ("fine", Act::Fire, Act::Resolve),
            ("SEEN", Act::Fire, Act::Acknowledge),
            ("", Act::Fire, Act::Fire),
        ] {
            let mut body: Value = body();
            body["data"]["incidents"][0]["state"] = json!(word);
            let acts = [&mapping(), &own].map(|mapping| parsed(&body, mapping).unwrap()[0].act);
            assert_eq!(acts, [usual, by_own], "{word}");
        }
    }

    #[test]
    fn the_body_may_be_an_alert_or_a_list_of_them() {
        let plain = Mapping { key: "/id".to_owned(), ..Mapping::default() };
        let one: Vec<InboundAlert> = parsed(&json!({"id": "a"}), &plain).unwrap();
        assert_eq!((one.len(), one[0].name.as_str(), one[0].act), (1, "alert", Act::Fire));
        assert_eq!(parsed(&json!([{"id": "a"}, {"id": "b"}]), &plain).unwrap().len(), 2);
    }

    #[test]
    fn whatever_is_wrong_is_told_with_its_place() {
        let with = |change: fn(&mut Mapping)| {
            let mut mapping: Mapping = mapping();
            change(&mut mapping);
            parsed(&body(), &mapping).unwrap_err()
        };
        type Spoil = fn(&mut Mapping);
        let cases: [(Spoil, &str); 5] = [
            (|one| one.key = String::new(), "mapping.key: expected the place of something"),
            (|one| one.key = "/nothing".to_owned(), "[0].key: expected 1 to 255 characters"),
            (|one| one.list = "incidents".to_owned(), "mapping.list: expected a place like /alerts"),
            (|one| one.list = "/site".to_owned(), "list: expected the place of an object or of a list"),
            (|one| one.labels = "/check".to_owned(), "[0].labels: expected the place of an object of texts"),
        ];
        for (change, expected) in cases {
            let said: String = with(change);
            assert!(said.starts_with(expected), "{said}");
        }
        assert_eq!(
            parsed(&json!(3), &Mapping { list: String::new(), ..mapping() }).unwrap_err(),
            "list: expected the place of an object or of a list of objects"
        );
    }
}
