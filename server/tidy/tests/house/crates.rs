//! What every crate has, whatever it does.

use tidy::find::pattern;
use tidy::manifest::{Crate, crates, workspace};
use tidy::report::{Exemption, Found, none, without};
use tidy::tree;
use toml::Value;

/// Crates that keep no README of their own.
const NO_README: &[Exemption] = &[
    ("frontend/Cargo.toml README.md", "ten lines whose module comment says all"),
    ("server/Cargo.toml README.md", "the binary's map is the README at the top"),
];

fn unlike_the_others(known: &Crate) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let inherited = [["package", "version"], ["package", "edition"], ["package", "license"]];
    for keys in inherited {
        if known.value(&[keys[0], keys[1], "workspace"]).and_then(Value::as_bool) != Some(true) {
            found.push(Found::at(&known.path, 1, keys[1], "is not the workspace's"));
        }
    }
    if known.value(&["lints", "workspace"]).and_then(Value::as_bool) != Some(true) {
        found.push(Found::at(&known.path, 1, "[lints]", "is not `workspace = true`"));
    }
    if known.value(&["package", "publish"]).and_then(Value::as_bool) != Some(false) {
        found.push(Found::at(&known.path, 1, "publish", "is not `false`"));
    }
    for dependency in known.dependencies.iter().filter(|dependency| !dependency.inherits) {
        found.push(Found::at(&known.path, dependency.line, &dependency.name, "has a version of its own"));
    }
    found
}

fn undocumented(known: &Crate) -> Vec<Found> {
    let root = ["src/lib.rs", "src/main.rs"].iter().find_map(|name| tree::file(&format!("{}/{name}", known.directory)));
    let Some(root) = root else { return vec![Found::at(&known.path, 0, "src", "has no lib.rs or main.rs")] };
    let is_library = root.path.ends_with("lib.rs");
    let has_readme = tree::file(&format!("{}/README.md", known.directory)).is_some();
    let includes = pattern(r#"(?m)^#!\[doc = include_str!\("\.\./README\.md"\)\]"#).is_match(&root.text);
    let mut found: Vec<Found> = Vec::new();
    if !has_readme || (is_library && !includes) {
        found.push(Found::at(&known.path, 0, "README.md", "is missing or not the crate's documentation"));
    }
    if !includes && !root.text.starts_with("//!") {
        found.push(Found::at(&root.path, 1, "head", "does not say what the crate is"));
    }
    found
}

#[test]
fn every_crate_inherits_version_edition_licence_and_lints() {
    none(
        crates().iter().flat_map(unlike_the_others).collect(),
        "Take it from the workspace: `x.workspace = true`; versions stand in the root manifest.",
    );
}

#[test]
fn every_crate_has_a_readme_that_is_its_documentation() {
    let found: Vec<Found> = crates().iter().flat_map(undocumented).collect();
    none(
        without(found, NO_README),
        "Write README.md (one paragraph, the nouns, the invariants, what is absent) and include it in lib.rs.",
    );
}

#[test]
fn every_crate_is_a_member_of_the_workspace() {
    let members: Vec<String> = workspace()
        .get("workspace")
        .and_then(|workspace| workspace.get("members"))
        .and_then(Value::as_array)
        .map(|members| members.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let strangers = crates().into_iter().filter(|known| !members.contains(&known.directory));
    none(
        strangers.map(|known| Found::at(&known.path, 0, &known.name, "is not a member")).collect(),
        "Add it to the root Cargo.toml.",
    );
}

#[test]
fn planted_crates_are_refused() {
    let text = "[package]\nname = \"a\"\nversion.workspace = true\nedition.workspace = true\nlicense.workspace = true\npublish = false\n\
                [dependencies]\nserde.workspace = true\n[lints]\nworkspace = true\n";
    assert!(unlike_the_others(&Crate::read("server/a/Cargo.toml", text)).is_empty());
    for (from, to) in [
        ("edition.workspace = true", "edition = \"2021\""),
        ("serde.workspace = true", "serde = \"1\""),
        ("[lints]\nworkspace = true", ""),
        ("publish = false\n", ""),
    ] {
        assert_eq!(unlike_the_others(&Crate::read("server/a/Cargo.toml", &text.replace(from, to))).len(), 1, "{from}");
    }
    assert_eq!(undocumented(&Crate::read("server/absent/Cargo.toml", text)).len(), 1);
}
