//! Work in turns: what has to be done for every chart of a screen is done chart by chart, and what a reader does comes in between.

use leptos::prelude::*;
use std::collections::VecDeque;
use std::time::Duration;

type Work = Box<dyn FnOnce()>;

/// Work that waits for its turn, oldest first.
#[derive(Clone, Copy)]
pub struct Turns {
    waiting: StoredValue<VecDeque<Work>, LocalStorage>,
    is_under_way: StoredValue<bool>,
}

impl Turns {
    /// Nothing to do.
    pub fn new() -> Self {
        Self { waiting: StoredValue::new_local(VecDeque::new()), is_under_way: StoredValue::new(false) }
    }

    /// Adds work. The first of it is done at once, where nothing waits.
    pub fn add(self, work: impl Iterator<Item = Work>) {
        self.waiting.update_value(|waiting| waiting.extend(work));
        if !self.is_under_way.get_value() {
            self.is_under_way.set_value(true);
            self.go_on();
        }
    }

    fn go_on(self) {
        // It may be over with the console in the meantime.
        let Some(work) = self.waiting.try_update_value(VecDeque::pop_front) else { return };
        let Some(work) = work else {
            self.is_under_way.set_value(false);
            return;
        };
        work();
        set_timeout(move || self.go_on(), Duration::ZERO);
    }
}
