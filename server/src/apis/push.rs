//! The door to one's own browsers.

use crate::apis::Door;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::error::{Denial, Expected};
use ::api::push::{BrowserRow, PushApi, PushView};
use async_trait::async_trait;
use kernel::Grant;
use model::access::ChangeOwnAccount;
use model::links;
use notify::push::{PushError, Subscription};
use uuid::Uuid;

/// Answers the part of one's account.
pub struct Adapter(pub Door);

/// What a screen may see of it.
fn shown(error: PushError) -> ApiError {
    let said: String = error.to_string();
    match error {
        PushError::NotAPerson => ApiError::Denied { reason: Denial::NotAPerson },
        PushError::NotFound => ApiError::NotFound { what: "browser".to_owned() },
        // What a browser gives is never typed: whoever reads this wrote a program.
        PushError::Subscription(_) => ApiError::Invalid { field: "endpoint".to_owned(), expected: Expected::other(&said) },
        PushError::TooMany | PushError::NotSent(_) => ApiError::Denied { reason: Denial::Other { said } },
        PushError::Room(inner) => unavailable(&inner),
    }
}

fn id(browser: &str) -> Result<Uuid, ApiError> {
    browser.parse::<Uuid>().map_err(|_| ApiError::NotFound { what: "browser".to_owned() })
}

#[async_trait]
impl PushApi for Adapter {
    async fn push(&self) -> Result<PushView, ApiError> {
        let grant: Grant<ChangeOwnAccount> = self.0.admit::<ChangeOwnAccount>()?;
        let room = &self.0.house.notify;
        let key: String = room.push_key().await.map_err(|error| unavailable(&error))?;
        let browsers = room.browsers(&grant).await.map_err(shown)?;
        Ok(PushView { key, browsers: browsers.into_iter().map(row).collect() })
    }

    async fn browser_add(&self, endpoint: String, p256dh: String, auth: String) -> Result<(), ApiError> {
        let grant: Grant<ChangeOwnAccount> = self.0.admit::<ChangeOwnAccount>()?;
        let subscription = Subscription { endpoint, p256dh, auth };
        let added = self.0.house.notify.add_browser(&grant, &subscription, &self.0.visitor.agent).await;
        added.map(|_| ()).map_err(shown)
    }

    async fn browser_remove(&self, browser: String) -> Result<(), ApiError> {
        let grant: Grant<ChangeOwnAccount> = self.0.admit::<ChangeOwnAccount>()?;
        // Twice is fine: it is off either way.
        self.0.house.notify.remove_browser(&grant, id(&browser)?).await.map(|_| ()).map_err(shown)
    }

    async fn browser_test(&self, browser: String) -> Result<(), ApiError> {
        let grant: Grant<ChangeOwnAccount> = self.0.admit::<ChangeOwnAccount>()?;
        let url: String = format!("{}{}", self.0.house.config.public_url, links::ACCOUNT);
        let locale = self.0.visitor.viewer.locale;
        self.0.house.notify.test_browser(&grant, id(&browser)?, locale, url).await.map(|_| ()).map_err(shown)
    }
}

fn row(browser: notify::push::BrowserRow) -> BrowserRow {
    BrowserRow {
        id: browser.id.to_string(),
        agent: browser.agent,
        mark: browser.mark,
        made_at: browser.made_at,
        used_at: browser.used_at,
    }
}
