//! Twelve panels under a reader's hands while samples come: needles that are led and held, legends, menus, tables, keys, zoom, other spans.

use super::board::Board;
use super::html::twelve;
use super::vitals::{Felt, was_slow};
use super::world::{Ticking, World};
use super::{SLOW, browser};
use crate::error::Error;
use crate::line::Line;
use serde::Deserialize;

/// Of the issue; a move of the pointer is no interaction to the browser, and is held to the same.
const GOAL_MS: f64 = 100.0;

#[derive(Deserialize)]
struct Hands {
    #[serde(flatten)]
    felt: Felt,
    slowdown: f64,
}

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let (world, board): (World, Board) = twelve().await?;
    let ticking: Ticking = world.go_on(board.panels.len());
    let found: Hands = browser::measure("hands", &world, &[board.path()], SLOW).await?;
    drop(ticking);
    world.close().await?;
    was_slow(found.slowdown)?;
    found.felt.lines(&format!("12 panels, 1440 × 900, {SLOW} × slower"), Some(GOAL_MS))
}
