#![doc = include_str!("../README.md")]

mod error;
mod files;
mod module;
mod packed;
mod style;

use error::Error;
use files::Site;
use module::Module;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "site build [--release] MODULE HASHES, or site module [--release] MODULE NAME DIR";
/// What `app/src/shell.rs` and the server's options call the files.
const NAME: &str = "mimamori";

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let is_release = words.iter().any(|word| word == "--release");
    words.retain(|word| word != "--release");
    match run(&words.iter().map(String::as_str).collect::<Vec<_>>(), is_release) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("site: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str], is_release: bool) -> Result<(), Error> {
    match words {
        ["build", compiled, hashes] => build(Path::new(compiled), Path::new(hashes), is_release),
        ["module", compiled, name, directory] => {
            let directory = Path::new(directory);
            let module = Module::of(Path::new(compiled), name, is_release)?;
            files::write(&directory.join(format!("{name}.wasm")), &module.wasm)?;
            files::write(&directory.join(format!("{name}.js")), module.script(&format!("{name}.wasm")).as_bytes())
        }
        _ => Err(Error::Usage),
    }
}

/// The whole site, below the working directory as the house lies there.
fn build(compiled: &Path, hashes: &Path, is_release: bool) -> Result<(), Error> {
    let module = Module::of(compiled, NAME, is_release)?;
    let sheet = style::sheet(Path::new("style/main.css"))?;
    let mut site = Site::begin(Path::new("target/site"))?;
    site.copy(Path::new("public"))?;
    let wasm = site.put(NAME, "wasm", &module.wasm)?;
    let js = site.put(NAME, "js", module.script(&files::hashed(NAME, &wasm, "wasm")).as_bytes())?;
    let css = site.put(NAME, "css", sheet.as_bytes())?;
    if is_release {
        site.pack()?;
    }
    site.end()?;
    files::write(hashes, format!("js: {js}\nwasm: {wasm}\ncss: {css}\n").as_bytes())
}
