//! What a browser downloads before the console works: the module, its script and the small scripts beside it, after brotli at its best, as
//! a proxy or `--precompress` would send them.

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

/// Scripts that only some screens load.
const SELDOM: [&str; 3] = ["editor.js", "push.js", "sw.js"];

/// Sizes in kB (1,000 bytes).
pub fn run() -> Result<Vec<Line>, Error> {
    let root: PathBuf = site().unwrap_or_else(|| PathBuf::from("target/site"));
    let package: PathBuf = root.join("pkg");
    let (module, script, sheet) = (newest(&package, "wasm")?, newest(&package, "js")?, newest(&package, "css")?);
    Ok(vec![
        Line::lower("wasm", "module after brotli", compressed_kb(&module)?, "kB").with_goal(GOAL_KB),
        Line::lower("wasm", "module", module.len() as f64 / 1_000.0, "kB"),
        Line::lower("wasm", "its script after brotli", compressed_kb(&script)?, "kB"),
        Line::lower("wasm", "the scripts of every screen after brotli, file by file", scripts_kb(&root)?, "kB"),
        Line::lower("wasm", "style sheet after brotli", compressed_kb(&sheet)?, "kB"),
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

/// What every screen loads of the files in `public`, in kilobytes.
fn scripts_kb(root: &Path) -> Result<f64, Error> {
    let absent = || Error::NotBuilt { path: root.join("*.js") };
    let entries = fs::read_dir(root).map_err(|_| absent())?;
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".js") && !SELDOM.contains(&name.as_ref())
    };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(is_ours);
    paths.map(|path| compressed_kb(&fs::read(path).map_err(Error::io("read a file of the site"))?)).sum()
}

/// Kilobytes after brotli.
fn compressed_kb(bytes: &[u8]) -> Result<f64, Error> {
    let manner = BrotliEncoderParams { quality: BEST, lgwin: 22, ..BrotliEncoderParams::default() };
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
        let kilobytes = compressed_kb(&[7; 100_000]).unwrap();
        assert!(kilobytes > 0.0 && kilobytes < 1.0, "{kilobytes}");
    }
}
