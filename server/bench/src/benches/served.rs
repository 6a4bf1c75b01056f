//! What the server answers to a browser that asks for a screen: how long that takes, and how much it is.

use crate::door::Door;
use crate::error::Error;
use crate::line::ms_since;
use reqwest::Response;
use std::time::Instant;

const WARM_UP: usize = 20;
/// What Chromium says that it takes.
const ENCODINGS: &str = "gzip, deflate, br, zstd";

/// Milliseconds of so many requests, one after the other, each from the first byte sent to the last received.
pub async fn rendered(door: &Door, path: &str, n_requests: usize) -> Result<Vec<f64>, Error> {
    let mut took: Vec<f64> = Vec::with_capacity(n_requests);
    for round in 0..WARM_UP + n_requests {
        let began: Instant = Instant::now();
        good(door.screen(path).await?, path)?.bytes().await?;
        if round >= WARM_UP {
            took.push(ms_since(began));
        }
    }
    Ok(took)
}

/// The document itself.
pub async fn html(door: &Door, path: &str) -> Result<String, Error> {
    Ok(good(door.screen(path).await?, path)?.text().await?)
}

/// How it is compressed for a browser, and to how many kilobytes.
pub async fn wire(door: &Door, path: &str) -> Result<(String, f64), Error> {
    let answer: Response = good(door.screen_in(path, ENCODINGS).await?, path)?;
    let named = answer.headers().get("content-encoding").and_then(|name| name.to_str().ok());
    let encoding: String = named.unwrap_or("as it is").to_owned();
    Ok((encoding, answer.bytes().await?.len() as f64 / 1e3))
}

fn good(answer: Response, path: &str) -> Result<Response, Error> {
    let status: u16 = answer.status().as_u16();
    if status == 200 {
        return Ok(answer);
    }
    Err(Error::Refused { what: path.to_owned(), status, body: String::new() })
}
