//! The compiled module, made fit for a browser.

use crate::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// What browsers have had for years, and Rust's compiler uses.
const FEATURES: [&str; 6] =
    ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];

/// The module and the script that starts it.
pub struct Module {
    pub wasm: Vec<u8>,
    script: String,
    /// What the script calls the module.
    called: String,
}

impl Module {
    /// The library that cargo compiled, bound to a script; in a release as small as wasm-opt can make it.
    pub fn of(compiled: &Path, name: &str, is_release: bool) -> Result<Self, Error> {
        let wrong = |error: &dyn std::fmt::Display| Error::Module { path: compiled.to_path_buf(), reason: error.to_string() };
        let mut bindgen = Bindgen::new();
        bindgen.input_path(compiled).out_name(name).typescript(false).web(true).map_err(|error| wrong(&error))?;
        let place = compiled.with_file_name(format!("{name}-bound"));
        bindgen.generate(&place).map_err(|error| wrong(&error))?;
        let called = format!("{name}_bg.wasm");
        let wasm = place.join(&called);
        if is_release {
            optimise(&wasm)?;
        }
        let script = place.join(format!("{name}.js"));
        Ok(Self {
            wasm: fs::read(&wasm).map_err(Error::io("read", &wasm))?,
            script: fs::read_to_string(&script).map_err(Error::io("read", &script))?,
            called,
        })
    }

    /// The script, for a module that is served under this name beside it.
    pub fn script(&self, name: &str) -> String {
        self.script.replace(&self.called, name)
    }
}

fn optimise(wasm: &Path) -> Result<(), Error> {
    let mut optimiser = Command::new("end2end/node_modules/.bin/wasm-opt");
    optimiser.arg("-Oz").args(FEATURES.map(|feature| format!("--enable-{feature}"))).arg("-o").arg(wasm).arg(wasm);
    let output = optimiser.output().map_err(|error| Error::Optimiser { reason: format!("can't be started ({error})") })?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(Error::Optimiser { reason: format!("failed ({})", said.trim()) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_the_module_as_it_is_served() {
        let script = "new URL('mimamori_bg.wasm', import.meta.url)".to_owned();
        let module = Module { wasm: Vec::new(), script, called: "mimamori_bg.wasm".to_owned() };
        assert_eq!(module.script("mimamori.1f.wasm"), "new URL('mimamori.1f.wasm', import.meta.url)");
    }

    #[test]
    fn what_is_no_module_is_refused_by_its_path() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("frontend.wasm");
        fs::write(&path, b"not a module").unwrap();
        let said = Module::of(&path, "mimamori", false).err().expect("must be refused").to_string();
        assert!(said.starts_with(&format!("{} could not be made fit for a browser: ", path.display())), "{said}");
    }
}
