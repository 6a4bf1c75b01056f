//! What a text consists of: headings, links, steps to check off, and its words alone.

use super::parser;
use crate::pages::tokens::is_run;
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use std::collections::HashMap;
use std::rc::Rc;

/// Headings of one text that are looked at.
const MOST_HEADINGS: usize = 2_000;
/// Links of one text that are kept.
const MOST_LINKS: usize = 2_000;
/// Steps of one runbook.
pub const MOST_STEPS: usize = 500;
/// Letters of a heading that go into its id.
const MOST_ID: usize = 60;
/// Letters of a heading that stand beside what is under it, and of what names a box: a text may have a hundred thousand of those.
pub const MOST_BESIDE: usize = 200;

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    pub text: String,
    /// Where its own link leads, without `#`.
    pub id: String,
}

/// What a text consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The first heading of the first level, if it has words.
    pub title: Option<String>,
    pub headings: Vec<Heading>,
    /// Where its links and pictures lead, as written, each once, in order.
    pub links: Vec<String>,
}

/// A step of a checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// 0 for one that stands in no other.
    pub depth: usize,
    pub text: String,
    /// The heading it stands under, the title of the text aside, at most [`MOST_BESIDE`] letters of it; empty: none.
    pub section: String,
}

/// Reads a text.
#[must_use]
pub fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    let mut ids = Ids::default();
    let mut heading: Option<(u8, String)> = None;
    for event in parser(text) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((number(level), String::new())),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, said)) = heading.take() {
                    outline.take_heading(level, said.trim(), &mut ids);
                }
            }
            Event::Text(said) | Event::Code(said) => {
                if let Some((_, words)) = heading.as_mut() {
                    words.push_str(&said);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => outline.take_link(&dest_url),
            _ => {}
        }
    }
    outline
}

impl Outline {
    fn take_heading(&mut self, level: u8, text: &str, ids: &mut Ids) {
        if self.headings.len() >= MOST_HEADINGS {
            return;
        }
        if level == 1 && self.title.is_none() && !text.is_empty() {
            self.title = Some(text.to_owned());
        }
        self.headings.push(Heading { level, text: text.to_owned(), id: ids.of(text) });
    }

    fn take_link(&mut self, target: &str) {
        if self.links.len() < MOST_LINKS && !target.is_empty() && !self.links.iter().any(|known| known == target) {
            self.links.push(target.to_owned());
        }
    }
}

/// The ids of all headings, in order.
pub(super) fn heading_ids(text: &str) -> Vec<String> {
    outline(text).headings.into_iter().map(|heading| heading.id).collect()
}

/// Gives every heading an id that no other has, and that is no name of the screen's own.
#[derive(Default)]
struct Ids {
    taken: HashMap<String, usize>,
}

impl Ids {
    fn of(&mut self, text: &str) -> String {
        let word = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
        let words: String = text.chars().take(MOST_ID).flat_map(char::to_lowercase).map(word).collect();
        let id: String = format!("s-{}", words.trim_matches('-'));
        let n: usize = *self.taken.entry(id.clone()).and_modify(|n| *n += 1).or_insert(1);
        if n == 1 { id } else { format!("{id}-{n}") }
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The words of a text without its marks, a line for each block. Where a Japanese sentence was broken over two lines it is whole again.
/// Where links lead stands at the end, so that an address can be found too.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut words = Plain::default();
    let mut links: Vec<String> = Vec::new();
    for event in parser(text) {
        match event {
            Event::Text(said) | Event::Code(said) | Event::Html(said) | Event::InlineHtml(said) => words.say(&said),
            Event::SoftBreak => words.is_broken = true,
            Event::HardBreak | Event::Rule | Event::Start(Tag::Item) => words.end_line(),
            Event::End(TagEnd::TableCell) => words.say(" "),
            Event::End(tag) if !is_inline(tag) => words.end_line(),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) if links.len() < MOST_LINKS => {
                links.push(dest_url.to_string());
            }
            _ => {}
        }
    }
    words.end_line();
    links.iter().for_each(|link| {
        words.say(link);
        words.end_line();
    });
    words.text
}

#[derive(Default)]
struct Plain {
    text: String,
    /// A line ended within a paragraph.
    is_broken: bool,
}

