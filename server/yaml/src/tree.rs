//! YAML as a plain tree, and where in the text a part of it stands.
//!
//! The parser beneath (serde_yaml_ng over libyaml) knows positions but gives them away only with errors. So a place is found by going
//! down the same path a second time and failing on purpose where it ends: exact for every style of YAML, and paid for only when there
//! is something to complain about.

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::str::Chars;

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Nothing,
    Flag(bool),
    /// As Rust prints it.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// In the order of the text; keys are unique.
    Mapping(Vec<(String, Node)>),
}

/// One step down a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// Line and column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };

    fn of(error: &serde_yaml_ng::Error) -> Self {
        error.location().map_or(Self::START, |location| Self { line: location.line(), column: location.column() })
    }
}

/// A text that is no YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub place: Place,
    pub message: String,
}

/// Reads one document.
pub fn read(text: &str) -> Result<Node, Broken> {
    ReadNode
        .deserialize(serde_yaml_ng::Deserializer::from_str(text))
        .map_err(|error| Broken { place: Place::of(&error), message: without_place(&error.to_string()) })
}

/// Takes the first ` at line 3 column 9` out of a message: the place is told separately.
fn without_place(message: &str) -> String {
    let Some(start) = message.find(" at line ") else {
        return message.to_owned();
    };
    let told: &str = &message[start..];
    let Some(column) = told.find("column ") else {
        return message.to_owned();
    };
    let after: &str = told[column + "column ".len()..].trim_start_matches(|digit: char| digit.is_ascii_digit());
    format!("{}{after}", &message[..start])
}

struct ReadNode;

impl<'de> DeserializeSeed<'de> for ReadNode {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ReadNode {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a list or a mapping")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut nodes: Vec<Node> = Vec::new();
        while let Some(node) = list.next_element_seed(Self)? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Node, A::Error> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        while let Some(key) = mapping.next_key_seed(NewKey { taken: &entries })? {
            let node: Node = mapping.next_value_seed(Self)?;
            entries.push((key, node));
        }
        Ok(Node::Mapping(entries))
    }
}

/// Reads a key and fails on one that stands there already, so that the error points at the second.
struct NewKey<'a> {
    taken: &'a [(String, Node)],
}

impl<'de> DeserializeSeed<'de> for NewKey<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NewKey<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<String, E> {
        if self.taken.iter().any(|(taken, _)| taken == key) {
            return Err(E::custom(format_args!("expected each key once, found \"{key}\" again")));
        }
        Ok(key.to_owned())
    }
}

/// Where the value at the end of `path` begins; with `of_key` where its key does. The innermost part that exists, when `path` leads
/// out of the document.
pub fn locate(text: &str, path: &[Step], of_key: bool) -> Place {
    let seek = Seek { path, of_key };
    match seek.deserialize(serde_yaml_ng::Deserializer::from_str(text)) {
        Ok(()) => Place::START,
        Err(error) => Place::of(&error),
    }
}

/// Goes down a path and fails at its end. Scalars fail by themselves: the visitor expects none.
struct Seek<'a> {
    path: &'a [Step],
    of_key: bool,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the end of the path")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if let Some((Step::Index(wanted), rest)) = self.path.split_first() {
            for _ in 0..*wanted {
                list.next_element::<IgnoredAny>()?;
            }
            list.next_element_seed(Seek { path: rest, of_key: self.of_key })?;
        }
        Err(A::Error::custom("here"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<(), A::Error> {
        if let Some((Step::Key(wanted), rest)) = self.path.split_first() {
            let stop_at: Option<&str> = if self.of_key && rest.is_empty() { Some(wanted.as_str()) } else { None };
            while let Some(key) = mapping.next_key_seed(SeekKey { stop_at })? {
                if key == *wanted {
                    mapping.next_value_seed(Seek { path: rest, of_key: self.of_key })?;
                } else {
                    mapping.next_value::<IgnoredAny>()?;
                }
            }
        }
        Err(A::Error::custom("here"))
    }
}

/// Reads a key and fails on the one that is looked for.
struct SeekKey<'a> {
    stop_at: Option<&'a str>,
}

impl<'de> DeserializeSeed<'de> for SeekKey<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for SeekKey<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<String, E> {
        if self.stop_at == Some(key) { Err(E::custom("here")) } else { Ok(key.to_owned()) }
    }
}

