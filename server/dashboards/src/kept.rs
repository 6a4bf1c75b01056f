//! A dashboard as it is kept, and what is known of it.

use crate::grafana::NotMapped;
use dashboard::{Dashboard, Said};
use model::Time;

/// Where a version came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// With the release.
    Shipped,
    /// Made or changed in the browser, or by a program.
    Console,
    /// Applied from files.
    File,
    /// Brought in from Grafana.
    Grafana,
}

impl Origin {
    const ALL: [Origin; 4] = [Origin::Shipped, Origin::Console, Origin::File, Origin::Grafana];

    /// The word in the database and on screens.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Shipped => "shipped",
            Origin::Console => "console",
            Origin::File => "file",
            Origin::Grafana => "grafana",
        }
    }

    /// Reads what [`Origin::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|origin| origin.as_str() == word)
    }
}

/// The newest version of a dashboard.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub dashboard: Dashboard,
    /// 0 is the release's.
    pub version: i64,
    pub origin: Origin,
    /// None: with the release.
    pub at: Option<Time>,
    pub by: Option<String>,
}

/// A dashboard in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub slug: String,
    pub title: Said,
    pub description: Said,
    pub tags: Vec<String>,
    pub team: Option<String>,
    pub n_panels: usize,
    pub version: i64,
    pub origin: Origin,
    pub at: Option<Time>,
    pub by: Option<String>,
    pub is_starred: bool,
}

impl Listed {
    pub(crate) fn of(stored: Stored, is_starred: bool) -> Self {
        let Stored { dashboard, version, origin, at, by } = stored;
        let n_panels: usize = n_panels(&dashboard);
        let Dashboard { slug, title, description, tags, team, .. } = dashboard;
        Self { slug, title, description, tags, team, n_panels, version, origin, at, by, is_starred }
    }
}

pub(crate) fn n_panels(dashboard: &Dashboard) -> usize {
    dashboard.rows.iter().map(|row| row.panels.len()).sum()
}

/// A version, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub version: i64,
    pub at: Option<Time>,
    pub by: Option<String>,
    pub comment: String,
    pub origin: Origin,
    /// Things that had no meaning here when it was brought in.
    pub n_notes: usize,
}

impl Version {
    pub(crate) fn shipped() -> Self {
        Self { version: 0, at: None, by: None, comment: String::new(), origin: Origin::Shipped, n_notes: 0 }
    }
}

/// A version with what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned {
    pub version: Version,
    pub dashboard: Dashboard,
    pub notes: Vec<NotMapped>,
}

/// A dashboard in the trash.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    pub slug: String,
    pub title: Said,
    pub at: Time,
    pub by: Option<String>,
    pub n_panels: usize,
}

/// What one person has changed and not saved yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub dashboard: Dashboard,
    /// The version it was begun on.
    pub base: i64,
    /// Whether there is one; otherwise this is the newest version.
    pub is_kept: bool,
    /// Whether somebody saved since it was begun.
    pub is_behind: bool,
    /// How many steps can be taken back.
    pub n_undo: usize,
    pub changed_at: Option<Time>,
}
