//! What is read of a text: its title, what it is found by, where it leads. It can always be read anew.

use super::normal::normal;
use super::{PageRow, Refused, Right, tokens, tree};
use crate::Documents;
use crate::collab::Body;
use crate::error::Error;
use crate::markdown::{self, Outline};
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::WriteDocuments;
use model::ids::DocumentId;
use uuid::Uuid;

/// Pages that are read anew in one transaction.
const AT_ONCE: i64 = 100;
/// What a heading of the first level begins with.
const HEADING: &str = "# ";
/// Where documents have their addresses.
const DOCUMENTS: &str = "/documents/";
/// Bytes of the last part of an address. No page has a longer one, and a longer one fits into no index.
const MOST_SLUG: usize = 400;

/// What was read of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub title: String,
    pub tokens: Vec<String>,
    pub heading_tokens: Vec<String>,
    pub title_tokens: Vec<String>,
    /// As it is compared, with the title first.
    pub normal: String,
    /// The last part of every address of a document that it names.
    pub links: Vec<String>,
}

/// Reads a text; `title` is what it is called as long as it has no heading of the first level.
#[must_use]
pub fn read(title: &str, text: &str) -> Read {
    let outline: Outline = markdown::outline(text);
    let title: String = outline.title.map_or_else(|| title.to_owned(), |said| said.chars().take(tree::MAX_TITLE).collect());
    let headings: String = outline.headings.iter().fold(title.clone(), |all, heading| all + "\n" + &heading.text);
    let normal: String = normal(&format!("{title}\n{}", markdown::plain(text)));
    Read {
        tokens: tokens::tokens(&normal),
        heading_tokens: tokens::tokens(&super::normal::normal(&headings)),
        title_tokens: tokens::tokens(&super::normal::normal(&title)),
        links: outline.links.iter().filter_map(|link| slug_of(link)).collect(),
        normal,
        title,
    }
}

/// The last part of the address of a document, if it is one: `/documents/<slug>`, with or without what follows. What no page can have is none: the
/// database would refuse it, and with it all that was read of the text.
#[must_use]
pub fn slug_of(link: &str) -> Option<String> {
    let rest: &str = link.strip_prefix(DOCUMENTS)?;
    let slug: &str = rest.split(['?', '#', '/']).next().unwrap_or_default();
    let slug: String = unescaped(slug);
    let is_one: bool = !slug.is_empty() && slug.len() <= MOST_SLUG && !slug.contains(char::is_control);
    is_one.then_some(slug)
}

