//! The schema is compiled in: a migration that is added makes this crate anew.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
