//! Versions of a dashboard: the list, and what differs between two.

use super::Adapter;
use super::refusals::shown;
use ::api::ApiError;
use ::api::dashboards::keeping::view::{ChangesView, VersionLine, VersionsAsk, VersionsView};
use dashboard::{Dashboard, Difference, Said, differences};
use dashboards::{Stored, Version};
use std::collections::BTreeMap;

/// Changes of one difference that are shown.
const MOST_CHANGES: usize = 500;

impl Adapter {
    /// The versions, and what differs.
    pub(super) async fn history(&self, ask: &VersionsAsk) -> Result<VersionsView, ApiError> {
        let stored: Stored = self.room().one(&ask.slug).await.map_err(shown)?;
        let found: Vec<Version> = self.room().versions(&ask.slug).await.map_err(shown)?;
        let numbers: Vec<i64> = found.iter().map(|version| version.version).collect();
        let (old, new): (i64, i64) = chosen(&numbers, ask)?;
        let is_asked: bool = ask.old.is_some() || ask.new.is_some();
        let changes: Option<ChangesView> = if is_asked { Some(self.changes(&ask.slug, old, new).await?) } else { None };
        Ok(VersionsView {
            slug: stored.dashboard.slug,
            title: stored.dashboard.title,
            may_edit: self.may_edit(),
            versions: found.into_iter().map(line).collect(),
            old,
            new,
            changes,
        })
    }

    async fn changes(&self, slug: &str, old: i64, new: i64) -> Result<ChangesView, ApiError> {
        let before: Dashboard = self.room().version(slug, old).await.map_err(shown)?.dashboard;
        let after: Dashboard = self.room().version(slug, new).await.map_err(shown)?.dashboard;
        Ok(compared(&before, &after))
    }
}

/// The two that are compared, the older one first: those asked for, what one changed, or the newest two.
fn chosen(numbers: &[i64], ask: &VersionsAsk) -> Result<(i64, i64), ApiError> {
    let lost = |version: i64| ApiError::NotFound { what: format!("version {version}") };
    if let Some(version) = [ask.old, ask.new].into_iter().flatten().find(|version| !numbers.contains(version)) {
        return Err(lost(version));
    }
    let newest: i64 = numbers.iter().copied().max().ok_or_else(|| lost(0))?;
    let before = |version: i64| numbers.iter().copied().filter(|number| *number < version).max().unwrap_or(version);
    Ok(match (ask.old, ask.new) {
        (Some(one), Some(other)) => (one.min(other), one.max(other)),
        (Some(old), None) => (old, newest),
        (None, Some(new)) => (before(new), new),
        (None, None) => (before(newest), newest),
    })
}

fn line(version: Version) -> VersionLine {
    VersionLine {
        version: version.version,
        at: version.at,
        by: version.by,
        comment: version.comment,
        origin: version.origin.as_str().to_owned(),
        n_notes: u32::try_from(version.n_notes).unwrap_or(u32::MAX),
    }
}

fn compared(before: &Dashboard, after: &Dashboard) -> ChangesView {
    let mut changes: Vec<Difference> = differences(before, after);
    let total: u32 = u32::try_from(changes.len()).unwrap_or(u32::MAX);
    changes.truncate(MOST_CHANGES);
    // What is called otherwise now is called as it is now.
    let panels = [before, after].into_iter().flat_map(|board| board.rows.iter().flat_map(|row| &row.panels));
    let named = panels.filter(|panel| !panel.title.is_empty());
    let titles: BTreeMap<String, Said> = named.map(|panel| (panel.id.clone(), panel.title.clone())).collect();
    ChangesView { changes, total, titles: titles.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Panel, Row};

    fn ask(old: Option<i64>, new: Option<i64>) -> VersionsAsk {
        VersionsAsk { slug: "web".to_owned(), old, new }
    }

    #[test]
    fn the_older_of_two_versions_comes_first_and_one_alone_is_compared_with_its_neighbour() {
        let numbers = [5, 3, 1, 0];
        for (old, new, expected) in [
            (None, None, (3, 5)),
            (Some(1), Some(3), (1, 3)),
            (Some(5), Some(0), (0, 5)),
            (Some(1), None, (1, 5)),
            (None, Some(3), (1, 3)),
            (None, Some(0), (0, 0)),
        ] {
            assert_eq!(chosen(&numbers, &ask(old, new)).unwrap(), expected);
        }
        assert!(matches!(chosen(&numbers, &ask(Some(2), None)), Err(ApiError::NotFound { .. })));
        assert!(matches!(chosen(&[], &ask(None, None)), Err(ApiError::NotFound { .. })));
    }

    #[test]
    fn panels_are_called_as_they_are_called_now() {
        let board = |title: &str| {
            let panel = Panel { id: "cpu".to_owned(), title: Said::same(title), ..Panel::default() };
            Dashboard { rows: vec![Row { panels: vec![panel], ..Row::default() }], ..Dashboard::default() }
        };
        let found: ChangesView = compared(&board("Old"), &board("New"));
        assert_eq!(found.titles, [("cpu".to_owned(), Said::same("New"))]);
        assert_eq!((found.total, found.changes[0].path.as_str()), (1, "panels[cpu].title"));
    }
}
