//! Patterns of paths, as people write them for a repository: `*` within a part, `**` over parts, `?` one letter; a directory means all below it.

/// Whether a path is of a pattern.
#[must_use]
pub fn is_of(pattern: &str, path: &str) -> bool {
    let pattern: &str = pattern.trim().trim_start_matches('/').trim_start_matches("./");
    let path: &str = path.trim_start_matches('/').trim_start_matches("./");
    if pattern.is_empty() {
        return false;
    }
    let directory: &str = pattern.trim_end_matches('/');
    if !directory.contains(['*', '?']) {
        return path == directory || path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'));
    }
    let parts: Vec<&str> = directory.split('/').collect();
    let of_path: Vec<&str> = path.split('/').collect();
    over_parts(&parts, &of_path)
}

/// Remembers the last `**` to come back to, so that the work is the product of both lengths at most.
fn over_parts(pattern: &[&str], path: &[&str]) -> bool {
    let (mut at, mut in_path) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while in_path < path.len() {
        match pattern.get(at) {
            Some(&"**") => {
                back = Some((at + 1, in_path));
                at += 1;
            }
            Some(part) if within_part(part, path[in_path]) => {
                at += 1;
                in_path += 1;
            }
            // The pattern is used up: a directory was named, and all below it is meant.
            None if at > 0 => return true,
            _ => match back {
                Some((after, from)) => {
                    back = Some((after, from + 1));
                    at = after;
                    in_path = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|part| *part == "**")
}

fn within_part(pattern: &str, part: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let part: Vec<char> = part.chars().collect();
    let (mut at, mut in_part) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while in_part < part.len() {
        match pattern.get(at) {
            Some('*') => {
                back = Some((at + 1, in_part));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == part[in_part] => {
                at += 1;
                in_part += 1;
            }
            _ => match back {
                Some((after, from)) => {
                    back = Some((after, from + 1));
                    at = after;
                    in_part = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_of_patterns_or_not() {
        for (pattern, path, expected) in [
            ("src/api", "src/api/users.rs", true),
            ("src/api/", "src/api", true),
            ("src/api", "src/apis/users.rs", false),
            ("/openapi.yaml", "openapi.yaml", true),
            ("migrations/*.sql", "migrations/1_a.sql", true),
            ("migrations/*.sql", "migrations/old/1_a.sql", false),
            ("**/*.sql", "a/b/c.sql", true),
            ("**/*.sql", "c.sql", true),
            ("deploy/**", "deploy/a/b", true),
            ("deploy/**/prod.yaml", "deploy/prod.yaml", true),
            ("deploy/**/prod.yaml", "deploy/a/b/stage.yaml", false),
            ("docs/?.md", "docs/a.md", true),
            ("docs/?.md", "docs/ab.md", false),
            ("src/*", "src/api/users.rs", true),
            ("", "a", false),
        ] {
            assert_eq!(is_of(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_made_to_take_long_does_not() {
        assert!(!is_of(&"*a".repeat(100), &"a".repeat(5_000).replace("aa", "ab")));
        assert!(!is_of(&format!("{}c", "**/a/".repeat(100)), &"a/".repeat(2_000).replace("a/a/", "a/b/")));
    }
}
