//! How answers travel between the console and its server: packed by position, not by name.
//!
//! Both sides come from one build and know every type, so names of fields would be weight alone, and the code that matches them was a
//! good part of what a browser had to load. Programs never see this: their doors speak JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use leptos::prelude::*;
use leptos::server_fn::codec::Post;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;

/// The packing, [postcard](https://postcard.jamesmunns.com). For what a screen asks, and for what the server has asked already.
pub struct Packing;

/// An answer of a server function, packed.
pub type Packed = Post<Packing>;

/// What a screen asks the server for.
pub type Asked<T> = Resource<T, Packing>;

/// Packed, as text: for what stands in a document, or comes with the stream. Empty for what can't be packed (a map whose length nobody
/// knows), which no type of ours is.
#[must_use]
pub fn packed_text<T: Serialize>(value: &T) -> String {
    postcard::to_allocvec(value).map(|bytes| STANDARD_NO_PAD.encode(bytes)).unwrap_or_default()
}

/// What [`packed_text`] made; `None` for any other text.
#[must_use]
pub fn unpacked_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = STANDARD_NO_PAD.decode(text).ok()?;
    postcard::from_bytes(&bytes).ok()
}

/// Asks now, and again whenever `about` changes. The server asks while it renders, and sends the answer along.
pub fn ask<T, A, F>(about: impl Fn() -> A + Send + Sync + 'static, fetch: impl Fn(A) -> F + Send + Sync + 'static) -> Asked<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    A: PartialEq + Clone + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(about, fetch, false)
}

impl ContentType for Packing {
    const CONTENT_TYPE: &'static str = "application/x-postcard";
}

impl FormatType for Packing {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for Packing {
    type Error = postcard::Error;

    fn encode(value: &T) -> Result<bytes::Bytes, Self::Error> {
        postcard::to_allocvec(value).map(bytes::Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Packing {
    type Error = postcard::Error;

    fn decode(bytes: bytes::Bytes) -> Result<T, Self::Error> {
        postcard::from_bytes(&bytes)
    }
}

impl<T: Serialize> codee::Encoder<T> for Packing {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &T) -> Result<Vec<u8>, Self::Error> {
        postcard::to_allocvec(value)
    }
}

impl<T: DeserializeOwned> codee::Decoder<T> for Packing {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &[u8]) -> Result<T, Self::Error> {
        postcard::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiError;
    use crate::live::BoardTick;
    use crate::metrics::BoardQuery;
    use model::{Severity, Time};

    fn travel<T: Serialize + DeserializeOwned>(value: &T) -> T {
        let bytes = <Packing as codee::Encoder<T>>::encode(value).unwrap();
        <Packing as codee::Decoder<T>>::decode(&bytes).unwrap()
    }

    /// What serde calls internally tagged or flattened can be packed but not unpacked.
    #[test]
    fn errors_and_answers_arrive_as_they_were_sent() {
        let refusals = [ApiError::SignedOut, ApiError::TryLater { seconds: 7 }, ApiError::Unavailable];
        for refusal in refusals {
            let answer: Result<Option<Time>, ApiError> = Err(refusal);
            assert_eq!(travel(&answer), answer);
        }
        let asked = BoardQuery { host: "蔵-01".to_owned(), range: None, from: Some(-5), to: Some(i64::MAX) };
        assert_eq!(travel(&asked), asked);
        assert_eq!(travel(&Some(Severity::P1)), Some(Severity::P1));
    }

    #[test]
    fn what_stands_in_a_document_is_read_again_and_nonsense_is_not() {
        let tick = BoardTick { topic: "board:蔵".to_owned(), at: Time(5), panels: Vec::new() };
        assert_eq!(unpacked_text(&packed_text(&tick)), Some(tick.clone()));
        for wrong in ["", "ä", "AAAA=", &packed_text(&tick)[1..]] {
            assert_eq!(unpacked_text::<BoardTick>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_cut_answer_is_refused() {
        let bytes = postcard::to_allocvec(&("見守り".to_owned(), 5_u64)).unwrap();
        let cut: Result<(String, u64), _> = <Packing as codee::Decoder<(String, u64)>>::decode(&bytes[..bytes.len() - 1]);
        assert!(cut.is_err());
    }
}
