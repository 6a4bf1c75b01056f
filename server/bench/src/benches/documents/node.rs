//! Scripts for Node beside the bench (`server/bench/peers`), with the npm packages they need.

use crate::peer::program;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");

/// What runs one of the scripts; `None` where Node or the packages are not installed.
pub fn script(name: &str) -> Option<Command> {
    let peers: &Path = Path::new(PEERS);
    let node: Option<PathBuf> = program("node").filter(|_| peers.join("node_modules").is_dir());
    let Some(node) = node else {
        eprintln!("   no Node, or not its packages: npm ci --prefix server/bench/peers");
        return None;
    };
    let mut command = Command::new(node);
    command.arg(peers.join(name)).stdin(Stdio::null());
    Some(command)
}
