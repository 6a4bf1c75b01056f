//! What whoever asks for a page hands over.

use crate::page::{Kind, PagedAlert};
use figures::Locale;
use model::actor::place_of_link;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};

/// A delivery says this much about at most so many alerts; it is withdrawn with all of them.
pub const MOST_WORDS: usize = 200;
/// Longer texts are cut: no provider takes more.
const MOST_CHARS: usize = 3_000;

/// One text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub ja: String,
    pub en: String,
}

impl Words {
    /// The same in both languages: a number, a name.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self { ja: text.to_owned(), en: text.to_owned() }
    }

    pub(crate) fn take(self, locale: Locale) -> String {
        match locale {
            Locale::Ja => self.ja,
            Locale::En => self.en,
        }
    }

    fn cut(self) -> Self {
        Self { ja: cut(self.ja), en: cut(self.en) }
    }
}

/// What there is to say about one alert. The language is chosen when it is known who reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertWords {
    pub id: AlertId,
    pub severity: Severity,
    pub name: Words,
    pub summary: Words,
    /// What happened, at length, where that is said beside the sentence.
    #[serde(default)]
    pub description: Option<Words>,
    /// The value with its unit.
    pub value: Option<Words>,
    pub condition: Words,
    pub labels: Labels,
    pub fired_at: Time,
    pub resolved_at: Option<Time>,
    /// Who has it.
    pub holder: Option<String>,
    pub runbook_url: Option<String>,
    pub dashboard_url: Option<String>,
    /// Where it stands in the tool that raised it, when that was not us.
    #[serde(default)]
    pub source_url: Option<String>,
}

impl AlertWords {
    /// In one language.
    #[must_use]
    pub(crate) fn told(self, locale: Locale) -> PagedAlert {
        PagedAlert {
            id: self.id,
            severity: self.severity,
            name: self.name.take(locale),
            summary: self.summary.take(locale),
            description: self.description.map(|text| text.take(locale)),
            value: self.value.map(|value| value.take(locale)),
            condition: self.condition.take(locale),
            labels: self.labels,
            fired_at: self.fired_at,
            resolved_at: self.resolved_at,
            holder: self.holder.map(|name| holder(name, locale)),
            runbook_url: self.runbook_url,
            dashboard_url: self.dashboard_url,
            source_url: self.source_url,
        }
    }

    /// Whether nobody is needed for it any more.
    fn is_settled(&self) -> bool {
        self.holder.is_some() || self.resolved_at.is_some()
    }

    fn cut(self) -> Self {
        let description: Option<Words> = self.description.map(Words::cut);
        Self { name: self.name.cut(), summary: self.summary.cut(), description, condition: self.condition.cut(), ..self }
    }
}

/// One page to one channel, or one word that it is over.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDelivery {
    /// Names this page to this channel for ever: group, episode, kind, step and channel. Asking for the same key twice does nothing.
    pub key: String,
    /// What belongs together in one conversation: the route, the labels it groups by, and the episode.
    pub group: String,
    pub kind: Kind,
    /// The name of the channel. One that does not exist, or is switched off, fails at once and the next is asked.
    pub channel: String,
    /// The channels to ask when this one fails or does not take the page within a minute, in order.
    pub next: Vec<String>,
    /// What the page tells of. Those that have no holder and are not over are what it is for.
    pub alerts: Vec<AlertWords>,
    /// Why, for the log: `first page`, `severity raised` …
    pub why: String,
    /// From when on.
    pub at: Time,
}

impl NewDelivery {
    /// The numbers of all its alerts.
    pub(crate) fn numbers(&self) -> Vec<i64> {
        self.numbers_of(|_| true)
    }

    /// Those that nobody has and that are not over: whom a page is for. All of them when there are none, so that it is about something.
    pub(crate) fn needing(&self) -> Vec<i64> {
        let needing: Vec<i64> = self.numbers_of(|alert| !alert.is_settled());
        if needing.is_empty() { self.numbers() } else { needing }
    }

    /// Those that somebody has or that are over: only these may a notice take back, whatever else it tells of.
    pub(crate) fn settled(&self) -> Vec<i64> {
        self.numbers_of(AlertWords::is_settled)
    }

