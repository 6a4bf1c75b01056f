//! What a client of a server holds: its address, and once it is set up a session and a token.

use crate::error::Error;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::time::Duration;

/// No answer takes this long in a server that works.
const PATIENCE: Duration = Duration::from_secs(30);
/// Sign-in of the person who sets it up. The server is gone, with everything in it, when the bench ends.
const EMAIL: &str = "bench@example.jp";
const PASSWORD: &str = "a ruled sheet and one needle";
/// The session cookie over plain http.
const COOKIE: &str = "mimamori";

/// A client. Cheap to clone; clones share their connections. No `Debug`: it holds secrets.
#[derive(Clone)]
pub struct Door {
    client: Client,
    pub url: String,
    session: String,
    token: String,
}

impl Door {
    /// A stranger's client of the server at `url`.
    pub fn new(url: String) -> Result<Self, Error> {
        Ok(Self { client: client()?, url, session: String::new(), token: String::new() })
    }

    /// The same person and token over a connection of their own.
    pub fn another(&self) -> Result<Self, Error> {
        Ok(Self { client: client()?, ..self.clone() })
    }

    /// The same person and token at another address: another replica of the same installation.
    pub fn at(&self, url: String) -> Result<Self, Error> {
        Ok(Self { client: client()?, url, ..self.clone() })
    }

    /// What programs sign in with; empty before set-up.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Sets the server up with the code of its link, and makes a token that may write and read metrics and save dashboards.
    pub async fn set_up(&mut self, code: &str) -> Result<(), Error> {
        let form = [("code", code), ("organisation", "Bench"), ("name", "Bench"), ("email", EMAIL), ("password", PASSWORD)];
        let answer = self.client.post(format!("{}/set-up", self.url)).header("origin", &self.url).form(&form).send().await?;
        let answer = expect(answer, "set-up", StatusCode::SEE_OTHER).await?;
        self.session = session_of(&answer).ok_or_else(|| Error::unreadable("the session cookie", "no cookie"))?;
        self.token = self.make_token().await?;
        Ok(())
    }

    async fn make_token(&self) -> Result<String, Error> {
        let call = self.client.post(format!("{}/call/token_make", self.url));
        let call = call.header("origin", &self.url).header("cookie", self.cookie()).header("accept", "application/json");
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let body = "name=bench&scopes[0]=metrics%3Awrite&scopes[1]=metrics%3Aread&scopes[2]=dashboards%3Awrite&days=2";
        let answer = expect(call.body(body).send().await?, "token_make", StatusCode::OK).await?;
        let text = answer.text().await?;
        // Packed for the console: the length of the secret, then the secret.
        let secret = text.find("mmr_api_").map(|start| text[start..].to_owned());
        secret.ok_or_else(|| Error::unreadable("the token", &text))
    }

    /// What a browser that is signed in shows.
    pub fn cookie(&self) -> String {
        format!("{COOKIE}={}", self.session)
    }

    /// A screen, as a browser asks for it.
    pub async fn screen(&self, path: &str) -> Result<Response, Error> {
        Ok(self.browser(path).header("accept", "text/html").timeout(PATIENCE).send().await?)
    }

    /// The same for a browser that takes these compressions; what comes is as it came.
    pub async fn screen_in(&self, path: &str, encodings: &str) -> Result<Response, Error> {
        let request = self.browser(path).header("accept", "text/html").header("accept-encoding", encodings);
        Ok(request.timeout(PATIENCE).send().await?)
    }

    /// An open live stream; it has no limit in time.
    pub async fn stream(&self, path: &str) -> Result<Response, Error> {
        let answer = self.browser(path).header("accept", "text/event-stream").send().await?;
        expect(answer, "the live stream", StatusCode::OK).await
    }

    fn browser(&self, path: &str) -> RequestBuilder {
        let request = self.client.get(format!("{}{path}", self.url));
        if self.session.is_empty() { request } else { request.header("cookie", self.cookie()) }
    }

    /// Whether `/readyz` says yes.
    pub async fn is_ready(&self) -> bool {
        self.answers("/readyz").await
    }

    /// Whether a path is answered with 200 soon.
    pub async fn answers(&self, path: &str) -> bool {
        let asked = self.client.get(format!("{}{path}", self.url)).timeout(Duration::from_secs(2)).send().await;
        asked.is_ok_and(|answer| answer.status() == StatusCode::OK)
    }

    /// Asks for something that is done in the background, such as a merge.
    pub async fn order(&self, path: &str) -> Result<(), Error> {
        let answer = self.client.get(format!("{}{path}", self.url)).timeout(PATIENCE).send().await?;
        expect(answer, path, StatusCode::OK).await.map(drop)
    }

    /// Sends a remote write body; what it was answered with.
    pub async fn write(&self, body: Vec<u8>) -> Result<StatusCode, Error> {
        let request = self.client.post(format!("{}/api/v1/write", self.url)).bearer_auth(&self.token).timeout(PATIENCE);
        let request = request.header("content-type", "application/x-protobuf").header("content-encoding", "snappy");
        let answer = request.header("x-prometheus-remote-write-version", "0.1.0").body(body).send().await?;
        Ok(answer.status())
    }

    /// Sends a remote write body that must be taken whole.
    pub async fn write_all(&self, body: Vec<u8>) -> Result<(), Error> {
        let status = self.write(body).await?;
        if status == StatusCode::NO_CONTENT {
            return Ok(());
        }
        Err(Error::Refused { what: "remote write".to_owned(), status: status.as_u16(), body: String::new() })
    }

    /// Puts a dashboard at its address, as YAML.
    pub async fn put_dashboard(&self, slug: &str, yaml: String) -> Result<(), Error> {
        let request = self.client.put(format!("{}/api/v1/dashboards/{slug}", self.url)).bearer_auth(&self.token);
        let answer = request.timeout(PATIENCE).body(yaml).send().await?;
        expect(answer, "a new dashboard", StatusCode::CREATED).await.map(drop)
    }

    /// Asks the query API (`query` or `query_range`); the text of a good answer.
    pub async fn query(&self, what: &str, params: &[(&str, &str)]) -> Result<String, Error> {
        let request = self.client.get(format!("{}/api/v1/{what}", self.url)).bearer_auth(&self.token).timeout(PATIENCE);
        let answer = expect(request.query(params).send().await?, what, StatusCode::OK).await?;
        Ok(answer.text().await?)
    }
}

/// One connection, no proxy: everything is on this machine. Redirects are answers to look at.
fn client() -> Result<Client, Error> {
    Ok(Client::builder().no_proxy().redirect(Policy::none()).pool_max_idle_per_host(1).build()?)
}

async fn expect(answer: Response, what: &str, status: StatusCode) -> Result<Response, Error> {
    if answer.status() == status {
        return Ok(answer);
    }
    let found = answer.status().as_u16();
    let body: String = answer.text().await.unwrap_or_default().chars().take(300).collect();
    Err(Error::Refused { what: what.to_owned(), status: found, body })
}

fn session_of(answer: &Response) -> Option<String> {
    let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let mut values = cookies.filter_map(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('=')?.split(';').next());
    values.next().map(str::to_owned)
}