impl Plain {
    fn say(&mut self, said: &str) {
        if self.is_broken {
            self.is_broken = false;
            let joins: bool = self.text.chars().last().is_some_and(is_run) && said.chars().next().is_some_and(is_run);
            if !joins {
                self.text.push(' ');
            }
        }
        self.text.push_str(said);
    }

    fn end_line(&mut self) {
        self.is_broken = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::TableCell
    )
}

/// The steps of a runbook: what can be checked off; where nothing can be, what is numbered. At most [`MOST_STEPS`].
#[must_use]
pub fn steps(text: &str) -> Vec<Step> {
    let items: Vec<Item> = items(text);
    let has_boxes: bool = items.iter().any(|item| item.has_box);
    let is_step = |item: &Item| if has_boxes { item.has_box } else { item.is_numbered };
    let mut found: Vec<Step> = Vec::new();
    for item in items.into_iter().filter(is_step).take(MOST_STEPS) {
        let said: String = item.text.split_whitespace().collect::<Vec<&str>>().join(" ");
        if !said.is_empty() {
            found.push(Step { depth: item.depth, text: said, section: item.section.to_string() });
        }
    }
    found
}

/// What stands beside each box, the beginning of it, in the order in which they are drawn. One with nothing beside it and nothing below is not
/// drawn.
pub(super) fn boxes(text: &str) -> Vec<String> {
    let said = |item: Item| beginning(&item.text.replace('`', "").split_whitespace().collect::<Vec<&str>>().join(" "));
    items(text).into_iter().filter(|item| item.has_box && !item.is_bare()).map(said).collect()
}

/// As much of a heading or of a line as stands beside something else.
fn beginning(words: &str) -> String {
    words.chars().take(MOST_BESIDE).collect()
}

/// A line of a list.
struct Item {
    depth: usize,
    is_numbered: bool,
    has_box: bool,
    text: String,
    /// One copy for all that stand under it.
    section: Rc<str>,
    /// Something else than words stands in it: a line of its own below it, a picture, code.
    has_more: bool,
}

/// The heading under which one is while reading.
#[derive(Default)]
struct Section {
    title: Rc<str>,
    /// A heading that is being read.
    open: Option<(HeadingLevel, String)>,
}

impl Section {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.open = Some((*level, String::new())),
            Event::Text(said) | Event::Code(said) => {
                if let Some((_, words)) = self.open.as_mut() {
                    words.push_str(said);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, words)) = self.open.take() {
                    let is_title: bool = level == HeadingLevel::H1;
                    self.title = if is_title { Rc::default() } else { beginning(words.trim()).into() };
                }
            }
            _ => {}
        }
    }
}

/// Every line of every list, in the order in which they are read.
fn items(text: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    // The lists that are open, whether they are numbered; and the lines that are open, by their place.
    let mut lists: Vec<bool> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut section = Section::default();
    for event in parser(text) {
        section.take(&event);
        match event {
            Event::Start(Tag::List(first)) => {
                lists.push(first.is_some());
                if let Some(item) = open.last().and_then(|at| items.get_mut(*at)) {
                    item.has_more = true;
                }
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::Start(Tag::Item) => {
                open.push(items.len());
                let is_numbered: bool = lists.last().copied().unwrap_or(false);
                let section: Rc<str> = section.title.clone();
                items.push(Item {
                    depth: open.len() - 1,
                    is_numbered,
                    has_box: false,
                    text: String::new(),
                    section,
                    has_more: false,
                });
            }
            Event::End(TagEnd::Item) => {
                open.pop();
            }
            other => {
                if let Some(item) = open.last().and_then(|at| items.get_mut(*at)) {
                    item.take(&other);
                }
            }
        }
    }
    items
}

impl Item {
    /// A box and nothing else.
    fn is_bare(&self) -> bool {
        self.has_box && self.text.is_empty() && !self.has_more
    }

    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::TaskListMarker(_) => self.has_box = true,
            Event::Text(said) | Event::Html(said) | Event::InlineHtml(said) => self.text.push_str(said),
            Event::Code(said) => {
                self.text.push('`');
                self.text.push_str(said);
                self.text.push('`');
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::CodeBlock) => self.text.push(' '),
            _ => self.has_more = true,
        }
    }
}
