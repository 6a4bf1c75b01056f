//! What a rule or a sender says of an alert beside its sentence: where the instructions stand, where the graphs are, and anything else.
//!
//! Tools agree on little here. What they mostly write is known by name, in the order of the lists below; everything else is kept and shown as it
//! came. Texts come from whoever can send an alert: nothing of them is followed but addresses of the web. Pure.

use crate::rules::Text;
use std::collections::BTreeMap;

/// What happened, at length (Prometheus, Grafana, Datadog, and what people write into PagerDuty's details).
pub(crate) const DESCRIPTION: [&str; 3] = ["description", "message", "details"];
/// Where the instructions stand.
pub(crate) const RUNBOOK: [&str; 4] = ["runbook_url", "runbookURL", "runbook", "playbook_url"];
/// Where the graphs are.
pub(crate) const DASHBOARD: [&str; 5] = ["dashboard_url", "dashboardURL", "panelURL", "dashboard", "grafana_url"];
/// No address is longer: more than browsers like, and Slack's limit for a button.
pub(crate) const MAX_URL: usize = 2_000;

/// Name to text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations(pub BTreeMap<String, Text>);

impl Annotations {
    /// What happened, at length, where that is not the sentence itself.
    #[must_use]
    pub fn description(&self, sentence: &Text) -> Option<&Text> {
        self.first(&DESCRIPTION, |text| !is_blank(text) && *text != *sentence)
    }

    /// Where the instructions stand, if that is an address.
    #[must_use]
    pub fn runbook_url(&self) -> Option<String> {
        self.address(&RUNBOOK)
    }

    /// Where the graphs are, if that is an address.
    #[must_use]
    pub fn dashboard_url(&self) -> Option<String> {
        self.address(&DASHBOARD)
    }

    /// Everything that is said nowhere else: neither the sentence nor what the three above give.
    #[must_use]
    pub fn others(&self, sentence: &Text) -> Vec<(&str, &Text)> {
        let said: [Option<String>; 2] = [self.runbook_url(), self.dashboard_url()];
        let description: Option<&Text> = self.description(sentence);
        let is_new = |text: &Text| {
            let is_linked: bool = said.iter().flatten().any(|url| *url == text.en.trim());
            !is_blank(text) && !is_linked && *text != *sentence && Some(text) != description
        };
        self.0.iter().filter(|(_, text)| is_new(text)).map(|(name, text)| (name.as_str(), text)).collect()
    }

    fn address(&self, names: &[&str]) -> Option<String> {
        self.first(names, |text| web_url(&text.en).is_some()).and_then(|text| web_url(&text.en))
    }

    fn first(&self, names: &[&str], is_wanted: impl Fn(&Text) -> bool) -> Option<&Text> {
        names.iter().filter_map(|name| self.0.get(*name)).find(|text| is_wanted(text))
    }
}

fn is_blank(text: &Text) -> bool {
    text.ja.trim().is_empty() && text.en.trim().is_empty()
}

/// An address that a browser may be sent to: http or https, without blanks, not too long. Nothing for any other.
#[must_use]
pub fn web_url(text: &str) -> Option<String> {
    let text: &str = text.trim();
    let begins: String = text.chars().take(8).collect::<String>().to_ascii_lowercase();
    let is_web: bool = begins.starts_with("http://") || begins.starts_with("https://");
    let is_plain: bool = !text.chars().any(|character| character.is_control() || character.is_whitespace());
    (is_web && is_plain && text.len() <= MAX_URL).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Annotations, MAX_URL, web_url};
    use crate::rules::Text;

    fn both(text: &str) -> Text {
        Text { ja: text.to_owned(), en: text.to_owned() }
    }

    fn of(pairs: &[(&str, &str)]) -> Annotations {
        Annotations(pairs.iter().map(|(name, text)| ((*name).to_owned(), both(text))).collect())
    }

    #[test]
    fn only_the_web_is_linked_to() {
        let long: String = format!("https://x/{}", "a".repeat(MAX_URL));
        for (text, expected) in [
            (" https://wiki.example/run ", Some("https://wiki.example/run")),
            ("HTTP://wiki.example", Some("HTTP://wiki.example")),
            ("javascript:alert(1)", None),
            ("//wiki.example", None),
            ("https://wiki.example/a b", None),
            ("see the wiki", None),
            ("", None),
            (long.as_str(), None),
        ] {
            assert_eq!(web_url(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_tools_write_is_found_by_name_and_the_first_that_serves_wins() {
        let prometheus =
            of(&[("description", "p95 is 612 ms"), ("runbook_url", "https://wiki/a"), ("runbook", "https://wiki/b")]);
        assert_eq!(prometheus.description(&both("slow")), Some(&both("p95 is 612 ms")));
        assert_eq!(prometheus.runbook_url().as_deref(), Some("https://wiki/a"));
        let grafana = of(&[("dashboardURL", "https://grafana/d/1"), ("panelURL", "https://grafana/d/1?viewPanel=2")]);
        assert_eq!((grafana.dashboard_url().as_deref(), grafana.runbook_url()), (Some("https://grafana/d/1"), None));
        let by_word = of(&[("runbook_url", "ask 佐藤"), ("runbook", "https://wiki/b")]);
        assert_eq!(by_word.runbook_url().as_deref(), Some("https://wiki/b"), "what is no address is no link");
    }

    #[test]
    fn nothing_is_said_twice_and_nothing_is_lost() {
        let all = of(&[
            ("summary", "slow"),
            ("description", "p95 is 612 ms"),
            ("runbook_url", "https://wiki/a"),
            ("team_note", "ask 佐藤"),
            ("empty", " "),
            ("runbook", "ask 鈴木"),
        ]);
        let names: Vec<&str> = all.others(&both("slow")).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["runbook", "team_note"]);
        assert_eq!(of(&[("description", "slow")]).description(&both("slow")), None);
    }
}
