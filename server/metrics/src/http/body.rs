//! Bodies as they come: read within a limit, within a time and within the memory of all requests, and expanded.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use futures::TryStreamExt;

use crate::allowance::{self, Allowance, Unreadable};
use crate::config::Config;

/// Nobody needs longer for a body; who does holds memory that others wait for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Room that is made before anything has come, at most: what is announced may never come.
const FIRST_BYTES: usize = 64 << 10;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unread {
    /// The connection ended.
    #[error("the body ended before it was complete")]
    Cut,
    /// It took longer than the patience above.
    #[error("the body did not come in time")]
    Slow,
    /// Encoded in a way that is not taken here.
    #[error("the content encoding must be {0}")]
    Encoding(&'static str),
    /// Too large, or not what it should be.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    /// HTTP's `deflate`, which is zlib's format.
    Deflate,
}

impl Encoding {
    /// What the headers say; `None` when it is none of these.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        match header(headers, CONTENT_ENCODING.as_str()).to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            _ => None,
        }
    }

    /// How many bytes a body of this encoding may have as it comes. One that is not compressed is as large as it will ever be.
    pub(crate) fn most_bytes(self, config: &Config) -> usize {
        match self {
            Self::Identity => config.max_decompressed_bytes,
            Self::Gzip | Self::Deflate => config.max_body_bytes,
        }
    }

    /// The body as it was before, at most `limit` bytes.
    pub(crate) fn expand(self, body: Vec<u8>, limit: usize, allowance: &mut Allowance) -> Result<Vec<u8>, Unreadable> {
        match self {
            Self::Identity if body.len() > limit => Err(Unreadable::TooLarge { limit }),
            Self::Identity => Ok(body),
            Self::Gzip => allowance::expand(MultiGzDecoder::new(body.as_slice()), "gzip", limit, allowance),
            Self::Deflate => allowance::expand(ZlibDecoder::new(body.as_slice()), "deflate (zlib)", limit, allowance),
        }
    }
}

/// A header as text; empty when it is absent or no text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").trim()
}

/// Collects the body and stops as soon as it is too large, whatever length was announced, and when it takes too long.
pub(crate) async fn read(body: Body, limit: usize, allowance: &mut Allowance) -> Result<Vec<u8>, Unread> {
    read_within(PATIENCE, body, limit, allowance).await
}

async fn read_within(patience: Duration, body: Body, limit: usize, allowance: &mut Allowance) -> Result<Vec<u8>, Unread> {
    tokio::time::timeout(patience, collect(body, limit, allowance)).await.map_err(|_| Unread::Slow)?
}

async fn collect(body: Body, limit: usize, allowance: &mut Allowance) -> Result<Vec<u8>, Unread> {
    let announced: usize = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(Unread::Unreadable(Unreadable::TooLarge { limit }));
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(announced.min(FIRST_BYTES));
    let mut stream = body.into_data_stream();
    while let Some(part) = stream.try_next().await.map_err(|_| Unread::Cut)? {
        let part: Bytes = part;
        if part.len() > limit - bytes.len() {
            return Err(Unread::Unreadable(Unreadable::TooLarge { limit }));
        }
        allowance.spend(part.len())?;
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowance::Memory;
    use crate::config::{MOST_BODY_BYTES, MOST_EXPANDED_BYTES};
    use flate2::Compression;
    use flate2::read::{GzEncoder, ZlibEncoder};
    use std::io::Read;

    fn packed(mut encoder: impl Read) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::new();
        encoder.read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn expand(encoding: Encoding, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Unreadable> {
        encoding.expand(body, limit, &mut Memory::new().allowance())
    }

    #[test]
    fn each_encoding_is_expanded_up_to_the_limit() {
        let body: Vec<u8> = vec![b'a'; 300_000];
        let gzip: Vec<u8> = packed(GzEncoder::new(body.as_slice(), Compression::fast()));
        let deflate: Vec<u8> = packed(ZlibEncoder::new(body.as_slice(), Compression::fast()));
        for (encoding, packed) in [(Encoding::Identity, body.clone()), (Encoding::Gzip, gzip), (Encoding::Deflate, deflate)] {
            assert_eq!(expand(encoding, packed.clone(), 300_000), Ok(body.clone()), "{encoding:?}");
            assert_eq!(expand(encoding, packed, 299_999), Err(Unreadable::TooLarge { limit: 299_999 }), "{encoding:?}");
        }
        assert_eq!(expand(Encoding::Gzip, body, 10), Err(Unreadable::Malformed { expected: "gzip" }));
    }

    #[test]
    fn only_known_encodings_are_taken() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, axum::http::HeaderValue::from_static(value));
            Encoding::of(&headers)
        };
        assert_eq!(
            (of("GZIP"), of("identity"), of("zstd"), of("br")),
            (Some(Encoding::Gzip), Some(Encoding::Identity), None, None)
        );
        assert_eq!(Encoding::of(&HeaderMap::new()), Some(Encoding::Identity));
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        let mut allowance: Allowance = Memory::new().allowance();
        assert_eq!(read(Body::from("abc"), 3, &mut allowance).await.unwrap(), b"abc");
        let refused: Result<Vec<u8>, Unread> = read(Body::from("abcd"), 3, &mut allowance).await;
        assert!(matches!(refused, Err(Unread::Unreadable(Unreadable::TooLarge { limit: 3 }))));
        // Not announced, so it shows only when it is there.
        let parts = futures::stream::iter([Ok::<Bytes, std::io::Error>(Bytes::from("ab")), Ok(Bytes::from("cd"))]);
        let refused: Result<Vec<u8>, Unread> = read(Body::from_stream(parts), 3, &mut allowance).await;
        assert!(matches!(refused, Err(Unread::Unreadable(Unreadable::TooLarge { limit: 3 }))));
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let mut allowance: Allowance = Memory::new().allowance();
        let never = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        let outcome: Result<Vec<u8>, Unread> = read_within(Duration::from_millis(1), never, 10, &mut allowance).await;
        assert!(matches!(outcome, Err(Unread::Slow)));
    }

    #[test]
    fn only_what_is_compressed_has_to_be_small() {
        let config = Config::default();
        assert_eq!(Encoding::Identity.most_bytes(&config), MOST_EXPANDED_BYTES);
        assert_eq!(
            (Encoding::Gzip.most_bytes(&config), Encoding::Deflate.most_bytes(&config)),
            (MOST_BODY_BYTES, MOST_BODY_BYTES)
        );
    }
}
