//! A part of a document, the way to it, and what stands there.

use crate::tree::{Node, Step};

/// Enough of a wrong value to recognise it, in characters.
const SHOWN: usize = 40;

/// A part of a document and the way to it.
#[derive(Clone, Debug)]
pub struct At<'n> {
    pub node: &'n Node,
    pub path: Vec<Step>,
}

impl<'n> At<'n> {
    /// The whole document.
    #[must_use]
    pub fn root(node: &'n Node) -> Self {
        Self { node, path: Vec::new() }
    }

    /// What stands under a key of a mapping; nothing where there is no such key, or no mapping.
    #[must_use]
    pub fn child(&self, key: &str) -> Option<At<'n>> {
        let Node::Mapping(entries) = self.node else {
            return None;
        };
        let (_, node) = entries.iter().find(|(name, _)| name == key)?;
        Some(At { node, path: self.with(Step::Key(key.to_owned())) })
    }

    /// What stands in a list; `None` where there is none.
    #[must_use]
    pub fn items(&self) -> Option<Vec<At<'n>>> {
        let Node::List(nodes) = self.node else {
            return None;
        };
        Some(nodes.iter().enumerate().map(|(index, node)| At { node, path: self.with(Step::Index(index)) }).collect())
    }

    /// The entries of a mapping whose keys are none of `known`, with their keys.
    #[must_use]
    pub fn strangers(&self, known: &[&str]) -> Vec<(&'n str, At<'n>)> {
        let Node::Mapping(entries) = self.node else {
            return Vec::new();
        };
        let strange = entries.iter().filter(|(key, _)| !known.contains(&key.as_str()));
        strange.map(|(key, node)| (key.as_str(), At { node, path: self.with(Step::Key(key.clone())) })).collect()
    }

    /// The way to a part of this one.
    #[must_use]
    pub fn with(&self, step: Step) -> Vec<Step> {
        let mut path: Vec<Step> = self.path.clone();
        path.push(step);
        path
    }
}

/// What stands there, in a few words: `the number 5`, `"up"`, `a list`.
#[must_use]
pub fn described(node: &Node) -> String {
    match node {
        Node::Nothing => "nothing".to_owned(),
        Node::Flag(flag) => flag.to_string(),
        Node::Number(number) => format!("the number {number}"),
        Node::Text(text) => format!("\"{}\"", beginning(text)),
        Node::List(_) => "a list".to_owned(),
        Node::Mapping(_) => "a mapping".to_owned(),
    }
}

/// The beginning of a text, with a sign where it was cut.
#[must_use]
pub fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{locate, read};

    #[test]
    fn a_part_knows_its_way_and_its_strangers() {
        let text = "a:\n  - b: 1\n    odd: 2\n";
        let root = read(text).unwrap();
        let items = At::root(&root).child("a").and_then(|list| list.items()).unwrap();
        let strangers = items[0].strangers(&["b"]);
        assert_eq!(strangers.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["odd"]);
        let place = locate(text, &strangers[0].1.path, true);
        assert_eq!((place.line, place.column), (3, 5));
        assert!(At::root(&root).child("b").is_none() && items[0].items().is_none());
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(beginning("短い"), "短い");
        assert_eq!(described(&Node::Text("あ".repeat(41))), format!("\"{}…\"", "あ".repeat(40)));
        assert_eq!(described(&Node::Nothing), "nothing");
    }
}
