//! Pay for being on call: what was stood by and worked, month by month, priced and proved by `model::pay`; and when the company works.
//!
//! A calculation aid, not legal advice. Standby comes from what the schedules wrote down as it passed. Work is noted from answers: from the
//! moment somebody took something on until it was over ([`needs::Answers`]); what is wrong with that is corrected by hand, with a reason,
//! beside what was noted. Rules and weeks are never edited: each change is a version with the day from which it counts.
//!
//! 1. A month is closed once it is over, in order, and stays as it is from then on: the database refuses to change it.
//! 2. What is found out later about a closed month (work that was corrected or ended, a holiday that moved, a rule from an earlier day on) is
//!    worked out anew, and the difference from what was paid stands in the next month that is not closed ([`reckoning::corrections`]).
//! 3. People see their own pay; administrators see everybody's, set the rules and close months.
//! 4. Facts say that something was changed, and never how much anybody is paid: everybody may read Facts.
//!
//! What is noted from answers leaves no Fact of its own: it follows from theirs.
//!
//! In files: `reckoning.rs` and `once.rs` (pure: records to sheets), `months.rs` (what people see), `closing.rs`, `work.rs`, `rules.rs`, `week.rs` (business
//! time), `files.rs` (a file of holidays, looked at before it is taken), `month.rs`.

pub mod closing;
pub mod files;
pub mod month;
pub mod months;
pub mod needs;
mod once;
pub mod reckoning;
pub mod refused;
pub mod rules;
pub mod week;
pub mod work;

use crate::error::Error;
use crate::needs::Staff;
use crate::schedules::almanacs::Almanacs;
use kernel::{Clock, Db, Fact, Ticks, Tx, facts};
use model::ids::PersonId;
use model::{Actor, Role, Time};
use needs::Answers;
use refused::Refused;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Work is noted at most this much later than it was answered, or ended.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Pay and business time as people see and change them. Cheap to clone.
#[derive(Clone)]
pub struct Pay {
    db: Db,
    clock: Arc<dyn Clock>,
    staff: Arc<dyn Staff>,
    answers: Arc<dyn Answers>,
    almanacs: Almanacs,
}

impl Pay {
    /// Over `db`. Notes no work by itself before [`Pay::run`].
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, staff: Arc<dyn Staff>, answers: Arc<dyn Answers>) -> Self {
        Self { db, clock, staff, answers, almanacs: Almanacs::default() }
    }

    /// Notes who worked on what until `shutdown`. Any number of processes may do this over one database.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
        while ticks.next().await {
            if let Err(error) = self.note_work().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "worked time could not be noted");
            }
        }
    }
}

/// Refuses to show or change the pay of others to whoever is no administrator.
fn check_may(actor: &Actor, person: PersonId) -> Result<(), Refused> {
    let is_own: bool = actor.person_id() == Some(person);
    if is_own || actor.role >= Role::Admin { Ok(()) } else { Err(Refused::NotYours) }
}

/// Says what was done, without any yen.
async fn tell(tx: &mut Tx, kind: &'static str, subject: String, actor: &Actor, body: Value, at: Time) -> Result<(), Error> {
    facts::append(tx, &Fact { kind, actor, subject, body, at }).await?;
    Ok(())
}
