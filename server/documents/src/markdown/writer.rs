//! From what a text consists of to HTML.

use super::outline::{boxes, heading_ids};
use super::{Surroundings, addresses, escape, parser};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd, html};
use std::vec::IntoIter;

/// Before the first word of a fence that is more than code.
const DIRECTIVE: &str = "ops-";
/// What ends an address that stands bare in a sentence.
const ENDS_ADDRESS: [char; 12] = ['<', '>', '"', '\'', '`', '、', '。', '（', '）', '「', '」', '　'];
/// What may follow an address without being part of it.
const TRAILING: [char; 7] = ['.', ',', ';', ':', '!', '?', ')'];

/// The HTML of a text.
pub(super) fn html(text: &str, env: &dyn Surroundings) -> String {
    let mut writer = Writer {
        env,
        ids: heading_ids(text),
        n_headings: 0,
        top: 1,
        boxes: boxes(text).into_iter(),
        out: Vec::new(),
        open: Open::default(),
    };
    let mut events: Vec<Event<'_>> = without_empty_boxes(parser(text).collect());
    if opens_with_title(&events, env.title()) {
        let end: Option<usize> = events.iter().position(|event| matches!(event, Event::End(TagEnd::Heading(_))));
        events.drain(..=end.unwrap_or(0));
        writer.n_headings = 1;
    }
    writer.top = events.iter().filter_map(level_of).min().unwrap_or(1);
    for event in events {
        writer.take(event);
    }
    let mut written = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut written, writer.out.into_iter());
    aligned(&written)
}

/// A box with nothing beside it is a line that somebody has not written yet: it is left out, and so is a list of nothing else.
fn without_empty_boxes(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let is_bare = |n: usize| {
        let three: Option<&[Event<'_>]> = events.get(n..n + 3);
        matches!(three, Some([Event::Start(Tag::Item), Event::TaskListMarker(_), Event::End(TagEnd::Item)]))
    };
    let is_part = |n: usize| is_bare(n) || (n >= 1 && is_bare(n - 1)) || (n >= 2 && is_bare(n - 2));
    let left_out: Vec<bool> = (0..events.len()).map(is_part).collect();
    let mut kept: Vec<Event<'_>> = Vec::with_capacity(events.len());
    for (event, _) in events.into_iter().zip(left_out).filter(|(_, is_left_out)| !is_left_out) {
        let ends_list: bool = matches!(event, Event::End(TagEnd::List(_)));
        if ends_list && matches!(kept.last(), Some(Event::Start(Tag::List(_)))) {
            kept.pop();
        } else {
            kept.push(event);
        }
    }
    kept
}

/// Cells say how they are aligned without a style of their own, which the house's policy forbids. What people write has no `<` any more.
fn aligned(html: &str) -> String {
    html.replace("<td style=\"text-align: ", "<td data-align=\"").replace("<th style=\"text-align: ", "<th data-align=\"")
}

/// What is open and changes how the next event is read.
#[derive(Default)]
struct Open {
    /// For every link that is open, whether it leads somewhere.
    links: Vec<bool>,
    /// A picture and what is said of it so far.
    picture: Option<(String, String)>,
    /// Pictures within the words of a picture.
    n_inner: usize,
    /// A fence that is more than code: its first line and its body so far.
    fence: Option<(String, String)>,
    is_code: bool,
}

struct Writer<'env, 'text> {
    env: &'env dyn Surroundings,
    ids: Vec<String>,
    n_headings: usize,
    /// The level of the highest heading.
    top: usize,
    /// What stands beside the boxes that are still to be drawn.
    boxes: IntoIter<String>,
    out: Vec<Event<'text>>,
    open: Open,
}

impl<'text> Writer<'_, 'text> {
    fn take(&mut self, event: Event<'text>) {
        if self.open.fence.is_some() {
            self.take_in_fence(event);
        } else if self.open.picture.is_some() {
            self.take_in_picture(event);
        } else {
            self.take_plainly(event);
        }
    }

    fn take_plainly(&mut self, event: Event<'text>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::TaskListMarker(is_done) => self.tick(is_done),
            Event::Text(text) if self.open.is_code || !self.open.links.is_empty() => self.out.push(Event::Text(text)),
            Event::Text(text) => self.text(&text),
            // What looks like a tag is words.
            Event::Html(text) | Event::InlineHtml(text) => self.out.push(Event::Text(text)),
            other => self.out.push(other),
        }
    }

    fn start(&mut self, tag: Tag<'text>) {
        match tag {
            Tag::HtmlBlock => self.out.push(Event::Start(Tag::Paragraph)),
            Tag::Heading { level, .. } => self.start_heading(level),
            Tag::Link { dest_url, .. } => self.start_link(&dest_url),
            Tag::Image { dest_url, .. } => self.open.picture = Some((dest_url.to_string(), String::new())),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) if info.starts_with(DIRECTIVE) => {
                self.open.fence = Some((info.trim().to_owned(), String::new()));
            }
            Tag::CodeBlock(kind) => {
                self.open.is_code = true;
                self.out.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Tag::Table(alignments) => {
                self.raw("<div class=\"prose-table\" tabindex=\"0\">".to_owned());
                self.out.push(Event::Start(Tag::Table(alignments)));
            }
            other => self.out.push(Event::Start(other)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => self.out.push(Event::End(TagEnd::Paragraph)),
            TagEnd::Heading(level) => self.out.push(Event::End(TagEnd::Heading(below_title(level, self.top)))),
            TagEnd::Link => {
                if self.open.links.pop().unwrap_or(false) {
                    self.raw_inline("</a>".to_owned());
                }
            }
            TagEnd::CodeBlock => {
                self.open.is_code = false;
                self.out.push(Event::End(TagEnd::CodeBlock));
            }
            TagEnd::Table => {
                self.out.push(Event::End(TagEnd::Table));
                self.raw("</div>\n".to_owned());
            }
            other => self.out.push(Event::End(other)),
        }
    }

    fn start_heading(&mut self, level: HeadingLevel) {
        let id: Option<CowStr<'text>> = self.ids.get(self.n_headings).map(|id| CowStr::from(id.clone()));
        self.n_headings += 1;
        self.out.push(Event::Start(Tag::Heading {
            level: below_title(level, self.top),
            id,
            classes: Vec::new(),
            attrs: Vec::new(),
        }));
    }

    fn start_link(&mut self, target: &str) {
        let address: Option<String> = self.env.link(target);
        self.open.links.push(address.is_some());
        if let Some(address) = address {
            self.raw_inline(anchor(&address));
        }
    }

    /// Words, in which an address may stand bare.
    fn text(&mut self, text: &str) {
        let mut rest: &str = text;
        while let Some((before, address, after)) = bare_address(rest) {
            self.out.push(Event::Text(CowStr::from(before.to_owned())));
            match self.env.link(address) {
                Some(followed) => self.raw_inline(format!("{}{}</a>", anchor(&followed), escape(address))),
                None => self.out.push(Event::Text(CowStr::from(address.to_owned()))),
            }
            rest = after;
        }
        self.out.push(Event::Text(CowStr::from(rest.to_owned())));
    }

    fn take_in_picture(&mut self, event: Event<'text>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.open.n_inner += 1,
            Event::End(TagEnd::Image) if self.open.n_inner > 0 => self.open.n_inner -= 1,
            Event::End(TagEnd::Image) => self.end_picture(),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => self.say_of_picture(&text),
            Event::SoftBreak | Event::HardBreak => self.say_of_picture(" "),
            _ => {}
        }
    }

    fn say_of_picture(&mut self, words: &str) {
        if let Some((_, said)) = self.open.picture.as_mut() {
            said.push_str(words);
        }
    }

    fn end_picture(&mut self) {
        let Some((target, said)) = self.open.picture.take() else {
            return;
        };
        let words: &str = if said.is_empty() { &target } else { &said };
        if let Some(source) = self.env.picture(&target) {
            self.raw_inline(format!("<img src=\"{}\" alt=\"{}\" loading=\"lazy\">", escape(&source), escape(&said)));
        } else if let (Some(address), true) = (self.env.link(&target), self.open.links.is_empty()) {
            self.raw_inline(format!("{}{}</a>", anchor(&address), escape(words)));
        } else {
            self.out.push(Event::Text(CowStr::from(words.to_owned())));
        }
    }

    fn take_in_fence(&mut self, event: Event<'text>) {
        match event {
            Event::Text(text) => {
                if let Some((_, body)) = self.open.fence.as_mut() {
                    body.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => self.end_fence(),
            _ => {}
        }
    }

    fn end_fence(&mut self) {
        let Some((info, body)) = self.open.fence.take() else {
            return;
        };
        match self.env.directive(&info, &body) {
            Some(shown) => self.raw(shown),
            None => {
                self.out.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(CowStr::from(info)))));
                self.out.push(Event::Text(CowStr::from(body)));
                self.out.push(Event::End(TagEnd::CodeBlock));
            }
        }
    }

    fn raw(&mut self, html: String) {
        self.out.push(Event::Html(CowStr::from(html)));
    }

    /// A box, named by what stands beside it.
    fn tick(&mut self, is_done: bool) {
        let beside: String = self.boxes.next().filter(|said| !said.is_empty()).unwrap_or_else(|| "…".to_owned());
        let checked: &str = if is_done { " checked" } else { "" };
        self.raw_inline(format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{}\">\n", escape(&beside)));
    }

    fn raw_inline(&mut self, html: String) {
        self.out.push(Event::InlineHtml(CowStr::from(html)));
    }
}

