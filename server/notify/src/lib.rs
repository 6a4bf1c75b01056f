#![doc = include_str!("../README.md")]

pub mod bulletins;
pub mod channels;
mod conversation;
pub mod deliveries;
pub mod emergency;
pub mod error;
pub mod health;
pub mod history;
pub mod incoming;
mod jobs;
mod load;
pub mod log;
pub mod needs;
pub mod orders;
mod outbox;
pub mod page;
mod passing;
pub mod personal;
pub mod processes;
pub mod push;
pub mod retry;
pub mod saved;
pub mod sealed;
mod sending;
mod store;
pub mod stuck;
pub mod troubles;

#[cfg(test)]
mod tests;

pub use bulletins::{BulletinWords, NewBulletin, PersonalBulletin};
pub use deliveries::{DeliveryId, State, Withdrawal};
pub use error::Error;
pub use health::{ChannelHealth, Health, Queue};
pub use jobs::LEASE_MS;
pub use log::{AttemptRow, DeliveryDetail, DeliveryRow, Filter};
pub use orders::{AlertWords, NewDelivery, Words};
pub use page::Kind;
pub use saved::{ChannelDraft, ChannelRow, ChannelVersion};
pub use sealed::Keys;
pub use stuck::Stuck;

use jobs::Worker;
use kernel::{Clock, Db, Grant, Tx};
use load::Load;
use model::Time;
use model::access::ManageChannels;
use model::ids::AlertId;
use needs::{AcknowledgeLinks, Make, Pictures};
use push::{Pusher, WithBrowsers};
use saved::Desk;
use sending::Sender;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tokio_util::sync::CancellationToken;

/// What the room must be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address people type, for links in pages.
    pub public_url: String,
    /// Names this process and this start of it, for the log.
    pub worker: String,
    /// What the secrets of channels are sealed with.
    pub keys: Keys,
}

/// The notify room. Cheap to clone.
#[derive(Clone)]
pub struct Notify {
    db: Db,
    clock: Arc<dyn Clock>,
    keys: Keys,
    make: Arc<dyn Make>,
    pusher: Arc<Pusher>,
    worker: Arc<Worker>,
}

