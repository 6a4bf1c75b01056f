//! Why a file did not come in: every reason, in sentences.

use crate::dashboard_history::refusal::refusal_text;
use crate::words::dashboard_keeping::{KeepingWords, keeping_words};
use crate::words::locale;
use api::dashboards::keeping::view::{FileLine, NotBrought};
use dashboard::Problem;
use leptos::prelude::*;
use ui::icon::{Icon, IconName};

/// What stands above the form.
pub(super) fn refused(why: &NotBrought) -> AnyView {
    let words = keeping_words();
    let lines: Vec<AnyView> = sentences(why, words).into_iter().map(|line| view! { <li>{line}</li> }.into_any()).collect();
    view! {
        <div class="form__refused" role="alert" tabindex="-1" autofocus=true>
            <p class="form__refused-title"><Icon name=IconName::Warn /> {words.not_brought}</p>
            <ul class="form__refused-list">{lines}</ul>
        </div>
    }
    .into_any()
}

fn sentences(why: &NotBrought, words: &KeepingWords) -> Vec<String> {
    match why {
        NotBrought::Nothing => vec![words.nothing_sent.to_owned()],
        NotBrought::TooLarge => vec![words.too_large.to_owned()],
        NotBrought::NotText => vec![words.not_text.to_owned()],
        NotBrought::NotJson { line, column, said } => vec![(words.not_json)(*line, *column, said)],
        NotBrought::NoDashboard(found) => vec![(words.no_dashboard)(found)],
        NotBrought::Lines(lines) => {
            lines.iter().map(|FileLine { line, column, said }| (words.at_line)(*line, *column, said)).collect()
        }
        NotBrought::Taken(slugs) => slugs.iter().map(|slug| (words.taken)(slug)).collect(),
        NotBrought::Unlawful(problems) => problems.iter().map(|problem| unlawful(problem, words)).collect(),
        NotBrought::Refused(error) => vec![refusal_text(error)],
    }
}

fn unlawful(problem: &Problem, words: &KeepingWords) -> String {
    let locale = locale();
    (words.unlawful)(&problem.path, problem.expected.read(locale), problem.said.read(locale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ApiError;

    #[test]
    fn every_reason_is_a_sentence() {
        let owner = Owner::new();
        owner.set();
        let line = |line: usize| FileLine { line, column: 3, said: "expected a title".to_owned() };
        let all = [
            NotBrought::Nothing,
            NotBrought::TooLarge,
            NotBrought::NotText,
            NotBrought::NotJson { line: 1, column: 2, said: "EOF".to_owned() },
            NotBrought::NoDashboard("{}".to_owned()),
            NotBrought::Taken(vec!["web".to_owned()]),
            NotBrought::Refused(ApiError::Unavailable),
        ];
        for why in all {
            let said: Vec<String> = sentences(&why, keeping_words());
            assert_eq!(said.len(), 1, "{why:?}");
            assert!(!said[0].is_empty(), "{why:?}");
        }
        let said: Vec<String> = sentences(&NotBrought::Lines(vec![line(2), line(9)]), keeping_words());
        assert_eq!(said, ["2行3文字目: expected a title", "9行3文字目: expected a title"]);
    }
}
