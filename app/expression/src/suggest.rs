//! Asking the server what could be written: when the writer pauses, and never twice for what is known.

use crate::complete::{Expect, Place};
use api::ApiError;
use api::explore::{ExploreWord, ExploreWords, explore_labels, explore_metrics, explore_values};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// As long as a quick writer takes between two letters.
const PAUSE: Duration = Duration::from_millis(140);

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wish {
    Metrics { prefix: String },
    Labels { metric: String },
    Values { metric: String, label: String, prefix: String },
}

impl Wish {
    /// What would help at a place, if the server can help there.
    fn at(place: &Place) -> Option<Self> {
        let prefix: String = place.typed.clone();
        match &place.expect {
            Expect::Operand => Some(Self::Metrics { prefix }),
            Expect::LabelName { metric } => Some(Self::Labels { metric: metric.clone() }),
            Expect::LabelValue { metric, label, .. } => {
                Some(Self::Values { metric: metric.clone(), label: label.clone(), prefix })
            }
            _ => None,
        }
    }

    /// Whether its answer is about the same kind of word as another's.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Metrics { .. }, Self::Metrics { .. }) => true,
            (Self::Labels { metric }, Self::Labels { metric: other }) => metric == other,
            (Self::Values { metric, label, .. }, Self::Values { metric: other, label: other_label, .. }) => {
                metric == other && label == other_label
            }
            _ => false,
        }
    }

    fn prefix(&self) -> &str {
        match self {
            Self::Metrics { prefix } | Self::Values { prefix, .. } => prefix,
            Self::Labels { .. } => "",
        }
    }

    async fn ask(self) -> Result<ExploreWords, ApiError> {
        match self {
            Self::Metrics { prefix } => explore_metrics(prefix).await,
            Self::Labels { metric } => explore_labels(metric).await,
            Self::Values { metric, label, prefix } => explore_values(metric, label, prefix).await,
        }
    }
}

/// What the server last said, and to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Answer {
    wish: Option<Wish>,
    words: Vec<ExploreWord>,
    /// Whether there are more of the kind than it holds.
    is_cut: bool,
}

impl Answer {
    /// Whether it holds something for a wish. What is known is shown until the better answer comes.
    fn is_about(&self, wish: &Wish) -> bool {
        self.wish.as_ref().is_some_and(|known| known.is_like(wish))
    }

    /// Whether it holds everything there is for a wish.
    fn covers(&self, wish: &Wish) -> bool {
        let is_wider = |known: &Wish| wish.prefix().to_lowercase().contains(&known.prefix().to_lowercase());
        self.is_about(wish) && self.wish.as_ref().is_some_and(|known| known == wish || (!self.is_cut && is_wider(known)))
    }
}

/// The words the server knows for a place.
#[derive(Clone, Copy)]
pub struct Suggestions {
    place: RwSignal<Option<Place>>,
    answer: RwSignal<Answer>,
}

impl Suggestions {
    /// Asks whenever the place changes and its words are not known. In the browser; on the server nothing happens.
    pub fn new(place: RwSignal<Option<Place>>) -> Self {
        let suggestions = Self { place, answer: RwSignal::new(Answer::default()) };
        Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
            if let Some(Some(waiting)) = waiting {
                waiting.clear();
            }
            let wish: Wish = suggestions.wish()?;
            if suggestions.answer.with_untracked(|answer| answer.covers(&wish)) {
                return None;
            }
            set_timeout_with_handle(move || suggestions.ask(wish), PAUSE).ok()
        });
        suggestions
    }

    fn wish(self) -> Option<Wish> {
        self.place.with(|place| place.as_ref().and_then(Wish::at))
    }

    fn ask(self, wish: Wish) {
        spawn_local(async move {
            let found = wish.clone().ask().await;
            // Completion is a help: when it can't be had, the language's own words are still there.
            let Ok(found) = found else { return };
            let is_cut: bool = (found.words.len() as u64) < u64::from(found.total);
            let still = self.place.try_with_untracked(|place| place.as_ref().and_then(Wish::at)).flatten();
            if still.is_some_and(|still| still.is_like(&wish)) {
                let _ = self.answer.try_set(Answer { wish: Some(wish), words: found.words, is_cut });
            }
        });
    }

    /// What is known for a place.
    pub fn words(self, place: &Place) -> Vec<ExploreWord> {
        let Some(wish) = Wish::at(place) else { return Vec::new() };
        self.answer.with(|answer| if answer.is_about(&wish) { answer.words.clone() } else { Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complete::place;

    fn wish(text: &str) -> Option<Wish> {
        Wish::at(&place(text, text.len()))
    }

    fn answer(text: &str, is_cut: bool) -> Answer {
        Answer { wish: wish(text), words: Vec::new(), is_cut }
    }

    #[test]
    fn only_what_the_server_knows_is_asked() {
        assert_eq!(wish("no"), Some(Wish::Metrics { prefix: "no".to_owned() }));
        assert_eq!(wish("up{jo"), Some(Wish::Labels { metric: "up".to_owned() }));
        let value = Wish::Values { metric: "up".to_owned(), label: "job".to_owned(), prefix: "ma".to_owned() };
        assert_eq!(wish("up{job=\"ma"), Some(value));
        assert_eq!((wish("a["), wish("a of"), wish("# a")), (None, None, None));
    }

    #[test]
    fn what_is_known_is_not_asked_again() {
        for (known, is_cut, text, is_about, covers) in [
            ("no", false, "nod", true, true),
            ("no", true, "nod", true, false),
            ("no", true, "no", true, true),
            ("nod", false, "no", true, false),
            ("no", false, "up{", false, false),
            ("up{", false, "up{jo", true, true),
            ("up{", false, "down{jo", false, false),
            ("up{a=\"", false, "up{b=\"", false, false),
            ("up{a=\"", false, "up{a=\"x", true, true),
        ] {
            let (answer, wish) = (answer(known, is_cut), wish(text).unwrap());
            assert_eq!((answer.is_about(&wish), answer.covers(&wish)), (is_about, covers), "{known} {text}");
        }
        assert!(!Answer::default().is_about(&wish("no").unwrap()));
    }
}