/// Where byte `offset` of a scalar's value stands in the document, given where the scalar begins.
///
/// Folding and indentation change only the blanks of a scalar, hence the characters that are not blank are counted.
pub fn inside(text: &str, scalar: Place, value: &str, offset: usize) -> Place {
    let (before, after) = value.split_at_checked(offset).unwrap_or((value, ""));
    let n_before: usize = before.chars().filter(|character| !character.is_whitespace()).count();
    if after.trim().is_empty() {
        // Something is missing at the end: point behind the last character.
        let last: Option<Place> = solid_places(text, scalar, n_before).pop();
        return last.map_or(scalar, |place| Place { column: place.column + 1, ..place });
    }
    solid_places(text, scalar, n_before + 1).pop().unwrap_or(scalar)
}

/// The places of the first `n` characters of a scalar that are not blank.
fn solid_places(text: &str, scalar: Place, n: usize) -> Vec<Place> {
    let mut cursor = Cursor::at(text, scalar);
    cursor.enter();
    let mut places: Vec<Place> = Vec::new();
    while places.len() < n {
        let place: Place = cursor.place;
        match cursor.character() {
            None => break,
            Some(character) if character.is_whitespace() => {}
            Some(_) => places.push(place),
        }
    }
    places
}

/// The quote or block sign a scalar begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
}

/// Walks the raw text of a scalar.
struct Cursor<'a> {
    rest: Chars<'a>,
    place: Place,
    style: Style,
}

impl<'a> Cursor<'a> {
    fn at(text: &'a str, place: Place) -> Self {
        let mut cursor = Self { rest: text.chars(), place: Place::START, style: Style::Plain };
        while cursor.place < place && cursor.step().is_some() {}
        cursor
    }

    fn step(&mut self) -> Option<char> {
        let character: char = self.rest.next()?;
        if character == '\n' {
            self.place = Place { line: self.place.line + 1, column: 1 };
        } else {
            self.place.column += 1;
        }
        Some(character)
    }

    /// Passes the opening quote, or the line with the sign of a block scalar.
    fn enter(&mut self) {
        match self.rest.clone().next() {
            Some('"') => {
                self.style = Style::Double;
                self.step();
            }
            Some('\'') => {
                self.style = Style::Single;
                self.step();
            }
            Some('|' | '>') => while self.step().is_some_and(|character| character != '\n') {},
            _ => {}
        }
    }

    /// The next character of the value. Escapes by number are not known: PromQL has no use for them.
    fn character(&mut self) -> Option<char> {
        let character: char = self.step()?;
        match (self.style, character) {
            (Style::Double, '\\') => self.step().map(|escaped| if "nrt".contains(escaped) { ' ' } else { escaped }),
            (Style::Single, '\'') => self.step(),
            _ => Some(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
a: 1
list:
  - name: one
    expr: up > 1
  - {name: two, expr: \"sum(\\\"x\\\")\"}
  - name: three
    expr: |
      sum(
        up
      )
";

    fn path(index: usize, key: &str) -> Vec<Step> {
        vec![Step::Key("list".to_owned()), Step::Index(index), Step::Key(key.to_owned())]
    }

    fn place(line: usize, column: usize) -> Place {
        Place { line, column }
    }

    #[test]
    fn values_and_keys_are_found_in_every_style() {
        assert_eq!(locate(TEXT, &path(0, "expr"), false), place(4, 11));
        assert_eq!(locate(TEXT, &path(0, "expr"), true), place(4, 5));
        assert_eq!(locate(TEXT, &path(1, "name"), false), place(5, 12));
        assert_eq!(locate(TEXT, &path(2, "expr"), false), place(7, 11));
        assert_eq!(locate(TEXT, &path(2, "absent"), false), place(6, 5));
        assert_eq!(locate(TEXT, &path(9, "absent"), false), place(3, 3));
    }

    #[test]
    fn an_offset_in_a_value_becomes_a_place_in_the_file() {
        assert_eq!(inside(TEXT, place(4, 11), "up > 1", 3), place(4, 14));
        assert_eq!(inside(TEXT, place(4, 11), "up > 1", 6), place(4, 17));
        assert_eq!(inside(TEXT, place(5, 23), "sum(\"x\")", 5), place(5, 30));
        assert_eq!(inside(TEXT, place(7, 11), "sum(\n  up\n)\n", 7), place(9, 9));
        assert_eq!(inside(TEXT, place(7, 11), "sum(\n  up\n)\n", 12), place(10, 8));
    }

    #[test]
    fn a_key_twice_is_an_error_at_the_second() {
        let broken: Broken = read("a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!(broken, Broken { place: place(3, 1), message: "expected each key once, found \"a\" again".to_owned() });
    }

    #[test]
    fn the_place_is_told_once() {
        assert_eq!(without_place("odd at line 3 column 19, while at line 2 column 1"), "odd, while at line 2 column 1");
        assert_eq!(without_place("odd"), "odd");
    }
}
