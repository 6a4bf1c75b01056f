//! Who wrote which letters: beside each line the initials of those who wrote it, and in the line everybody's letters under a stroke of their
//! own. The names stand above; nothing is said by a colour alone.

use crate::screen::moment_text;
use crate::words::documents::document_words;
use api::documents::history::Stretch;
use leptos::prelude::*;
use ui::part::Part;

/// The text with its writers.
pub fn written(stretches: &[Stretch]) -> AnyView {
    let words = document_words();
    let writers: Vec<Writer> = writers(stretches);
    let keys: Vec<AnyView> = writers.iter().map(key).collect();
    let lines: Vec<AnyView> = lines(stretches).iter().map(|line| row(line, &writers)).collect();
    view! {
        <Part title=words.who_wrote.to_owned() id="authors">
            <p class="mute">{words.who_wrote_hint}</p>
            <ul class="writers__all">{keys}</ul>
            <ol class="written" aria-label=words.who_wrote>{lines}</ol>
        </Part>
    }
    .into_any()
}

/// Somebody who wrote in it.
#[derive(Debug, PartialEq, Eq)]
struct Writer {
    name: String,
    /// No two of one text have the same.
    initials: String,
    colour: u8,
}

/// Everybody who wrote, in the order in which they come in the text.
fn writers(stretches: &[Stretch]) -> Vec<Writer> {
    let mut all: Vec<Writer> = Vec::new();
    for stretch in stretches {
        let name: String = name(stretch);
        if all.iter().all(|known| known.name != name) {
            let initials: String = free(&initials(&name), &all);
            all.push(Writer { name, initials, colour: stretch.colour });
        }
    }
    all
}

fn name(stretch: &Stretch) -> String {
    stretch.by.clone().unwrap_or_else(|| document_words().nobody_known.to_owned())
}

/// `佐藤 健` is 佐健, `Emma Stone` is ES.
fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().next().map(|letter| letter.to_uppercase().collect::<String>());
    name.split_whitespace().take(2).filter_map(first).collect()
}

/// With a number where others have the same.
fn free(wanted: &str, known: &[Writer]) -> String {
    let is_taken = |initials: &str| known.iter().any(|writer| writer.initials == initials);
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    let mut numbered = (2..=known.len() + 1).map(|n| format!("{wanted}{n}"));
    numbered.find(|initials| !is_taken(initials)).unwrap_or_else(|| wanted.to_owned())
}

fn key(writer: &Writer) -> AnyView {
    let (initials, name): (String, String) = (writer.initials.clone(), writer.name.clone());
    view! { <li class="writers__one" data-colour=writer.colour.to_string()><b>{initials}</b> " " {name}</li> }.into_any()
}

/// A part of a line that one wrote.
struct Piece<'a> {
    stretch: &'a Stretch,
    text: &'a str,
}

/// The text by its lines.
fn lines(stretches: &[Stretch]) -> Vec<Vec<Piece<'_>>> {
    let mut all: Vec<Vec<Piece<'_>>> = vec![Vec::new()];
    for stretch in stretches {
        for (n, text) in stretch.text.split('\n').enumerate() {
            if n > 0 {
                all.push(Vec::new());
            }
            if let (Some(line), false) = (all.last_mut(), text.is_empty()) {
                line.push(Piece { stretch, text });
            }
        }
    }
    all
}

/// One line: who, then what.
fn row(line: &[Piece<'_>], writers: &[Writer]) -> AnyView {
    let mut who: Vec<&Writer> = Vec::new();
    for piece in line {
        let name: String = name(piece.stretch);
        let found: Option<&Writer> = writers.iter().find(|writer| writer.name == name);
        if let Some(writer) = found.filter(|writer| !who.contains(writer)) {
            who.push(writer);
        }
    }
    let short: String = who.iter().map(|writer| writer.initials.as_str()).collect::<Vec<&str>>().join(" ");
    let names: String = who.iter().map(|writer| writer.name.as_str()).collect::<Vec<&str>>().join(document_words().comma);
    let pieces: Vec<AnyView> = line.iter().map(piece).collect();
    view! {
        <li class="written__line">
            <span class="written__who"><span aria-hidden="true">{short}</span> <span class="hush">{names}</span></span>
            <span class="written__text">{pieces}</span>
        </li>
    }
    .into_any()
}

fn piece(piece: &Piece<'_>) -> AnyView {
    let when: String = piece.stretch.at.map(moment_text).unwrap_or_default();
    let title: String = format!("{} {when}", name(piece.stretch));
    view! { <span class="written__by" data-colour=piece.stretch.colour.to_string() title=title>{piece.text.to_owned()}</span> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::{initials, lines, row, writers};
    use api::documents::history::Stretch;
    use leptos::prelude::*;

    fn stretch(by: Option<&str>, text: &str) -> Stretch {
        Stretch { text: text.to_owned(), by: by.map(str::to_owned), colour: 1, at: None }
    }

    #[test]
    fn initials_are_of_the_first_two_words_of_a_name() {
        for (name, expected) in [("佐藤 健", "佐健"), ("emma stone", "ES"), ("鈴木", "鈴"), ("", "")] {
            assert_eq!(initials(name), expected);
        }
    }

    #[test]
    fn everybody_has_initials_of_their_own_and_a_line_names_all_who_wrote_it() {
        let owner = Owner::new();
        owner.set();
        let all = [stretch(Some("佐藤 健"), "# 再起動\n\n手順"), stretch(Some("佐々木 健"), "を書く\n"), stretch(None, "古い行")];
        let writers = writers(&all);
        let initials: Vec<&str> = writers.iter().map(|writer| writer.initials.as_str()).collect();
        assert_eq!(initials, ["佐健", "佐健2", "不"]);
        let lines = lines(&all);
        assert_eq!(lines.len(), 4);
        let both: String = row(&lines[2], &writers).to_html();
        assert!(both.contains("佐健 佐健2") && both.contains("佐藤 健、佐々木 健"), "{both}");
    }
}
