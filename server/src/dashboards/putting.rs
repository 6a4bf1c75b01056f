//! A dashboard of a file put where it belongs: a new one, a new version, or nothing where it says what is there already.

use dashboard::Dashboard;
use dashboards::{Dashboards, Error, Stored};
use kernel::Grant;
use model::access::EditDashboards;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    Added(i64),
    Changed(i64),
    Same(i64),
}

impl Put {
    /// The version that says it.
    pub(super) fn version(self) -> i64 {
        match self {
            Self::Added(version) | Self::Changed(version) | Self::Same(version) => version,
        }
    }

    /// The word for programs.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Changed(_) => "changed",
            Self::Same(_) => "same",
        }
    }
}

/// What stands at an address now; none where nothing does.
pub(super) async fn standing(room: &Dashboards, slug: &str) -> Result<Option<Stored>, Error> {
    match room.one(slug).await {
        Ok(stored) => Ok(Some(stored)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts it over whatever stands at its address.
pub(super) async fn put(
    room: &Dashboards,
    grant: &Grant<EditDashboards>,
    dashboard: &Dashboard,
    comment: &str,
) -> Result<Put, Error> {
    match standing(room, &dashboard.slug).await? {
        None => room.save(grant, dashboard, None, comment).await.map(Put::Added),
        Some(stored) if stored.dashboard == *dashboard => Ok(Put::Same(stored.version)),
        Some(stored) => room.save(grant, dashboard, Some(stored.version), comment).await.map(Put::Changed),
    }
}
