//! What outsiders may read: the same report without people, addresses, machines and secrets.
//!
//! This errs towards taking out too much. Whoever shares sees the result before anybody else does.

use figures::Locale;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Letters for people, in the order in which they are known; then numbers.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What is looked for, and what stands in its place in Japanese and English. The order counts.
const SECRETS: [(&str, &str, &str); 12] = [
    // Words of Japanese stand next to an address without a blank: boundaries are those of ASCII. A link of Markdown keeps its words.
    (r"\[([^\]\n]*)\]\([^)\n]*\)", "$1", "$1"),
    (r"(?i)(?-u:\b)[a-z][a-z0-9+.-]*://[^\s)>|、。」』）]+", "［リンク］", "[link]"),
    (r"(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", "［メール］", "[mail]"),
    (r"(?-u:\b)(?:\d{1,3}\.){3}\d{1,3}(?-u:\b)(?::\d+)?", "［IP］", "[IP]"),
    // Shortened addresses, also of this machine. A path of code (`std::fmt`, `a::b`) has no digit in its first part, and a time no two colons.
    (
        r"(?i)(?-u:\b)(?:[0-9a-f]{0,3}[0-9][0-9a-f]{0,3}|[0-9a-f]{1,4}:[0-9a-f]{1,4})(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}(?-u:\b))?",
        "［IP］",
        "[IP]",
    ),
    (r"(?i)(^|[^0-9a-z_:])::(?:ffff|[0-9a-f]{0,3}[0-9][0-9a-f]{0,3})(?::[0-9a-f]{1,4}){0,6}(?-u:\b)", "${1}［IP］", "${1}[IP]"),
    (r"(?i)(?-u:\b)(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?:::?[0-9a-f]{1,4})*", "［IP］", "[IP]"),
    (r"(?i)(?-u:\b)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:internal|local|lan|corp|intra|home|svc)(?-u:\b)", "［ホスト］", "[host]"),
    // Of a variable, of JSON, of a header, of a Japanese sentence, whose end stays. `トークン：一覧` goes too: that is the side to err on.
    (
        r#"(?i)[a-z0-9_.-]*(?:password|passwd|secret|token|api[_-]?key|authorization|パスワード|秘密鍵|トークン)[a-z0-9_-]*["'`]?\s*[:=：＝]\s*(?:(?:bearer|basic)\s+)?(?:"[^"\n]+|'[^'\n]+|`[^`\n]+|[^\s"'`、。」』）]+)"#,
        "［秘密］",
        "[secret]",
    ),
    // One that stands alone has a digit; the bearer of a message has none.
    (r"(?i)(?-u:\b)bearer\s+[a-z0-9._~+/=-]*[0-9][a-z0-9._~+/=-]*", "［秘密］", "[secret]"),
    (r"(?-u:\b)[A-Za-z0-9_-]{32,}(?-u:\b)", "［秘密］", "[secret]"),
    (r"(?-u:\b)0\d{1,4}-\d{1,4}-\d{3,4}(?-u:\b)|\+\d{1,3}[- ]?\d[\d -]{7,}\d", "［電話］", "[phone]"),
];

static PATTERNS: LazyLock<Vec<(Regex, &str, &str)>> = LazyLock::new(|| {
    let compiled = |(pattern, ja, en): (&str, &'static str, &'static str)| {
        (Regex::new(pattern).expect("patterns are constants that a test compiles"), ja, en)
    };
    SECRETS.into_iter().map(compiled).collect()
});

/// The text without what only insiders may know. `names` are those of people who may stand in it.
#[must_use]
pub fn redact(text: &str, names: &[String], locale: Locale) -> String {
    let mut written: String = without_names(text, names, locale);
    for (pattern, ja, en) in PATTERNS.iter() {
        let instead: &str = match locale {
            Locale::Ja => ja,
            Locale::En => en,
        };
        written = pattern.replace_all(&written, instead).into_owned();
    }
    written
}

