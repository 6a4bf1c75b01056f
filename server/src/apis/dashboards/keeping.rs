//! The door of dashboards as they are kept: begun, copied, thrown away and brought back, and the versions of each.

pub mod refusals;
mod versions;

use crate::apis::Door;
use ::api::ApiError;
use ::api::dashboards::keeping::DashboardKeepingApi;
use ::api::dashboards::keeping::trouble::KeepingTrouble;
use ::api::dashboards::keeping::view::{
    BeginningView, BroughtAsk, BroughtOne, BroughtView, Choosable, NotMappedView, TrashedView, TrashedViews, VersionsAsk,
    VersionsView,
};
use async_trait::async_trait;
use dashboard::{Dashboard, MOST_TITLE, Row, Said};
use dashboards::grafana::NotMapped;
use dashboards::{Dashboards, Error, Listed, Removed, Stored};
use kernel::Grant;
use model::access::{EditDashboards, ReadConsole};
use model::ids::PersonId;
use model::links::dashboards as ways;
use refusals::shown;

/// Characters of the beginning of an address, so that a number fits behind it.
const MOST_SLUG: usize = 48;
/// Numbers that are tried behind an address that is taken.
const MOST_TRIES: u32 = 200;
/// Dashboards of one file that are named.
pub const MOST_NAMED: usize = 50;

/// Answers the screens of dashboards as they are kept.
pub struct Adapter(pub Door);

#[async_trait]
impl DashboardKeepingApi for Adapter {
    async fn beginning(&self) -> Result<BeginningView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let found: Vec<Listed> = self.room().all(self.person()).await.map_err(shown)?;
        let choosable = |one: Listed| Choosable { slug: one.slug, title: one.title };
        Ok(BeginningView { all: found.into_iter().map(choosable).collect(), may_edit: self.may_edit() })
    }

    async fn trash(&self) -> Result<TrashedViews, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let found: Vec<Removed> = self.room().removed().await.map_err(shown)?;
        Ok(TrashedViews { all: found.into_iter().map(trashed).collect(), may_edit: self.may_edit() })
    }

    async fn versions(&self, ask: VersionsAsk) -> Result<VersionsView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.history(&ask).await
    }

    async fn brought(&self, ask: BroughtAsk) -> Result<BroughtView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.came_in(&ask).await
    }

    async fn create(&self, title_ja: String, title_en: String, from: String) -> Result<(), ApiError> {
        let slug: String = self.make(&title_ja, &title_en, &from).await?;
        leptos_axum::redirect(&ways::edit(&slug));
        Ok(())
    }

    async fn copy(&self, slug: String) -> Result<(), ApiError> {
        let grant: Grant<EditDashboards> = self.0.admit::<EditDashboards>()?;
        let stored: Stored = self.room().one(&slug).await.map_err(shown)?;
        let made: String = self.room().copy(&grant, &slug, &called_a_copy(&stored.dashboard.title)).await.map_err(shown)?;
        leptos_axum::redirect(&ways::edit(&made));
        Ok(())
    }

    async fn remove(&self, slug: String) -> Result<(), ApiError> {
        let grant: Grant<EditDashboards> = self.0.admit::<EditDashboards>()?;
        self.room().remove(&grant, &slug).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=removed", ways::TRASH));
        Ok(())
    }

    async fn revive(&self, slug: String) -> Result<(), ApiError> {
        let grant: Grant<EditDashboards> = self.0.admit::<EditDashboards>()?;
        self.room().revive(&grant, &slug).await.map_err(shown)?;
        leptos_axum::redirect(&ways::one(&slug));
        Ok(())
    }

    async fn restore(&self, slug: String, version: i64) -> Result<(), ApiError> {
        let grant: Grant<EditDashboards> = self.0.admit::<EditDashboards>()?;
        self.room().restore(&grant, &slug, version).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=restored", ways::history(&slug)));
        Ok(())
    }
}

impl Adapter {
    fn room(&self) -> &Dashboards {
        &self.0.house.dashboards
    }

    fn may_edit(&self) -> bool {
        self.0.admit::<EditDashboards>().is_ok()
    }

    fn person(&self) -> Option<PersonId> {
        self.0.visitor.actor.as_ref().and_then(|actor| actor.person_id())
    }

    /// Begins one, empty or like another, and says its slug.
    ///
    /// # Errors
    /// Those of the reader's role, of the titles, and of one that is not there to be copied.
    pub async fn make(&self, title_ja: &str, title_en: &str, from: &str) -> Result<String, ApiError> {
        let grant: Grant<EditDashboards> = self.0.admit::<EditDashboards>()?;
        let title: Said = titled(title_ja, title_en)?;
        match from.trim() {
            "" => self.begun(&grant, &title).await,
            like => self.room().copy(&grant, like, &title).await.map_err(shown),
        }
    }

