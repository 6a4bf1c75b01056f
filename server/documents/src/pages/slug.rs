//! The last part of a page's address: its title, as an address can say it. Japanese stays Japanese.

use super::normal::normal;

/// Letters of an address.
const MOST: usize = 80;
/// Of what has no letters at all.
const NAMELESS: &str = "document";
/// What the screens of documents need for themselves.
const TAKEN: [&str; 12] =
    ["new", "search", "trash", "files", "reviews", "runs", "spaces", "templates", "import", "export", "settings", "tree"];

/// The address of a title.
#[must_use]
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut n_letters: usize = 0;
    for letter in normal(title).chars() {
        if n_letters >= MOST {
            break;
        }
        if letter.is_alphanumeric() || letter == '_' || letter == 'ー' {
            slug.push(letter);
            n_letters += 1;
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
            n_letters += 1;
        }
    }
    let slug: &str = slug.trim_matches('-');
    if slug.is_empty() { NAMELESS.to_owned() } else { slug.to_owned() }
}

/// The n-th attempt at an address: the first that nobody has is taken.
#[must_use]
pub fn attempt(slug: &str, n: usize) -> String {
    if n == 0 && !TAKEN.contains(&slug) { slug.to_owned() } else { format!("{slug}-{}", n + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_addresses() {
        for (title, expected) in [
            ("デプロイ手順書", "デプロイ手順書"),
            ("API 仕様（OpenAPI/Swagger）", "api-仕様-openapi-swagger"),
            ("  ｻｰﾊﾞｰ 再起動!! ", "サーバー-再起動"),
            ("../../etc", "etc"),
            ("！？", NAMELESS),
        ] {
            assert_eq!(slug(title), expected);
        }
        assert!(slug(&"あ".repeat(500)).chars().count() <= MOST);
        assert_eq!((attempt("a", 0), attempt("a", 1), attempt("new", 0)), ("a".to_owned(), "a-2".to_owned(), "new-1".to_owned()));
    }
}