impl Notify {
    /// Over `db`; nothing is sent before [`Notify::run`].
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, make: Arc<dyn Make>, links: Arc<dyn AcknowledgeLinks>, settings: Settings) -> Self {
        let pusher = Arc::new(Pusher::new(db.clone(), settings.keys.clone(), Arc::clone(&clock), make, &settings.public_url));
        let make: Arc<dyn Make> = Arc::new(WithBrowsers(Arc::clone(&pusher)));
        let sender = Sender {
            db: db.clone(),
            keys: settings.keys.clone(),
            make: Arc::clone(&make),
            links,
            public_url: settings.public_url.trim_end_matches('/').to_owned(),
            pictures: OnceLock::new(),
            personal: OnceLock::new(),
            made: Mutex::new(BTreeMap::new()),
        };
        let worker = Arc::new(Worker {
            db: db.clone(),
            clock: Arc::clone(&clock),
            sender,
            load: Arc::new(Load::default()),
            name: settings.worker,
            looked_at: AtomicI64::new(0),
            purged_at: AtomicI64::new(0),
        });
        Self { db, clock, keys: settings.keys, make, pusher, worker }
    }

    /// The same, with graphs of alerts in the pages that can show them. Who draws is named once.
    #[must_use]
    pub fn with_pictures(self, pictures: Arc<dyn Pictures>) -> Self {
        // A second one is not needed: clones share the first.
        let _ = self.worker.sender.pictures.set(pictures);
        self
    }

    /// Asks for pages in the caller's transaction, which holds the rows that made them necessary. A known key does nothing. Pages that
    /// the new ones make needless are taken back; a notice that something is over goes only to those who were told of it.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn enqueue(&self, tx: &mut Tx, deliveries: &[NewDelivery]) -> Result<(), Error> {
        outbox::enqueue(tx, deliveries, self.clock.now()).await
    }

    /// Takes back every page about these alerts that has not been sent, in the transaction that made it needless. Only a request that
    /// is under way already may still land. Says how many deliveries will not be sent at all. Name all alerts at once: who takes them
    /// back one by one in another order than somebody else may have to wait in a circle, which Postgres ends with an error.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn withdraw(&self, tx: &mut Tx, alerts: &[AlertId], why: Withdrawal) -> Result<usize, Error> {
        outbox::withdraw(tx, alerts, why, self.clock.now()).await
    }

    /// Every channel, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn channels(&self) -> Result<Vec<ChannelRow>, Error> {
        saved::list(&self.db).await
    }

    /// The channel of that name.
    ///
    /// # Errors
    /// The database's.
    pub async fn channel(&self, name: &str) -> Result<Option<ChannelRow>, Error> {
        Ok(saved::one(&self.db, name).await?.map(|saved| saved.row))
    }

    /// What a name stood for, the newest first, also when its channel was removed.
    ///
    /// # Errors
    /// The database's.
    pub async fn channel_versions(&self, name: &str) -> Result<Vec<ChannelVersion>, Error> {
        saved::versions(&self.db, name).await
    }

    /// Adds a channel, or changes one.
    ///
    /// # Errors
    /// Whatever is wrong with the draft; [`Error::Stale`] when somebody was faster. The database's.
    pub async fn save_channel(&self, grant: &Grant<ManageChannels>, draft: ChannelDraft) -> Result<ChannelRow, Error> {
        let desk = Desk { db: &self.db, keys: &self.keys, make: self.make.as_ref(), now: self.clock.now() };
        saved::save(&desk, grant.actor(), draft).await
    }

    /// Removes a channel. What is still to be sent by it fails, and goes to the next one.
    ///
    /// # Errors
    /// [`Error::NoChannel`], [`Error::Stale`]. The database's.
    pub async fn remove_channel(&self, grant: &Grant<ManageChannels>, name: &str, version: i64) -> Result<(), Error> {
        saved::remove(&self.db, grant.actor(), name, version, self.clock.now()).await
    }

    /// Has a test sent, also by a channel that is switched off. It goes the way of every page and is tried once; what became of it
    /// stands in the log under the id this returns.
    ///
    /// # Errors
    /// [`Error::NoChannel`]. The database's.
    pub async fn test_channel(&self, grant: &Grant<ManageChannels>, name: &str) -> Result<DeliveryId, Error> {
        if saved::one(&self.db, name).await?.is_none() {
            return Err(Error::NoChannel { name: name.to_owned() });
        }
        let why: String = format!("tested by {}", grant.actor().name());
        let mut tx: Tx = self.db.begin().await?;
        let id: DeliveryId = outbox::test(&mut tx, name, why, self.clock.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Deliveries of a selection, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn deliveries(&self, filter: &Filter) -> Result<Vec<DeliveryRow>, Error> {
        log::list(&self.db, filter).await
    }

    /// One delivery with everything that was tried.
    ///
    /// # Errors
    /// The database's.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryDetail>, Error> {
        log::detail(&self.db, id).await
    }

    /// Who answered by the link in this page, and when; `None` while nobody did.
    ///
    /// # Errors
    /// The database's.
    pub async fn answered_by_link(&self, delivery: DeliveryId) -> Result<Option<(Time, String)>, Error> {
        Ok(store::links::answered(&self.db, delivery).await?)
    }

    /// Notes that the link in this page was answered by. `false` when it had been before.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_answer_by_link(&self, delivery: DeliveryId, by: &str) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let is_first: bool = store::links::note(&mut tx, delivery, by, now).await?;
        store::links::forget(&mut tx, now.plus_ms(-jobs::KEEP_MS)).await?;
        tx.commit().await?;
        Ok(is_first)
    }

    /// Whether the pager works, in figures.
    ///
    /// # Errors
    /// The database's.
    pub async fn health(&self) -> Result<Health, Error> {
        health::health(&self.db, self.looked_at(), self.clock.now()).await
    }

    /// When this process last looked for pages and could reach the database; needs no database to say so. `None` before the first look.
    #[must_use]
    pub fn looked_at(&self) -> Option<Time> {
        let at: i64 = self.worker.looked_at.load(Ordering::Relaxed);
        (at != 0).then_some(Time(at))
    }

    /// Sends what is due until `shutdown`. Any number of processes may do this over one database.
    pub async fn run(self, shutdown: CancellationToken) {
        jobs::run(self.worker, shutdown).await;
    }

    /// Sends everything that is due now, to its end, and says how many attempts that were. What [`Notify::run`] does again and again.
    ///
    /// # Errors
    /// The database's.
    pub async fn tick(&self) -> Result<usize, Error> {
        jobs::tick(&self.worker).await
    }
}
