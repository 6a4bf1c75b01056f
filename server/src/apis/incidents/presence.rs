//! Who has an incident open now.
//!
//! Kept in this process's memory and nowhere else: a screen is drawn anew every quarter of a minute while somebody watches it, and each
//! drawing says that they are there. Of several processes each knows its own readers; a restart knows nobody for a quarter of a minute.
//! Nothing rests on it, so nothing is written down.

use model::Time;
use model::ids::{IncidentId, PersonId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Whoever was not seen for longer has gone: three drawings that did not come.
const GONE_MS: i64 = 45_000;
/// People and incidents that are remembered at once; beyond it nobody new is.
const MOST: usize = 10_000;

/// When somebody was seen last, and what they are called.
#[derive(Clone, Debug)]
struct Seen {
    name: String,
    at: Time,
}

/// The readers of this process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Presence(Arc<Mutex<BTreeMap<(IncidentId, PersonId), Seen>>>);

impl Presence {
    /// Somebody looks at an incident. Says who else does, by name.
    pub fn look(&self, incident: IncidentId, person: PersonId, name: &str, now: Time) -> Vec<String> {
        // A panic between two lines below leaves a valid map.
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, one| now.since(one.at) < GONE_MS);
        if seen.len() < MOST || seen.contains_key(&(incident, person)) {
            seen.insert((incident, person), Seen { name: name.to_owned(), at: now });
        }
        let here = seen.iter().filter(|((of, who), _)| *of == incident && *who != person);
        let mut names: Vec<String> = here.map(|(_, one)| one.name.clone()).collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::{GONE_MS, Presence};
    use model::Time;
    use model::ids::{IncidentId, PersonId};
    use uuid::Uuid;

    #[test]
    fn whoever_looks_sees_the_others_until_they_have_gone() {
        let (presence, person) = (Presence::default(), |n: u128| PersonId(Uuid::from_u128(n)));
        let look = |incident: i64, n: u128, name: &str, at: i64| presence.look(IncidentId(incident), person(n), name, Time(at));
        assert!(look(1, 1, "Hana", 0).is_empty());
        assert_eq!(look(1, 2, "Jiro", 1_000), ["Hana"]);
        assert!(look(2, 3, "Emma", 2_000).is_empty(), "another incident has other readers");
        assert_eq!(look(1, 1, "Hana", 30_000), ["Jiro"]);
        assert_eq!(look(1, 3, "Emma", 1_000 + GONE_MS), ["Hana"], "Jiro has gone");
    }
}
