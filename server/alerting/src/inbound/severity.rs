//! From the words of other tools to P0 … P3.

use model::Severity;
use std::collections::BTreeMap;

/// What words usually mean: those of Prometheus' community, Grafana, Datadog, PagerDuty, Zabbix and syslog, and of both requirement
/// documents. PagerDuty's and Datadog's P4 and P5 are no worse than our P3.
const USUAL: [(Severity, &[&str]); 4] = [
    (Severity::P0, &["p0", "emergency", "disaster", "fatal", "緊急"]),
    (Severity::P1, &["p1", "critical", "crit", "page", "high", "alert", "高"]),
    (Severity::P2, &["p2", "error", "err", "major", "average", "medium", "重要", "中"]),
    (
        Severity::P3,
        &["p3", "p4", "p5", "warning", "warn", "minor", "low", "notice", "info", "information", "none", "ok", "情報", "低"],
    ),
];

/// What `word` means: as the integration says, else as usual, else the integration's own.
pub(super) fn read(word: &str, own: &BTreeMap<String, Severity>, default: Severity) -> Severity {
    let word: String = word.trim().to_lowercase();
    if let Some(severity) = own.get(&word) {
        return *severity;
    }
    let usual = USUAL.iter().find(|(_, words)| words.contains(&word.as_str()));
    usual.map_or(default, |(severity, _)| *severity)
}

#[cfg(test)]
mod tests {
    use super::{USUAL, read};
    use model::Severity;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn words_are_read_as_the_integration_says_and_else_as_usual() {
        let own = BTreeMap::from([("page".to_owned(), Severity::P0), ("ノイズ".to_owned(), Severity::P3)]);
        for (word, expected) in [
            ("page", Severity::P0),
            ("Page ", Severity::P0),
            ("ノイズ", Severity::P3),
            ("CRITICAL", Severity::P1),
            ("error", Severity::P2),
            ("P4", Severity::P3),
            ("緊急", Severity::P0),
            ("sev7", Severity::P2),
            ("", Severity::P2),
        ] {
            assert_eq!(read(word, &own, Severity::P2), expected, "{word}");
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let words: Vec<&str> = USUAL.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len());
        assert!(words.iter().all(|word| *word == word.to_lowercase()));
    }
}
