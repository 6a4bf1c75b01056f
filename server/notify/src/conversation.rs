//! What one channel was told about one group before: how its provider names those messages, and whether the next one must call anew. Pure.
//!
//! Most providers follow the first message: a thread, a mail's reference. One that makes incidents of pages is different: what belongs to an
//! incident that somebody has there calls nobody, however bad it became. So a page says whether it calls for more than was taken on.

use crate::page::Kind;
use model::Severity;

/// Names that are kept beside the first: what becomes of older ones matters to nobody.
const MOST_LATER: usize = 10;

/// Something that was said, and taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) kind: Kind,
    /// What the provider calls it.
    pub(crate) reference: String,
    /// The worst of what nobody had then; `None` where nothing was left of that, or it can't be read.
    pub(crate) worst: Option<Severity>,
}

/// What a page needs to know of what was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conversation {
    /// The first name.
    pub(crate) previous: Option<String>,
    /// The others, each once, the oldest first.
    pub(crate) later: Vec<String>,
    pub(crate) is_raised: bool,
}

impl Conversation {
    /// Of everything that was said, the oldest first, as a page of this kind sees it that is about alerts as bad as `worst`.
    pub(crate) fn of(spoken: &[Spoken], kind: Kind, worst: Option<Severity>) -> Self {
        let previous: Option<String> = spoken.first().map(|one| one.reference.clone());
        let mut later: Vec<String> = Vec::new();
        for one in spoken {
            if previous.as_ref() != Some(&one.reference) && !later.contains(&one.reference) {
                later.push(one.reference.clone());
            }
        }
        later.drain(..later.len().saturating_sub(MOST_LATER));
        Self { previous, later, is_raised: kind.calls() && is_raised(spoken, worst) }
    }
}

/// Whether somebody took on what was called for last, or it is worse than that now.
fn is_raised(spoken: &[Spoken], worst: Option<Severity>) -> bool {
    let Some(at) = spoken.iter().rposition(|one| one.kind.calls()) else {
        return false;
    };
    let was_taken: bool = spoken.iter().skip(at).any(|one| one.kind == Kind::Acknowledged);
    let before: Option<Severity> = spoken.get(at).and_then(|one| one.worst);
    was_taken || before.zip(worst).is_some_and(|(before, now)| now < before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: Kind, reference: &str, worst: Severity) -> Spoken {
        Spoken { kind, reference: reference.to_owned(), worst: Some(worst) }
    }

    #[test]
    fn a_page_is_raised_when_it_is_worse_than_the_last_call_or_that_was_taken_on() {
        use Severity::{P0, P1, P2};
        let fired = || said(Kind::Fired, "a", P1);
        let taken = || said(Kind::Acknowledged, "a", P1);
        for (spoken, kind, worst, expected) in [
            (vec![], Kind::Fired, P0, false),
            (vec![fired()], Kind::Again, P1, false),
            (vec![fired()], Kind::Fired, P2, false),
            (vec![fired()], Kind::Fired, P0, true),
            (vec![fired(), said(Kind::Fired, "b", P0)], Kind::Again, P0, false),
            (vec![fired(), taken()], Kind::Again, P1, true),
            (vec![fired(), taken()], Kind::Fired, P0, true),
            (vec![fired(), taken(), said(Kind::Again, "b", P1)], Kind::Again, P1, false),
            (vec![fired(), taken()], Kind::Resolved, P0, false),
            (vec![taken()], Kind::Fired, P0, false),
            (vec![Spoken { worst: None, ..fired() }], Kind::Fired, P0, false),
        ] {
            assert_eq!(Conversation::of(&spoken, kind, Some(worst)).is_raised, expected, "{spoken:?} {kind:?} {worst:?}");
        }
    }

    #[test]
    fn the_first_name_stays_and_of_the_others_the_newest_are_kept_once() {
        let names: Vec<String> = (0..20).map(|n| format!("n{}", n / 2)).collect();
        let spoken: Vec<Spoken> = names.iter().map(|name| said(Kind::Again, name, Severity::P1)).collect();
        let conversation = Conversation::of(&spoken, Kind::Resolved, None);
        assert_eq!(conversation.previous.as_deref(), Some("n0"));
        assert_eq!((conversation.later.len(), conversation.later.last().map(String::as_str)), (9, Some("n9")));
        let many: Vec<Spoken> = (0..50).map(|n| said(Kind::Again, &n.to_string(), Severity::P1)).collect();
        let kept: Vec<String> = Conversation::of(&many, Kind::Resolved, None).later;
        assert_eq!((kept.len(), kept[0].as_str()), (MOST_LATER, "40"));
        assert_eq!(Conversation::of(&[], Kind::Fired, None), Conversation::default());
    }
}
