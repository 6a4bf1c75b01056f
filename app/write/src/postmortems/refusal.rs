//! Why something about postmortems was not done, in the reader's words.

use super::said::{act_text, moment_text, state_text};
use crate::report::placed;
use crate::screen;
use crate::words::postmortems::postmortem_words;
use api::ApiError;
use api::absence::note_absence;
use api::postmortems::form::PostmortemTrouble;
use leptos::prelude::*;
use model::Time;
use model::links;
use model::postmortem::{Act, State};
use ui::button::ButtonLink;
use ui::empty::ErrorState;

/// Why, with what it names.
#[must_use]
pub fn trouble_text(trouble: PostmortemTrouble, place: &str) -> String {
    let words = postmortem_words();
    match trouble {
        PostmortemTrouble::NotFrom => not_from(place),
        PostmortemTrouble::NotWaivable => (words.not_waivable)(place),
        PostmortemTrouble::Unwritten => (words.unwritten)(place),
        PostmortemTrouble::Graph => (words.no_graph)(place),
        PostmortemTrouble::NoGraphs => (words.no_graphs)(place),
        PostmortemTrouble::Changed => changed_since(place),
        other => words.troubles[plain_place(other)].to_owned(),
    }
}

/// The place among the sentences that name nothing.
fn plain_place(trouble: PostmortemTrouble) -> usize {
    match trouble {
        PostmortemTrouble::Stale => 0,
        PostmortemTrouble::NotBegun => 1,
        PostmortemTrouble::NoReason => 2,
        PostmortemTrouble::NoReviewer => 3,
        PostmortemTrouble::NoPerson => 4,
        PostmortemTrouble::OwnApproval => 5,
        PostmortemTrouble::OwnWaiver => 6,
        PostmortemTrouble::Empty => 7,
        PostmortemTrouble::Long => 8,
        PostmortemTrouble::Moment => 9,
        PostmortemTrouble::Ahead => 10,
        PostmortemTrouble::NotPublished => 11,
        PostmortemTrouble::Private => 12,
        PostmortemTrouble::TextGone => 13,
        PostmortemTrouble::Address => 14,
        PostmortemTrouble::Evidence => 15,
        PostmortemTrouble::Gone => 16,
        PostmortemTrouble::ReadOnly => 17,
        PostmortemTrouble::NotFrom
        | PostmortemTrouble::NotWaivable
        | PostmortemTrouble::Unwritten
        | PostmortemTrouble::Graph
        | PostmortemTrouble::NoGraphs
        | PostmortemTrouble::Changed
        | PostmortemTrouble::Other => 18,
    }
}

/// `1760938200000 佐藤 健、鈴木`: when it was changed first since its approval, and by whom.
fn changed_since(place: &str) -> String {
    let (since, by) = place.split_once(' ').unwrap_or((place, ""));
    let since: String = since.parse::<i64>().map_or_else(|_| String::new(), |since| moment_text(Time(since)));
    changed_text(by, &since)
}

/// That an approval is stale, with who wrote on and since when.
#[must_use]
pub fn changed_text(by: &str, since: &str) -> String {
    let words = postmortem_words();
    (words.changed_since_approval)(if by.is_empty() { words.unknown } else { by }, since)
}

/// `published approve`: the state, and the act that does not lead on from it.
fn not_from(place: &str) -> String {
    let words = postmortem_words();
    let (state, act) = place.split_once(' ').unwrap_or((place, ""));
    let state: &str = State::from_word(state).map_or("", state_text);
    let act: &str = Act::from_word(act).map_or("", act_text);
    (words.not_from)(state, act)
}

/// What happened, and the way to what there is.
pub fn failed(error: &ApiError) -> AnyView {
    if *error == ApiError::SignedOut {
        return screen::failed(error);
    }
    let words = postmortem_words();
    let is_lost: bool = matches!(error, ApiError::NotFound { .. });
    if is_lost {
        note_absence();
    }
    let (what, action): (&'static str, &'static str) =
        if is_lost { (words.gone, words.gone_hint) } else { (words.failed, words.failed_hint) };
    let means: String = if is_lost {
        words.gone_means.to_owned()
    } else {
        placed(error, &[]).into_iter().map(|wrong| wrong.said).collect::<Vec<String>>().join(" ")
    };
    view! {
        <ErrorState what=what means=means action=action>
            <ButtonLink href=links::POSTMORTEMS.to_owned()>{words.title}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_says_what_it_names() {
        let owner = Owner::new();
        owner.set();
        let unwritten = trouble_text(PostmortemTrouble::Unwritten, "影響、学んだこと");
        assert!(unwritten.contains("影響、学んだこと"), "{unwritten}");
        let changed = trouble_text(PostmortemTrouble::Changed, "1760938200000 佐藤 健");
        assert!(changed.contains("佐藤 健") && changed.contains("もう一度承認"), "{changed}");
        let missing = trouble_text(PostmortemTrouble::NoGraphs, "12、ab");
        assert!(missing.contains("12、ab"), "{missing}");
        let not_from = trouble_text(PostmortemTrouble::NotFrom, "published approve");
        assert!(not_from.contains("公開済み") && not_from.contains("承認"), "{not_from}");
    }

    #[test]
    fn every_trouble_is_a_sentence() {
        let owner = Owner::new();
        owner.set();
        for (trouble, word) in PostmortemTrouble::ALL {
            let said = trouble_text(trouble, "");
            assert!(said.ends_with('。'), "{word}: {said}");
        }
    }
}