/// `%E3%81%82` as it is meant; what can't be meant stays as it is.
fn unescaped(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest: &[u8] = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code: Option<u8> = match first {
            b'%' => {
                after.get(..2).and_then(|code| std::str::from_utf8(code).ok()).and_then(|code| u8::from_str_radix(code, 16).ok())
            }
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The text with another first heading; with one, where it has none.
#[must_use]
pub fn retitled(text: &str, title: &str) -> String {
    let heading: String = format!("{HEADING}{title}");
    let mut lines: Vec<&str> = text.split('\n').collect();
    let found: Option<usize> = lines.iter().position(|line| !line.trim().is_empty());
    match found {
        Some(at) if lines[at].starts_with(HEADING) => {
            lines[at] = &heading;
            lines.join("\n")
        }
        Some(_) => format!("{heading}\n\n{text}"),
        None => format!("{heading}\n"),
    }
}

impl Documents {
    /// Writes the first heading of a text anew: that is what a document is called by, from now on.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`], [`Refused::Empty`], [`Refused::Large`]. The database's, and the world's.
    pub async fn retitle(&self, grant: &Grant<WriteDocuments>, id: DocumentId, title: &str) -> Result<(), Error> {
        let title: String = title.split_whitespace().collect::<Vec<&str>>().join(" ");
        let title: String = tree::bounded("the title", &title, tree::MAX_TITLE)?;
        self.page_for(grant.actor(), id, Right::Write).await?;
        let body: Body = self.text(id).await?;
        let wanted: String = retitled(&body.text, &title);
        self.put_text(grant.actor(), id, &wanted, Some(body.seq)).await?;
        Ok(())
    }

    /// Makes the text of a page `wanted`, by an edit like any other. With `base_seq`, `wanted` was written on the text of that change, and what was
    /// typed since stays too.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`]; [`crate::collab::Refused`], and its `BaseGone` when nobody knows any more what it was written
    /// on. The database's, and the world's.
    pub async fn write_text(
        &self,
        grant: &Grant<WriteDocuments>,
        id: DocumentId,
        wanted: &str,
        base_seq: Option<i64>,
    ) -> Result<Body, Error> {
        self.page_for(grant.actor(), id, Right::Write).await?;
        self.put_text(grant.actor(), id, wanted, base_seq).await
    }

    /// A text came to rest for a moment: what is read of it is written down. Something newer that stands there stays.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn refreshed(&self, id: DocumentId, body: &Body) -> Result<(), Error> {
        let Some(page) = self.page(id).await? else {
            return Ok(());
        };
        if page.body_seq >= body.seq && page.body == body.text {
            return Ok(());
        }
        let (title, text): (String, String) = (page.title.clone(), body.text.clone());
        // A large text takes a while to be read; meanwhile others want to type.
        let Ok(read) = tokio::task::spawn_blocking(move || read(&title, &text)).await else {
            tracing::error!(document = %id, "a text could not be read: it is found as it was before");
            return Ok(());
        };
        let edited_at: Time = if page.body == body.text { page.edited_at } else { self.clock.now() };
        let mut tx: Tx = self.db.begin().await?;
        if store::reading::set(&mut tx, id, body.seq, &body.text, &read, edited_at).await? {
            store::links::set(&mut tx, id, &read.links).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Reads every text anew: after the way in which they are read has changed. Says how many.
    ///
    /// # Errors
    /// The database's.
    pub async fn read_anew(&self) -> Result<usize, Error> {
        let (mut n_read, mut after): (usize, Uuid) = (0, Uuid::nil());
        loop {
            let mut tx: Tx = self.db.begin().await?;
            let ids: Vec<Uuid> = store::reading::ids_after(&mut tx, after, AT_ONCE).await?;
            let Some(last) = ids.last().copied() else {
                return Ok(n_read);
            };
            for id in ids {
                let page: PageRow = store::rows::lock(&mut tx, DocumentId(id)).await?.ok_or(Refused::NotFound(DocumentId(id)))?;
                let read: Read = read(&page.title, &page.body);
                store::reading::set(&mut tx, page.id, page.body_seq, &page.body, &read, page.edited_at).await?;
                store::links::set(&mut tx, page.id, &read.links).await?;
                n_read += 1;
            }
            tx.commit().await?;
            after = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_called_by_its_first_heading() {
        let found: Read = read(
            "新しいページ",
            "# 復旧手順\n\n## 準備\n\n本文 [a](/documents/%E3%83%87%E3%83%97%E3%83%AD%E3%82%A4#s-x) [b](/alerts)\n",
        );
        assert_eq!((found.title.as_str(), found.links.as_slice()), ("復旧手順", ["デプロイ".to_owned()].as_slice()));
        assert!(found.title_tokens.contains(&"復旧".to_owned()) && !found.title_tokens.contains(&"準備".to_owned()));
        assert!(found.heading_tokens.contains(&"準備".to_owned()) && !found.heading_tokens.contains(&"本文".to_owned()));
        assert!(found.tokens.contains(&"本文".to_owned()) && found.tokens.contains(&"復旧".to_owned()));
        assert_eq!(read("新しいページ", "本文").title, "新しいページ");
    }

    #[test]
    fn the_first_heading_is_the_title() {
        for (text, expected) in [
            ("# 古い\n\n本文\n", "# 新しい\n\n本文\n"),
            ("\n# 古い", "\n# 新しい"),
            ("本文\n# 後\n", "# 新しい\n\n本文\n# 後\n"),
            ("", "# 新しい\n"),
            ("\n\n", "# 新しい\n"),
        ] {
            assert_eq!(retitled(text, "新しい"), expected, "{text:?}");
        }
    }

    #[test]
    fn addresses_of_documents_are_known() {
        let long: String = format!("/documents/{}", "a".repeat(MOST_SLUG + 1));
        for (link, expected) in [
            ("/documents/deploy", Some("deploy")),
            ("/documents/deploy?v=2", Some("deploy")),
            ("/documents/%E3", Some("%E3")),
            ("/documents/", None),
            ("/documents/a%00b", None),
            ("/documents/a%0Ab", None),
            (long.as_str(), None),
            ("https://example.jp/documents/deploy", None),
        ] {
            assert_eq!(slug_of(link).as_deref(), expected, "{link}");
        }
    }
}
