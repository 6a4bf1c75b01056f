//! An editor as a browser has one, over a real socket.

use super::places::{Address, Served, Speech};
use crate::error::Error;
use futures::{SinkExt, StreamExt};
use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{ClientID, Doc, GetString, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact, Update};

/// A greeting takes a round trip.
const PATIENCE: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// See the module.
pub(super) struct Editor {
    doc: Doc,
    text: TextRef,
    socket: Option<Socket>,
    n_lines: u64,
    /// The answer to the greeting came.
    is_synced: bool,
    /// What every frame begins with: the document's name, or nothing.
    prefix: Vec<u8>,
    /// Where each change is acknowledged by itself: up to which line each goes that is not yet.
    unacknowledged: VecDeque<u64>,
}

/// What a frame said.
pub(super) enum Heard {
    /// A change of these blocks: of that editor, from this clock and up to but without that one.
    Edit(Vec<(u64, Range<u32>)>),
    /// Everything up to that line is saved.
    Saved(u64),
    Other,
}

impl Editor {
    pub(super) fn new() -> Self {
        let mut options = Options::with_client_id(ClientID::new(u64::from(rand::random::<u32>())));
        options.offset_kind = OffsetKind::Utf16;
        let doc = Doc::with_options(options);
        let text: TextRef = doc.get_or_insert_text("body");
        let (prefix, unacknowledged) = (Vec::new(), VecDeque::new());
        Self { doc, text, socket: None, n_lines: 0, is_synced: false, prefix, unacknowledged }
    }

    pub(super) fn client(&self) -> u64 {
        self.doc.client_id().get()
    }

    pub(super) fn text(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }

    pub(super) fn n_lines(&self) -> u64 {
        self.n_lines
    }

    /// Opens a socket and asks for what is missing; whatever this editor has goes when the server asks in turn.
    pub(super) async fn connect(&mut self, address: &Address) -> Result<(), Error> {
        let Served { listen, cookie, speech } = &address.server;
        let name: String = address.document.to_string();
        let url: String = match speech {
            Speech::Plain => format!("ws://{listen}/collab/{name}"),
            Speech::Named => format!("ws://{listen}/"),
        };
        let mut request = url.into_client_request().map_err(Box::new)?;
        let headers = request.headers_mut();
        for (name, value) in [("cookie", cookie.clone()), ("origin", format!("http://{listen}"))] {
            let value = HeaderValue::from_str(&value).map_err(|_| Error::unreadable("a header", name))?;
            headers.insert(name, value);
        }
        let opened = timeout(PATIENCE, connect_async_with_config(request, None, true))
            .await
            .map_err(|_| Error::TooLate { what: "a socket" })?;
        let (socket, _) = opened.map_err(Box::new)?;
        self.socket = Some(socket);
        self.is_synced = false;
        self.unacknowledged.clear();
        if *speech == Speech::Named {
            self.prefix = framed(&[], name.as_bytes());
            // Signs in, with a token that nobody asks for.
            self.send(framed(&[2, 0], &[])).await?;
        }
        let state: Vec<u8> = self.doc.transact().state_vector().encode_v1();
        self.send(framed(&[0, 0], &state)).await?;
        while !self.is_synced {
            timeout(PATIENCE, self.hear()).await.map_err(|_| Error::TooLate { what: "the text" })??;
        }
        Ok(())
    }

    /// As when the network goes away.
    pub(super) fn disconnect(&mut self) {
        self.socket = None;
    }

    pub(super) fn is_connected(&self) -> bool {
        self.socket.is_some()
    }

    /// Types one more line at the beginning or at the end; the clock of its first block, and what is to be sent.
    pub(super) fn type_line(&mut self) -> (u32, Vec<u8>) {
        self.n_lines += 1;
        let line: String = format!("{}.{}\n", self.client(), self.n_lines);
        let mut txn = self.doc.transact_mut();
        let clock: u32 = txn.state_vector().get(&self.doc.client_id());
        let at: u32 = if self.n_lines.is_multiple_of(2) { 0 } else { self.text.len(&txn) };
        self.text.insert(&mut txn, at, &line);
        (clock, framed(&[0, 2], &txn.encode_update_v1()))
    }

    /// Asks whether all lines up to now are saved, where one has to ask.
    pub(super) async fn probe(&mut self) -> Result<(), Error> {
        if !self.prefix.is_empty() {
            return Ok(());
        }
        let n_lines: u64 = self.n_lines;
        self.send(framed(&[102], &n_lines.to_le_bytes())).await
    }

    /// Sends, or finds out that the socket is gone.
    pub(super) async fn send(&mut self, frame: Vec<u8>) -> Result<(), Error> {
        let Some(socket) = self.socket.as_mut() else { return Ok(()) };
        if !self.prefix.is_empty() && matches!(frame.as_slice(), [0, 1 | 2, ..]) {
            self.unacknowledged.push_back(self.n_lines);
        }
        let whole: Vec<u8> = [self.prefix.as_slice(), frame.as_slice()].concat();
        let sent: Result<(), tungstenite::Error> = socket.send(Message::Binary(whole.into())).await;
        if let Err(error) = sent {
            self.socket = None;
            return Err(Error::Socket(Box::new(error)));
        }
        Ok(())
    }

