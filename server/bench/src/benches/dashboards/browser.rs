//! The browser as dashboards are looked at with it (`peers/dashboards.mjs`).

use super::world::World;
use crate::benches::browser::{Browser, PATIENCE_MS};
use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;

const SCRIPT: &str = "dashboards.mjs";

/// Where the browser looks, and how.
#[derive(Serialize)]
struct Asked<'a> {
    url: &'a str,
    /// `name=value`, of somebody who is signed in.
    cookie: String,
    /// Which screens, in the order that the case knows.
    paths: &'a [String],
    /// How many times slower the processor is made.
    rate: u32,
    patience_ms: u64,
}

/// Lets it look at screens of a house.
pub(super) async fn open(case: &str, world: &World, paths: &[String], rate: u32) -> Result<Browser, Error> {
    let (url, cookie): (&str, String) = (world.door().url.as_str(), world.door().cookie());
    Browser::open(SCRIPT, case, &Asked { url, cookie, paths, rate, patience_ms: PATIENCE_MS }).await
}

/// All that a case measures, of a script that says one thing.
pub(super) async fn measure<T: DeserializeOwned>(case: &str, world: &World, paths: &[String], rate: u32) -> Result<T, Error> {
    open(case, world, paths, rate).await?.hear().await
}
