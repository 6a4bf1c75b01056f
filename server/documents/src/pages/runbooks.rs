//! Runbooks: pages that say of which alerts they are the runbook. `/r/<alertname>` leads to one; where there is none, one is made from the template.

use super::tree::NewPage;
use super::{Branch, Language, PageRow, Refused, Right, slug, templates};
use crate::Documents;
use crate::error::Error;
use crate::pages::needs::FiringRule;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{DocumentId, SpaceId};
use model::{Actor, Time};
use std::collections::BTreeSet;

/// The template runbooks are made from.
pub const TEMPLATE: &str = "runbook";
/// Characters of an alert's name.
const MAX_NAME: usize = 200;
/// Rules that are looked at for a report.
const LOOKED_BACK_MS: i64 = 30 * 86_400_000;

/// What `/r/<alertname>` leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Runbook {
    /// The one that was verified last comes first.
    Pages(Vec<PageRow>),
    /// There is none, and whoever asks may make one, or may not.
    None { may_make: bool },
}

impl Documents {
    /// The runbooks of an alert's name, as far as an actor may read them: those that say so, else the page with that address.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn runbook(&self, actor: &Actor, alertname: &str) -> Result<Runbook, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let mut ids = store::rows::of_alertnames(&mut tx, &[alertname.to_owned()]).await?;
        if ids.is_empty() {
            ids.extend(store::rows::of_slug(&mut tx, &slug::slug(alertname)).await?.map(|(id, _)| id.0));
        }
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        let mut pages: Vec<PageRow> = self.readable_of(actor, pages).await?;
        pages.retain(|page| page.trashed_at.is_none() && !page.is_template);
        if !pages.is_empty() {
            return Ok(Runbook::Pages(pages));
        }
        let may_make: bool = self.must_write_at(actor, Branch::Operations.space(), None).await.is_ok();
        Ok(Runbook::None { may_make })
    }

    /// Makes the runbook of an alert's name from the template, where the branch of operations has it. Without a title it has that name.
    ///
    /// # Errors
    /// As [`Documents::make_page`].
    pub async fn make_runbook(
        &self,
        grant: &Grant<WriteDocuments>,
        alertname: &str,
        language: Language,
        space: Option<SpaceId>,
        parent: Option<DocumentId>,
        title: &str,
    ) -> Result<DocumentId, Error> {
        let alertname: String = super::tree::bounded("the name of the alert", alertname, MAX_NAME)?;
        let template = templates::of(TEMPLATE, language).ok_or(Refused::Unknown {
            what: "the template",
            given: TEMPLATE.to_owned(),
            expected: "one of the house",
        })?;
        let text: String = template.text.replace("{{alertname}}", &alertname);
        let new: NewPage = NewPage {
            parent,
            text,
            language,
            template: Some(TEMPLATE.to_owned()),
            alertnames: vec![alertname.clone()],
            ..NewPage::new(space.unwrap_or_else(|| Branch::Operations.space()), &alertname, grant.actor())
        };
        self.make_page(grant, new.titled(title)).await
    }

    /// Rules that fired in the last thirty days and have neither an address of a runbook nor one here that anybody may read.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn rules_without_runbook(&self, actor: &Actor) -> Result<Vec<FiringRule>, Error> {
        let since: Time = self.clock.now().plus_ms(-LOOKED_BACK_MS);
        let firing: Vec<FiringRule> = self.needs.pages.firing_rules(since).await?;
        let names: Vec<String> = firing.iter().map(|rule| rule.alertname.clone()).collect();
        let mut tx: Tx = self.db.begin().await?;
        let ids = store::rows::of_alertnames(&mut tx, &names).await?;
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        let pages: Vec<PageRow> = self.readable_of(actor, pages).await?;
        let has: BTreeSet<&str> = pages.iter().flat_map(|page| page.alertnames.iter().map(String::as_str)).collect();
        let is_without = |rule: &FiringRule| rule.runbook_url.is_none() && !has.contains(rule.alertname.as_str());
        Ok(firing.into_iter().filter(is_without).collect())
    }

    /// Whether a page has steps to work through.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's, and the world's.
    pub async fn runbook_steps(&self, actor: &Actor, id: DocumentId) -> Result<Vec<crate::markdown::Step>, Error> {
        self.page_for(actor, id, Right::Read).await?;
        Ok(crate::markdown::steps(&self.text(id).await?.text))
    }
}
