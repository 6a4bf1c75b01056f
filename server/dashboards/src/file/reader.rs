//! Reads the parts of a file, and says what is wrong with them and where. Knows no dashboard.

use super::{DashboardFile, FileProblem};
use dashboard::{Link, Said};
use yaml::{At, Node, Place, beginning, described};

const TEXT_KEYS: &[&str] = &["ja", "en"];
const LINK_KEYS: &[&str] = &["title", "href", "keeps_span"];
/// Letters that may be wrong in a word that was meant to be another.
const MOST_WRONG: usize = 2;
/// Letters of a word that is compared with others at all.
const LONGEST_WORD: usize = 40;
/// Problems of a file that are told. A file of nothing but mistakes is no file of dashboards.
const MOST_PROBLEMS: usize = 200;

pub(super) struct Reader<'f> {
    pub(super) file: &'f DashboardFile,
    pub(super) problems: Vec<FileProblem>,
}

impl Reader<'_> {
    /// One text for both languages, or a mapping with one or both of them.
    pub(super) fn said(&mut self, at: &At<'_>, key: &str) -> Said {
        let Some(said) = at.child(key) else {
            return Said::default();
        };
        match said.node {
            Node::Text(both) => Said::same(both),
            Node::Mapping(_) => {
                self.mapping(&said, TEXT_KEYS);
                Said { ja: self.language(&said, "ja"), en: self.language(&said, "en") }
            }
            Node::Nothing | Node::Flag(_) | Node::Number(_) | Node::List(_) => {
                self.wrong(&said, "a text, or a mapping of ja and en");
                Said::default()
            }
        }
    }

    fn language(&mut self, at: &At<'_>, key: &str) -> String {
        self.text(at, key).unwrap_or_default()
    }

    /// A text that may be left out.
    pub(super) fn text(&mut self, at: &At<'_>, key: &str) -> Option<String> {
        let text: At<'_> = at.child(key)?;
        match text.node {
            Node::Text(text) => Some(text.clone()),
            _ => {
                self.wrong(&text, "a text");
                None
            }
        }
    }

    /// A text that says something.
    pub(super) fn plain(&mut self, at: &At<'_>, expected: &str) -> Option<String> {
        match at.node {
            Node::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                self.wrong(at, expected);
                None
            }
        }
    }

    /// A scalar, whatever YAML took it for; or several of them in a list.
    pub(super) fn scalars(&mut self, at: &At<'_>, key: &str, expected: &str) -> Vec<String> {
        let Some(found) = at.child(key) else {
            return Vec::new();
        };
        if let Some(one) = scalar(found.node) {
            return vec![one];
        }
        let mut scalars: Vec<String> = Vec::new();
        for one in self.list(&found, expected) {
            match scalar(one.node) {
                Some(text) => scalars.push(text),
                None => self.wrong(&one, "a text"),
            }
        }
        scalars
    }

    pub(super) fn flag(&mut self, at: &At<'_>, key: &str) -> bool {
        match at.child(key) {
            None => false,
            Some(At { node: Node::Flag(flag), .. }) => *flag,
            Some(other) => {
                self.wrong(&other, "true or false");
                false
            }
        }
    }

    pub(super) fn number(&mut self, at: &At<'_>, key: &str) -> Option<f64> {
        let found: At<'_> = at.child(key)?;
        let number: Option<f64> = number(found.node);
        if number.is_none() {
            self.wrong(&found, "a number");
        }
        number
    }

    /// A number from 0 to 255.
    pub(super) fn small(&mut self, at: &At<'_>, key: &str) -> Option<u8> {
        let found: At<'_> = at.child(key)?;
        let small: Option<u8> = scalar(found.node).and_then(|text| text.trim().parse::<u8>().ok());
        if small.is_none() {
            self.wrong(&found, "a small whole number");
        }
        small
    }

    /// Prometheus' durations, in milliseconds.
    pub(super) fn duration(&mut self, at: &At<'_>, key: &str) -> Option<i64> {
        self.duration_as(at, key, "a duration such as 30s, 6h or 7d")
    }

    pub(super) fn duration_as(&mut self, at: &At<'_>, key: &str, expected: &str) -> Option<i64> {
        let found: At<'_> = at.child(key)?;
        let text: String = scalar(found.node).unwrap_or_default();
        let parsed: Option<u64> = promql::numbers::parse_duration_ms(text.trim()).ok().filter(|_| !text.trim().is_empty());
        let duration: Option<i64> = parsed.and_then(|ms| i64::try_from(ms).ok());
        if duration.is_none() {
            self.wrong(&found, expected);
        }
        duration
    }

    /// One of some words; what is not there is the first of them.
    pub(super) fn word(&mut self, at: &At<'_>, key: &str, words: &[&'static str]) -> &'static str {
        let first: &'static str = words.first().copied().unwrap_or_default();
        let Some(found) = at.child(key) else {
            return first;
        };
        let text: String = scalar(found.node).unwrap_or_default();
        if let Some(word) = words.iter().copied().find(|word| *word == text) {
            return word;
        }
        let meant: String = meant(&text, words);
        self.wrong(&found, &format!("one of {}{meant}", words.join(", ")));
        first
    }

    pub(super) fn links(&mut self, at: &At<'_>) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for link in self.children(at, "links", "a list of links") {
            if self.mapping(&link, LINK_KEYS) {
                let href: String =
                    self.required(&link, "href").and_then(|href| self.plain(&href, "an address")).unwrap_or_default();
                links.push(Link { title: self.said(&link, "title"), href, keeps_span: self.flag(&link, "keeps_span") });
            }
        }
        links
    }

    /// What stands in a list that may be left out.
    pub(super) fn children<'n>(&mut self, at: &At<'n>, key: &str, expected: &str) -> Vec<At<'n>> {
        match at.child(key) {
            Some(list) => self.list(&list, expected),
            None => Vec::new(),
        }
    }

    pub(super) fn list<'n>(&mut self, at: &At<'n>, expected: &str) -> Vec<At<'n>> {
        at.items().unwrap_or_else(|| {
            self.wrong(at, expected);
            Vec::new()
        })
    }

    /// Whether `at` is a mapping; keys that are not known are told, but don't keep the others from being read.
    pub(super) fn mapping(&mut self, at: &At<'_>, known: &[&str]) -> bool {
        if !matches!(at.node, Node::Mapping(_)) {
            self.wrong(at, &format!("a mapping with the keys {}", known.join(", ")));
            return false;
        }
        for (key, unknown) in at.strangers(known) {
            let (shown, meant): (String, String) = (beginning(key), meant(key, known));
            self.say_at_key(&unknown, format!("expected one of the keys {}{meant}, found \"{shown}\"", known.join(", ")));
        }
        true
    }

    pub(super) fn required<'n>(&mut self, at: &At<'n>, key: &str) -> Option<At<'n>> {
        let child: Option<At<'n>> = at.child(key);
        if child.is_none() {
            self.say(at, format!("expected the key \"{key}\", found none"));
        }
        child
    }

    /// Keys that mean nothing here, because something else is as it is: `expected no reduce with kind: line`.
    pub(super) fn refuse(&mut self, at: &At<'_>, keys: &[&str], because: &str) {
        for key in keys {
            if let Some(found) = at.child(key) {
                self.say_at_key(&found, format!("expected no {key} with {because}"));
            }
        }
    }

    pub(super) fn wrong(&mut self, at: &At<'_>, expected: &str) {
        let found: String = described(at.node);
        self.say(at, format!("expected {expected}, found {found}"));
    }

    pub(super) fn say(&mut self, at: &At<'_>, message: String) {
        if !self.is_full() {
            let place: Place = self.place(at);
            self.problem(place, message);
        }
    }

    pub(super) fn say_at_key(&mut self, at: &At<'_>, message: String) {
        if !self.is_full() {
            let place: Place = yaml::locate(&self.file.text, &at.path, true);
            self.problem(place, message);
        }
    }

    /// Finding a place reads the file again: a file of nothing but mistakes must not be read a million times.
    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= MOST_PROBLEMS
    }

    pub(super) fn place(&self, at: &At<'_>) -> Place {
        yaml::locate(&self.file.text, &at.path, false)
    }

    pub(super) fn problem(&mut self, place: Place, message: String) {
        self.problems.push(FileProblem { file: self.file.name.clone(), line: place.line, column: place.column, message });
    }
}

