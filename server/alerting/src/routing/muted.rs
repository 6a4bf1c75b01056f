//! Why alerts call nobody, and until when, for every screen that shows one.
//!
//! What is said is what the notifier noted when it last looked, half a second ago: the same words it did or did not page by. Only the
//! end of it, and what a silence is called, are looked up now.

use super::Routing;
use super::looking::end;
use crate::error::Error;
use crate::grouping::Mute;
use crate::routes::Tree;
use crate::silences::{Kind, Silence, SilenceId};
use crate::store;
use crate::store::muted::Noted;
use kernel::Tx;
use model::Time;
use model::ids::AlertId;
use std::collections::HashMap;

/// Why an alert that fires calls nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// A silence, or a maintenance; what its maker said of it.
    Silence { id: SilenceId, kind: Kind, comment: String },
    /// Another alert explains it, by that rule.
    Inhibition { by: AlertId, rule: String },
    /// Its route is quiet by this calendar.
    Calendar(String),
}

/// That it does, and until when as far as that can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hushed {
    pub why: Quiet,
    pub until: Option<Time>,
}

impl Routing {
    /// Those of these alerts that fire and call nobody, with the reason.
    ///
    /// # Errors
    /// The database's.
    pub async fn hushed(&self, alerts: &[AlertId]) -> Result<HashMap<AlertId, Hushed>, Error> {
        if alerts.is_empty() {
            return Ok(HashMap::new());
        }
        let now: Time = self.clock.now();
        let ids: Vec<i64> = alerts.iter().map(|id| id.0).collect();
        let mut tx: Tx = self.db.begin().await?;
        let noted: Vec<Noted> = store::muted::noted(&mut tx, &ids).await?;
        if noted.is_empty() {
            return Ok(HashMap::new());
        }
        let tree: Tree = store::routes::newest(&mut tx).await?.1.tree();
        let silences: Vec<Silence> = store::silences::alive(&mut tx, now).await?;
        Ok(noted.into_iter().map(|one| (one.alert, hushed(one, &tree, &silences, now))).collect())
    }
}

fn hushed(noted: Noted, tree: &Tree, silences: &[Silence], now: Time) -> Hushed {
    let until: Option<Time> = end(&noted.mute, tree.node(&noted.route), tree, silences, now);
    let why: Quiet = match noted.mute {
        Mute::Silence(id) => by_silence(id, silences),
        Mute::Inhibition { by, rule } => Quiet::Inhibition { by, rule },
        Mute::Calendar(name) => Quiet::Calendar(name),
    };
    Hushed { why, until }
}

/// One that ended within the last half second is known by its number only.
fn by_silence(id: SilenceId, silences: &[Silence]) -> Quiet {
    let found: Option<&Silence> = silences.iter().find(|silence| silence.id == id);
    let (kind, comment) = found.map_or((Kind::Silence, String::new()), |found| (found.wanted.kind, found.wanted.comment.clone()));
    Quiet::Silence { id, kind, comment }
}
