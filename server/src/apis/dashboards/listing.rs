//! Which dashboards a reader is shown of all there are.

use ::api::dashboards::{DashboardLine, DashboardList, DashboardSearch};
use dashboards::Listed;
use documents::markdown::plain;
use figures::Locale;
use std::collections::BTreeMap;

/// A list that is longer is read by nobody: the reader is told to narrow it.
const MOST_LISTED: usize = 200;
/// Characters of a description.
const MOST_ABOUT: usize = 160;

/// Those found, starred ones first, then by title.
pub(super) fn list(all: Vec<Listed>, search: &DashboardSearch, locale: Locale) -> DashboardList {
    let (n_known, tags): (u32, Vec<(String, u32)>) = (number(all.len()), tags(&all));
    let words: Vec<String> = search.q.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut found: Vec<Listed> = all.into_iter().filter(|one| is_wanted(one, search, &words)).collect();
    found.sort_by_cached_key(|one| (!one.is_starred, one.title.read(locale).to_lowercase(), one.slug.clone()));
    let total: u32 = number(found.len());
    let all: Vec<DashboardLine> = found.into_iter().take(MOST_LISTED).map(|one| line(one, locale)).collect();
    DashboardList { all, total, n_known, tags, may_edit: false }
}

fn is_wanted(one: &Listed, search: &DashboardSearch, words: &[String]) -> bool {
    let has_tag: bool = search.tag.is_empty() || one.tags.contains(&search.tag);
    has_tag && (!search.starred || one.is_starred) && (words.is_empty() || is_named(one, words))
}

/// Whether every word is somewhere in what is known of it.
pub(in crate::apis) fn is_named(one: &Listed, words: &[String]) -> bool {
    let (title, about) = (&one.title, &one.description);
    let (tags, team): (String, &str) = (one.tags.join(" "), one.team.as_deref().unwrap_or_default());
    let known: String = format!("{} {} {} {} {tags} {team} {}", title.ja, title.en, about.ja, about.en, one.slug);
    let known: String = known.to_lowercase();
    words.iter().all(|word| known.contains(word.as_str()))
}

fn tags(all: &[Listed]) -> Vec<(String, u32)> {
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for tag in all.iter().flat_map(|one| &one.tags) {
        *counted.entry(tag).or_default() += 1;
    }
    counted.into_iter().map(|(tag, n)| (tag.to_owned(), n)).collect()
}

fn line(one: Listed, locale: Locale) -> DashboardLine {
    DashboardLine {
        about: beginning(one.description.read(locale)),
        slug: one.slug,
        title: one.title,
        tags: one.tags,
        team: one.team,
        n_panels: number(one.n_panels),
        version: one.version,
        origin: one.origin.as_str().to_owned(),
        at: one.at,
        by: one.by,
        is_starred: one.is_starred,
    }
}

/// The first line of a description without its marks.
fn beginning(description: &str) -> String {
    let text: String = plain(description);
    let first: &str = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    match first.char_indices().nth(MOST_ABOUT) {
        Some((at, _)) => format!("{}…", &first[..at]),
        None => first.to_owned(),
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Said;
    use dashboards::Origin;

    fn one(slug: &str, title: &str, tags: &[&str], is_starred: bool) -> Listed {
        Listed {
            slug: slug.to_owned(),
            title: Said::same(title),
            description: Said::same("**What** it shows.\n\nMore."),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            team: None,
            n_panels: 3,
            version: 0,
            origin: Origin::Shipped,
            at: None,
            by: None,
            is_starred,
        }
    }

    fn three() -> Vec<Listed> {
        vec![one("web", "Web", &["http"], false), one("db", "Postgres", &["db"], true), one("api", "API", &["http"], false)]
    }

    fn slugs(search: &DashboardSearch) -> Vec<String> {
        list(three(), search, Locale::En).all.into_iter().map(|line| line.slug).collect()
    }

    #[test]
    fn starred_ones_stand_first_and_the_others_by_title() {
        let found: DashboardList = list(three(), &DashboardSearch::default(), Locale::En);
        assert_eq!(found.all.iter().map(|line| line.slug.as_str()).collect::<Vec<&str>>(), ["db", "api", "web"]);
        assert_eq!(found.tags, [("db".to_owned(), 1), ("http".to_owned(), 2)]);
        assert_eq!(found.all[0].about, "What it shows.");
    }

    #[test]
    fn every_word_must_be_known_of_it_and_the_tag_must_be_its() {
        let search = |q: &str, tag: &str, starred: bool| DashboardSearch { q: q.to_owned(), tag: tag.to_owned(), starred };
        assert_eq!(slugs(&search("API http", "", false)), ["api"]);
        assert_eq!(slugs(&search("", "http", false)), ["api", "web"]);
        assert_eq!(slugs(&search("", "", true)), ["db"]);
        assert!(slugs(&search("api db", "", false)).is_empty());
    }

    #[test]
    fn five_thousand_are_counted_and_a_part_is_listed() {
        let many: Vec<Listed> = (0..5_000).map(|n| one(&format!("d{n}"), &format!("D {n}"), &[], false)).collect();
        let found: DashboardList = list(many, &DashboardSearch::default(), Locale::Ja);
        assert_eq!((found.all.len(), found.total, found.n_known), (MOST_LISTED, 5_000, 5_000));
    }
}