    fn numbers_of(&self, wanted: impl Fn(&AlertWords) -> bool) -> Vec<i64> {
        let mut numbers: Vec<i64> = self.alerts.iter().filter(|alert| wanted(alert)).map(|alert| alert.id.0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// What is kept of the words: the worst alerts first, and no text that nobody could read.
    pub(crate) fn kept_words(&self) -> Vec<AlertWords> {
        let mut kept: Vec<AlertWords> = self.alerts.clone();
        kept.sort_by_key(|alert| (alert.resolved_at.is_some(), alert.severity, alert.id));
        kept.truncate(MOST_WORDS);
        kept.into_iter().map(AlertWords::cut).collect()
    }
}

/// Who has an alert, as a reader is told: a person by their name, who answered by a link by the place of that.
fn holder(name: String, locale: Locale) -> String {
    match (place_of_link(&name), locale) {
        (None, _) => name,
        (Some(place), Locale::Ja) => format!("{place} のリンク"),
        (Some(place), Locale::En) => format!("link in {place}"),
    }
}

/// At most [`MOST_CHARS`] characters of it.
fn cut(text: String) -> String {
    match text.char_indices().nth(MOST_CHARS) {
        None => text,
        Some((at, _)) => text[..at].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(id: i64, severity: Severity) -> AlertWords {
        AlertWords {
            id: AlertId(id),
            severity,
            name: Words { ja: "CPU使用率".to_owned(), en: "CPU usage".to_owned() },
            summary: Words::default(),
            description: None,
            value: None,
            condition: Words::default(),
            labels: Labels::default(),
            fired_at: Time(0),
            resolved_at: None,
            holder: None,
            runbook_url: None,
            dashboard_url: None,
            source_url: None,
        }
    }

    fn order(alerts: Vec<AlertWords>) -> NewDelivery {
        let (key, group, channel) = ("k".to_owned(), "g".to_owned(), "ops".to_owned());
        let (kind, next, why) = (Kind::Fired, Vec::new(), String::new());
        NewDelivery { key, group, kind, channel, next, alerts, why, at: Time(0) }
    }

    #[test]
    fn the_worst_alerts_keep_their_words_and_every_number_stays() {
        let mut alerts: Vec<AlertWords> = (0..300).map(|id| words(id, Severity::P3)).collect();
        alerts.push(words(900, Severity::P0));
        alerts.push(words(900, Severity::P0));
        let order: NewDelivery = order(alerts);
        assert_eq!(order.numbers().len(), 301);
        let kept: Vec<AlertWords> = order.kept_words();
        assert_eq!((kept.len(), kept[0].id), (MOST_WORDS, AlertId(900)));
    }

    #[test]
    fn a_page_is_for_the_alerts_that_nobody_has_and_that_are_not_over() {
        let held = AlertWords { holder: Some("佐藤 健".to_owned()), ..words(1, Severity::P1) };
        let over = AlertWords { resolved_at: Some(Time(1)), ..words(2, Severity::P1) };
        let mixed: NewDelivery = order(vec![words(3, Severity::P1), held.clone(), over]);
        assert_eq!((mixed.numbers(), mixed.needing(), mixed.settled()), (vec![1, 2, 3], vec![3], vec![1, 2]));
        assert_eq!(order(vec![held]).needing(), [1]);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let condition = Words { ja: "雨".repeat(4_000), en: String::new() };
        let long = AlertWords { condition, ..words(1, Severity::P1) };
        assert_eq!(order(vec![long]).kept_words()[0].condition.ja.chars().count(), MOST_CHARS);
    }

    #[test]
    fn who_answered_by_a_link_is_named_in_the_readers_language() {
        let held = |name: &str| AlertWords { holder: Some(name.to_owned()), ..words(1, Severity::P1) };
        assert_eq!(held("link/Slack #ops").told(Locale::Ja).holder.as_deref(), Some("Slack #ops のリンク"));
        assert_eq!(held("link/Slack #ops").told(Locale::En).holder.as_deref(), Some("link in Slack #ops"));
        assert_eq!(held("佐藤 健").told(Locale::En).holder.as_deref(), Some("佐藤 健"));
    }

    #[test]
    fn words_that_were_written_before_a_page_had_a_description_are_still_read() {
        let mut written = serde_json::to_value(words(1, Severity::P1)).unwrap();
        for name in ["description", "source_url"] {
            written.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(serde_json::from_value::<AlertWords>(written).unwrap(), words(1, Severity::P1));
    }

    #[test]
    fn a_reader_gets_their_language() {
        assert_eq!(words(1, Severity::P1).told(Locale::Ja).name, "CPU使用率");
        assert_eq!(words(1, Severity::P1).told(Locale::En).name, "CPU usage");
    }
}
