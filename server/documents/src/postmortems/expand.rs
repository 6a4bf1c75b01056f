//! Texts with directives: frozen when they are published, swapped for what they show when they go out, drawn when they are read.

use crate::markdown::{self, Alone, Surroundings};
use crate::postmortems::directives::{self, Directive, Fence, Stated};
use crate::postmortems::pieces::Pieces;
use std::fmt::Write as _;

const FROZEN: &str = "frozen";

/// The text with what its directives show written into their bodies, and each marked as frozen. What is not there for the writer stays as
/// it is. Doing it twice is doing it once.
#[must_use]
pub fn freeze(text: &str, pieces: &Pieces) -> String {
    filled(text, pieces, true)
}

/// The same without the mark: how a draft begins, so that any viewer shows something.
#[must_use]
pub fn fill(text: &str, pieces: &Pieces) -> String {
    filled(text, pieces, false)
}

fn filled(text: &str, pieces: &Pieces, is_frozen: bool) -> String {
    let mut written = String::with_capacity(text.len());
    let mut at: usize = 0;
    for fence in directives::fences(text) {
        let Some((stated, body)) = stated_body(&fence, pieces, is_frozen) else {
            continue;
        };
        written.push_str(&text[at..fence.whole.start]);
        written.push_str(&fenced(&fence, &stated, &body, is_frozen));
        // A text that ended without a line break does so still.
        if text[fence.whole.clone()].ends_with('\n') {
            written.push('\n');
        }
        at = fence.whole.end;
    }
    written.push_str(&text[at..]);
    written
}

fn stated_body(fence: &Fence<'_>, pieces: &Pieces, is_frozen: bool) -> Option<(Stated, String)> {
    let stated: Stated = directives::read(fence.info)?;
    let body: String = if is_frozen { pieces.frozen(&stated.directive)? } else { pieces.body(&stated.directive)? };
    Some((stated, body))
}

/// Without its last line break.
fn fenced(fence: &Fence<'_>, stated: &Stated, body: &str, is_frozen: bool) -> String {
    let mut info: String = fence.info.split_whitespace().collect::<Vec<&str>>().join(" ");
    if is_frozen && !stated.is_frozen {
        info.push(' ');
        info.push_str(FROZEN);
    }
    let marks: String = fence.mark.to_string().repeat(longer(body, fence.mark, fence.n_marks));
    let indent: &str = fence.indent;
    format!("{indent}{marks}{info}\n{body}{indent}{marks}")
}

/// So many marks that nothing in the body ends the fence.
fn longer(body: &str, mark: char, n_marks: usize) -> usize {
    let (mut longest, mut run): (usize, usize) = (0, 0);
    for letter in body.chars() {
        run = if letter == mark { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    if longest >= n_marks { longest + 1 } else { n_marks }
}

/// The text with each directive swapped for what it shows: Markdown that needs nothing of ours.
#[must_use]
pub fn expanded(text: &str, pieces: &Pieces) -> String {
    let mut written = String::with_capacity(text.len());
    let mut at: usize = 0;
    for fence in directives::fences(text) {
        let Some(shown) = shown(fence.info, fence.body, pieces) else {
            continue;
        };
        written.push_str(&text[at..fence.whole.start]);
        // A list or a table must not run into a sentence.
        if !written.is_empty() && !written.ends_with("\n\n") {
            written.push('\n');
        }
        written.push_str(&shown);
        at = fence.whole.end;
        if !text[at..].is_empty() && !text[at..].starts_with('\n') {
            written.push('\n');
        }
    }
    written.push_str(&text[at..]);
    written
}

/// Graphs that a text shows and that are not kept with it, each once. Figures that were frozen are enough.
#[must_use]
pub fn missing_graphs(text: &str, pieces: &Pieces) -> Vec<String> {
    let mut missing: Vec<String> = Vec::new();
    for fence in directives::fences(text) {
        if let Some(Stated { directive: Directive::Graph(id), is_frozen }) = directives::read(fence.info)
            && !pieces.graphs.contains_key(&id)
            && (!is_frozen || fence.body.trim().is_empty())
            && !missing.contains(&id)
        {
            missing.push(id);
        }
    }
    missing
}

/// What stands in the place of a graph that is not kept with the text: that it is not there, and what figures the text has of it.
fn of_no_graph(id: &str, is_frozen: bool, body: &str, pieces: &Pieces) -> String {
    match (is_frozen, body.trim().is_empty()) {
        (_, true) => pieces.no_graph(id),
        (true, false) => body.to_owned(),
        (false, false) => format!("{}\n{body}", pieces.no_graph(id)),
    }
}

/// What a directive shows as Markdown; `None` for code.
fn shown(info: &str, body: &str, pieces: &Pieces) -> Option<String> {
    let stated: Stated = directives::read(info)?;
    if let Directive::Graph(id) = &stated.directive
        && !pieces.graphs.contains_key(id)
    {
        return Some(of_no_graph(id, stated.is_frozen, body, pieces));
    }
    let shown: String = pieces.shown(&stated, body)?;
    Some(match stated.directive {
        Directive::Timeline { .. } => bullets(&shown),
        _ => shown,
    })
}

/// `14:30 デプロイ` as the requirement document writes it: `- 14:30 - デプロイ`.
fn bullets(timeline: &str) -> String {
    timeline.lines().filter(|line| !line.trim().is_empty()).map(bullet).collect()
}

fn bullet(line: &str) -> String {
    match split_time(line) {
        Some((time, text)) => format!("- {time} - {text}\n"),
        None => format!("- {line}\n"),
    }
}

/// `14:30`, `2025-10-21 00:10`, `14:50（訂正前 14:53）`, `14:50 (was 14:53)`; and what happened then.
fn split_time(line: &str) -> Option<(&str, &str)> {
    let dated: usize = if line.get(..11).is_some_and(is_date) { 11 } else { 0 };
    let clock: &str = line.get(dated..dated + 5)?;
    let is_clock: bool =
        clock.bytes().enumerate().all(|(place, byte)| if place == 2 { byte == b':' } else { byte.is_ascii_digit() });
    if !is_clock {
        return None;
    }
    let rest: &str = &line[dated + 5..];
    let corrected: usize = correction_length(rest);
    let end: usize = dated + 5 + corrected;
    Some((&line[..end], line[end..].trim_start()))
}

fn is_date(start: &str) -> bool {
    start.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b' ',
        _ => byte.is_ascii_digit(),
    })
}

