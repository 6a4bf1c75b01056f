//! A picture as PNG: three bytes a pixel, each row as the difference to the one above, because a chart repeats itself downwards.
//!
//! Format: the W3C's Portable Network Graphics specification, chunks IHDR, IDAT and IEND.

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use std::io::{self, Write as _};

const MAGIC: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
const BYTES_A_PIXEL: usize = 3;
/// Eight bits a channel, red green and blue, and the only compression, filter set and order there is.
const KIND: [u8; 5] = [8, 2, 0, 0, 0];
/// A picture is made for one message: it may be larger, and must be there soon.
const PACKING: Compression = Compression::fast();
/// Each byte minus the one above.
const UP: u8 = 2;

/// Writes the pixels, row by row from the top.
pub(super) fn encode(width: u32, height: u32, rgb: &[u8]) -> io::Result<Vec<u8>> {
    let mut header: Vec<u8> = Vec::with_capacity(13);
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&KIND);
    let mut out: Vec<u8> = MAGIC.to_vec();
    chunk(&mut out, *b"IHDR", &header);
    chunk(&mut out, *b"IDAT", &packed(width as usize * BYTES_A_PIXEL, rgb)?);
    chunk(&mut out, *b"IEND", &[]);
    Ok(out)
}

fn packed(row_bytes: usize, rgb: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::new(), PACKING);
    let mut above: Vec<u8> = vec![0; row_bytes];
    for row in rgb.chunks_exact(row_bytes.max(1)) {
        let differences: Vec<u8> = row.iter().zip(&above).map(|(here, above)| here.wrapping_sub(*above)).collect();
        packer.write_all(&[UP])?;
        packer.write_all(&differences)?;
        above.copy_from_slice(row);
    }
    packer.finish()
}

/// Length, name, content, checksum of name and content.
fn chunk(out: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(content);
    // A picture of ours has a few hundred kilobytes.
    let length: u32 = u32::try_from(content.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&name);
    out.extend_from_slice(content);
    out.extend_from_slice(&sum.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use std::io::Read as _;

    #[test]
    fn what_was_written_reads_back() {
        let rgb: Vec<u8> = (0..2 * 3 * 3).map(|n: u8| n.wrapping_mul(37)).collect();
        let png: Vec<u8> = encode(2, 3, &rgb).unwrap();
        assert_eq!(png[..8], MAGIC);
        assert_eq!(png[16..24], [0, 0, 0, 2, 0, 0, 0, 3], "two wide, three high");
        let at: usize = png.windows(4).position(|name| name == b"IDAT").unwrap();
        let length: usize = u32::from_be_bytes(png[at - 4..at].try_into().unwrap()) as usize;
        let mut rows: Vec<u8> = Vec::new();
        ZlibDecoder::new(&png[at + 4..at + 4 + length]).read_to_end(&mut rows).unwrap();
        let mut above: Vec<u8> = vec![0; 6];
        let mut read: Vec<u8> = Vec::new();
        for row in rows.chunks_exact(7) {
            assert_eq!(row[0], UP);
            above = row[1..].iter().zip(&above).map(|(difference, above)| difference.wrapping_add(*above)).collect();
            read.extend_from_slice(&above);
        }
        assert_eq!(read, rgb);
    }

    #[test]
    fn the_end_has_the_checksum_of_the_specification() {
        let png: Vec<u8> = encode(1, 1, &[0, 0, 0]).unwrap();
        assert_eq!(png[png.len() - 4..], [0xae, 0x42, 0x60, 0x82]);
    }
}
