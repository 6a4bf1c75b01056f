//! What a browser downloads before the console works: the module and its script, after brotli at its best, as a proxy or
//! `--precompress` would send them.

use crate::error::Error;
use crate::house::site;
use crate::line::Line;
use brotli::enc::BrotliEncoderParams;
use std::fs;
use std::path::{Path, PathBuf};

/// Of the issue; the design's own budget is 350.
const GOAL_KB: f64 = 300.0;
/// Brotli at its best, which is worth it for what is compressed once.
const BEST: i32 = 11;

/// Sizes in kB (1,000 bytes).
pub fn run() -> Result<Vec<Line>, Error> {
    let package = site().unwrap_or_else(|| PathBuf::from("target/site")).join("pkg");
    let (module, script, sheet) = (newest(&package, "wasm")?, newest(&package, "js")?, newest(&package, "css")?);
    Ok(vec![
        Line::lower("wasm", "module after brotli", compressed_kb(&module, BEST)?, "kB").with_goal(GOAL_KB),
        Line::lower("wasm", "module", module.len() as f64 / 1_000.0, "kB"),
        Line::lower("wasm", "its script after brotli", compressed_kb(&script, BEST)?, "kB"),
        Line::lower("wasm", "style sheet after brotli", compressed_kb(&sheet, BEST)?, "kB"),
    ])
}

/// The content of the newest file with an ending: older builds of hashed names may still lie there.
fn newest(directory: &Path, ending: &str) -> Result<Vec<u8>, Error> {
    let absent = || Error::NotBuilt { path: directory.join(format!("*.{ending}")) };
    let entries = fs::read_dir(directory).map_err(|_| absent())?;
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let ours = paths.filter(|path| path.extension().is_some_and(|found| found == ending));
    let newest = ours.max_by_key(|path| fs::metadata(path).and_then(|found| found.modified()).ok()).ok_or_else(absent)?;
    fs::read(&newest).map_err(Error::io("read a file of the site"))
}

/// Kilobytes after brotli at a quality of 0 to 11.
pub fn compressed_kb(bytes: &[u8], quality: i32) -> Result<f64, Error> {
    let manner = BrotliEncoderParams { quality, lgwin: 22, ..BrotliEncoderParams::default() };
    let mut out: Vec<u8> = Vec::new();
    let mut rest: &[u8] = bytes;
    brotli::BrotliCompress(&mut rest, &mut out, &manner).map_err(Error::io("compress"))?;
    Ok(out.len() as f64 / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_counted_after_compression() {
        let kilobytes = compressed_kb(&[7; 100_000], BEST).unwrap();
        assert!(kilobytes > 0.0 && kilobytes < 1.0, "{kilobytes}");
    }
}
