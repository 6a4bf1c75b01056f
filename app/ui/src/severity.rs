//! The badge of a level: shape, code and word.

use leptos::prelude::*;

use crate::shape::Shape;

fn badge_class(level: u8) -> &'static str {
    match level {
        0 => "sev sev--0",
        1 => "sev sev--1",
        2 => "sev sev--2",
        _ => "sev sev--3",
    }
}

/// A level as it stands on a departure board: solid while it needs a person, outlined once somebody has it.
#[component]
pub fn SeverityBadge(
    /// 0 (worst) to 3.
    level: u8,
    /// Somebody has it.
    #[prop(default = false)]
    held: bool,
    /// `P2`.
    #[prop(into)]
    code: String,
    /// The level in words; hidden where there is no room, never from a screen reader.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! {
        <span class=badge_class(level) class:sev--held=held>
            <Shape level=level hollow=held />
            <span class="sev__code">{code}</span>
            <span class="sev__word">{word}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_solid_until_somebody_has_it() {
        let owner = Owner::new();
        owner.set();
        let open = view! { <SeverityBadge level=2 code="P2" word="中" /> }.to_html();
        let held = view! { <SeverityBadge level=2 held=true code="P2" word="中" /> }.to_html();
        assert!(open.contains("sev--2") && open.contains("P2") && open.contains("中"), "{open}");
        assert!(!open.contains("sev--held") && !open.contains("shape--hollow"), "{open}");
        assert!(held.contains("sev--held") && held.contains("shape--hollow"), "{held}");
    }
}
