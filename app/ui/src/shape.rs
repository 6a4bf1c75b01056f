//! The shape that stands for a level: square, triangle, diamond, circle.

use leptos::prelude::*;

/// The class of a level, 0 (worst) to 3; anything further counts as 3.
fn level_class(level: u8) -> &'static str {
    match level {
        0 => "shape shape--0",
        1 => "shape shape--1",
        2 => "shape shape--2",
        _ => "shape shape--3",
    }
}

fn level_href(level: u8) -> &'static str {
    match level {
        0 => "#sev-0",
        1 => "#sev-1",
        2 => "#sev-2",
        _ => "#sev-3",
    }
}

/// A level's shape. Solid needs a person; hollow, somebody has it. It is silent: its word stands beside it.
#[component]
pub fn Shape(
    /// 0 (worst) to 3.
    level: u8,
    /// Outlined instead of solid.
    #[prop(default = false)]
    hollow: bool,
) -> impl IntoView {
    view! {
        <svg class=level_class(level) class:shape--hollow=hollow aria-hidden="true">
            <use_ href=level_href(level)></use_>
        </svg>
    }
}
