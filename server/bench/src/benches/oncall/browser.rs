//! The browser as screens of on-call are looked at with it (`peers/oncall.mjs`).

use crate::benches::browser::{Browser, PATIENCE_MS};
use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;

const SCRIPT: &str = "oncall.mjs";

/// Where the browser looks.
#[derive(Serialize)]
pub(super) struct Asked<'a> {
    pub(super) url: &'a str,
    /// `name=value` of sessions, as many as the case has people.
    pub(super) cookies: &'a [String],
    /// Which screens, in the order that the case knows.
    pub(super) paths: &'a [String],
}

/// The same, and when the script gives up.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    asked: &'a Asked<'a>,
    patience_ms: u64,
}

/// All that a case measures; nothing where there is no browser, which is said.
pub(super) async fn measure<T: DeserializeOwned>(case: &str, asked: &Asked<'_>) -> Result<Option<T>, Error> {
    match Browser::open(SCRIPT, case, &Told { asked, patience_ms: PATIENCE_MS }).await {
        Err(Error::NoBrowser) => {
            eprintln!("   {}: the figures of the browser are left out", Error::NoBrowser);
            Ok(None)
        }
        opened => opened?.hear().await.map(Some),
    }
}
