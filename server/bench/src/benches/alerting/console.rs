//! What a person does in the console: calls of its server functions, in the way a form without a script sends them.

use crate::error::Error;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use std::time::Duration;

/// No answer takes this long in a server that works.
const PATIENCE: Duration = Duration::from_secs(30);
/// Who sets a house up ([`crate::door::Door::set_up`]).
const EMAIL: &str = "bench@example.jp";
const PASSWORD: &str = "a ruled sheet and one needle";
/// The session cookie over plain http.
const COOKIE: &str = "mimamori=";

/// A person who is signed in. No `Debug`: it holds a session.
#[derive(Clone)]
pub struct Console {
    client: Client,
    cookie: String,
}

impl Console {
    /// Signs in at a house that was set up; its replicas know the session too.
    ///
    /// # Errors
    /// When that person may not come in.
    pub async fn sign_in(url: &str) -> Result<Self, Error> {
        let client: Client = Client::builder().no_proxy().redirect(Policy::none()).build()?;
        let form: [(&str, &str); 2] = [("email", EMAIL), ("password", PASSWORD)];
        let request = client.post(format!("{url}/sign-in")).header("origin", url).timeout(PATIENCE);
        let answer: Response = request.form(&form).send().await?;
        if answer.status() != StatusCode::SEE_OTHER {
            return Err(refused("sign-in", answer).await);
        }
        let cookie: String = session(&answer).ok_or_else(|| Error::unreadable("the session cookie", "no cookie"))?;
        Ok(Self { client, cookie })
    }

    /// `name=value` of its session, as a browser shows it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Does something at the replica of that address; the bytes it was answered with.
    ///
    /// # Errors
    /// When it was refused.
    pub async fn call(&self, url: &str, what: &str, form: &[(&str, &str)]) -> Result<Vec<u8>, Error> {
        let request = self.client.post(format!("{url}/call/{what}")).header("origin", url).header("cookie", &self.cookie);
        let request = request.header("accept", "application/json").timeout(PATIENCE);
        let answer: Response = request.form(form).send().await?;
        if answer.status() != StatusCode::OK {
            return Err(refused(what, answer).await);
        }
        Ok(answer.bytes().await?.to_vec())
    }
}

async fn refused(what: &str, answer: Response) -> Error {
    let status: u16 = answer.status().as_u16();
    let body: String = answer.text().await.unwrap_or_default().chars().take(300).collect();
    Error::Refused { what: what.to_owned(), status, body }
}

fn session(answer: &Response) -> Option<String> {
    let mut cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let cookie: &str = cookies.find(|cookie| cookie.starts_with(COOKIE))?;
    cookie.split(';').next().map(str::to_owned)
}
