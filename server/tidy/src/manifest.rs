//! Cargo manifests: the crates of the house and what each takes.

use crate::tree;
use toml::{Table, Value};

/// A crate of the workspace.
#[derive(Clone, Debug)]
pub struct Crate {
    pub name: String,
    /// From the top: `server/metrics`.
    pub directory: String,
    /// The manifest's path.
    pub path: String,
    pub text: String,
    pub table: Table,
    pub dependencies: Vec<Dependency>,
}

/// One line of a crate's dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name, also when it is renamed here.
    pub name: String,
    /// The line in the manifest, from 1.
    pub line: usize,
    /// Only for tests.
    pub for_tests: bool,
    /// Whether its version stands in the root manifest.
    pub inherits: bool,
    pub features: Vec<String>,
}

/// Every crate, sorted by directory.
///
/// # Panics
/// When a manifest is no TOML; then nothing else works either.
#[must_use]
pub fn crates() -> Vec<Crate> {
    let manifests = tree::files().iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    manifests.map(|file| Crate::read(&file.path, &file.text)).filter(|known| !known.table.contains_key("workspace")).collect()
}

/// The root manifest.
///
/// # Panics
/// When it is not there or no TOML.
#[must_use]
pub fn workspace() -> Table {
    let file = tree::file("Cargo.toml").expect("a workspace has a root manifest");
    file.text.parse().expect("cargo has read this manifest before us")
}

impl Crate {
    /// Reads a manifest.
    ///
    /// # Panics
    /// When it is no TOML.
    #[must_use]
    pub fn read(path: &str, text: &str) -> Self {
        let table: Table = text.parse().expect("cargo has read this manifest before us");
        let package = table.get("package").and_then(Value::as_table);
        let name = package.and_then(|package| package.get("name")).and_then(Value::as_str).unwrap_or_default();
        Self {
            name: name.to_owned(),
            directory: path.trim_end_matches("/Cargo.toml").to_owned(),
            path: path.to_owned(),
            text: text.to_owned(),
            dependencies: dependencies(&table, text),
            table,
        }
    }

    /// The value at a path of keys, such as `package.publish`.
    #[must_use]
    pub fn value(&self, keys: &[&str]) -> Option<&Value> {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(self.table.get(*first)?, |value, key| value.get(*key))
    }
}

fn dependencies(table: &Table, text: &str) -> Vec<Dependency> {
    let mut found = in_sections(table, text);
    let targets = table.get("target").and_then(Value::as_table);
    for target in targets.into_iter().flat_map(|targets| targets.values()).filter_map(Value::as_table) {
        found.extend(in_sections(target, text));
    }
    found
}

fn in_sections(table: &Table, text: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    for (section, for_tests) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
        let Some(listed) = table.get(section).and_then(Value::as_table) else { continue };
        found.extend(listed.iter().map(|(key, value)| dependency(key, value, for_tests, text)));
    }
    found
}

fn dependency(key: &str, value: &Value, for_tests: bool, text: &str) -> Dependency {
    let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    let features = value.get("features").and_then(Value::as_array);
    Dependency {
        name: value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned(),
        line: text.lines().position(begins).map_or(0, |at| at + 1),
        for_tests,
        inherits: value.get("workspace").and_then(Value::as_bool).unwrap_or(false),
        features: features.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_with_all_its_sections() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nmodel.workspace = true\nx = { package = \"y\", version = \"1\" }\n\
                    [dev-dependencies]\ntower = { workspace = true, features = [\"util\"] }\n\
                    [target.'cfg(unix)'.dependencies]\nnix = \"1\"\n";
        let read = Crate::read("server/a/Cargo.toml", text);
        let names: Vec<&str> = read.dependencies.iter().map(|dependency| dependency.name.as_str()).collect();
        assert_eq!(names, ["model", "y", "tower", "nix"]);
        assert_eq!((read.name.as_str(), read.directory.as_str()), ("a", "server/a"));
        assert!(read.dependencies[0].inherits && !read.dependencies[1].inherits);
        assert!(read.dependencies[2].for_tests && read.dependencies[2].features == ["util"]);
        assert_eq!(read.dependencies[0].line, 4);
        assert_eq!(read.value(&["package", "name"]).and_then(Value::as_str), Some("a"));
        assert!(read.value(&["package", "publish"]).is_none());
    }
}
