//! Publications change what directives show and nothing else, and doing it twice is doing it once.

use super::example::pieces;
use crate::postmortems::directives;
use crate::postmortems::expand;
use crate::postmortems::pieces::Pieces;
use figures::Locale;
use proptest::prelude::*;

/// Lines of which texts are made: prose, headings, fences that are ours and not, marks that lead astray.
const LINES: [&str; 18] = [
    "",
    "本文です。",
    "## 見出し",
    "- 項目",
    "| a | b |",
    "```",
    "````",
    "~~~",
    "  ```",
    "    ```",
    "```ops-fields INC-42",
    "````ops-timeline  INC-42   starred",
    "~~~ops-actions I-42",
    "```ops-timeline INC-42 frozen",
    "```ops-fields INC-7",
    "```ops-weather INC-42",
    "```rust",
    "14:30 𠮷野家 ``` か゛",
];

fn texts() -> impl Strategy<Value = String> {
    (proptest::collection::vec(0..LINES.len(), 0..24), any::<bool>()).prop_map(|(places, is_ended)| {
        let lines: Vec<&str> = places.into_iter().map(|place| LINES[place]).collect();
        let text: String = lines.join("\n");
        if is_ended { format!("{text}\n") } else { text }
    })
}

/// What stands outside of directives.
fn outside(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut at: usize = 0;
    for fence in directives::fences(text) {
        if directives::read(fence.info).is_some() {
            parts.push(text[at..fence.whole.start].to_owned());
            at = fence.whole.end;
        }
    }
    parts.push(text[at..].to_owned());
    parts
}

proptest! {
    #[test]
    fn publishing_again_changes_nothing(text in texts()) {
        let pieces: Pieces = pieces(Locale::Ja, &[]);
        let published: String = expand::freeze(&text, &pieces);
        // Opened again, nothing is written; published once more, the same stands there.
        prop_assert_eq!(&expand::freeze(&published, &pieces), &published);
        let sealed = Pieces { is_live: false, ..pieces };
        prop_assert_eq!(&expand::freeze(&published, &sealed), &published);
    }

    #[test]
    fn publishing_keeps_every_other_byte(text in texts()) {
        let pieces: Pieces = pieces(Locale::Ja, &[]);
        let published: String = expand::freeze(&text, &pieces);
        prop_assert_eq!(outside(&published), outside(&text));
        prop_assert_eq!(directives::directives(&published), directives::directives(&text));
    }

    #[test]
    fn a_report_shows_the_same_before_and_after_it_is_published(text in texts()) {
        let pieces: Pieces = pieces(Locale::En, &[]);
        let before: String = expand::expanded(&text, &pieces);
        let published: String = expand::freeze(&text, &pieces);
        let sealed = Pieces { is_live: false, ..pieces };
        prop_assert_eq!(expand::expanded(&published, &sealed), before);
    }

    #[test]
    fn no_text_breaks_the_reading(text in any::<String>()) {
        let pieces: Pieces = pieces(Locale::Ja, &[]);
        let _ = expand::expanded(&expand::freeze(&text, &pieces), &pieces);
    }
}

#[test]
fn a_body_with_marks_of_its_own_makes_the_fence_longer_once() {
    let mut pieces: Pieces = pieces(Locale::Ja, &[]);
    let told = pieces.incidents.values_mut().next().unwrap();
    told.lines[0].text = "`````".to_owned();
    let published: String = expand::freeze("```ops-timeline INC-42\n```", &pieces);
    assert!(published.starts_with("``````ops-timeline INC-42 frozen\n") && published.ends_with("\n``````"), "{published}");
    assert_eq!(expand::freeze(&published, &pieces), published);
    assert_eq!(directives::fences(&published).len(), 1);
}
