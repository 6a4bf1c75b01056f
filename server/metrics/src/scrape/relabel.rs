//! Relabelling: rules that keep, drop and rewrite labels, of targets before they are scraped and of samples before they are written.
//!
//! Source: Prometheus, `model/relabel/relabel.go`; the same table of actions, defaults and demands.

use md5::{Digest, Md5};
use model::labels::Labels;
use regex::Captures;
use serde::Deserialize;

use super::scalars::Pattern;

/// What a rule does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Sets the target label by the pattern's captures.
    #[default]
    Replace,
    /// Drops what does not match.
    Keep,
    /// Drops what matches.
    Drop,
    /// Sets the target label to a number below `modulus`.
    HashMod,
    /// Copies labels to other names.
    LabelMap,
    /// Takes labels out whose name matches.
    LabelDrop,
    /// Takes labels out whose name does not match.
    LabelKeep,
    /// Sets the target label to the small letters of the source.
    Lowercase,
    /// Sets the target label to the capital letters of the source.
    Uppercase,
    /// Drops unless source and target are equal.
    KeepEqual,
    /// Drops when source and target are equal.
    DropEqual,
}

/// A rule as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleYaml {
    #[serde(default)]
    source_labels: Vec<String>,
    separator: Option<String>,
    target_label: Option<String>,
    regex: Option<Pattern>,
    modulus: Option<u64>,
    replacement: Option<String>,
    #[serde(default)]
    action: Action,
}

/// One rule, with everything it needs.
#[derive(Clone, Debug)]
pub struct Rule {
    action: Action,
    source_labels: Vec<String>,
    separator: String,
    target_label: String,
    regex: Pattern,
    modulus: u64,
    replacement: String,
}

impl Rule {
    /// Fills in what is not written.
    ///
    /// # Errors
    /// What is missing or has no meaning for the action.
    pub(super) fn new(yaml: RuleYaml) -> Result<Self, &'static str> {
        check(&yaml)?;
        Ok(Self {
            action: yaml.action,
            source_labels: yaml.source_labels,
            separator: yaml.separator.unwrap_or_else(|| ";".to_owned()),
            target_label: yaml.target_label.unwrap_or_default(),
            regex: yaml.regex.unwrap_or_else(Pattern::anything),
            modulus: yaml.modulus.unwrap_or(0),
            replacement: yaml.replacement.unwrap_or_else(|| "$1".to_owned()),
        })
    }

    /// Applies the rule; false drops the whole set.
    fn apply(&self, labels: &mut Labels) -> bool {
        match self.action {
            Action::LabelMap => self.map_names(labels),
            Action::LabelDrop => self.retain_names(labels, false),
            Action::LabelKeep => self.retain_names(labels, true),
            _ => {
                let source: Vec<&str> = self.source_labels.iter().map(|name| labels.get(name)).collect();
                let source: String = source.join(&self.separator);
                return self.apply_to(&source, labels);
            }
        }
        true
    }

    fn apply_to(&self, source: &str, labels: &mut Labels) -> bool {
        let target = || self.target_label.clone();
        match self.action {
            Action::Keep => return self.regex.0.is_match(source),
            Action::Drop => return !self.regex.0.is_match(source),
            Action::KeepEqual => return labels.get(&self.target_label) == source,
            Action::DropEqual => return labels.get(&self.target_label) != source,
            Action::Lowercase => labels.set(target(), source.to_lowercase()),
            Action::Uppercase => labels.set(target(), source.to_uppercase()),
            Action::HashMod => labels.set(target(), hash_mod(source, self.modulus).to_string()),
            Action::Replace => self.replace(source, labels),
            Action::LabelMap | Action::LabelDrop | Action::LabelKeep => {}
        }
        true
    }

    /// Where the pattern does not match, nothing changes; an empty result takes the label out.
    fn replace(&self, source: &str, labels: &mut Labels) {
        let Some(captures) = self.regex.0.captures(source) else { return };
        let target: String = expand(&captures, &self.target_label);
        if !target.is_empty() {
            labels.set(target, expand(&captures, &self.replacement));
        }
    }

    fn map_names(&self, labels: &mut Labels) {
        let before: Labels = labels.clone();
        for (name, value) in before.iter() {
            let Some(captures) = self.regex.0.captures(name) else { continue };
            let target: String = expand(&captures, &self.replacement);
            if !target.is_empty() {
                labels.set(target, value.to_owned());
            }
        }
    }

    fn retain_names(&self, labels: &mut Labels, matching: bool) {
        let kept: Labels = Labels::new(labels.iter().filter(|(name, _)| self.regex.0.is_match(name) == matching));
        *labels = kept;
    }
}

