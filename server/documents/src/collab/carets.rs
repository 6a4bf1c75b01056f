//! Who is where in one document: Yjs' awareness, kept honest.
//!
//! Anybody could send anything under any number. So a number belongs to the seat that used it first, what is sent for the numbers of others is
//! passed over (an unmodified client sends every peer's state again), and who somebody is (`user`) is written by us. The same person may take
//! a number over: that is their own stale connection. Source: `y-protocols` 1.0.7, `awareness.js`.

use super::lib0::{Malformed, Reader, put_buffer, put_number};
use model::ids::PersonId;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A state is a selection and a name. It has to fit into a message of the database beside others.
const MOST_STATE_BYTES: usize = 4 << 10;
/// Numbers of one seat: an editor takes a new one when it finds its own in use.
const MOST_OF_ONE: usize = 4;
/// Numbers of those who left, to know their echoes by.
const MOST_GONE: usize = 1_000;
/// y-protocols forgets whoever was silent for 30 s; those of other processes are forgotten a little later.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(45);
/// Colours of people: of a line, and of what they selected. For editors that know no tokens of ours.
const COLOURS: [(&str, &str); 8] = [
    ("#30bced", "#30bced33"),
    ("#6eeb83", "#6eeb8333"),
    ("#ffbc42", "#ffbc4233"),
    ("#e2578f", "#e2578f33"),
    ("#8acb88", "#8acb8833"),
    ("#1be7ff", "#1be7ff33"),
    ("#b388eb", "#b388eb33"),
    ("#f7996e", "#f7996e33"),
];

/// Who sits where, as it is shown to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) colour: u8,
}

/// One line of an awareness message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) client: u64,
    pub(crate) clock: u32,
    /// JSON; `null` when they left.
    pub(crate) state: String,
}

/// Where a state came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Seat(u64),
    /// Another process.
    Elsewhere,
}

#[derive(Clone, Debug)]
struct State {
    clock: u32,
    state: String,
    owner: Owner,
    person: PersonId,
    name: String,
    heard: Instant,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Carets {
    states: BTreeMap<u64, State>,
    /// What is to be told; those in it that have no state any more have left.
    changed: BTreeSet<u64>,
    gone: BTreeMap<u64, u32>,
}

/// Reads an awareness message.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Entry>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut entries: Vec<Entry> = Vec::new();
    for _ in 0..reader.number()? {
        let (client, clock) = (reader.number()?, reader.small()?);
        entries.push(Entry { client, clock, state: reader.text()?.to_owned() });
    }
    reader.end()?;
    Ok(entries)
}

/// Writes one.
pub(crate) fn write(entries: &[Entry]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    put_number(&mut out, u64::try_from(entries.len()).unwrap_or_default());
    for entry in entries {
        put_number(&mut out, entry.client);
        put_number(&mut out, u64::from(entry.clock));
        put_buffer(&mut out, entry.state.as_bytes());
    }
    out
}

impl Carets {
    /// What a seat says.
    pub(crate) fn hear(&mut self, seat: u64, face: &Face, entries: Vec<Entry>, now: Instant) {
        for entry in entries {
            if self.may_say(seat, face, &entry) {
                self.set(seat, face, &entry, now);
            }
        }
    }

    fn may_say(&self, seat: u64, face: &Face, entry: &Entry) -> bool {
        if entry.state.len() > MOST_STATE_BYTES || self.gone.get(&entry.client).is_some_and(|clock| entry.clock <= *clock) {
            return false;
        }
        let Some(known) = self.states.get(&entry.client) else {
            let n_own: usize = self.states.values().filter(|state| state.owner == Owner::Seat(seat)).count();
            return entry.state != "null" && n_own < MOST_OF_ONE;
        };
        let is_own: bool = known.owner == Owner::Seat(seat);
        (is_own || known.person == face.person) && entry.clock > known.clock
    }

    fn set(&mut self, seat: u64, face: &Face, entry: &Entry, now: Instant) {
        self.changed.insert(entry.client);
        if entry.state == "null" {
            self.states.remove(&entry.client);
            self.bury(entry.client, entry.clock);
            return;
        }
        let state: State = State {
            clock: entry.clock,
            state: honest(&entry.state, face),
            owner: Owner::Seat(seat),
            person: face.person,
            name: face.name.clone(),
            heard: now,
        };
        self.states.insert(entry.client, state);
    }

