//! The style sheets of the house as one.

use crate::error::Error;
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::error::Error as Mistake;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};
use std::fmt::Display;
use std::path::Path;

/// Native `light-dark()`, nesting and container queries: for anything older, Lightning CSS would rewrite the tokens.
const OLDEST: Browsers = Browsers {
    android: None,
    chrome: Some(123 << 16),
    edge: Some(123 << 16),
    firefox: Some(120 << 16),
    ie: None,
    ios_saf: Some((17 << 16) | (5 << 8)),
    opera: None,
    safari: Some((17 << 16) | (5 << 8)),
    samsung: None,
};

/// The sheet with everything that it imports, in its layers, without what only people read.
pub fn sheet(path: &Path) -> Result<String, Error> {
    let provider = FileProvider::new();
    let targets = Targets::from(OLDEST);
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = bundler.bundle(path).map_err(said)?;
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(said)?;
    let printed = sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() });
    Ok(printed.map_err(said)?.code)
}

/// With the line as editors count it, from one.
fn said<T: Display>(Mistake { kind, loc }: Mistake<T>) -> Error {
    Error::Style(match loc {
        Some(at) => format!("{}:{}:{}: {kind}", at.filename, at.line + 1, at.column),
        None => kind.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn imports_come_in_their_layers_and_new_syntax_stays() {
        let place = tempfile::tempdir().unwrap();
        let main = place.path().join("main.css");
        fs::write(&main, "@layer a;\n@import \"part.css\" layer(a);\n").unwrap();
        fs::write(place.path().join("part.css"), "/* why */ p { & b { color: light-dark(red, blue) } }").unwrap();
        assert_eq!(sheet(&main).unwrap(), "@layer a{p{& b{color:light-dark(red,#00f)}}}");
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let place = tempfile::tempdir().unwrap();
        let main = place.path().join("main.css");
        fs::write(&main, "p { color: red }\n@import \"absent.css\";").unwrap();
        let said = sheet(&main).expect_err("must be refused").to_string();
        assert!(said.contains("main.css:2:"), "{said}");
    }
}
