//! What goes over the wire: one message a frame, as `y-protocols` 1.0.7 writes them, and the codes a connection is closed with.
//!
//! y-websocket up to 3.1.0 reads only the first message of a frame, so there is never a second one.

use super::lib0::{Malformed, Reader, put_buffer, put_number};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::ops::Range;

/// A larger frame is refused with [`Code::TooLarge`]. The transport must let a little more in, so that it can be.
pub const MOST_FRAME_BYTES: usize = 1 << 20;
/// A larger change is refused; all that somebody typed while away comes in another message, which may fill its frame.
pub(crate) const MOST_UPDATE_BYTES: usize = 256 << 10;
/// What is echoed when it is saved. Two numbers would be enough.
const MOST_PROBE_BYTES: usize = 1 << 10;

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY: u64 = 3;
/// Ours: an unmodified client knows no handler of this number and passes it by.
const PROBE: u64 = 102;

const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

/// Awareness of nobody: y-websocket takes a connection for dead that says nothing for 30 s, and does not count the transport's own pings.
pub(crate) const KEEP_ALIVE: &[u8] = &[1, 1, 0];

/// Why a connection ends. 4400 to 4499 are final for the client; it comes back after all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// What was sent is no message.
    Malformed,
    /// Whoever it was is not signed in any more.
    SignedOut,
    /// They may not see this document, or not any more.
    Forbidden,
    /// There is none of that id.
    Unknown,
    Deleted,
    TooLarge,
    /// Come back soon: the server stops, or could not save.
    Later,
    /// They did not read what was sent.
    Slow,
}

impl Code {
    /// As the transport says it.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            Self::Malformed => 4400,
            Self::SignedOut => 4401,
            Self::Forbidden => 4403,
            Self::Unknown => 4404,
            Self::Deleted => 4410,
            Self::TooLarge => 4413,
            Self::Later => 4503,
            Self::Slow => 4508,
        }
    }

    /// In a word, for whoever looks at the transport.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::SignedOut => "signed out",
            Self::Forbidden => "forbidden",
            Self::Unknown => "unknown",
            Self::Deleted => "deleted",
            Self::TooLarge => "too large",
            Self::Later => "later",
            Self::Slow => "slow reader",
        }
    }

    /// Whether the client is told that it may not, before the end.
    #[must_use]
    pub fn is_denial(self) -> bool {
        matches!(self, Self::SignedOut | Self::Forbidden | Self::Unknown | Self::Deleted)
    }

    /// The message that says so.
    #[must_use]
    pub fn denial(self) -> Bytes {
        let mut out: Vec<u8> = Vec::new();
        put_number(&mut out, AUTH);
        put_number(&mut out, 0);
        put_buffer(&mut out, self.reason().as_bytes());
        out.into()
    }
}

/// What a client knows, by editor.
pub(crate) type Clocks = BTreeMap<u64, u32>;

/// A message of a client. Buffers are places in the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// Asks for what these clocks do not know.
    Step1(Clocks),
    /// All that the client knows and we did not.
    Step2(Range<usize>),
    Update(Range<usize>),
    Awareness(Range<usize>),
    Query,
    Probe(Range<usize>),
}

/// Reads the one message of a frame.
pub(crate) fn read(frame: &[u8]) -> Result<Message, Code> {
    if frame.len() > MOST_FRAME_BYTES {
        return Err(Code::TooLarge);
    }
    let mut reader = Reader::new(frame);
    let message: Message = read_message(&mut reader).map_err(|_| Code::Malformed)?;
    reader.end().map_err(|_| Code::Malformed)?;
    match &message {
        Message::Update(range) if range.len() > MOST_UPDATE_BYTES => Err(Code::TooLarge),
        Message::Probe(range) if range.len() > MOST_PROBE_BYTES => Err(Code::TooLarge),
        _ => Ok(message),
    }
}

