//! Policies as a file: what [`super::file::read`] reads back as the same.

use super::{AckMode, OnEmpty, Passes, Policy, Step, Target, When};

/// Words that YAML, in one of its versions, takes for something else than a text.
const RESERVED: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// The file of these policies, in their order.
#[must_use]
pub fn print(policies: &[Policy]) -> String {
    if policies.is_empty() {
        return "policies: []\n".to_owned();
    }
    let mut lines: Vec<String> = vec!["policies:".to_owned()];
    for policy in policies {
        lines.extend(indented(item(self::policy(policy))));
    }
    lines.join("\n") + "\n"
}

fn policy(policy: &Policy) -> Vec<String> {
    let mut lines: Vec<String> = vec![pair("name", &policy.name)];
    lines.extend(policy.owner.as_deref().map(|owner| pair("owner", owner)));
    match policy.passes {
        Passes::Times(1) => {}
        Passes::Times(n) => lines.push(format!("passes: {n}")),
        Passes::Forever => lines.push("passes: forever".to_owned()),
    }
    if policy.steps.is_empty() {
        lines.push("steps: []".to_owned());
        return lines;
    }
    lines.push("steps:".to_owned());
    for step in &policy.steps {
        lines.extend(indented(item(self::step(step))));
    }
    lines
}

fn step(step: &Step) -> Vec<String> {
    let mut lines: Vec<String> = vec![format!("wait: {}", String::from(step.wait))];
    if step.when != When::Always {
        lines.push(format!("when: {}", step.when.as_str()));
    }
    lines.extend(step.zone.map(|zone| format!("zone: {}", String::from(zone))));
    if step.ack == AckMode::All {
        lines.push("ack: all".to_owned());
    }
    if step.on_empty == OnEmpty::Fallback {
        lines.push("on_empty: fallback".to_owned());
    }
    if step.notify.is_empty() {
        lines.push("notify: []".to_owned());
        return lines;
    }
    lines.push("notify:".to_owned());
    for target in &step.notify {
        lines.extend(indented(item(self::target(target))));
    }
    lines
}

fn target(target: &Target) -> Vec<String> {
    match target {
        Target::Person(email) => vec![pair("person", email)],
        Target::Schedule { schedule, role } => vec![pair("schedule", schedule), pair("role", role)],
        Target::Team(team) => vec![pair("team", team)],
        Target::Everyone => vec!["everyone: true".to_owned()],
        Target::Channel(channel) => vec![pair("channel", channel)],
    }
}

pub(crate) fn pair(key: &str, value: &str) -> String {
    format!("{key}: {}", scalar(value))
}

pub(crate) fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("  {line}"))
}

/// One thing of a list: a dash before its first line.
pub(crate) fn item(lines: Vec<String>) -> Vec<String> {
    let mark = |(index, line): (usize, String)| if index == 0 { format!("- {line}") } else { format!("  {line}") };
    lines.into_iter().enumerate().map(mark).collect()
}

/// A text that YAML reads as this text: as it stands, or escaped as JSON does, which YAML reads too.
pub(crate) fn scalar(text: &str) -> String {
    let begins: bool = text.starts_with(char::is_alphabetic);
    let is_word: bool =
        text.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '/' | '.' | '@'));
    if begins && is_word && !RESERVED.contains(&text.to_lowercase().as_str()) {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::file::{self, PolicyFile};
    use crate::policies::{SHORTEST_WAIT_MS, Wait, Zone};
    use proptest::prelude::*;

    fn reread(policies: &[Policy]) -> Vec<Policy> {
        let text: String = print(policies);
        file::read(&[PolicyFile { name: "p.yaml".to_owned(), text: text.clone() }])
            .unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn a_policy_is_printed_as_a_person_would_write_it() {
        let policy = Policy {
            name: "payments".to_owned(),
            owner: Some("on".to_owned()),
            passes: Passes::Forever,
            steps: vec![Step {
                wait: Wait { ms: 300_000 },
                notify: vec![
                    Target::Schedule { schedule: "決済".to_owned(), role: "primary".to_owned() },
                    Target::Person("hana@example.jp".to_owned()),
                    Target::Everyone,
                ],
                ack: AckMode::All,
                when: When::Night,
                zone: Some(Zone(chrono_tz::Tz::Asia__Tokyo)),
                on_empty: OnEmpty::Fallback,
            }],
        };
        let expected = "\
policies:
  - name: payments
    owner: \"on\"
    passes: forever
    steps:
      - wait: 5m
        when: night
        zone: Asia/Tokyo
        ack: all
        on_empty: fallback
        notify:
          - schedule: 決済
            role: primary
          - person: hana@example.jp
          - everyone: true
";
        assert_eq!(print(std::slice::from_ref(&policy)), expected);
        assert_eq!(reread(std::slice::from_ref(&policy)), [policy]);
        assert_eq!(print(&[]), "policies: []\n");
    }

    fn word() -> impl Strategy<Value = String> {
        "[ -~ぁ-ん]{1,20}".prop_map(|text| format!("x{}", text.trim()))
    }

    fn targets() -> impl Strategy<Value = Vec<Target>> {
        let one = (0_usize..5, word(), word()).prop_map(|(which, a, b)| match which {
            0 => Target::Person(format!("{a}@example.jp")),
            1 => Target::Schedule { schedule: a, role: b },
            2 => Target::Team(a),
            3 => Target::Channel(a),
            _ => Target::Everyone,
        });
        prop::collection::vec(one, 1..4)
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let one = (targets(), 0_i64..86_000, any::<[bool; 3]>()).prop_map(|(notify, s, flags)| Step {
            wait: Wait { ms: SHORTEST_WAIT_MS + s * 1_000 },
            notify,
            ack: if flags[0] { AckMode::All } else { AckMode::Any },
            when: if flags[1] { When::Holiday } else { When::Always },
            zone: flags[1].then_some(Zone(chrono_tz::Tz::Europe__Berlin)),
            on_empty: if flags[2] { OnEmpty::Fallback } else { OnEmpty::Next },
        });
        prop::collection::vec(one, 1..4)
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(name in "[a-z][a-z0-9-]{0,20}x", owner in prop::option::of(word()), n in 0_u32..4, steps in steps()) {
            let passes = if n == 0 { Passes::Forever } else { Passes::Times(n) };
            let policy = Policy { name, owner, passes, steps };
            prop_assert_eq!(reread(std::slice::from_ref(&policy)), vec![policy]);
        }
    }
}
