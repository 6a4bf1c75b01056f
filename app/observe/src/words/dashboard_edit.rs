//! The words of dashboards as they are changed.

mod en;
mod ja;

use crate::words::locale;
use dashboard::Step;
use figures::Locale;

/// Everything this screen says.
pub struct EditWords {
    // The head
    pub edit_of: fn(&str) -> String,
    pub parts: &'static str,
    pub panels: &'static str,
    pub variables: &'static str,
    pub settings: &'static str,
    pub source: &'static str,
    pub shown: &'static str,
    pub history: &'static str,
    // The draft
    pub unchanged: &'static str,
    pub changed: &'static str,
    pub changed_at: fn(&str) -> String,
    pub undo: &'static str,
    pub nothing_to_undo: &'static str,
    pub discard: &'static str,
    pub discard_sure: &'static str,
    pub discard_do: &'static str,
    pub comment: &'static str,
    pub comment_example: &'static str,
    pub save: &'static str,
    pub behind: fn(i64) -> String,
    pub difference: &'static str,
    pub over: &'static str,
    // Rows and panels
    pub keys: &'static str,
    pub row: fn(usize) -> String,
    pub row_add: &'static str,
    pub row_settings: &'static str,
    pub row_remove: &'static str,
    pub only_row: &'static str,
    pub is_folded: &'static str,
    pub repeats_by: fn(&str) -> String,
    pub no_repeat: &'static str,
    pub no_panels: &'static str,
    pub panel_add: &'static str,
    pub kind_for: fn(&str) -> String,
    pub untitled: fn(&str) -> String,
    pub step: fn(Step) -> &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub is_first: &'static str,
    pub is_last: &'static str,
    /// An act and what it is done with, as a button is called that shows only a sign.
    pub of: fn(&str, &str) -> String,
    pub edit: &'static str,
    pub copy: &'static str,
    pub remove: &'static str,
    pub take: &'static str,
    pub cancel: &'static str,
    // The form of a panel
    pub panel_of: fn(&str) -> String,
    pub panel_new: &'static str,
    pub queries_hint: &'static str,
    pub query: fn(usize) -> String,
    pub link: fn(usize) -> String,
    pub drawing: &'static str,
    pub legend: &'static str,
    pub more: &'static str,
    pub preview: &'static str,
    pub preview_hint: &'static str,
    pub no_preview: &'static str,
    pub no_team: &'static str,
    // Variables
    pub variables_lead: &'static str,
    pub variable_new: &'static str,
    pub variable_add: &'static str,
    // The source
    pub source_label: &'static str,
    pub source_hint: &'static str,
    pub source_wrong: &'static str,
    pub place: fn(usize, usize) -> String,
    /// What a field is called, without the number of its row, and what helps filling it in.
    pub field: fn(&str) -> (&'static str, &'static str),
    // Words of files
    pub kind: fn(&str) -> &'static str,
    pub reduce: fn(&str) -> &'static str,
    pub axis: fn(&str) -> &'static str,
    pub unit: fn(&str) -> &'static str,
    pub offer: fn(&str) -> &'static str,
}

/// A field, what it is called, and what helps filling it in.
type Field = (&'static str, &'static str, &'static str);

/// The words of the reader's language.
#[must_use]
pub fn edit_words() -> &'static EditWords {
    match locale() {
        Locale::Ja => &ja::JA,
        Locale::En => &en::EN,
    }
}

/// Both are empty for what is no field.
fn field_in(fields: &[Field], name: &str) -> (&'static str, &'static str) {
    fields.iter().find(|(field, _, _)| *field == name).map(|(_, label, hint)| (*label, *hint)).unwrap_or_default()
}

/// Empty for a word that no file has.
fn word_in(words: &[(&'static str, &'static str)], word: &str) -> &'static str {
    words.iter().find(|(known, _)| *known == word).map(|(_, said)| *said).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{en, ja};
    use dashboard::{Axis, Kind, Offer, Reduce};
    use figures::Unit;

    #[test]
    fn everything_that_can_be_chosen_has_a_word_in_both_languages() {
        for words in [&ja::JA, &en::EN] {
            assert!(Kind::WORDS.iter().all(|word| !(words.kind)(word).is_empty()));
            assert!(Reduce::ALL.iter().all(|reduce| !(words.reduce)(reduce.as_str()).is_empty()));
            assert!(Axis::ALL.iter().all(|axis| !(words.axis)(axis.as_str()).is_empty()));
            assert!(Unit::ALL.iter().all(|unit| !(words.unit)(unit.as_str()).is_empty()));
            assert!(Offer::WORDS.iter().all(|word| !(words.offer)(word).is_empty()));
        }
    }

    #[test]
    fn the_same_fields_have_words_in_both_languages() {
        let names = |fields: &[super::Field]| fields.iter().map(|(field, _, _)| *field).collect::<Vec<&str>>();
        assert_eq!(names(&ja::FIELDS), names(&en::FIELDS));
        assert_eq!((ja::JA.field)("nothing"), ("", ""));
    }
}