    /// Somebody left: their numbers are told as left, with a clock that counts.
    pub(crate) fn leave(&mut self, seat: u64) {
        let own: Vec<(u64, u32)> = self
            .states
            .iter()
            .filter(|(_, state)| state.owner == Owner::Seat(seat))
            .map(|(client, state)| (*client, state.clock.saturating_add(1)))
            .collect();
        for (client, clock) in own {
            self.states.remove(&client);
            self.bury(client, clock);
            self.changed.insert(client);
        }
    }

    /// What another process says, which made it honest.
    pub(crate) fn overhear(&mut self, entries: Vec<Entry>, now: Instant) {
        for entry in entries {
            let known = self.states.get(&entry.client);
            let is_here: bool = known.is_some_and(|state| state.owner != Owner::Elsewhere);
            let is_old: bool = known.is_some_and(|state| entry.clock <= state.clock)
                || self.gone.get(&entry.client).is_some_and(|clock| entry.clock <= *clock);
            if is_here || is_old {
                continue;
            }
            self.changed.insert(entry.client);
            match of_elsewhere(&entry, now) {
                Some(state) => {
                    self.states.insert(entry.client, state);
                }
                None => {
                    self.states.remove(&entry.client);
                    self.bury(entry.client, entry.clock);
                }
            }
        }
    }

    /// Forgets those of other processes that nobody heard of for long.
    pub(crate) fn forget(&mut self, now: Instant) {
        let is_old =
            |state: &State| state.owner == Owner::Elsewhere && now.saturating_duration_since(state.heard) > FORGOTTEN_AFTER;
        let old: Vec<u64> = self.states.iter().filter(|(_, state)| is_old(state)).map(|(client, _)| *client).collect();
        for client in old {
            if let Some(state) = self.states.remove(&client) {
                self.bury(client, state.clock.saturating_add(1));
                self.changed.insert(client);
            }
        }
    }

    fn bury(&mut self, client: u64, clock: u32) {
        if self.gone.len() >= MOST_GONE {
            self.gone.pop_first();
        }
        self.gone.insert(client, clock);
    }

    /// Everybody there is, for somebody who comes.
    pub(crate) fn all(&self) -> Vec<Entry> {
        self.states.iter().map(|(client, state)| entry(*client, state)).collect()
    }

    pub(crate) fn is_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// What changed since this was asked last: for everybody here, and what of it other processes are to be told.
    pub(crate) fn take_changed(&mut self) -> (Vec<Entry>, Vec<Entry>) {
        let changed: BTreeSet<u64> = std::mem::take(&mut self.changed);
        let (mut here, mut there): (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
        for client in changed {
            let is_elsewhere: bool = self.states.get(&client).is_some_and(|state| state.owner == Owner::Elsewhere);
            let told: Option<Entry> = match self.states.get(&client) {
                Some(state) => Some(entry(client, state)),
                None => self.gone.get(&client).map(|clock| Entry { client, clock: *clock, state: "null".to_owned() }),
            };
            let Some(told) = told else { continue };
            if !is_elsewhere {
                there.push(told.clone());
            }
            here.push(told);
        }
        (here, there)
    }

    /// People of other processes.
    pub(crate) fn elsewhere(&self) -> impl Iterator<Item = (PersonId, String)> + '_ {
        let there = self.states.values().filter(|state| state.owner == Owner::Elsewhere);
        there.map(|state| (state.person, state.name.clone()))
    }
}

fn entry(client: u64, state: &State) -> Entry {
    Entry { client, clock: state.clock, state: state.state.clone() }
}

/// A state with the person's own name in it, whatever it said.
fn honest(state: &str, face: &Face) -> String {
    let mut said: Map<String, Value> = serde_json::from_str(state).unwrap_or_default();
    let (colour, light) = COLOURS[usize::from(face.colour) % COLOURS.len()];
    let user: Value =
        json!({ "id": face.person, "name": face.name, "colour": face.colour, "color": colour, "colorLight": light });
    said.insert("user".to_owned(), user);
    Value::Object(said).to_string()
}

