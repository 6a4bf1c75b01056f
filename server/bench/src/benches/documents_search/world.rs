//! A house in which nothing happens: search asks it nothing but whom an incident is hidden from, and there is none.

use async_trait::async_trait;
use documents::needs::WorldError;
use documents::pages::needs::{FiringRule, Known, Notice, RunLine};
use documents::postmortems::needs::{Action, GraphWish, Happened, Kept, Line, Reminder};
use figures::{Locale, Zone};
use kernel::Tx;
use kernel::facts::Recorded;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::{Actor, Time};
use serde_json::Value;

/// Knows nobody and nothing.
pub struct Nothing;

#[async_trait]
impl documents::pages::needs::World for Nothing {
    async fn known(&self, _ids: &[PersonId]) -> Result<Vec<Known>, WorldError> {
        Ok(Vec::new())
    }

    async fn members(&self, _team: TeamId) -> Result<Vec<PersonId>, WorldError> {
        Ok(Vec::new())
    }

    async fn tell(&self, _tx: &mut Tx, _notice: &Notice) -> Result<(), WorldError> {
        Ok(())
    }

    async fn write_line(&self, _line: &RunLine) -> Result<(), WorldError> {
        Ok(())
    }

    async fn actors(&self, _ids: &[PersonId]) -> Result<Vec<Actor>, WorldError> {
        Ok(Vec::new())
    }

    async fn seen_incidents(&self, _actor: &Actor, incidents: &[IncidentId]) -> Result<Vec<IncidentId>, WorldError> {
        Ok(incidents.to_vec())
    }

    async fn alertnames(&self, _incident: IncidentId) -> Result<Vec<String>, WorldError> {
        Ok(Vec::new())
    }

    async fn alertname(&self, _alert: AlertId) -> Result<Option<String>, WorldError> {
        Ok(None)
    }

    async fn firing_rules(&self, _since: Time) -> Result<Vec<FiringRule>, WorldError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl documents::postmortems::needs::World for Nothing {
    async fn happened(&self, _actor: &Actor, _ids: &[IncidentId]) -> Result<Vec<Happened>, WorldError> {
        Ok(Vec::new())
    }

    async fn resolved(&self, _before: Option<IncidentId>) -> Result<Vec<Happened>, WorldError> {
        Ok(Vec::new())
    }

    async fn lines(&self, _actor: &Actor, _id: IncidentId, _locale: Locale) -> Result<Vec<Line>, WorldError> {
        Ok(Vec::new())
    }

    async fn actions(&self, _actor: &Actor, _id: IncidentId) -> Result<Vec<Action>, WorldError> {
        Ok(Vec::new())
    }

    async fn graphs(&self, _actor: &Actor, _id: IncidentId) -> Result<Vec<Kept>, WorldError> {
        Ok(Vec::new())
    }

    async fn measure(&self, _wish: &GraphWish) -> Result<Value, WorldError> {
        Ok(Value::Null)
    }

    async fn facts(&self, _kinds: &[&str], _from: Time, _until: Time, _limit: i64) -> Result<Vec<Recorded>, WorldError> {
        Ok(Vec::new())
    }

    async fn people(&self, _ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, WorldError> {
        Ok(Vec::new())
    }

    async fn remind(&self, _tx: &mut Tx, _reminder: &Reminder) -> Result<(), WorldError> {
        Ok(())
    }

    fn zone(&self, _at: Time) -> Zone {
        Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        message.to_vec()
    }

    fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        message == signature
    }
}
