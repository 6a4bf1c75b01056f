//! As much of HTTP/1.1 as senders of pages speak. By hand, because a sink that hangs, drops and hangs up needs the bare socket.

use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A head is far shorter.
const MOST_HEAD: usize = 32 * 1_024;
/// Alertmanager lists every alert of a group; five thousand are two megabytes.
const MOST_BODY: usize = 16 * 1_024 * 1_024;
const HEAD_ENDS: &[u8] = b"\r\n\r\n";

/// By name, in lower case.
pub type Headers = BTreeMap<String, String>;

/// What was asked.
pub struct Request {
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// One connection, which may stay open over many requests.
pub struct Connection {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Connection {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, heard: Vec::new() }
    }

    /// The next request; `None` when there is none, or none that can be read.
    pub async fn read(&mut self) -> Option<Request> {
        let (head_len, headers): (usize, Headers) = loop {
            if let Some(at) = self.heard.windows(HEAD_ENDS.len()).position(|four| four == HEAD_ENDS) {
                break (at + HEAD_ENDS.len(), headers(self.heard.get(..at)?)?);
            }
            if self.heard.len() > MOST_HEAD {
                return None;
            }
            self.more().await?;
        };
        let length: usize = headers.get("content-length").map_or(Some(0), |text| text.trim().parse().ok())?;
        if length > MOST_BODY {
            return None;
        }
        while self.heard.len() < head_len + length {
            self.more().await?;
        }
        let rest: Vec<u8> = self.heard.split_off(head_len + length);
        let body: Vec<u8> = self.heard.split_off(head_len);
        self.heard = rest;
        Some(Request { headers, body })
    }

    async fn more(&mut self) -> Option<()> {
        let n: usize = self.stream.read_buf(&mut self.heard).await.ok()?;
        (n > 0).then_some(())
    }

    /// Answers; whether somebody is still there.
    pub async fn answer(&mut self, status: u16) -> bool {
        let head: String = format!("HTTP/1.1 {status} Answer\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
        self.stream.write_all(head.as_bytes()).await.is_ok()
    }
}

/// What stands behind the first line.
fn headers(head: &[u8]) -> Option<Headers> {
    let text: &str = std::str::from_utf8(head).ok()?;
    let pairs = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    Some(pairs.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_by_their_names_in_lower_case() {
        let found = headers(b"POST / HTTP/1.1\r\nHost: a\r\nWebhook-Id:  x:y ").unwrap();
        assert_eq!((found["host"].as_str(), found["webhook-id"].as_str()), ("a", "x:y"));
        assert!(headers(&[0xff, 0xfe]).is_none());
    }
}