fn of_elsewhere(entry: &Entry, now: Instant) -> Option<State> {
    let said: Value = serde_json::from_str(&entry.state).ok()?;
    let person: Uuid = said["user"]["id"].as_str()?.parse().ok()?;
    let name: String = said["user"]["name"].as_str()?.to_owned();
    Some(State {
        clock: entry.clock,
        state: entry.state.clone(),
        owner: Owner::Elsewhere,
        person: PersonId(person),
        name,
        heard: now,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(n: u128) -> Face {
        Face { person: PersonId(Uuid::from_u128(n)), name: format!("person {n}"), colour: 1 }
    }

    fn said(client: u64, clock: u32, state: &str) -> Vec<Entry> {
        vec![Entry { client, clock, state: state.to_owned() }]
    }

    fn name_of(carets: &Carets, client: u64) -> Option<String> {
        let all = carets.all();
        let state = all.iter().find(|entry| entry.client == client)?;
        let value: Value = serde_json::from_str(&state.state).unwrap();
        Some(value["user"]["name"].as_str().unwrap().to_owned())
    }

    #[test]
    fn a_message_comes_back_and_half_a_message_is_none() {
        let entries: Vec<Entry> = [said(7, 1, "{}"), said(9, 300, "null")].concat();
        let bytes: Vec<u8> = write(&entries);
        assert_eq!(read(&bytes), Ok(entries));
        assert_eq!(read(&[0]), Ok(vec![]));
        for len in 0..bytes.len() {
            assert!(read(&bytes[..len]).is_err());
        }
    }

    #[test]
    fn a_forged_name_is_written_over() {
        let (mut carets, now) = (Carets::default(), Instant::now());
        carets.hear(1, &face(1), said(7, 1, r#"{"user":{"name":"the boss"},"cursor":{"head":1}}"#), now);
        carets.hear(2, &face(2), said(8, 1, r#""no object""#), now);
        assert_eq!((name_of(&carets, 7).as_deref(), name_of(&carets, 8).as_deref()), (Some("person 1"), Some("person 2")));
        assert!(carets.all()[0].state.contains("cursor"), "the rest stays");
    }

    #[test]
    fn a_number_belongs_to_its_seat_and_only_the_same_person_takes_it_over() {
        let (mut carets, now) = (Carets::default(), Instant::now());
        carets.hear(1, &face(1), said(7, 5, "{}"), now);
        carets.hear(2, &face(2), said(7, 6, r#"{"mine":1}"#), now);
        carets.hear(2, &face(2), said(7, 7, "null"), now);
        assert_eq!(name_of(&carets, 7).as_deref(), Some("person 1"));
        carets.hear(3, &face(1), said(7, 8, "{}"), now);
        carets.leave(1);
        assert!(name_of(&carets, 7).is_some(), "it is the third seat's now");
        carets.leave(3);
        let (here, there) = carets.take_changed();
        assert_eq!((here, there), (said(7, 9, "null"), said(7, 9, "null")));
        carets.hear(2, &face(2), said(7, 9, "{}"), now);
        assert_eq!(name_of(&carets, 7), None, "an echo of somebody who left");
    }

    #[test]
    fn one_seat_has_few_numbers_and_small_states() {
        let (mut carets, now) = (Carets::default(), Instant::now());
        for client in 0..50 {
            carets.hear(1, &face(1), said(client, 1, "{}"), now);
        }
        assert_eq!(carets.all().len(), MOST_OF_ONE);
        let large: String = format!(r#"{{"a":"{}"}}"#, "x".repeat(MOST_STATE_BYTES));
        carets.hear(2, &face(2), said(900, 1, &large), now);
        assert_eq!(name_of(&carets, 900), None);
    }

    #[test]
    fn those_elsewhere_are_shown_not_told_back_and_forgotten_in_time() {
        let (mut here, mut there, now) = (Carets::default(), Carets::default(), Instant::now());
        here.hear(1, &face(1), said(7, 1, "{}"), now);
        let (_, told) = here.take_changed();
        there.overhear(told, now);
        assert_eq!(there.elsewhere().collect::<Vec<_>>(), [(face(1).person, face(1).name)]);
        let (shown, back) = there.take_changed();
        assert_eq!((shown.len(), back.len()), (1, 0));
        there.forget(now + FORGOTTEN_AFTER + Duration::from_secs(1));
        assert_eq!(there.take_changed().0, said(7, 2, "null"));
    }
}
