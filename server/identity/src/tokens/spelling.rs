//! How a token is spelt: `mmr_<kind>_<id8>_<32 bytes base62><crc32>`. The fixed beginning and the checksum let scanners find leaked ones
//! without guessing, and let us turn misspelt ones away without asking the database (as GitHub's tokens do).

use kernel::secrets::random_256;

const BEGINNING: &str = "mmr";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH: usize = 8;
/// 62⁴³ > 2²⁵⁶.
const SECRET_LENGTH: usize = 43;
/// 62⁶ > 2³².
const CHECK_LENGTH: usize = 6;

/// A new token's text and the part by which it is found.
pub struct Minted {
    pub short_id: String,
    pub text: String,
}

/// A token of that kind (a lower-case word).
pub fn mint(kind: &str) -> Minted {
    let short_id = base62(&random_256(), ID_LENGTH);
    let secret = base62(&random_256(), SECRET_LENGTH);
    let unchecked = format!("{BEGINNING}_{kind}_{short_id}_{secret}");
    let text = format!("{unchecked}{}", check(&unchecked));
    Minted { short_id, text }
}

/// The eight characters by which a token is found, if its text is spelt rightly.
pub fn short_id(text: &str) -> Option<&str> {
    let parts: Vec<&str> = text.split('_').collect();
    let [beginning, kind, short_id, secret] = parts[..] else { return None };
    let shaped = beginning == BEGINNING
        && !kind.is_empty()
        && kind.bytes().all(|byte| byte.is_ascii_lowercase())
        && is_base62(short_id, ID_LENGTH)
        && is_base62(secret, SECRET_LENGTH + CHECK_LENGTH);
    if !shaped {
        return None;
    }
    // Everything is ASCII by now, so this can't cut a character in two.
    let (unchecked, written) = text.split_at(text.len() - CHECK_LENGTH);
    (check(unchecked) == written).then_some(short_id)
}

fn is_base62(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn check(text: &str) -> String {
    base62(&crc32(text.as_bytes()).to_be_bytes(), CHECK_LENGTH)
}

/// The lowest `length` base-62 digits of a big-endian number, highest first.
fn base62(number: &[u8], length: usize) -> String {
    let mut left = number.to_vec();
    let mut digits: Vec<char> = Vec::with_capacity(length);
    for _ in 0..length {
        let mut remainder = 0_u32;
        for byte in &mut left {
            let value = (remainder << 8) | u32::from(*byte);
            // remainder < 62, so value < 62 · 256 and the quotient fits a byte.
            *byte = u8::try_from(value / 62).expect("a quotient below 256");
            remainder = value % 62;
        }
        digits.push(char::from(ALPHABET[remainder as usize]));
    }
    digits.iter().rev().collect()
}

/// CRC-32 as in ISO 3309 (zip, PNG, Ethernet): reflected, polynomial 0xEDB88320. Bit by bit: it sees 70 bytes.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc >>= 1;
            if carry == 1 {
                crc ^= 0xEDB8_8320;
            }
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn base62_writes_numbers() {
        assert_eq!(base62(&[0], 3), "000");
        assert_eq!(base62(&[61], 2), "0z");
        assert_eq!(base62(&[62], 2), "10");
        assert_eq!(base62(&[1, 0], 2), "48");
        assert_eq!(base62(&u32::MAX.to_be_bytes(), CHECK_LENGTH), "4gfFC3");
    }

    #[test]
    fn a_minted_token_is_spelt_rightly() {
        let minted = mint("api");
        assert_eq!(minted.text.len(), "mmr_api_".len() + 8 + 1 + 43 + 6);
        assert!(minted.text.starts_with(&format!("mmr_api_{}_", minted.short_id)));
        assert_eq!(short_id(&minted.text), Some(minted.short_id.as_str()));
    }

    #[test]
    fn anything_misspelt_is_turned_away() {
        let text = mint("api").text;
        let mut swapped = text.clone().into_bytes();
        let last = swapped.len() - 1;
        swapped[last] = if swapped[last] == b'0' { b'1' } else { b'0' };
        let swapped = String::from_utf8(swapped).unwrap();
        let wrong = [
            String::new(),
            "mmr".to_owned(),
            swapped,
            text.replace("mmr_", "xyz_"),
            text.replace("_api_", "_agent_"),
            text.replace("_api_", "_API_"),
            format!("{text}_"),
            format!("{text}é"),
            text[..text.len() - 1].to_owned(),
        ];
        for token in wrong {
            assert_eq!(short_id(&token), None, "{token}");
        }
    }
}
