//! The links themselves: which page they stand in, signed. They name nothing else, so that they stay short enough for a text message;
//! the alerts and the moment from which their life is counted stand with the page.

use crate::hex;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::ids::AlertId;
use notify::needs::AcknowledgeLinks;
use notify::sealed::SIGNATURE_LEN;
use notify::{DeliveryId, Keys};

const PURPOSE: &str = "acknowledge links, 1";
/// Bytes of a page's id.
const ID_LEN: usize = 16;
/// As Base64: three bytes are four characters.
const TOKEN_LEN: usize = (ID_LEN + SIGNATURE_LEN) / 3 * 4;

/// Writes the links of this installation.
pub struct SignedLinks {
    keys: Keys,
    /// Without a slash at its end.
    public_url: String,
}

impl SignedLinks {
    /// Signed with `keys`, at `public_url`.
    #[must_use]
    pub fn new(keys: Keys, public_url: &str) -> Self {
        Self { keys, public_url: public_url.trim_end_matches('/').to_owned() }
    }
}

#[async_trait]
impl AcknowledgeLinks for SignedLinks {
    async fn acknowledge_url(&self, delivery: DeliveryId, _alerts: &[AlertId]) -> Option<String> {
        Some(format!("{}{}", self.public_url, path(&token(&self.keys, delivery))))
    }
}

/// The address of a token.
pub(super) fn path(token: &str) -> String {
    format!("/ack/{}", model::links::encode(token))
}

fn token(keys: &Keys, delivery: DeliveryId) -> String {
    let mut bytes: Vec<u8> = delivery.0.as_bytes().to_vec();
    let signature: Vec<u8> = keys.sign(PURPOSE, &bytes);
    bytes.extend_from_slice(&signature);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The page that a token of ours stands in.
pub(super) fn read(keys: &Keys, token: &str) -> Option<DeliveryId> {
    if token.len() != TOKEN_LEN {
        return None;
    }
    let bytes: Vec<u8> = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, signature) = bytes.split_at_checked(ID_LEN)?;
    if !keys.is_signed(PURPOSE, id, signature) {
        return None;
    }
    hex::written(id).parse::<DeliveryId>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery() -> DeliveryId {
        "0198c2a0-0000-7000-8000-00000000abcd".parse::<DeliveryId>().unwrap()
    }

    #[test]
    fn a_token_is_read_back_with_the_same_keys_only() {
        let keys = Keys::new([7; 32]);
        let written: String = token(&keys, delivery());
        assert_eq!(written.len(), TOKEN_LEN);
        assert_eq!(read(&keys, &written), Some(delivery()));
        assert_eq!(read(&Keys::new([8; 32]), &written), None);
        assert_eq!(read(&Keys::new([8; 32]).with_older([7; 32]), &written), Some(delivery()));
    }

    #[test]
    fn no_changed_token_is_read() {
        let keys = Keys::new([7; 32]);
        let written: String = token(&keys, delivery());
        for at in 0..written.len() {
            let other: &str = if &written[at..=at] == "A" { "B" } else { "A" };
            let changed: String = format!("{}{other}{}", &written[..at], &written[at + 1..]);
            assert_eq!(read(&keys, &changed), None, "{at}");
            assert_eq!(read(&keys, &written[..at]), None, "cut at {at}");
        }
        for strange in ["", "é", "../../etc", "%00", "A"] {
            assert_eq!(read(&keys, strange), None, "{strange}");
        }
    }

    #[tokio::test]
    async fn the_address_is_the_same_for_every_attempt() {
        let links = SignedLinks::new(Keys::new([7; 32]), "https://watch.example/");
        let first: String = links.acknowledge_url(delivery(), &[]).await.unwrap();
        assert!(first.starts_with("https://watch.example/ack/") && !first.contains('%'), "{first}");
        assert_eq!(links.acknowledge_url(delivery(), &[AlertId(1)]).await, Some(first));
    }
}
