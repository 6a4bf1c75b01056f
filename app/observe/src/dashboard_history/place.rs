//! Where something changed, in words: `panels[cpu].queries[0].expr` is `パネル「CPU」 › クエリ 1 › 式`.

use crate::words::dashboard_keeping::{KeepingWords, keeping_words};
use crate::words::locale;
use dashboard::Said;

/// What is said as yes or no.
const FLAGS: [&str; 7] = ["is_multi", "has_all", "is_hidden", "is_folded", "is_instant", "is_falling", "keeps_span"];

/// The place, its parts from the outermost on; `titles` are those of panels by their ids.
pub(super) fn place_text(path: &str, titles: &[(String, Said)]) -> String {
    let words = keeping_words();
    path.split('.').map(|part| part_text(part, titles, words)).collect::<Vec<String>>().join(" › ")
}

/// What stands there. Flags are said in the reader's words; everything else is the author's.
pub(super) fn value_text(path: &str, value: &str) -> String {
    let words = keeping_words();
    let last: &str = path.rsplit('.').next().unwrap_or_default();
    match value {
        "yes" if FLAGS.contains(&last) => words.yes.to_owned(),
        "no" if FLAGS.contains(&last) => words.no.to_owned(),
        _ => value.to_owned(),
    }
}

fn part_text(part: &str, titles: &[(String, Said)], words: &KeepingWords) -> String {
    let (name, key): (&str, Option<&str>) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
        Some((name, key)) => (name, Some(key)),
        None => (part, None),
    };
    let word = |name: &str| (words.part)(name).map_or_else(|| name.to_owned(), str::to_owned);
    match (name, key) {
        (_, None) => word(name),
        ("panels", Some(id)) => {
            let title: Option<&str> = titles.iter().find(|(known, _)| known == id).map(|(_, title)| title.read(locale()));
            (words.panel_named)(title.unwrap_or(id))
        }
        ("variables", Some(name)) => format!("${name}"),
        // Counted from one, as people do.
        (_, Some(index)) => {
            let number: Option<usize> = index.parse::<usize>().ok().map(|index| index + 1);
            number.map_or_else(|| format!("{} {index}", word(name)), |number| format!("{} {number}", word(name)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{place_text, value_text};
    use dashboard::{
        Dashboard, Difference, Judge, Kind, Lines, Link, Offer, Panel, Query, Reduce, Row, Said, Variable, differences,
    };
    use leptos::prelude::Owner;
    use model::Severity;

    #[test]
    fn a_place_is_said_in_words() {
        let owner = Owner::new();
        owner.set();
        let titles = [("cpu".to_owned(), Said::same("CPU"))];
        for (path, expected) in [
            ("title", "題名"),
            ("title.ja", "題名 › 日本語"),
            ("rows[1].panels", "行 2 › パネル"),
            ("panels[cpu].queries[0].expr", "パネル「CPU」 › クエリ 1 › 式"),
            ("panels[gone]", "パネル「gone」"),
            ("variables[host].is_multi", "$host › 複数選択"),
        ] {
            assert_eq!(place_text(path, &titles), expected);
        }
        assert_eq!((value_text("rows[0].is_folded", "yes"), value_text("title", "yes")), ("はい".to_owned(), "yes".to_owned()));
    }

    /// Two dashboards that have everything, each otherwise.
    fn full(word: &str, number: f64, kind: Kind, offer: Offer) -> Dashboard {
        let said = Said { ja: format!("{word}-ja"), en: format!("{word}-en") };
        let link = Link { title: said.clone(), href: format!("/{word}"), keeps_span: number > 1.0 };
        let variable = Variable {
            name: "host".to_owned(),
            label: said.clone(),
            offer,
            default: vec![word.to_owned()],
            ..Variable::default()
        };
        let judge = Judge { value: number, severity: Severity::P2, is_below: false, label: said.clone() };
        let panel = Panel {
            id: "cpu".to_owned(),
            title: said.clone(),
            description: said.clone(),
            kind,
            queries: vec![Query { expr: word.to_owned(), name: word.to_owned(), ..Query::default() }],
            min: Some(number),
            max: Some(number),
            judges: vec![judge],
            links: vec![link.clone()],
            past_ms: Some(if number > 1.0 { 60_000 } else { 3_600_000 }),
            ..Panel::default()
        };
        Dashboard {
            slug: word.to_owned(),
            title: said.clone(),
            description: said.clone(),
            tags: vec![word.to_owned()],
            team: Some(word.to_owned()),
            links: vec![link],
            variables: vec![variable],
            rows: vec![Row { title: said, is_folded: number > 1.0, repeat: Some(word.to_owned()), panels: vec![panel] }],
            ..Dashboard::default()
        }
    }

    #[test]
    fn every_part_of_a_dashboard_has_a_word() {
        let owner = Owner::new();
        owner.set();
        let query = |word: &str| Offer::Query { expr: word.to_owned(), label: word.to_owned() };
        let values = Offer::LabelValues { label: "a".to_owned(), selector: "b".to_owned(), regex: "c".to_owned() };
        let list = Offer::List(vec![("a".to_owned(), "1".to_owned())]);
        let state = |word: &str| Kind::States(vec![(1.0, Said::same(word))]);
        let pairs = [
            (full("a", 1.0, Kind::Lines(Lines::Bars), query("x")), full("b", 2.0, Kind::Stat(Reduce::Max), values)),
            (full("a", 1.0, state("x"), list), full("b", 2.0, state("y"), Offer::Interval(vec!["1m".to_owned()]))),
            (full("a", 1.0, Kind::Text(Said::same("x")), Offer::Text), full("b", 2.0, Kind::Text(Said::same("y")), query("z"))),
        ];
        for (before, after) in pairs {
            for Difference { path, .. } in differences(&before, &after) {
                let said: String = place_text(&path, &[]);
                let keyed: String = said.replace("パネル「cpu」", "").replace("$host", "");
                assert!(!keyed.bytes().any(|byte| byte.is_ascii_lowercase()), "{path}: {said}");
            }
        }
    }
}