    /// An empty one, at an address after its title.
    async fn begun(&self, grant: &Grant<EditDashboards>, title: &Said) -> Result<String, ApiError> {
        let wish: String = slug_of(title);
        for number in 1..=MOST_TRIES {
            let slug: String = if number == 1 { wish.clone() } else { format!("{wish}-{number}") };
            let empty =
                Dashboard { slug: slug.clone(), title: title.clone(), rows: vec![Row::default()], ..Dashboard::default() };
            match self.room().save(grant, &empty, None, "").await {
                Ok(_) => return Ok(slug),
                Err(Error::Taken { .. }) => {}
                Err(error) => return Err(shown(error)),
            }
        }
        Err(KeepingTrouble::Taken.refused("title_en", "a title that is not taken"))
    }

    /// What is still there of what a file became, and what of it was not mapped.
    async fn came_in(&self, ask: &BroughtAsk) -> Result<BroughtView, ApiError> {
        let mut made: Vec<BroughtOne> = Vec::new();
        for slug in ask.made.iter().take(MOST_NAMED) {
            match self.room().one(slug).await {
                Ok(stored) => made.push(brought_one(stored)),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(shown(error)),
            }
        }
        let notes: Vec<NotMapped> = match (made.first(), ask.version) {
            (Some(one), Some(version)) => self.room().version(&one.slug, version).await.map_err(shown)?.notes,
            _ => Vec::new(),
        };
        Ok(BroughtView { may_edit: self.may_edit(), made, not_mapped: notes.into_iter().map(not_mapped).collect() })
    }
}

fn trashed(one: Removed) -> TrashedView {
    TrashedView {
        slug: one.slug,
        title: one.title,
        at: one.at,
        by: one.by.unwrap_or_default(),
        n_panels: u32::try_from(one.n_panels).unwrap_or(u32::MAX),
    }
}

fn brought_one(stored: Stored) -> BroughtOne {
    let n_panels: usize = stored.dashboard.rows.iter().map(|row| row.panels.len()).sum();
    BroughtOne {
        slug: stored.dashboard.slug,
        title: stored.dashboard.title,
        n_panels: u32::try_from(n_panels).unwrap_or(u32::MAX),
        version: stored.version,
    }
}

fn not_mapped(note: NotMapped) -> NotMappedView {
    NotMappedView { path: note.path, what: note.what, why: note.why }
}

/// Both titles as they were typed; one of them is enough.
fn titled(ja: &str, en: &str) -> Result<Said, ApiError> {
    let title = Said { ja: ja.trim().to_owned(), en: en.trim().to_owned() };
    if title.is_empty() {
        return Err(KeepingTrouble::Untitled.refused("title_ja", "a title in at least one language"));
    }
    for (field, text) in [("title_ja", &title.ja), ("title_en", &title.en)] {
        if text.chars().count() > MOST_TITLE {
            return Err(KeepingTrouble::Long.refused(field, &format!("at most {MOST_TITLE} characters")));
        }
    }
    Ok(title)
}

fn called_a_copy(title: &Said) -> Said {
    let cut = |text: &str| text.chars().take(MOST_TITLE - 10).collect::<String>();
    let ja: String = if title.ja.is_empty() { String::new() } else { format!("{}のコピー", cut(&title.ja)) };
    let en: String = if title.en.is_empty() { String::new() } else { format!("Copy of {}", cut(&title.en)) };
    Said { ja, en }
}

/// The end of an address after a title, of what of it can stand there; the English one says more of that.
fn slug_of(title: &Said) -> String {
    let plain = |text: &str| -> String {
        let mut slug = String::new();
        for letter in text.chars() {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(MOST_SLUG);
        slug.trim_end_matches('-').to_owned()
    };
    let found: Option<String> = [plain(&title.en), plain(&title.ja)].into_iter().find(|slug| !slug.is_empty());
    found.unwrap_or_else(|| "dashboard".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(ja: &str, en: &str) -> Said {
        Said { ja: ja.to_owned(), en: en.to_owned() }
    }

    #[test]
    fn an_address_is_made_of_what_of_a_title_can_stand_in_one() {
        let long: String = "Très long ".repeat(20);
        for (title, expected) in [
            (said("ホスト", "Linux hosts / Full"), "linux-hosts-full"),
            (said("API の遅延", ""), "api"),
            (said("見守り", ""), "dashboard"),
            (said("", "--- 2 ---"), "2"),
            (said("", long.as_str()), "tr-s-long-tr-s-long-tr-s-long-tr-s-long-tr-s-lon"),
        ] {
            assert_eq!(slug_of(&title), expected);
            assert!(dashboard::is_id(&slug_of(&title)), "{expected}");
        }
    }

    #[test]
    fn one_title_is_enough_and_none_is_not() {
        assert_eq!(titled(" ホスト ", "").unwrap(), said("ホスト", ""));
        let field = |refused: Result<Said, ApiError>| match refused {
            Err(ApiError::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(titled(" ", "")), "dashboard_kept.untitled/title_ja");
        assert_eq!(field(titled("", &"x".repeat(MOST_TITLE + 1))), "dashboard_kept.long/title_en");
    }

    #[test]
    fn a_copy_says_that_it_is_one_and_keeps_the_law() {
        assert_eq!(called_a_copy(&said("ホスト", "")), said("ホストのコピー", ""));
        let long: Said = called_a_copy(&Said::same(&"長".repeat(MOST_TITLE)));
        assert!(long.ja.chars().count() <= MOST_TITLE && long.en.chars().count() <= MOST_TITLE);
    }
}
