//! What a screen lets a chart's reader do, and what a reader has done to one chart.

use ::chart::Plot;
use leptos::prelude::*;

/// What the screen does when a chart is dragged, turned or let go.
#[derive(Clone, Copy, Default)]
pub struct Hands {
    /// A span was chosen: from, to, epoch milliseconds.
    pub on_zoom: Option<Callback<(i64, i64)>>,
    /// The last zoom is to be undone.
    pub on_back: Option<Callback<()>>,
}

/// The series that a reader put aside, by name, so that a refresh brings none of them back.
#[derive(Clone, Copy)]
pub struct Aside(RwSignal<Vec<String>>);

impl Default for Aside {
    fn default() -> Self {
        Self::new()
    }
}

impl Aside {
    /// Nothing put aside.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// Whether any series is put aside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.with(Vec::is_empty)
    }

    /// Whether this series is.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.with(|names| names.iter().any(|aside| aside == name))
    }

    /// Puts a series aside, or brings it back.
    pub fn toggle(&self, name: &str) {
        self.0.update(|names| match names.iter().position(|aside| aside == name) {
            Some(index) => drop(names.remove(index)),
            None => names.push(name.to_owned()),
        });
    }

    /// Leaves this series alone; alone already, brings all others back.
    pub fn solo(&self, name: &str, all: &[String]) {
        let others: Vec<String> = all.iter().filter(|other| *other != name).cloned().collect();
        self.0.update(|names| {
            let is_alone = !others.is_empty() && names.len() == others.len() && others.iter().all(|other| names.contains(other));
            *names = if is_alone { Vec::new() } else { others };
        });
    }

    /// The plot without what is put aside; `None` where that is the plot itself.
    pub(crate) fn without(&self, plot: &Plot) -> Option<Plot> {
        if self.is_empty() {
            return None;
        }
        let mut rest: Plot = plot.clone();
        rest.series.retain(|series| !self.has(&series.name));
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::Aside;
    use leptos::prelude::Owner;

    fn names() -> Vec<String> {
        ["a", "b", "c"].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_series_alone_comes_back_to_the_others_when_it_is_pressed_again() {
        let owner = Owner::new();
        owner.set();
        let aside = Aside::new();
        aside.solo("b", &names());
        assert_eq!(names().iter().map(|name| aside.has(name)).collect::<Vec<_>>(), [true, false, true]);
        aside.solo("c", &names());
        assert_eq!(names().iter().map(|name| aside.has(name)).collect::<Vec<_>>(), [true, true, false]);
        aside.solo("c", &names());
        assert!(aside.is_empty());
    }

    #[test]
    fn a_series_is_put_aside_and_brought_back() {
        let owner = Owner::new();
        owner.set();
        let aside = Aside::new();
        aside.toggle("a");
        assert!(aside.has("a") && !aside.has("b"));
        aside.toggle("a");
        assert!(aside.is_empty());
    }

    #[test]
    fn the_only_series_can_not_be_left_without_itself() {
        let owner = Owner::new();
        owner.set();
        let aside = Aside::new();
        aside.solo("a", &["a".to_owned()]);
        assert!(aside.is_empty());
    }
}
