//! Alerts of a list with what stands in other rooms or in their rules: why one calls nobody, and what a rule compares with that takes anything
//! for a breach.

use crate::apis::alerting::{shape, shown};
use crate::wiring::House;
use ::api::ApiError;
use ::api::alerting::AlertRow;
use alerting::RuleRow;
use alerting::rules::Mode;
use model::ids::AlertId;

/// Rows as a screen shows them, without their small lines. Only those are asked about that the room says call nobody: of fifty thousand
/// alerts the ones on this screen.
pub async fn of(house: &House, rows: Vec<alerting::AlertRow>) -> Result<Vec<AlertRow>, ApiError> {
    let muted: Vec<AlertId> = rows.iter().filter(|row| row.is_muted).map(|row| row.id).collect();
    let mut hushed = house.routing.hushed(&muted).await.map_err(shown)?;
    let one = |row: alerting::AlertRow| {
        let muted = hushed.remove(&row.id).map(shape::muted);
        AlertRow { muted, ..shape::row(row) }
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Says of every alert whose rule takes anything for a breach what that compares with, in place.
pub fn compare(rows: &mut [AlertRow], rules: &[RuleRow]) {
    for row in rows.iter_mut().filter(|row| row.matches && row.source.is_none()) {
        let rule = rules.iter().find(|rule| rule.rule.id == row.rule && rule.rule.mode == Mode::Match);
        row.compares = rule.and_then(|rule| shape::compared_with(&rule.rule.expr));
    }
}
