//! A remote write connection, as bare as it can be: HTTP/1.1 over one socket that stays open. A client library would take more of the
//! processors than the load does.

use crate::contender::Target;
use crate::error::Error;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// No answer takes this long in a server that works.
const PATIENCE: Duration = Duration::from_secs(60);
/// Heads of answers are far shorter; more is no answer to a write.
const MOST_HEAD: usize = 16 * 1_024;
/// A server that is overloaded is asked again after this.
const AGAIN: Duration = Duration::from_millis(20);
/// And so many times.
const TRIES: usize = 1_000;

/// One connection. No `Debug`: it holds a token.
pub struct Wire {
    target: Target,
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Wire {
    pub async fn open(target: &Target) -> Result<Self, Error> {
        Ok(Self { target: target.clone(), stream: connect(&target.listen).await?, heard: Vec::new() })
    }

    /// Sends a body until it is taken. Only overload is a reason to send it again.
    pub async fn deliver(&mut self, body: &[u8]) -> Result<(), Error> {
        for _ in 0..TRIES {
            let status: u16 = self.post(body).await?;
            if (200..300).contains(&status) {
                return Ok(());
            }
            let said: String = String::from_utf8_lossy(&self.heard).chars().take(600).collect();
            if !matches!(status, 429 | 502 | 503 | 504) {
                return Err(Error::Refused { what: "remote write".to_owned(), status, body: said });
            }
            // Its body is not read to the end, so this connection can't be used again.
            self.stream = connect(&self.target.listen).await?;
            sleep(AGAIN).await;
        }
        Err(Error::TooLate { what: "the end of an overload" })
    }

    /// Sends a body; the status it was answered with.
    pub async fn post(&mut self, body: &[u8]) -> Result<u16, Error> {
        match timeout(PATIENCE, self.exchange(body)).await {
            Ok(answered) => answered,
            Err(_) => Err(Error::TooLate { what: "the acknowledgement" }),
        }
    }

    async fn exchange(&mut self, body: &[u8]) -> Result<u16, Error> {
        let head: String = self.head(body.len());
        self.stream.write_all(head.as_bytes()).await.map_err(Error::io("send a body"))?;
        self.stream.write_all(body).await.map_err(Error::io("send a body"))?;
        self.heard.clear();
        while !has_ended(&self.heard) {
            let n: usize = self.stream.read_buf(&mut self.heard).await.map_err(Error::io("read an acknowledgement"))?;
            if n == 0 || self.heard.len() > MOST_HEAD {
                return Err(Error::unreadable("an acknowledgement", &String::from_utf8_lossy(&self.heard)));
            }
        }
        status_of(&self.heard).ok_or_else(|| Error::unreadable("an acknowledgement", &String::from_utf8_lossy(&self.heard)))
    }

    fn head(&self, length: usize) -> String {
        let Target { listen, token, .. } = &self.target;
        let authorization: String = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        format!(
            "POST /api/v1/write HTTP/1.1\r\nHost: {listen}\r\n{authorization}Content-Type: application/x-protobuf\r\n\
             Content-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\nContent-Length: {length}\r\n\r\n"
        )
    }
}

async fn connect(listen: &str) -> Result<TcpStream, Error> {
    let stream: TcpStream = TcpStream::connect(listen).await.map_err(Error::io("connect for remote write"))?;
    stream.set_nodelay(true).map_err(Error::io("connect for remote write"))?;
    Ok(stream)
}

/// Whether the head is complete. A good answer has nothing after it; of a bad one the beginning is enough.
fn has_ended(heard: &[u8]) -> bool {
    heard.windows(4).any(|four| four == b"\r\n\r\n")
}

/// `HTTP/1.1 204 No Content`.
fn status_of(heard: &[u8]) -> Option<u16> {
    let line: &[u8] = heard.split(|byte| *byte == b'\r').next()?;
    std::str::from_utf8(line).ok()?.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_an_empty_line_and_begins_with_its_status() {
        assert!(!has_ended(b"HTTP/1.1 204 No Content\r\n"));
        let answer: &[u8] = b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n";
        assert!(has_ended(answer));
        assert_eq!(status_of(answer), Some(204));
        assert_eq!(status_of(b"nonsense"), None);
    }
}
