//! A condition of the closing: whether it is so, and how it is said.

use crate::words::postmortems::{PostmortemWords, postmortem_words};
use api::postmortems::view::{ChecklistView, PostmortemView};
use model::postmortem::State;

/// One of them.
pub struct Condition {
    pub is_met: bool,
    pub said: String,
}

/// All of them, in the order in which they are worked off.
pub fn conditions(view: &PostmortemView) -> Vec<Condition> {
    let words = postmortem_words();
    let list: &ChecklistView = &view.checklist;
    let is_waived: bool = view.line.state == State::NotRequired;
    let mut all: Vec<Condition> = Vec::new();
    if !is_waived {
        all.push(written(view, words));
        all.push(with_actions(list, words));
    }
    all.push(counted(list.n_without_owner, words.gate_owners, words.gate_no_owners));
    all.push(counted(list.n_without_date, words.gate_dates, words.gate_no_dates));
    all.push(published(view.line.state, words));
    all
}

fn written(view: &PostmortemView, words: &PostmortemWords) -> Condition {
    let unwritten: &[String] = &view.checklist.unwritten;
    match (&view.paper, unwritten.is_empty()) {
        (None, _) => Condition { is_met: false, said: words.not_begun.to_owned() },
        (Some(_), true) => Condition { is_met: true, said: words.gate_written.to_owned() },
        (Some(_), false) => Condition { is_met: false, said: (words.gate_unwritten)(&unwritten.join(words.comma)) },
    }
}

/// Open ones hold nothing up; how many there are is said all the same.
fn with_actions(list: &ChecklistView, words: &PostmortemWords) -> Condition {
    let is_met: bool = list.n_actions > 0;
    let said: String = if is_met { (words.gate_actions)(list.n_actions, list.n_open) } else { words.gate_no_actions.to_owned() };
    Condition { is_met, said }
}

fn counted(n: u32, met: &'static str, missing: fn(u32) -> String) -> Condition {
    Condition { is_met: n == 0, said: if n == 0 { met.to_owned() } else { missing(n) } }
}

fn published(state: State, words: &PostmortemWords) -> Condition {
    match state {
        State::NotRequired => Condition { is_met: true, said: words.states[State::NotRequired as usize].to_owned() },
        State::Published => Condition { is_met: true, said: words.gate_published.to_owned() },
        _ => Condition { is_met: false, said: words.gate_not_published.to_owned() },
    }
}
