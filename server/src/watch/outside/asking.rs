//! One look at the server.

use crate::house_error::chain;
use crate::watch::answer;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use std::time::Duration;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A server that takes longer to say that it is well is not.
const PATIENCE: Duration = Duration::from_secs(10);
/// What it says is a few hundred bytes.
const MOST_ANSWER: usize = 64 * 1_024;

/// Asks one server.
pub(super) struct Asker {
    client: Client,
    url: String,
    token: Option<String>,
}

impl Asker {
    /// At this address. The watcher goes wherever it is told to: it is started by whoever owns both.
    pub(super) fn new(url: &str, token: Option<String>) -> Result<Self, Failure> {
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(format!("--url {url:?}: expected https:// or http://").into());
        }
        // A redirect is somebody else's answer: a proxy's sign-in page says 200 to everything.
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .user_agent(concat!("mimamori-watch/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, url: url.to_owned(), token: token.filter(|token| !token.trim().is_empty()) })
    }

    /// Nothing when all is well, else why not.
    pub(super) async fn ask(&self) -> Result<(), String> {
        let said: String = self.ready().await?;
        if said.trim() != "ok" {
            return Err("/readyz answered something that is not ours".to_owned());
        }
        match &self.token {
            Some(token) => self.healthy(token).await,
            None => Ok(()),
        }
    }

    async fn ready(&self) -> Result<String, String> {
        let response = self.client.get(format!("{}/readyz", self.url)).send().await.map_err(no_answer)?;
        let status: StatusCode = response.status();
        let body: String = text(response).await?;
        if status == StatusCode::OK {
            return Ok(body);
        }
        let said: String = body.trim().chars().take(100).collect();
        Err(format!("/readyz answered {status}: {said}"))
    }

    async fn healthy(&self, token: &str) -> Result<(), String> {
        let nonce: String = kernel::ids::new_uuid().to_string();
        let url: String = format!("{}{}?nonce={nonce}", self.url, answer::PATH);
        let response = self.client.get(url).bearer_auth(token).send().await.map_err(no_answer)?;
        let status: StatusCode = response.status();
        if status != StatusCode::OK {
            return Err(format!("{} answered {status}", answer::PATH));
        }
        let signature: String =
            response.headers().get(answer::SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let body: String = text(response).await?;
        if !answer::is_signed(token, &nonce, &body, &signature) {
            return Err(format!("{} was answered by somebody else, or not now", answer::PATH));
        }
        judge(&body)
    }
}

/// What the server says of itself.
fn judge(body: &str) -> Result<(), String> {
    let report: Value = serde_json::from_str(body).map_err(|_| format!("{} answered no JSON", answer::PATH))?;
    if report["healthy"] == Value::Bool(true) {
        return Ok(());
    }
    let ailments: Vec<&str> = report["ailments"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    Err(format!("the server says that it stands still: {}", ailments.join(", ")))
}

/// The address may carry nothing secret, but nobody needs it twice.
fn no_answer(error: reqwest::Error) -> String {
    format!("no answer: {}", chain(&error.without_url()))
}

async fn text(mut response: reqwest::Response) -> Result<String, String> {
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(part) = response.chunk().await.map_err(no_answer)? {
        if bytes.len() + part.len() > MOST_ANSWER {
            return Err("an answer was too large to be ours".to_owned());
        }
        bytes.extend_from_slice(&part);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn only_a_server_that_says_so_is_well() {
        assert_eq!(judge(r#"{"healthy":true,"ailments":[]}"#), Ok(()));
        for body in ["", "{}", "[]", r#"{"healthy":"true"}"#, r#"{"healthy":false,"ailments":["notifier"]}"#] {
            assert!(judge(body).is_err(), "{body}");
        }
        assert!(judge(r#"{"healthy":false,"ailments":["notifier"]}"#).unwrap_err().contains("notifier"));
    }
}
