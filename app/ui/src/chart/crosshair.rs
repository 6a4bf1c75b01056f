//! One moment, shared by every chart on the sheet.

use leptos::prelude::*;

/// The moment the needle stands at. A screen provides one; every chart and legend below it shares it.
#[derive(Clone, Copy, Debug)]
pub struct Crosshair {
    /// Epoch milliseconds; none while nothing points.
    pub at_ms: RwSignal<Option<i64>>,
    /// Whether it stays when the pointer leaves.
    pub is_pinned: RwSignal<bool>,
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
        Self { at_ms: RwSignal::new(None), is_pinned: RwSignal::new(false) }
    }

    /// Points at a moment, unless it is pinned to one.
    pub fn point(&self, ms: i64) {
        if !self.is_pinned.get_untracked() && self.at_ms.get_untracked() != Some(ms) {
            self.at_ms.set(Some(ms));
        }
    }

    /// Pins to a moment, or lets go of the one it is pinned to.
    pub fn pin_or_release(&self, ms: i64) {
        let is_pinned = self.is_pinned.get_untracked();
        self.is_pinned.set(!is_pinned);
        self.at_ms.set(Some(ms));
    }

    /// The pointer left.
    pub fn leave(&self) {
        if !self.is_pinned.get_untracked() && self.at_ms.get_untracked().is_some() {
            self.at_ms.set(None);
        }
    }

    /// Points at nothing, pinned or not.
    pub fn clear(&self) {
        self.is_pinned.set(false);
        self.at_ms.set(None);
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
    fn a_pinned_needle_stays_until_it_is_released() {
        let owner = Owner::new();
        owner.set();
        let crosshair = Crosshair::new();
        crosshair.point(10);
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), None);
        crosshair.pin_or_release(20);
        crosshair.point(30);
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), Some(20));
        crosshair.pin_or_release(20);
        crosshair.leave();
        assert_eq!(crosshair.at_ms.get_untracked(), None);
    }
}
