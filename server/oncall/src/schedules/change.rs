//! What a change of a definition means for layers. Pure: which are closed when, and which begin.
//!
//! A layer that says the same stays. One that says something else is closed at the next handoff and another of its line begins there, unless
//! somebody names a moment; nothing begins before now. What an earlier change had still to bring is cut off where this one takes over.

use super::definition::{Definition, LayerDraft, LayerRow};
use super::refused::Refused;
use model::Time;
use model::ids::LayerId;
use model::rota::Rotation;
use model::rota::almanac::Almanac;
use uuid::Uuid;

/// What is done to layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Steps {
    /// Layers that end, and when.
    pub(super) closed: Vec<(LayerId, Time)>,
    pub(super) begun: Vec<NewLayer>,
    /// From when anything is different.
    pub(super) takes_effect: Option<Time>,
}

/// A layer that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewLayer {
    pub(super) draft: LayerDraft,
    /// The line it goes on with, or none.
    pub(super) line: Option<Uuid>,
    pub(super) effective_from: Time,
    pub(super) effective_until: Option<Time>,
}

/// When a change takes effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effective {
    /// Each layer at its next handoff.
    #[default]
    NextHandoff,
    /// All layers then, but not before now.
    At(Time),
}

/// From the layers that are not over to those of `wanted`.
///
/// # Errors
/// [`Refused::NoLayer`] when it goes on from a layer that is no part of the definition any more.
pub(super) fn steps(
    layers: &[LayerRow],
    wanted: &Definition,
    effective: Effective,
    almanac: &Almanac,
    now: Time,
) -> Result<Steps, Refused> {
    let mut steps = Steps::default();
    let live = || layers.iter().filter(|row| !row.is_closed);
    for draft in &wanted.layers {
        let before: Option<&LayerRow> = live().find(|row| Some(row.layer.id) == draft.id);
        match (before, draft.id) {
            (None, Some(_)) => return Err(Refused::NoLayer),
            (None, None) => steps.begin(draft, None, moment(&draft.rotation, effective, almanac, now), now),
            (Some(row), _) if row.draft().says_the_same(draft) => {}
            (Some(row), _) => {
                let at: Time = moment(&row.layer.rotation, effective, almanac, now);
                steps.end_line(layers, row.line, at);
                steps.begin(draft, Some(row.line), at, now);
            }
        }
    }
    for row in live().filter(|row| !wanted.layers.iter().any(|draft| draft.id == Some(row.layer.id))) {
        steps.end_line(layers, row.line, moment(&row.layer.rotation, effective, almanac, now));
    }
    Ok(steps)
}

/// Layers of a schedule that nobody has had yet begin at once.
pub(super) fn first(wanted: &Definition, effective: Effective, now: Time) -> Steps {
    let at: Time = match effective {
        Effective::NextHandoff => now,
        Effective::At(at) => at.max(now),
    };
    let mut steps = Steps::default();
    wanted.layers.iter().for_each(|draft| steps.begin(draft, None, at, now));
    steps
}

impl Steps {
    fn begin(&mut self, draft: &LayerDraft, line: Option<Uuid>, at: Time, now: Time) {
        let effective_from: Time = draft.from.map_or(at, |from| from.max(now).max(line.map_or(now, |_| at)));
        let draft: LayerDraft = LayerDraft { id: None, ..draft.clone() };
        let effective_until: Option<Time> = draft.until;
        self.begun.push(NewLayer { draft, line, effective_from, effective_until });
        self.note(effective_from);
    }

    /// Closes all of a line that would run on at `at`, also what was still to come.
    fn end_line(&mut self, layers: &[LayerRow], line: Uuid, at: Time) {
        let runs_on = |row: &&LayerRow| row.line == line && row.layer.effective_until.is_none_or(|until| until > at);
        for row in layers.iter().filter(runs_on) {
            self.closed.push((row.layer.id, at.max(row.layer.effective_from)));
        }
        // One that ends by itself before that is closed all the same: it is no part of the definition any more.
        for row in layers.iter().filter(|row| row.line == line && !row.is_closed && !runs_on(row)) {
            self.closed.push((row.layer.id, row.layer.effective_until.unwrap_or(at)));
        }
        self.note(at);
    }

    fn note(&mut self, at: Time) {
        self.takes_effect = Some(self.takes_effect.map_or(at, |known| known.min(at)));
    }
}

/// Where the turn that runs now ends; now, where the zone is unknown.
fn moment(rotation: &Rotation, effective: Effective, almanac: &Almanac, now: Time) -> Time {
    match (effective, almanac.zone(&rotation.zone)) {
        (Effective::At(at), _) => at.max(now),
        (Effective::NextHandoff, Some(zone)) => rotation.handoff_after(zone, now).max(now),
        (Effective::NextHandoff, None) => now,
    }
}
