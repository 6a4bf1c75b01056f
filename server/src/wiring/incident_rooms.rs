//! Channels for incidents in Slack: what the incidents room asks for, done with the token that the notify room keeps.

use async_trait::async_trait;
use incidents::needs::{MarkedMessage, OpenedRoom, RoomError, SlackRooms, WorldError};
use kernel::Clock;
use model::Time;
use notify::Notify;
use notify::channels::SendError;
use notify::channels::slack::rooms::Workspace;
use std::sync::Arc;

/// The Slack of this house, as long as a channel of that kind is set up and switched on.
pub struct HouseSlack {
    notify: Notify,
    clock: Arc<dyn Clock>,
}

impl HouseSlack {
    pub fn new(notify: Notify, clock: Arc<dyn Clock>) -> Self {
        Self { notify, clock }
    }

    async fn workspace(&self) -> Result<Workspace, RoomError> {
        let found = self.notify.slack_workspace().await;
        let found: Option<Workspace> = found.map_err(|error| RoomError::Later { reason: error.to_string(), after_ms: None })?;
        found.ok_or_else(|| RoomError::Never { reason: "Slack is not set up".to_owned() })
    }

    fn now(&self) -> Time {
        self.clock.now()
    }
}

fn refused(error: SendError) -> RoomError {
    match error {
        SendError::Retry { reason, after } => {
            RoomError::Later { reason, after_ms: after.and_then(|after| i64::try_from(after.as_millis()).ok()) }
        }
        SendError::Refused { reason } => RoomError::Never { reason },
    }
}

#[async_trait]
impl SlackRooms for HouseSlack {
    async fn is_there(&self) -> Result<bool, WorldError> {
        let channels = self.notify.channels().await.map_err(|error| WorldError { reason: error.to_string() })?;
        Ok(channels.iter().any(|channel| channel.enabled && channel.kind == "slack"))
    }

    async fn open(&self, name: &str, is_private: bool) -> Result<OpenedRoom, RoomError> {
        let opened = self.workspace().await?.open(name, is_private, self.now()).await.map_err(refused)?;
        Ok(OpenedRoom { channel: opened.channel, name: opened.name, url: Some(opened.url) })
    }

    async fn invite(&self, channel: &str, email: &str) -> Result<(), RoomError> {
        self.workspace().await?.invite(channel, email, self.now()).await.map_err(refused)
    }

    async fn set_topic(&self, channel: &str, topic: &str) -> Result<(), RoomError> {
        self.workspace().await?.set_topic(channel, topic, self.now()).await.map_err(refused)
    }

    async fn say(&self, channel: &str, text: &str, key: &str) -> Result<(), RoomError> {
        self.workspace().await?.say(channel, text, key, self.now()).await.map_err(refused)
    }

    async fn marked(&self, channel: &str, since: Time, reaction: &str) -> Result<Vec<MarkedMessage>, RoomError> {
        let found = self.workspace().await?.marked(channel, since, reaction, self.now()).await.map_err(refused)?;
        let message = |one: notify::channels::slack::rooms::Marked| MarkedMessage {
            ts: one.ts,
            at: one.at,
            author: one.author,
            text: one.text,
            url: Some(one.url),
        };
        Ok(found.into_iter().map(message).collect())
    }
}