/// Applies the rules in order; false as soon as one drops the set.
pub fn relabel(labels: &mut Labels, rules: &[Rule]) -> bool {
    rules.iter().all(|rule| rule.apply(labels))
}

fn expand(captures: &Captures<'_>, template: &str) -> String {
    let mut text: String = String::new();
    captures.expand(template, &mut text);
    text
}

/// The same number as Prometheus: the last eight bytes of the MD5, most significant first.
fn hash_mod(source: &str, modulus: u64) -> u64 {
    let digest = Md5::digest(source.as_bytes());
    let mut last: [u8; 8] = [0; 8];
    last.copy_from_slice(&digest[8..16]);
    u64::from_be_bytes(last).checked_rem(modulus).unwrap_or(0)
}

/// What each action demands.
fn check(yaml: &RuleYaml) -> Result<(), &'static str> {
    let target: &str = yaml.target_label.as_deref().unwrap_or("");
    let is_only_names: bool =
        yaml.regex.is_none() && yaml.separator.is_none() && yaml.modulus.is_none() && yaml.replacement.is_none();
    let is_only_regex: bool = yaml.source_labels.is_empty()
        && yaml.target_label.is_none()
        && yaml.separator.is_none()
        && yaml.modulus.is_none()
        && yaml.replacement.is_none();
    match yaml.action {
        Action::Replace | Action::HashMod | Action::Lowercase | Action::Uppercase | Action::KeepEqual | Action::DropEqual
            if target.is_empty() =>
        {
            Err("target_label is missing")
        }
        Action::HashMod if yaml.modulus.unwrap_or(0) == 0 => Err("modulus is missing or 0"),
        Action::HashMod | Action::Lowercase | Action::Uppercase | Action::KeepEqual | Action::DropEqual
            if target.contains('$') =>
        {
            Err("target_label can't use captures with this action")
        }
        Action::KeepEqual | Action::DropEqual if !is_only_names => {
            Err("only source_labels and target_label have a meaning with this action")
        }
        Action::LabelDrop | Action::LabelKeep if !is_only_regex => Err("only regex has a meaning with this action"),
        Action::LabelMap if yaml.replacement.as_deref() == Some("") => Err("replacement must give a name"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(yaml: &str) -> Vec<Rule> {
        let written: Vec<RuleYaml> = serde_yaml_ng::from_str(yaml).unwrap();
        written.into_iter().map(|rule| Rule::new(rule).unwrap()).collect()
    }

    /// The labels `a=foo b=bar c=baz` after the rules; nothing when they are dropped.
    fn after(yaml: &str) -> Option<String> {
        let mut labels = Labels::new([("a", "foo"), ("b", "bar"), ("c", "baz")]);
        let is_kept: bool = relabel(&mut labels, &rules(yaml));
        let words: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        is_kept.then(|| words.join(" "))
    }

    #[test]
    fn every_action_does_what_prometheus_does() {
        let table = [
            (
                "[{source_labels: [a], regex: f(.*), target_label: d, replacement: 'ch${1}-ch${1}'}]",
                "a=foo b=bar c=baz d=choo-choo",
            ),
            (
                "[{source_labels: [a, b], regex: 'f(.*);(.*)r', target_label: a, replacement: 'b${1}${2}m'}]",
                "a=boobam b=bar c=baz",
            ),
            ("[{source_labels: [a, b], separator: '', target_label: d}]", "a=foo b=bar c=baz d=foobar"),
            ("[{source_labels: [a], regex: o, target_label: d}]", "a=foo b=bar c=baz"),
            ("[{source_labels: [a], regex: f|o, target_label: d}]", "a=foo b=bar c=baz"),
            ("[{source_labels: [a], regex: '(f).*', target_label: a, replacement: $2}]", "b=bar c=baz"),
            ("[{source_labels: [a], regex: '(?P<x>f).*', target_label: a, replacement: '${x}$$'}]", "a=f$ b=bar c=baz"),
            ("[{target_label: d, replacement: fixed}]", "a=foo b=bar c=baz d=fixed"),
            ("[{source_labels: [a], regex: '(.*)', target_label: '${1}_x', replacement: y}]", "a=foo b=bar c=baz foo_x=y"),
            ("[{source_labels: [absent], regex: '(.+)', target_label: a}]", "a=foo b=bar c=baz"),
            ("[{source_labels: [absent], target_label: a}]", "b=bar c=baz"),
            ("[{source_labels: [a], regex: foo, action: keep}]", "a=foo b=bar c=baz"),
            ("[{source_labels: [a], regex: fo, action: drop}]", "a=foo b=bar c=baz"),
            ("[{source_labels: [c], modulus: 1000, target_label: d, action: hashmod}]", "a=foo b=bar c=baz d=976"),
            ("[{source_labels: [a], modulus: 1, target_label: d, action: hashmod}]", "a=foo b=bar c=baz d=0"),
            ("[{regex: '(b|c)', replacement: 'x_$1', action: labelmap}]", "a=foo b=bar c=baz x_b=bar x_c=baz"),
            ("[{regex: '[bc]', action: labeldrop}]", "a=foo"),
            ("[{regex: '[bc]', action: labelkeep}]", "b=bar c=baz"),
            ("[{source_labels: [a], target_label: d, action: uppercase}]", "a=foo b=bar c=baz d=FOO"),
            (
                "[{source_labels: [a], target_label: d, action: uppercase}, {source_labels: [d], target_label: d, action: lowercase}]",
                "a=foo b=bar c=baz d=foo",
            ),
            ("[{source_labels: [a], target_label: b, action: dropequal}]", "a=foo b=bar c=baz"),
            ("[{source_labels: [a], target_label: a, action: keepequal}]", "a=foo b=bar c=baz"),
            ("[]", "a=foo b=bar c=baz"),
        ];
        for (yaml, expected) in table {
            assert_eq!(after(yaml).as_deref(), Some(expected), "{yaml}");
        }
        let dropping = [
            "[{source_labels: [a], regex: fo, action: keep}]",
            "[{source_labels: [a], regex: f.*, action: drop}, {target_label: a, replacement: b}]",
            "[{source_labels: [a], target_label: a, action: dropequal}]",
            "[{source_labels: [a], target_label: b, action: keepequal}]",
            "[{source_labels: [absent], regex: '', action: drop}]",
        ];
        for yaml in dropping {
            assert_eq!(after(yaml), None, "{yaml}");
        }
    }

    #[test]
    fn a_rule_without_meaning_is_refused() {
        let table = [
            ("{}", "target_label is missing"),
            ("{action: hashmod, target_label: a}", "modulus is missing or 0"),
            ("{action: lowercase, target_label: '${1}'}", "target_label can't use captures with this action"),
            (
                "{action: keepequal, target_label: a, regex: b}",
                "only source_labels and target_label have a meaning with this action",
            ),
            ("{action: labeldrop, regex: a, target_label: b}", "only regex has a meaning with this action"),
        ];
        for (yaml, expected) in table {
            assert_eq!(Rule::new(serde_yaml_ng::from_str(yaml).unwrap()).unwrap_err(), expected, "{yaml}");
        }
    }

    #[test]
    fn hashes_are_those_of_prometheus() {
        // md5("") ends in e9800998ecf8427e, md5("a") in 31c399e269772661.
        assert_eq!(hash_mod("", u64::MAX), 0xe980_0998_ecf8_427e);
        assert_eq!(hash_mod("a", 1 << 16), 0x2661);
        assert_eq!(hash_mod("a", 0), 0);
    }
}
