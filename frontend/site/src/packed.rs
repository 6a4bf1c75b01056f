//! Files packed once, so that the server need not do it for every answer.

use crate::error::Error;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `PATH.br` and `PATH.gz`, each unless it is no smaller than the file.
pub fn beside(path: &Path) -> Result<(), Error> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    for (ending, packed) in [("br", brotli(&bytes)), ("gz", gzip(&bytes))] {
        let packed = packed.map_err(Error::io("pack", path))?;
        let place = with(path, ending);
        if packed.len() < bytes.len() {
            fs::write(&place, packed).map_err(Error::io("write", &place))?;
        }
    }
    Ok(())
}

/// The path with one more ending.
fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// At its best, which is what the parameters are by themselves.
fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &BrotliEncoderParams::default())?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
