//! A text as HTML, in the surroundings of its page: pictures are its files, addresses of Markdown files that came with it are the pages
//! they became, and directives show what the house knows.

use super::Adapter;
use super::refusals::shown;
use crate::house_error::unavailable;
use ::api::ApiError;
use documents::markdown::{self, Surroundings, addresses};
use documents::pages::PageRow;
use documents::pages::attachments::Attachment;
use documents::pages::tree::Node;
use documents::postmortems::pieces::Pieces;
use figures::Locale;
use model::Actor;
use model::links::documents as ways;

/// How names of Markdown files end.
const ENDS: [&str; 2] = [".md", ".markdown"];

/// What a text stands in.
pub struct Paper {
    title: Option<String>,
    pieces: Option<Pieces>,
    files: Vec<Attachment>,
    nodes: Vec<Node>,
}

impl Paper {
    /// The file that an address in a folder names: by the path it came from, else by its name.
    fn file(&self, target: &str) -> Option<String> {
        let path: String = plain(target)?;
        let name: &str = path.rsplit('/').next().unwrap_or_default();
        let is_at =
            |file: &&Attachment| file.path.as_deref().is_some_and(|there| there == path || there.ends_with(&format!("/{path}")));
        let found = self.files.iter().find(is_at).or_else(|| self.files.iter().find(|file| file.name == name));
        found.map(|file| ways::file(file.id))
    }

    /// The page that such an address names, with what stands behind `#`.
    fn page(&self, target: &str) -> Option<String> {
        let path: String = plain(target)?;
        let name: &str = path.rsplit('/').next().unwrap_or_default();
        if !ENDS.iter().any(|end| name.to_lowercase().ends_with(end)) {
            return None;
        }
        let node: &Node = self.nodes.iter().find(|node| node.file_name.as_deref() == Some(name))?;
        let anchor: &str = target.split_once('#').map_or("", |(_, anchor)| anchor);
        let anchor: String = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
        Some(format!("{}{anchor}", ways::document(&node.slug)))
    }
}

/// An address within a folder, without what stands behind `?` and `#`, and without escapes; none of any other address.
fn plain(target: &str) -> Option<String> {
    if target.starts_with(['/', '#', '?']) || addresses::is_elsewhere(target) {
        return None;
    }
    let path: &str = target.split(['?', '#']).next().unwrap_or_default();
    let (_, text) = model::links::pairs(&format!("path={}", path.replace('+', "%2B").replace('&', "%26"))).into_iter().next()?;
    let text: &str = text.trim_start_matches("./").trim_start_matches("../");
    (!text.is_empty()).then(|| text.to_owned())
}

impl Surroundings for Paper {
    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn link(&self, target: &str) -> Option<String> {
        self.page(target).or_else(|| self.file(target)).or_else(|| addresses::followed(target))
    }

    fn picture(&self, target: &str) -> Option<String> {
        self.file(target).or_else(|| addresses::shown(target))
    }

    fn directive(&self, info: &str, body: &str) -> Option<String> {
        self.pieces.as_ref().and_then(|pieces| pieces.directive(info, body))
    }
}

impl Adapter {
    /// The HTML of a page's text, or of what somebody is writing in its place.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn drawn(&self, page: &PageRow, text: &str) -> Result<String, ApiError> {
        let actor: &Actor = self.actor()?;
        let locale: Locale = self.0.visitor.viewer.locale;
        let pieces: Option<Pieces> = if text.contains("ops-") {
            Some(self.room().pieces(actor, page.id, text, locale).await.map_err(shown)?)
        } else {
            None
        };
        let files: Vec<Attachment> =
            if page.trashed_at.is_none() { self.room().attachments(actor, page.id).await.map_err(shown)? } else { Vec::new() };
        // Only a folder that came in has names of files.
        let nodes: Vec<Node> =
            if page.file_name.is_some() { self.room().tree(actor, page.space).await.map_err(shown)? } else { Vec::new() };
        let (paper, text) = (Paper { title: Some(page.title.clone()), pieces, files, nodes }, text.to_owned());
        // A large text takes a while, and nobody else waits for that.
        tokio::task::spawn_blocking(move || markdown::render(&text, &paper)).await.map_err(|error| unavailable(&error))
    }

    /// The HTML of something short that somebody said.
    #[must_use]
    pub fn drawn_alone(text: &str) -> String {
        markdown::render(text, &markdown::Alone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use documents::pages::attachments::Place;
    use model::Time;
    use model::ids::{AttachmentId, DocumentId};
    use uuid::Uuid;

    fn paper() -> Paper {
        let id = AttachmentId(Uuid::from_u128(7));
        let file = Attachment {
            id,
            page: DocumentId(Uuid::nil()),
            name: "構成 図.png".to_owned(),
            path: Some("docs/img/構成 図.png".to_owned()),
            media_type: "image/png".to_owned(),
            size: 1,
            sha256: Vec::new(),
            place: Place::Rows,
            made_by: String::new(),
            made_at: Time(0),
            removed_at: None,
        };
        let node = Node {
            id: DocumentId(Uuid::from_u128(1)),
            parent: None,
            slug: "デプロイ".to_owned(),
            title: "デプロイ".to_owned(),
            file_name: Some("deploy.md".to_owned()),
            incident: None,
            right_page: None,
            review_due_at: None,
            is_verified: false,
            must_review: false,
            is_template: false,
        };
        Paper { title: None, pieces: None, files: vec![file], nodes: vec![node] }
    }

    #[test]
    fn what_came_in_a_folder_is_found_where_it_is_now() {
        let paper = paper();
        let file: String = ways::file(AttachmentId(Uuid::from_u128(7)));
        for target in ["img/%E6%A7%8B%E6%88%90%20%E5%9B%B3.png", "./img/構成 図.png", "構成 図.png"] {
            assert_eq!(paper.picture(target).as_deref(), Some(file.as_str()), "{target}");
        }
        assert_eq!(paper.link("../ops/deploy.md#s-x").as_deref(), Some(format!("{}#s-x", ways::document("デプロイ")).as_str()));
        assert_eq!(paper.link("/alerts").as_deref(), Some("/alerts"));
        assert_eq!(paper.picture("https://example.jp/a.png"), None);
        assert_eq!(paper.link("javascript:alert(1)"), None);
    }
}
