//! The pages that a team's documents begin with, in both languages: those of the tree that the requirement document asks for, and the runbook.
//! What a postmortem begins with belongs to postmortems.

use super::tree::NewPage;
use super::{Branch, Language, PageRow, Refused, Right};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::Actor;
use model::access::{ManageDocuments, WriteDocuments};
use model::ids::{DocumentId, SpaceId};
use std::collections::HashSet;

/// A page to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// The same in both languages.
    pub name: &'static str,
    pub branch: Branch,
    pub language: Language,
    /// What it is called in the tree.
    pub title: &'static str,
    pub text: &'static str,
    /// It stands in the tree of a team that begins.
    pub is_laid_out: bool,
}

macro_rules! templates {
    ($($name:literal, $branch:ident, $is_laid_out:literal, $ja:literal, $en:literal;)*) => {
        &[$(
            Template {
                name: $name,
                branch: Branch::$branch,
                language: Language::Ja,
                title: $ja,
                text: include_str!(concat!("templates/ja/", $name, ".md")),
                is_laid_out: $is_laid_out,
            },
            Template {
                name: $name,
                branch: Branch::$branch,
                language: Language::En,
                title: $en,
                text: include_str!(concat!("templates/en/", $name, ".md")),
                is_laid_out: $is_laid_out,
            },
        )*]
    };
}

/// Every template, in the order of the tree.
pub const ALL: &[Template] = templates! {
    "architecture", Technical, true, "アーキテクチャ", "Architecture";
    "api", Technical, true, "API仕様", "API specification";
    "database", Technical, true, "データベース", "Database";
    "deploy", Technical, true, "デプロイ", "Deploy";
    "monitoring", Operations, true, "監視・アラート", "Monitoring and alerts";
    "incident-response", Operations, true, "インシデント対応", "Incident response";
    "backup", Operations, true, "バックアップ", "Backup";
    "oncall", Operations, true, "オンコール", "On call";
    "runbook", Operations, false, "ランブック", "Runbook";
    "user-guide", User, true, "ユーザーガイド", "User guide";
    "tutorial", User, true, "チュートリアル", "Tutorial";
    "faq", User, true, "FAQ", "FAQ";
    "api-guide", User, true, "API利用ガイド", "Using the API";
    "weekly", Record, true, "週次ミーティング", "Weekly meetings";
    "decision", Record, true, "技術的意思決定", "Technical decisions";
};

/// The template of that name in a language.
#[must_use]
pub fn of(name: &str, language: Language) -> Option<&'static Template> {
    ALL.iter().find(|template| template.name == name && template.language == language)
}

impl Documents {
    /// Makes the tree that the requirement document asks for: of each branch the pages it names, from their templates. What was made before
    /// stays, so that this can be asked for again. Gives back the new pages.
    ///
    /// # Errors
    /// As [`Documents::make_page`].
    pub async fn lay_out(&self, grant: &Grant<ManageDocuments>, language: Language) -> Result<Vec<DocumentId>, Error> {
        let actor: &Actor = grant.actor();
        let mut made: Vec<DocumentId> = Vec::new();
        for branch in Branch::ALL {
            self.must_write_at(actor, branch.space(), None).await?;
        }
        let mut tx: Tx = self.db.begin().await?;
        // The lock comes before the look: two who ask at once make one tree.
        for branch in Branch::ALL {
            store::spaces::lock(&mut tx, branch.space()).await?.ok_or(Refused::NoSpace(branch.space()))?;
        }
        for branch in Branch::ALL {
            let there: HashSet<String> = store::tree::templates_of(&mut tx, branch.space()).await?;
            let is_wanted = |template: &&Template| template.branch == branch && template.language == language;
            for template in ALL.iter().filter(is_wanted).filter(|template| template.is_laid_out) {
                if !there.contains(template.name) {
                    made.push(self.make_page_in(&mut tx, template.page(branch.space(), actor)).await?);
                }
            }
        }
        tx.commit().await?;
        Ok(made)
    }

    /// Makes a page from one of the house's templates. Without a title it has the template's.
    ///
    /// # Errors
    /// [`Refused::Unknown`], and as [`Documents::make_page`].
    pub async fn make_from_template(
        &self,
        grant: &Grant<WriteDocuments>,
        name: &str,
        language: Language,
        space: SpaceId,
        parent: Option<DocumentId>,
        title: &str,
    ) -> Result<DocumentId, Error> {
        let unknown = || Refused::Unknown { what: "the template", given: name.to_owned(), expected: "one of the house" };
        let template: &Template = of(name, language).ok_or_else(unknown)?;
        let new = NewPage { parent, ..template.page(space, grant.actor()) };
        let text: String = new.text.replace("{{alertname}}", template.title);
        self.make_page(grant, NewPage { text, ..new }.titled(title)).await
    }

    /// Makes a page like another: one that a team keeps as its template. Without a title it has the same.
    ///
    /// # Errors
    /// [`Refused::NotFound`], and as [`Documents::make_page`].
    pub async fn make_like(
        &self,
        grant: &Grant<WriteDocuments>,
        like: DocumentId,
        space: SpaceId,
        parent: Option<DocumentId>,
        title: &str,
    ) -> Result<DocumentId, Error> {
        let page: PageRow = self.page_for(grant.actor(), like, Right::Read).await?;
        let text: String = self.text(like).await?.text;
        let new = NewPage {
            parent,
            text,
            language: page.language,
            template: Some(page.slug.clone()),
            labels: page.labels.clone(),
            review_every_days: page.review_every_days,
            ..NewPage::new(space, &page.title, grant.actor())
        };
        self.make_page(grant, new.titled(title)).await
    }
}

impl Template {
    /// The page as it is made.
    fn page(&self, space: SpaceId, actor: &Actor) -> NewPage {
        NewPage {
            text: self.text.to_owned(),
            language: self.language,
            template: Some(self.name.to_owned()),
            ..NewPage::new(space, self.title, actor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{outline, steps};

    #[test]
    fn every_template_is_there_in_both_languages_with_the_same_headings() {
        for template in ALL {
            assert!(template.text.starts_with("# ") && template.text.ends_with('\n'), "{}", template.name);
            let (ja, en) = (of(template.name, Language::Ja).unwrap(), of(template.name, Language::En).unwrap());
            let levels = |text: &str| outline(text).headings.into_iter().map(|heading| heading.level).collect::<Vec<u8>>();
            assert_eq!(levels(ja.text), levels(en.text), "{}", template.name);
            assert_eq!(steps(ja.text).len(), steps(en.text).len(), "{}", template.name);
        }
    }

    #[test]
    fn the_tree_has_the_pages_that_the_requirement_document_names() {
        let n_of = |branch: Branch| {
            ALL.iter().filter(|one| one.branch == branch && one.language == Language::Ja && one.is_laid_out).count()
        };
        // Postmortems stand below the records too, and make themselves.
        assert_eq!(Branch::ALL.map(n_of), [4, 4, 4, 2]);
    }
}