fn read_message(reader: &mut Reader<'_>) -> Result<Message, Malformed> {
    match reader.number()? {
        SYNC => match reader.number()? {
            STEP_1 => Ok(Message::Step1(read_clocks(reader.buffer()?)?)),
            STEP_2 => Ok(Message::Step2(place(reader)?)),
            UPDATE => Ok(Message::Update(place(reader)?)),
            _ => Err(Malformed { expected: "step 1, step 2 or an update" }),
        },
        AWARENESS => Ok(Message::Awareness(place(reader)?)),
        QUERY => Ok(Message::Query),
        PROBE => Ok(Message::Probe(place(reader)?)),
        _ => Err(Malformed { expected: "a message a client may send" }),
    }
}

fn place(reader: &mut Reader<'_>) -> Result<Range<usize>, Malformed> {
    let len: usize = reader.buffer()?.len();
    Ok(reader.at() - len..reader.at())
}

fn read_clocks(bytes: &[u8]) -> Result<Clocks, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut clocks = Clocks::new();
    for _ in 0..reader.number()? {
        let client: u64 = reader.number()?;
        clocks.insert(client, reader.small()?);
    }
    reader.end()?;
    Ok(clocks)
}

/// Asks a client for what these clocks (a state vector as it is encoded) do not know.
pub(crate) fn step_1(state_vector: &[u8]) -> Bytes {
    sync(STEP_1, state_vector)
}

/// Answers such a question.
pub(crate) fn step_2(update: &[u8]) -> Bytes {
    sync(STEP_2, update)
}

/// Tells of a change.
pub(crate) fn update(update: &[u8]) -> Bytes {
    sync(UPDATE, update)
}

fn sync(kind: u64, payload: &[u8]) -> Bytes {
    let mut out: Vec<u8> = Vec::with_capacity(payload.len() + 8);
    put_number(&mut out, SYNC);
    put_number(&mut out, kind);
    put_buffer(&mut out, payload);
    out.into()
}

/// Who is where.
pub(crate) fn awareness(states: &[u8]) -> Bytes {
    let mut out: Vec<u8> = Vec::with_capacity(states.len() + 8);
    put_number(&mut out, AWARENESS);
    put_buffer(&mut out, states);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop, proptest};

    #[test]
    fn the_messages_of_the_protocol_are_read() {
        assert_eq!(read(&[0, 0, 1, 0]), Ok(Message::Step1(Clocks::new())));
        assert_eq!(read(&[0, 0, 3, 1, 5, 9]), Ok(Message::Step1(Clocks::from([(5, 9)]))));
        assert_eq!(read(&[0, 1, 2, 0, 0]), Ok(Message::Step2(3..5)));
        assert_eq!(read(&[0, 2, 2, 0, 0]), Ok(Message::Update(3..5)));
        assert_eq!(read(&[1, 1, 0]), Ok(Message::Awareness(2..3)));
        assert_eq!(read(&[3]), Ok(Message::Query));
        assert_eq!(read(&[102, 1, 7]), Ok(Message::Probe(2..3)));
    }

    #[test]
    fn whatever_else_comes_ends_with_a_code() {
        let lies: [&[u8]; 9] =
            [&[], &[0], &[0, 3, 0], &[0, 2, 5, 1], &[0, 2, 1, 0, 0], &[2, 1], &[9], &[0, 0, 2, 200, 1], &[0, 0, 4, 1, 5, 9, 0]];
        for lie in lies {
            assert_eq!(read(lie), Err(Code::Malformed), "{lie:?}");
        }
        assert_eq!(read(&vec![0; MOST_FRAME_BYTES + 1]), Err(Code::TooLarge));
        let large: Bytes = update(&vec![0; MOST_UPDATE_BYTES + 1]);
        assert_eq!(read(&large), Err(Code::TooLarge));
        assert!(read(&step_2(&vec![0; MOST_UPDATE_BYTES + 1])).is_ok(), "what was typed while away may fill its frame");
    }

    #[test]
    fn a_denial_is_as_y_protocols_reads_it() {
        assert_eq!(&Code::Forbidden.denial()[..4], &[2, 0, 9, b'f']);
        let codes = [Code::Malformed, Code::SignedOut, Code::Forbidden, Code::Unknown, Code::Deleted, Code::TooLarge];
        assert!(codes.iter().all(|code| (4400..4500).contains(&code.number())), "final ones");
        assert!([Code::Later, Code::Slow].iter().all(|code| code.number() >= 4500), "those one comes back after");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&bytes);
        }
    }
}
