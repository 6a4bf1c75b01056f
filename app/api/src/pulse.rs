//! What the live stream moves: counters that screens depend on, and the newest tick of the board on screen.

use crate::live::BoardTick;
use leptos::prelude::*;

/// Signals that the frame's stream moves. On the server they stand still.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    /// Moves when any alert changed.
    pub alerts: RwSignal<u32>,
    /// Moves when people, teams, rules or sessions changed.
    pub house: RwSignal<u32>,
    /// Moves when the stream is back after a gap: what it does not replay must be fetched again.
    pub reconnected: RwSignal<u32>,
    /// Moves every quarter of a minute while the reader watches: figures that no event announces are fetched again.
    pub slow: RwSignal<u32>,
    /// The newest points of the board whose topic is asked for.
    pub board: RwSignal<Option<BoardTick>>,
    /// Topics that the screen on show asks for, besides the changes everybody gets.
    pub topics: RwSignal<String>,
}

impl Pulse {
    /// Standing still.
    #[must_use]
    pub fn new() -> Self {
        Self {
            alerts: RwSignal::new(0),
            house: RwSignal::new(0),
            reconnected: RwSignal::new(0),
            slow: RwSignal::new(0),
            board: RwSignal::new(None),
            topics: RwSignal::new(String::new()),
        }
    }
}

impl Default for Pulse {
    fn default() -> Self {
        Self::new()
    }
}

/// The frame's pulse; outside of the frame one that never moves.
#[must_use]
pub fn use_pulse() -> Pulse {
    use_context::<Pulse>().unwrap_or_default()
}
