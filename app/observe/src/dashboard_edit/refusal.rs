//! Why a change was refused, as sentences where it is put right.

use crate::dashboard_history::refusal::refusal_text;
use crate::words::locale;
use api::ApiError;
use api::dashboards::editing::trouble::law;
use api::dashboards::editing::view::FieldWrong;
use api::error::Mistake;
use api::kept::{refusal_of, typed_into};
use expression::mistake;
use figures::Locale;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::attempt::{Attempt, Named, Wrong};

/// What stands before what the parser says.
const OF_PARSER: &str = "PromQL の誤り: ";

/// What the form of `action` knows of its last try, all of it about the form as a whole.
pub(super) fn attempt<S>(action: ServerAction<S>) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Attempt::new(typed_into(action), refusal_of(action), Box::new(told))
}

/// What is wrong with what stands in a form, each where `place` says; what it was refused for, where that is something else.
pub(super) fn wrong_in<S>(action: ServerAction<S>, wrong: &[FieldWrong], place: impl Fn(&str) -> Option<Named>) -> Vec<Wrong>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let one = |one: &FieldWrong| Wrong { at: place(&one.field), said: in_words(&one.said) };
    if !wrong.is_empty() {
        return wrong.iter().map(one).collect();
    }
    refusal_of(action).get_untracked().map(|error| told(&error)).unwrap_or_default()
}

fn told(error: &ApiError) -> Vec<Wrong> {
    let mistakes: Vec<Mistake> = error.mistakes();
    let known = mistakes.iter().filter_map(law);
    let found: Vec<Wrong> = known.map(|(_, said)| Wrong { at: None, said: in_words(&said) }).collect();
    if found.is_empty() { vec![Wrong { at: None, said: refusal_text(error) }] } else { found }
}

/// What the parser says is English: in Japanese it is said again.
pub(super) fn in_words(said: &str) -> String {
    match said.strip_prefix(OF_PARSER) {
        Some(rest) if locale() == Locale::Ja => {
            let message: String = mistake::said(rest.trim_end_matches('。'), Locale::Ja);
            format!("{OF_PARSER}{}。", message.trim_end_matches('。'))
        }
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::dashboards::editing::trouble::refused;

    #[test]
    fn a_law_is_told_in_its_own_words_and_everything_else_in_ours() {
        let owner = Owner::new();
        owner.set();
        let law = refused(&[FieldWrong::new("width", "1〜24列が必要です。")]).unwrap();
        assert_eq!(told(&law), [Wrong { at: None, said: "1〜24列が必要です。".to_owned() }]);
        assert_eq!(told(&ApiError::Unavailable)[0].said, refusal_text(&ApiError::Unavailable));
    }

    #[test]
    fn a_mistake_in_an_expression_is_said_in_japanese_where_that_is_known() {
        let owner = Owner::new();
        owner.set();
        let said: String = in_words("PromQL の誤り: unknown function \"rte\", did you mean \"rate\"。");
        assert!(said.starts_with(OF_PARSER) && said.ends_with('。') && !said.contains("unknown function"), "{said}");
        assert_eq!(in_words("期間が必要です。"), "期間が必要です。");
    }
}
