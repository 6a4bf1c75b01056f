//! Who wrote what. The log says who sent each change, for a while; which letters a change brought stands in it. So whose letters are whose is
//! remembered before the log goes, in stretches, and a text is read letter by letter.
//!
//! Letters that came before anybody remembered have no writer. Whoever takes something back or restores a version wrote it anew.

use super::sheet::Letters;
use super::stretches::{self, Claims, Stretch, TOGETHER_MS, Written};
use crate::Documents;
use crate::collab::sketch::Sketch;
use crate::error::Error;
use crate::pages::Right;
use crate::store;
use crate::store::collab::Change;
use kernel::Tx;
use model::ids::DocumentId;
use model::{Actor, Time};

/// Changes that are read in one go.
const MOST_CHANGES: i64 = 2_000;
/// Goes in one look.
const MOST_GOES: usize = 50;
/// Stretches of one text that are read, the newest first; older letters of a text with more have no writer.
const MOST_STRETCHES: i64 = 200_000;
/// A text rests after that.
const REST_MS: i64 = 60_000;
/// Texts in one look.
const MOST_TEXTS: i64 = 20;

impl Documents {
    /// A text with who wrote which part of it, and when. Put together, the parts are the text.
    ///
    /// # Errors
    /// [`crate::pages::Refused::NotFound`] for whoever may not read it; [`crate::collab::Refused`]. The database's, and the world's.
    pub async fn who_wrote(&self, actor: &Actor, id: DocumentId) -> Result<Vec<Written>, Error> {
        self.page_for(actor, id, Right::Read).await?;
        self.remember_writers(id).await?;
        let known: Vec<Stretch> = store::writing::authors::of(&self.db, id, MOST_STRETCHES).await?;
        self.on_sheet(id, move |sheet, _| {
            let letters: Vec<Letters> = sheet.letters();
            Ok(stretches::written(&letters, &known))
        })
        .await
    }

    /// Remembers whose letters are whose, as far as the log goes.
    pub(crate) async fn remember_writers(&self, id: DocumentId) -> Result<(), Error> {
        for _ in 0..MOST_GOES {
            if !self.remember_some_writers(id).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Goes on by so many changes. Whether there may be more.
    async fn remember_some_writers(&self, id: DocumentId) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let after: i64 = store::writing::lock(&mut tx, id, now).await?;
        let Some(until) = store::writing::authors::some_further(&mut tx, id, after, MOST_CHANGES).await? else {
            return Ok(false);
        };
        let changes: Vec<Change> = store::collab::changes(&self.db, id, after, until).await?;
        let brought: Vec<Stretch> = changes.iter().flat_map(brought).collect();
        let mut clients: Vec<i64> = brought.iter().filter_map(|stretch| i64::try_from(stretch.client).ok()).collect();
        clients.sort_unstable();
        clients.dedup();
        let mut claims = Claims::new(store::writing::authors::last(&mut tx, id, &clients).await?);
        brought.iter().for_each(|stretch| claims.claim(stretch));
        store::writing::authors::remember(&mut tx, id, &claims.into_changed()).await?;
        store::writing::authors::reached(&mut tx, id, until, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Texts that rest, or were written in for so long that the log could be gone one day.
    pub(crate) async fn remember_writers_due(&self, now: Time) -> Result<(), Error> {
        let (resting, long): (Time, Time) = (now.plus_ms(-REST_MS), now.plus_ms(-TOGETHER_MS));
        for id in store::writing::authors::behind(&self.db, resting, long, MOST_TEXTS).await? {
            self.remember_writers(id).await?;
        }
        Ok(())
    }
}

/// The letters that a change brought. What can't be read brought none: it is not in the text either.
fn brought(change: &Change) -> Vec<Stretch> {
    let sketch: Sketch = Sketch::read(&change.bin).unwrap_or_default();
    let stretch = |part: &crate::collab::sketch::Stretch| Stretch {
        client: part.client,
        clock: part.from,
        until: part.until,
        person: change.actor,
        at: change.at,
    };
    sketch.inserts.iter().map(stretch).collect()
}
