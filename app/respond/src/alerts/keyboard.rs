//! The list by keyboard: j and k move, Enter opens, a acknowledges.

use api::alerting::{AlertAcknowledge, AlertRow};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::ids::AlertId;
use model::links;
use ui::keys::Keys;

/// The row the keys stand on.
#[derive(Clone, Copy)]
pub struct Chosen {
    at: RwSignal<Option<i64>>,
    shown: StoredValue<Vec<i64>>,
}

impl Chosen {
    /// Binds the keys for as long as the screen is there.
    pub fn new(take: ServerAction<AlertAcknowledge>) -> Self {
        let chosen = Self { at: RwSignal::new(None), shown: StoredValue::new(Vec::new()) };
        let Some(keys) = use_context::<Keys>() else { return chosen };
        let navigate = use_navigate();
        keys.bind("j", Callback::new(move |()| chosen.step(1)));
        keys.bind("k", Callback::new(move |()| chosen.step(-1)));
        keys.bind(
            "Enter",
            Callback::new(move |()| {
                if let Some(id) = chosen.at.get_untracked() {
                    navigate(&links::alert(AlertId(id)), Default::default());
                }
            }),
        );
        keys.bind(
            "a",
            Callback::new(move |()| {
                if let Some(id) = chosen.at.get_untracked() {
                    take.dispatch(AlertAcknowledge { id: AlertId(id), comment: None, span: String::new() });
                }
            }),
        );
        chosen
    }

    /// Remembers the rows on screen.
    pub fn shows(&self, rows: &[AlertRow]) {
        self.shown.set_value(rows.iter().map(|row| row.id.0).collect());
    }

    /// The chosen row, for drawing.
    #[must_use]
    pub fn id(&self) -> Signal<Option<i64>> {
        self.at.into()
    }

    fn step(&self, by: i64) {
        let shown = self.shown.get_value();
        let at = self.at.get_untracked().and_then(|id| shown.iter().position(|other| *other == id));
        let next = match at {
            None => 0,
            Some(at) if by > 0 => (at + 1).min(shown.len().saturating_sub(1)),
            Some(at) => at.saturating_sub(1),
        };
        let Some(id) = shown.get(next).copied() else { return };
        self.at.set(Some(id));
        if let Some(row) = document().get_element_by_id(&format!("alert-{id}")) {
            row.scroll_into_view_with_bool(false);
        }
    }
}
