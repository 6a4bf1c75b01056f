//! Changes that people make on a screen: of the routes, over the revision they looked at, and of how long a silence lasts.

use super::{Applied, MOST_LOOKED_AT, Routing, end, make, put};
use crate::error::Error;
use crate::routes::file::Definition;
use crate::routes::moved::{Moved, moved};
use crate::silences::{NewSilence, Phase, Refused, Silence, SilenceId};
use crate::store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::{AnswerAlert, ApplyRules};
use model::ids::AlertId;
use model::labels::Labels;

/// How much longer a silence is to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Longer {
    /// By so much beyond its end.
    ByMs(i64),
    Until(Time),
}

impl Routing {
    /// Puts a definition in force over the revision that was looked at. `None`, and nothing is written, when another is in force by now.
    ///
    /// # Errors
    /// As [`Routing::apply`].
    pub async fn apply_over(
        &self,
        grant: &Grant<ApplyRules>,
        definition: &Definition,
        looked_at: i64,
    ) -> Result<Option<Applied>, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::routes::lock(&mut tx).await?;
        if store::routes::revision(&mut tx).await? != looked_at {
            return Ok(None);
        }
        // The lock is ours already, and may be taken again.
        let applied: Applied = put(&mut tx, definition, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(Some(applied))
    }

    /// Which alerts that fire now would be told elsewhere, were this in force.
    ///
    /// # Errors
    /// The database's.
    pub async fn would_move(&self, definition: &Definition) -> Result<Vec<Moved>, Error> {
        let firing: Vec<(AlertId, Labels)> = self.firing(MOST_LOOKED_AT).await?;
        Ok(moved(&self.tree().await?, &definition.tree(), &firing))
    }

    /// Lets a silence that is not over last longer: it is ended, and the same made anew with a later end, at once.
    ///
    /// # Errors
    /// [`Refused`], also when that would be no later end. The database's.
    pub async fn extend_silence(&self, grant: &Grant<AnswerAlert>, id: SilenceId, longer: Longer) -> Result<SilenceId, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let silence: Silence = store::silences::lock(&mut tx, id).await?.ok_or(Refused::NotFound(id))?;
        let before: Time = silence.wanted.until;
        let until: Time = match longer {
            Longer::ByMs(ms) => before.plus_ms(ms),
            Longer::Until(until) => until,
        };
        if silence.phase(now) == Phase::Over || until <= before {
            return Err(Refused::Over.into());
        }
        let wanted: NewSilence = NewSilence { until, ..silence.wanted.clone() }.checked(now)?;
        end(&mut tx, &silence, grant.actor(), now).await?;
        let id: SilenceId = make(&mut tx, &wanted, None, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(id)
    }
}
