//! One moment, shared by every chart on the sheet, and a second one that is held to compare with.

use leptos::prelude::*;

/// The moment the needle stands at. A screen provides one; every chart and legend below it shares it.
#[derive(Clone, Copy, Debug)]
pub struct Crosshair {
    /// Epoch milliseconds; none while nothing points.
    pub at_ms: RwSignal<Option<i64>>,
    /// The moment that is held while the needle goes on: what is read is compared with it.
    pub held_ms: RwSignal<Option<i64>>,
    /// Whether the needle stays where it stands, wherever a pointer goes: something is open at its moment.
    is_staying: RwSignal<bool>,
}

impl Default for Crosshair {
    fn default() -> Self {
        Self::new()
    }
}

impl Crosshair {
    /// Pointing at nothing.
    #[must_use]
    pub fn new() -> Self {
        Self { at_ms: RwSignal::new(None), held_ms: RwSignal::new(None), is_staying: RwSignal::new(false) }
    }

    /// Points at a moment.
    pub fn point(&self, ms: i64) {
        if self.at_ms.get_untracked() != Some(ms) && !self.is_staying.get_untracked() {
            self.at_ms.set(Some(ms));
        }
    }

    /// Points at a moment and stays there until it is told to go on.
    pub(crate) fn stay(&self, ms: i64) {
        self.at_ms.set(Some(ms));
        self.is_staying.set(true);
    }

    /// Follows the pointer again. Says whether there is still a screen to follow it on.
    pub(crate) fn go_on(&self) -> bool {
        self.is_staying.try_set(false).is_none()
    }

    /// Holds a moment, or lets go of the one that is held when it is pointed at again.
    pub fn hold_or_release(&self, ms: i64) {
        let held = self.held_ms.get_untracked();
        self.held_ms.set(if held == Some(ms) { None } else { Some(ms) });
        self.at_ms.set(Some(ms));
    }

    /// The pointer left: the needle goes back to the moment that is held, if there is one.
    pub fn leave(&self) {
        let held = self.held_ms.get_untracked();
        if self.at_ms.get_untracked() != held && !self.is_staying.get_untracked() {
            self.at_ms.set(held);
        }
    }

    /// Points at nothing and holds nothing.
    pub fn clear(&self) {
        self.held_ms.set(None);
        self.at_ms.set(None);
    }

    /// What the needle is compared with: the moment that is held, while the needle is elsewhere.
    #[must_use]
    pub fn compared_ms(&self) -> Option<i64> {
        self.held_ms.get().filter(|held| self.at_ms.get().is_some_and(|at| at != *held))
    }
}

/// Provides a crosshair for everything below.
pub fn provide_crosshair() -> Crosshair {
    let crosshair = Crosshair::new();
    provide_context(crosshair);
    crosshair
}

/// The crosshair of the screen; for a chart on its own, one of its own.
#[must_use]
pub fn use_crosshair() -> Crosshair {
    use_context::<Crosshair>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Crosshair;
    use leptos::prelude::*;

    #[test]
    fn a_held_moment_stays_while_the_needle_goes_on() {
        let owner = Owner::new();
        owner.set();
        let crosshair = Crosshair::new();
        crosshair.point(10);
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), None);
        crosshair.hold_or_release(20);
        assert_eq!(crosshair.compared_ms(), None, "a moment is not compared with itself");
        crosshair.point(30);
        assert_eq!((crosshair.at_ms.get_untracked(), crosshair.compared_ms()), (Some(30), Some(20)));
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), Some(20));
        crosshair.hold_or_release(20);
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), None);
    }

    #[test]
    fn what_is_open_at_a_moment_keeps_the_needle_there() {
        let owner = Owner::new();
        owner.set();
        let crosshair = Crosshair::new();
        crosshair.stay(20);
        crosshair.point(30);
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), Some(20));
        assert!(crosshair.go_on());
        crosshair.point(30);
        assert_eq!(crosshair.at_ms.get_untracked(), Some(30));
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), None);
    }

    #[test]
    fn another_moment_takes_the_place_of_the_one_that_is_held() {
        let owner = Owner::new();
        owner.set();
        let crosshair = Crosshair::new();
        crosshair.hold_or_release(20);
        crosshair.hold_or_release(50);
        assert_eq!(crosshair.held_ms.get_untracked(), Some(50));
        crosshair.clear();
        assert_eq!((crosshair.at_ms.get_untracked(), crosshair.held_ms.get_untracked()), (None, None));
    }
}
