//! Why a change of a draft was refused: the laws it would break, each at its field.

use super::view::FieldWrong;
use crate::error::{ApiError, Expected, Mistake};

/// What stands before the field. What is said behind it is in the reader's language.
const LAW: &str = "dashboard_edit.law/";

/// The refusal; `None` where nothing is wrong.
#[must_use]
pub fn refused(wrong: &[FieldWrong]) -> Option<ApiError> {
    let mistake = |one: &FieldWrong| Mistake::new(&format!("{LAW}{}", one.field), Expected::other(&one.said));
    ApiError::of_mistakes(wrong.iter().map(mistake).collect())
}

/// The field of a mistake, and what is said of it, if it is one of these.
#[must_use]
pub fn law(mistake: &Mistake) -> Option<(&str, String)> {
    mistake.field.strip_prefix(LAW).map(|field| (field, mistake.expected.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_read_back_with_its_field() {
        let wrong = [("query.0.expr", "a"), ("", "b")].map(|(field, said)| FieldWrong::new(field, said));
        let found = refused(&wrong).unwrap().mistakes();
        let read: Vec<(&str, String)> = found.iter().filter_map(law).collect();
        assert_eq!(read, [("query.0.expr", "a".to_owned()), ("", "b".to_owned())]);
        assert_eq!(refused(&[]), None);
        assert_eq!(law(&Mistake::new("title", Expected::other("x"))), None);
    }
}