/// Bytes of what says how the time was told before.
fn correction_length(rest: &str) -> usize {
    let ends: [(&str, &str); 2] = [("（訂正前 ", "）"), (" (was ", ")")];
    let found = ends.iter().find(|(begin, _)| rest.starts_with(begin));
    found.and_then(|(_, end)| rest.find(end).map(|at| at + end.len())).unwrap_or(0)
}

impl Surroundings for Pieces {
    fn directive(&self, info: &str, body: &str) -> Option<String> {
        html(info, body, self)
    }
}

/// What a directive shows on a screen; `None` for code. What is to be done is shown as it stands now, also below a text that was published: what
/// was so then stands in what goes out.
#[must_use]
pub fn html(info: &str, body: &str, pieces: &Pieces) -> Option<String> {
    let stated: Stated = directives::read(info)?;
    let now: Option<String> = match &stated.directive {
        Directive::Actions(_) if stated.is_frozen && !pieces.is_live => pieces.body(&stated.directive),
        _ => None,
    };
    match now {
        Some(now) => printed(info, &now, pieces),
        None => printed(info, body, pieces),
    }
}

/// The same on paper: what was frozen as it was.
#[must_use]
pub fn printed(info: &str, body: &str, pieces: &Pieces) -> Option<String> {
    let stated: Stated = directives::read(info)?;
    if let Directive::Graph(id) = &stated.directive {
        return figure(id, stated.is_frozen, body, pieces);
    }
    let shown: String = shown(info, body, pieces)?;
    let kind: &str = match stated.directive {
        Directive::Fields(_) => "fields",
        Directive::Timeline { .. } => "timeline",
        Directive::Actions(_) => "actions",
        Directive::Checklist(_) => "checklist",
        Directive::Graph(_) => "graph",
    };
    Some(format!("<div class=\"ops ops--{kind}\">{}</div>", markdown::render(&shown, &Alone)))
}

/// The drawing that was kept, and what it shows in figures. A drawing that is gone leaves its figures; where there are none either, that is said.
fn figure(id: &str, is_frozen: bool, body: &str, pieces: &Pieces) -> Option<String> {
    let told: String = match pieces.graphs.get(id) {
        Some(_) => pieces.body(&Directive::Graph(id.to_owned()))?,
        None => of_no_graph(id, is_frozen, body, pieces),
    };
    let mut written = String::from("<figure class=\"ops ops--graph\">");
    if let Some(snapshot) = pieces.graphs.get(id) {
        // Made by our own pen, from escaped words.
        written.push_str(&snapshot.svg);
    }
    // Writing into a String can't fail.
    let _ = write!(written, "<figcaption class=\"ops__figures\">{}</figcaption></figure>", markdown::render(&told, &Alone));
    Some(written)
}