/// The text of a scalar, whatever YAML took it for.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) | Node::Number(text) => Some(text.clone()),
        Node::Flag(flag) => Some(flag.to_string()),
        Node::Nothing | Node::List(_) | Node::Mapping(_) => None,
    }
}

/// A finite number, in quotation marks or not.
pub(super) fn number(node: &Node) -> Option<f64> {
    match node {
        Node::Text(text) | Node::Number(text) => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
        Node::Nothing | Node::Flag(_) | Node::List(_) | Node::Mapping(_) => None,
    }
}

/// ` (did you mean title?)`, or nothing.
fn meant(word: &str, known: &[&str]) -> String {
    nearest(word, known).map(|near| format!(" (did you mean {near}?)")).unwrap_or_default()
}

/// The nearest of `known` to `word`, if it is near enough to be a slip.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word: String = word.to_lowercase();
    if word.chars().count() > LONGEST_WORD {
        return None;
    }
    let near = known.iter().map(|one| (strsim::levenshtein(&word, one), *one)).min_by_key(|(wrong, _)| *wrong);
    near.filter(|(wrong, one)| *wrong <= MOST_WRONG && *wrong < one.chars().count()).map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_known_and_other_words_are_not() {
        let known = ["title", "thresholds", "max", "min", "unit"];
        for (word, expected) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("treshold", Some("thresholds")),
            ("units", Some("unit")),
            ("mox", Some("max")),
            ("colour", None),
            ("", None),
            ("xy", None),
        ] {
            assert_eq!(nearest(word, &known), expected, "{word}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), &known), None);
        assert_eq!(nearest("x", &[]), None);
    }
}
