//! A running embedded Postgres, as the server holds it.

use crate::EmbeddedConfig;
use crate::error::Error;
use crate::keeper::{self, Control, Started};
use crate::tools::Tools;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{oneshot, watch};

/// How the embedded Postgres is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Not ready for the first time.
    Starting,
    /// It accepts connections; `pid` is another one after each restart.
    Ready {
        /// Of the postmaster.
        pid: i32,
    },
    /// It ended and is being started again; `reason` is the last thing it said.
    Restarting {
        /// One line of its log.
        reason: String,
    },
    /// It was stopped.
    Stopped,
}

/// Keeps an embedded Postgres running. Dropping it stops Postgres without waiting; [`Supervisor::stop`] waits.
#[derive(Debug)]
pub struct Supervisor {
    started: Started,
    control: Arc<Control>,
    health: watch::Receiver<Health>,
}

impl Supervisor {
    pub(crate) async fn start(config: EmbeddedConfig) -> Result<Self, Error> {
        let control: Arc<Control> = Arc::default();
        let (health_sender, health) = watch::channel(Health::Starting);
        let (answer, answered) = oneshot::channel::<Result<Started, Error>>();
        let data_dir = config.data_dir.clone();
        keeper::launch(config, Arc::clone(&control), health_sender, answer)
            .map_err(Error::io("start a thread for", &data_dir))?;
        let started = answered.await.map_err(|_| Error::Interrupted)??;
        Ok(Self { started, control, health })
    }

    /// A URL for sqlx and libpq, over the Unix socket, with the password in it: never log it.
    #[must_use]
    pub fn url(&self) -> String {
        self.started.address.url()
    }

    /// The directory of the programs it runs from.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        &self.started.binaries.dir
    }

    /// psql, dump and restore for it.
    #[must_use]
    pub fn tools(&self) -> Tools {
        Tools::of(&self.started)
    }

    /// How it is, now and whenever that changes.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Stops it by a fast shutdown and waits for its end. Never kills: a checkpoint on a slow disk may take its time.
    ///
    /// # Errors
    /// [`Error::Interrupted`] when the thread that keeps it is gone; Postgres is ending then, too.
    pub async fn stop(mut self) -> Result<(), Error> {
        self.control.stop();
        let stopped = self.health.wait_for(|health| *health == Health::Stopped).await;
        stopped.map(|_| ()).map_err(|_| Error::Interrupted)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.control.stop();
    }
}
