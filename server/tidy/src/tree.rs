//! The files of the workspace: those that people wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A text file.
#[derive(Clone, Debug)]
pub struct File {
    /// From the top of the workspace, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    /// Whether the name ends like one of these, such as `.rs`.
    #[must_use]
    pub fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// The top of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file that `.gitignore` does not name, sorted by path. Pictures and other bytes are left out.
#[must_use]
pub fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(read_all)
}

/// The files under one directory, such as `app/`.
pub fn under(directory: &str) -> impl Iterator<Item = &'static File> {
    files().iter().filter(move |file| file.path.starts_with(directory))
}

/// One file, if it is there.
#[must_use]
pub fn file(path: &str) -> Option<&'static File> {
    files().iter().find(|file| file.path == path)
}

/// What stands at the top: names of files and directories, sorted, without what `.gitignore` names.
#[must_use]
pub fn top() -> Vec<String> {
    let ignored = Ignored::read();
    names("").into_iter().filter(|name| !ignored.covers(name)).collect()
}

fn read_all() -> Vec<File> {
    let ignored = Ignored::read();
    let mut found: Vec<File> = Vec::new();
    let mut left: Vec<String> = vec![String::new()];
    while let Some(directory) = left.pop() {
        for name in names(&directory) {
            let path = if directory.is_empty() { name } else { format!("{directory}/{name}") };
            if ignored.covers(&path) {
                continue;
            }
            let full = root().join(&path);
            if full.is_dir() {
                left.push(path);
            } else if let Ok(text) = fs::read_to_string(&full) {
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

fn names(directory: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(directory)).expect("a directory that was just listed can be read");
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.file_name().to_string_lossy().into_owned())).collect();
    names.sort();
    names
}

/// The part of `.gitignore`'s language that the house uses: whole paths, names, and `*.ending`.
struct Ignored(Vec<String>);

impl Ignored {
    fn read() -> Self {
        let text = fs::read_to_string(root().join(".gitignore")).unwrap_or_default();
        Self::of(&text)
    }

    fn of(text: &str) -> Self {
        let lines = text.lines().map(|line| line.trim().trim_end_matches('/'));
        Self(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
    }

    fn covers(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == ".git" || self.0.iter().any(|line| covers(line, path, name))
    }
}

fn covers(line: &str, path: &str, name: &str) -> bool {
    if line.contains('/') {
        return path == line.trim_start_matches('/');
    }
    match line.strip_prefix('*') {
        Some(ending) => name.ends_with(ending),
        None => name == line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_ignores_is_ignored() {
        let ignored = Ignored::of("# made\n/target\nnode_modules/\n/end2end/test-results\n*.log\n");
        for path in ["target", "end2end/node_modules", "end2end/test-results", "a/b.log", ".git"] {
            assert!(ignored.covers(path), "{path}");
        }
        for path in ["server/target", "app", "a/b.logs"] {
            assert!(!ignored.covers(path), "{path}");
        }
    }

    #[test]
    fn the_tree_holds_this_file() {
        assert!(file("server/tidy/src/tree.rs").is_some_and(|file| file.is(&[".rs"])));
        assert!(top().contains(&"Cargo.toml".to_owned()));
        assert!(under("server/tidy/").count() > 5);
    }
}