/// Each person is the same letter wherever they stand. Longer names go first, so that none is cut in two.
fn without_names(text: &str, names: &[String], locale: Locale) -> String {
    let mut known: Vec<(&str, String)> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        for part in spellings(name) {
            known.push((part, someone(place, locale)));
        }
    }
    known.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
    let parts: Vec<String> = known.iter().map(|(name, _)| regex::escape(name)).collect();
    if parts.is_empty() {
        return text.to_owned();
    }
    // A pattern of escaped words fails only when it is too large: then nothing may go out.
    let Ok(pattern) = Regex::new(&parts.join("|")) else {
        return String::new();
    };
    let instead = |found: &Captures<'_>| {
        known.iter().find(|(name, _)| *name == &found[0]).map_or_else(String::new, |(_, someone)| someone.clone())
    };
    pattern.replace_all(text, instead).into_owned()
}

/// The whole name, and its parts where they are long enough to mean somebody.
fn spellings(name: &str) -> Vec<&str> {
    let name: &str = name.trim();
    let mut found: Vec<&str> = vec![name];
    found.extend(name.split([' ', '\u{3000}']).filter(|part| part.chars().count() >= 2));
    found.retain(|part| !part.is_empty());
    found.dedup();
    found
}

fn someone(place: usize, locale: Locale) -> String {
    let letter: String = LETTERS.chars().nth(place).map_or_else(|| (place + 1).to_string(), |letter| letter.to_string());
    match locale {
        Locale::Ja => format!("担当者{letter}"),
        Locale::En => format!("Person {letter}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_addresses_machines_and_secrets_are_taken_out() {
        let names: Vec<String> = vec!["佐藤 健".to_owned(), "Suzuki".to_owned()];
        for (text, expected) in [
            ("佐藤 健（指揮）、佐藤、Suzuki", "担当者A（指揮）、担当者A、担当者B"),
            ("[手順](https://wiki.example/x) を見る", "手順 を見る"),
            ("https://wiki.example/x?y=1、次", "［リンク］、次"),
            ("mail a.b+c@example.co.jp.", "mail ［メール］."),
            ("10.0.12.7:5432 と db-01.internal", "［IP］ と ［ホスト］"),
            ("API_KEY=abc123", "［秘密］"),
            ("0123456789abcdef0123456789abcdef", "［秘密］"),
            ("電話03-1234-5678、参照https://a.example/b", "電話［電話］、参照［リンク］"),
            ("2025-10-20 14:30 JST に 5,000人", "2025-10-20 14:30 JST に 5,000人"),
        ] {
            assert_eq!(redact(text, &names, Locale::Ja), expected, "{text}");
        }
        assert_eq!(redact("Suzuki: a@b.example", &names, Locale::En), "Person B: [mail]");
    }

    #[test]
    fn a_secret_is_one_however_it_is_written() {
        for (text, expected) in [
            ("DB_PASSWORD=hunter2 で起動", "［秘密］ で起動"),
            ("{\"api_key\": \"abc 123\", \"n\": 1}", "{\"［秘密］\", \"n\": 1}"),
            ("`TOKEN='a b'` を使う", "`［秘密］'` を使う"),
            ("Authorization: Bearer eyJ.abc.def\n次", "［秘密］\n次"),
            ("`Bearer a1.b2` を渡す", "`［秘密］` を渡す"),
            ("the bearer of it", "the bearer of it"),
            ("パスワード：hunter2、次に進む。", "［秘密］、次に進む。"),
            ("秘密鍵＝abc", "［秘密］"),
            ("「トークン：一覧」を見る", "「［秘密］」を見る"),
            ("秘密鍵とトークンを替えた", "秘密鍵とトークンを替えた"),
        ] {
            assert_eq!(redact(text, &[], Locale::Ja), expected, "{text}");
        }
    }

    #[test]
    fn times_stay_readable_and_addresses_of_six_parts_do_not() {
        assert_eq!(redact("14:30:05", &[], Locale::Ja), "14:30:05");
        assert_eq!(redact("2001:db8:0:1::7", &[], Locale::Ja), "［IP］");
        assert_eq!(redact("fe80::1、::1、2001:db8::/32 から", &[], Locale::Ja), "［IP］、［IP］、［IP］/32 から");
        for readable in ["std::fmt と a::b::c と core::cell", "::std::fmt", "10:15:30、14:30"] {
            assert_eq!(redact(readable, &[], Locale::Ja), readable);
        }
    }
}