    /// Reads one frame. Never comes while there is no socket.
    pub(super) async fn hear(&mut self) -> Result<Heard, Error> {
        let Some(socket) = self.socket.as_mut() else { return std::future::pending().await };
        match socket.next().await {
            Some(Ok(Message::Binary(frame))) => self.take(&frame).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Heard::Other),
            Some(Err(error)) => {
                self.socket = None;
                Err(Error::Socket(Box::new(error)))
            }
            Some(Ok(_)) | None => {
                self.socket = None;
                Err(Error::TooLate { what: "a frame of an open socket" })
            }
        }
    }

    async fn take(&mut self, frame: &[u8]) -> Result<Heard, Error> {
        match frame.strip_prefix(self.prefix.as_slice()).unwrap_or(frame) {
            // 4 is Hocuspocus' answer to a greeting.
            [0 | 4, 0, rest @ ..] => {
                let known: StateVector = StateVector::decode_v1(payload(rest)?).map_err(unreadable)?;
                let missing: Vec<u8> = self.doc.transact().encode_diff_v1(&known);
                self.send(framed(&[0, 1], &missing)).await?;
                Ok(Heard::Other)
            }
            [0 | 4, 1, rest @ ..] => {
                self.apply(payload(rest)?)?;
                self.is_synced = true;
                Ok(Heard::Other)
            }
            [0, 2, rest @ ..] => {
                let update: Update = Update::decode_v1(payload(rest)?).map_err(unreadable)?;
                Ok(Heard::Edit(self.take_edit(update)?))
            }
            [102, rest @ ..] => {
                let said: [u8; 8] = payload(rest)?.try_into().map_err(|_| Error::unreadable("an echo", "another length"))?;
                Ok(Heard::Saved(u64::from_le_bytes(said)))
            }
            // Hocuspocus has taken one more change.
            [8, 1] => Ok(self.unacknowledged.pop_front().map_or(Heard::Other, Heard::Saved)),
            _ => Ok(Heard::Other),
        }
    }

    /// What it brings, by editor: several people's lines may come as one.
    fn take_edit(&self, update: Update) -> Result<Vec<(u64, Range<u32>)>, Error> {
        let first: StateVector = update.state_vector_lower();
        let mut txn = self.doc.transact_mut();
        txn.apply_update(update).map_err(unreadable)?;
        let until: StateVector = txn.state_vector();
        Ok(first.iter().map(|(client, from)| (client.get(), *from..until.get(client))).collect())
    }

    fn apply(&self, update: &[u8]) -> Result<(), Error> {
        let update: Update = Update::decode_v1(update).map_err(unreadable)?;
        self.doc.transact_mut().apply_update(update).map_err(unreadable)
    }
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::unreadable("a change of a text", &error.to_string())
}

/// A message: its kind, and a buffer with its length before it.
fn framed(kind: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = kind.to_vec();
    let mut len: usize = payload.len();
    while len >= 0x80 {
        out.push((len & 0x7f) as u8 | 0x80);
        len >>= 7;
    }
    out.push(len as u8);
    out.extend_from_slice(payload);
    out
}

/// A variable unsigned integer and what is behind it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value: u64 = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if *byte < 0x80 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

fn payload(bytes: &[u8]) -> Result<&[u8], Error> {
    let found = number(bytes).and_then(|(len, rest)| rest.get(..usize::try_from(len).ok()?));
    found.ok_or_else(|| Error::unreadable("a frame", "less than its length says"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_again_by_its_blocks() {
        let mut editor = Editor::new();
        let (reader, mut updates) = (Editor::new(), Vec::new());
        for _ in 0..3 {
            let (clock, frame) = editor.type_line();
            let update: Vec<u8> = payload(&frame[2..]).unwrap().to_vec();
            let found = reader.take_edit(Update::decode_v1(&update).unwrap()).unwrap();
            assert!(matches!(&found[..], [(client, clocks)] if *client == editor.client() && clocks.start == clock));
            updates.push(update);
        }
        let together = Update::decode_v1(&yrs::merge_updates_v1(&updates).unwrap()).unwrap();
        let until: u32 = editor.doc.transact().state_vector().get(&editor.doc.client_id());
        assert_eq!(Editor::new().take_edit(together).unwrap(), [(editor.client(), 0..until)]);
        assert_eq!(editor.text().lines().count(), 3);
        assert!(payload(&[5, 1]).is_err());
    }

    #[tokio::test]
    async fn where_changes_are_acknowledged_one_by_one_each_says_how_far_it_went() {
        let mut editor = Editor::new();
        editor.prefix = framed(&[], b"a");
        editor.unacknowledged.extend([3, 5]);
        let frame: [u8; 4] = [1, b'a', 8, 1];
        assert!(matches!(editor.take(&frame).await, Ok(Heard::Saved(3))));
        assert!(matches!(editor.take(&frame).await, Ok(Heard::Saved(5))));
        assert!(matches!(editor.take(&frame).await, Ok(Heard::Other)));
    }
}