fn anchor(address: &str) -> String {
    let rel: &str = if addresses::is_elsewhere(address) { " rel=\"noopener noreferrer nofollow\"" } else { "" };
    format!("<a href=\"{}\"{rel}>", escape(address))
}

fn level_of(event: &Event<'_>) -> Option<usize> {
    if let Event::Start(Tag::Heading { level, .. }) = event { Some(*level as usize) } else { None }
}

/// The screen has the first level for itself, and none is left out below it: the highest of a text is its second.
fn below_title(level: HeadingLevel, top: usize) -> HeadingLevel {
    let wanted: usize = (level as usize + 2).saturating_sub(top).clamp(2, 6);
    HeadingLevel::try_from(wanted).unwrap_or(HeadingLevel::H6)
}

/// Whether the first thing of a text is a heading of the first level that says what stands above it already.
fn opens_with_title(events: &[Event<'_>], title: Option<&str>) -> bool {
    let Some(title) = title else {
        return false;
    };
    if !matches!(events.first(), Some(Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }))) {
        return false;
    }
    let mut said = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => said.push_str(text),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    said.trim() == title.trim()
}

/// What stands before the first address of the web in a sentence, the address, and what follows.
fn bare_address(text: &str) -> Option<(&str, &str, &str)> {
    // One look: looking for each kind goes through the rest of the text behind every address where there is none of the other.
    let is_address = |at: &usize| text[*at..].starts_with("https://") || text[*at..].starts_with("http://");
    let start: usize = text.match_indices("http").map(|(at, _)| at).find(is_address)?;
    let found: &str = &text[start..];
    let length: usize =
        found.find(|letter: char| letter.is_whitespace() || ENDS_ADDRESS.contains(&letter)).unwrap_or(found.len());
    let address: &str = found[..length].trim_end_matches(TRAILING);
    let (address, after) = found.split_at(address.len());
    Some((&text[..start], address, after))
}
