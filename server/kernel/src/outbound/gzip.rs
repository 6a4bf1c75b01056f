//! Decompression that ends where its limit is.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::OutboundError;

/// What `compressed` holds, if that is no more than `limit` bytes.
///
/// # Errors
/// [`OutboundError::TooLarge`], and [`OutboundError::Gzip`] when it is damaged or cut.
pub fn gunzip(compressed: &[u8], limit: usize) -> Result<Vec<u8>, OutboundError> {
    let most: u64 = (limit as u64).saturating_add(1);
    let mut plain: Vec<u8> = Vec::new();
    MultiGzDecoder::new(compressed).take(most).read_to_end(&mut plain).map_err(OutboundError::Gzip)?;
    if plain.len() > limit { Err(OutboundError::TooLarge { limit }) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_was_packed_comes_back_and_a_bomb_does_not() {
        let packed: Vec<u8> = gzip(&[7; 1_000]);
        assert_eq!(gunzip(&packed, 1_000).unwrap(), vec![7; 1_000]);
        assert!(matches!(gunzip(&packed, 999), Err(OutboundError::TooLarge { limit: 999 })));
        assert!(matches!(gunzip(&packed[..packed.len() - 4], 1_000), Err(OutboundError::Gzip(_))));
        assert!(matches!(gunzip(b"plain", 1_000), Err(OutboundError::Gzip(_))));
    }
}
