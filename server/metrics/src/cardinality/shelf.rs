//! What was counted a moment ago: a screen that several people look at, and that asks again by itself, walks over all series once.

use std::sync::Arc;

use model::Time;

/// What is older is counted anew. As long as nobody takes a figure of series for an old one.
pub(super) const KEPT_MS: i64 = 10_000;
/// Answers kept; a handful of people search at once, not hundreds.
const MOST: usize = 16;

/// The newest answers by what was asked.
#[derive(Debug)]
pub(super) struct Shelf<V> {
    kept: Vec<Kept<V>>,
}

#[derive(Debug)]
struct Kept<V> {
    asked: String,
    at: Time,
    answer: Arc<V>,
}

impl<V> Default for Shelf<V> {
    fn default() -> Self {
        Self { kept: Vec::new() }
    }
}

impl<V> Shelf<V> {
    /// The answer to `asked`, unless it has grown old. A clock that was set back makes it old too.
    pub(super) fn get(&self, asked: &str, now: Time) -> Option<Arc<V>> {
        let known = self.kept.iter().find(|kept| kept.asked == asked)?;
        (0..KEPT_MS).contains(&now.since(known.at)).then(|| Arc::clone(&known.answer))
    }

    /// Keeps an answer, and forgets the oldest where there is no room.
    pub(super) fn put(&mut self, asked: &str, now: Time, answer: V) -> Arc<V> {
        let answer: Arc<V> = Arc::new(answer);
        self.kept.retain(|kept| kept.asked != asked);
        if self.kept.len() >= MOST {
            self.kept.remove(0);
        }
        self.kept.push(Kept { asked: asked.to_owned(), at: now, answer: Arc::clone(&answer) });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000_000);

    #[test]
    fn an_answer_is_given_again_until_it_is_old() {
        let mut shelf: Shelf<u8> = Shelf::default();
        shelf.put("a", NOW, 1);
        assert_eq!(shelf.get("a", NOW.plus_ms(KEPT_MS - 1)).as_deref(), Some(&1));
        assert_eq!(shelf.get("a", NOW.plus_ms(KEPT_MS)), None);
        assert_eq!(shelf.get("a", NOW.plus_ms(-1)), None);
        assert_eq!(shelf.get("b", NOW), None);
        shelf.put("a", NOW, 2);
        assert_eq!((shelf.kept.len(), shelf.get("a", NOW).as_deref()), (1, Some(&2)));
    }

    #[test]
    fn only_so_many_are_kept() {
        let mut shelf: Shelf<usize> = Shelf::default();
        for number in 0..=MOST {
            shelf.put(&number.to_string(), NOW, number);
        }
        assert_eq!(shelf.kept.len(), MOST);
        assert_eq!((shelf.get("0", NOW), shelf.get("1", NOW).as_deref()), (None, Some(&1)));
    }
}
