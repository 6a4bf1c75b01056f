//! Files that belong to a page: bounded in size, of a type that is found out by looking inside, kept in the database in pieces or in an object store
//! where one is set up, and handed out so that a browser runs nothing of them.

use super::{PageRow, Refused, Right, history, sniff};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{AttachmentId, DocumentId};
use model::{Actor, Time};
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Bytes of one file, of all files of a page, and how many there may be.
pub const MAX_BYTES: usize = 25 * 1024 * 1024;
pub const MAX_BYTES_OF_PAGE: i64 = 500 * 1024 * 1024;
pub const MOST_OF_PAGE: i64 = 500;
/// Characters of a file's name.
pub const MAX_NAME: usize = 200;
/// Bytes of one row: a row of many megabytes is slow to write and to move.
const PIECE: usize = 256 * 1024;
/// Bytes of a file that was removed stay so long: a text that comes back may want them.
pub(crate) const KEPT_MS: i64 = 30 * 86_400_000;
/// Removed files whose bytes go in one look.
const AT_ONCE: i64 = 20;
/// Before the number of a file, in an object store.
const PREFIX: &str = "documents";

/// Where the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Rows,
    Store,
}

impl Place {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Store => "store",
        }
    }
}

/// A file that belongs to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    pub page: DocumentId,
    pub name: String,
    /// Where it lay in the folder it came from.
    pub path: Option<String>,
    /// By what is inside.
    pub media_type: String,
    pub size: i64,
    pub sha256: Vec<u8>,
    pub place: Place,
    pub made_by: String,
    pub made_at: Time,
    pub removed_at: Option<Time>,
}

/// A file that is to belong to a page.
pub(crate) struct Brought<'a> {
    pub(crate) id: AttachmentId,
    pub(crate) name: &'a str,
    /// Where it lay in the folder it comes from.
    pub(crate) path: Option<String>,
    pub(crate) bytes: &'a [u8],
}

/// A file as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    pub attachment: Attachment,
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// The headers it is handed out with: of no type but its own, saved instead of opened unless it is a picture, and with nothing allowed
    /// should a browser open it after all.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let how: &str = if sniff::is_shown(&self.media_type) { "inline" } else { "attachment" };
        vec![
            ("content-type", self.media_type.clone()),
            (
                "content-disposition",
                format!("{how}; filename=\"{}\"; filename*=UTF-8''{}", plain(&self.name), escaped(&self.name)),
            ),
            ("x-content-type-options", "nosniff".to_owned()),
            ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned()),
            ("cross-origin-resource-policy", "same-origin".to_owned()),
            ("referrer-policy", "no-referrer".to_owned()),
            // Whoever may no longer read the page must not find it in a cache that others share.
            ("cache-control", "private, max-age=3600".to_owned()),
            ("etag", self.etag()),
        ]
    }

    /// The same for ever for the same bytes.
    #[must_use]
    pub fn etag(&self) -> String {
        let mut tag = String::with_capacity(34);
        for byte in self.sha256.iter().take(16) {
            // Writing into a String can't fail.
            let _written = write!(tag, "{byte:02x}");
        }
        format!("\"{tag}\"")
    }
}

/// For programs that know nothing newer than RFC 2616.
fn plain(name: &str) -> String {
    name.chars()
        .map(|letter| if letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '%') { letter } else { '_' })
        .collect()
}

/// RFC 8187.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            text.push(char::from(byte));
        } else {
            let _written = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The last part of what a browser says a file is called, without what no name holds.
fn file_name(given: &str) -> Result<String, Refused> {
    let last: &str = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !letter.is_control()).collect();
    super::tree::bounded("the name of the file", kept.trim_matches('.'), MAX_NAME)
}

fn object(id: AttachmentId) -> Path {
    Path::from(format!("{PREFIX}/{id}"))
}

impl Documents {
    /// Adds a file to a page.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`], [`Refused::Large`], [`Refused::Empty`], [`Refused::BadFile`], [`Refused::Unkept`]. The
    /// database's, and the world's.
    pub async fn attach(
        &self,
        grant: &Grant<WriteDocuments>,
        page: DocumentId,
        name: &str,
        bytes: &[u8],
    ) -> Result<AttachmentId, Error> {
        let page: PageRow = self.page_for(grant.actor(), page, Right::Write).await?;
        let mut tx: Tx = self.db.begin().await?;
        let id = AttachmentId(kernel::ids::new_uuid());
        self.attach_in(&mut tx, &page, Brought { id, name, path: None, bytes }, grant.actor()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The same in the caller's transaction. What lies in an object store already stays there when the transaction fails; nothing names it.
    pub(crate) async fn attach_in(&self, tx: &mut Tx, page: &PageRow, brought: Brought<'_>, actor: &Actor) -> Result<(), Error> {
        let bytes: &[u8] = brought.bytes;
        let name: String = file_name(brought.name)?;
        if bytes.len() > MAX_BYTES {
            return Err(Refused::Large { what: "the file", n: bytes.len(), max: MAX_BYTES }.into());
        }
        let media_type: &'static str = sniff::media_type(&name, bytes)?;
        store::rows::lock(tx, page.id).await?.ok_or(Refused::NotFound(page.id))?;
        let size: i64 = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        check_weight(tx, page.id, size).await?;
        let attachment: Attachment = Attachment {
            id: brought.id,
            page: page.id,
            name,
            path: brought.path,
            media_type: media_type.to_owned(),
            size,
            sha256: Sha256::digest(bytes).to_vec(),
            place: if self.needs.pages.files().is_some() { Place::Store } else { Place::Rows },
            made_by: actor.name().to_owned(),
            made_at: self.clock.now(),
            removed_at: None,
        };
        store::attachments::add(tx, &attachment).await?;
        self.keep(tx, &attachment, bytes).await?;
        let more = json!({ "attachment": attachment.id, "name": attachment.name, "size": size, "type": media_type });
        history::append(tx, page, history::FILE_ATTACHED, actor, attachment.made_at, more).await?;
        Ok(())
    }

    async fn keep(&self, tx: &mut Tx, attachment: &Attachment, bytes: &[u8]) -> Result<(), Error> {
        if let Some(files) = self.needs.pages.files() {
            let payload: PutPayload = PutPayload::from(bytes.to_vec());
            let kept = files.put(&object(attachment.id), payload).await;
            kept.map_err(|error| Refused::Unkept { name: attachment.name.clone(), reason: error.to_string() })?;
            return Ok(());
        }
        for (n, piece) in (0_i32..).zip(bytes.chunks(PIECE)) {
            store::attachments::add_chunk(tx, attachment.id, n, piece).await?;
        }
        Ok(())
    }

    /// A file with its bytes, for those who may read its page; those of a page in the trash are not handed out.
    ///
    /// # Errors
    /// [`Refused::NoAttachment`], [`Refused::Unkept`]. The database's, and the world's.
    pub async fn attachment(&self, actor: &Actor, id: AttachmentId) -> Result<Handed, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let attachment: Attachment = store::attachments::one(&mut tx, id).await?.ok_or(Refused::NoAttachment(id))?;
        drop(tx);
        let page: PageRow = match self.page_for(actor, attachment.page, Right::Read).await {
            Err(Error::Pages(Refused::NotFound(_))) => return Err(Refused::NoAttachment(id).into()),
            other => other?,
        };
        if page.trashed_at.is_some() {
            return Err(Refused::NoAttachment(id).into());
        }
        let bytes: Vec<u8> = self.bytes_of(&attachment).await?;
        Ok(Handed { attachment, bytes })
    }

    pub(crate) async fn bytes_of(&self, attachment: &Attachment) -> Result<Vec<u8>, Error> {
        let unkept = |reason: String| Refused::Unkept { name: attachment.name.clone(), reason };
        let bytes: Vec<u8> = match (attachment.place, self.needs.pages.files()) {
            (Place::Rows, _) => self.pieces_of(attachment).await?,
            (Place::Store, Some(files)) => {
                let found = files.get(&object(attachment.id)).await.map_err(|error| unkept(error.to_string()))?;
                found.bytes().await.map_err(|error| unkept(error.to_string()))?.to_vec()
            }
            (Place::Store, None) => return Err(unkept("no object store is set up".to_owned()).into()),
        };
        if Sha256::digest(&bytes).as_slice() != attachment.sha256.as_slice() {
            return Err(unkept("its bytes are not those that were kept".to_owned()).into());
        }
        Ok(bytes)
    }

    async fn pieces_of(&self, attachment: &Attachment) -> Result<Vec<u8>, Error> {
        let mut bytes: Vec<u8> = Vec::with_capacity(usize::try_from(attachment.size).unwrap_or(0).min(MAX_BYTES));
        let mut tx: Tx = self.db.begin().await?;
        let mut n: i32 = 0;
        while let Some(piece) = store::attachments::chunk(&mut tx, attachment.id, n).await? {
            bytes.extend_from_slice(&piece);
            n += 1;
        }
        Ok(bytes)
    }

    /// The files of a page.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's, and the world's.
    pub async fn attachments(&self, actor: &Actor, page: DocumentId) -> Result<Vec<Attachment>, Error> {
        self.page_for(actor, page, Right::Read).await?;
        let mut tx: Tx = self.db.begin().await?;
        store::attachments::of_page(&mut tx, page).await
    }

    /// Takes a file away from its page.
    ///
    /// # Errors
    /// [`Refused::NoAttachment`], [`Refused::Right`]. The database's, and the world's.
    pub async fn detach(&self, grant: &Grant<WriteDocuments>, id: AttachmentId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let attachment: Attachment = store::attachments::one(&mut tx, id).await?.ok_or(Refused::NoAttachment(id))?;
        drop(tx);
        let page: PageRow = match self.page_for(grant.actor(), attachment.page, Right::Write).await {
            Err(Error::Pages(Refused::NotFound(_))) => return Err(Refused::NoAttachment(id).into()),
            other => other?,
        };
        let mut tx: Tx = self.db.begin().await?;
        if !store::attachments::remove(&mut tx, id, now).await? {
            return Err(Refused::NoAttachment(id).into());
        }
        let more = json!({ "attachment": id, "name": attachment.name });
        history::append(&mut tx, &page, history::FILE_REMOVED, grant.actor(), now, more).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The bytes of files that were removed before a moment go.
    pub(crate) async fn sweep_files(&self, before: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        for attachment in store::attachments::removed_before(&mut tx, before, AT_ONCE).await? {
            if let (Place::Store, Some(files)) = (attachment.place, self.needs.pages.files()) {
                match files.delete(&object(attachment.id)).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => {
                        tracing::warn!(%error, attachment = %attachment.id, "a removed file could not be deleted from its store");
                        continue;
                    }
                }
            }
            store::attachments::delete(&mut tx, attachment.id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn check_weight(tx: &mut Tx, page: DocumentId, size: i64) -> Result<(), Error> {
    let (n, held): (i64, i64) = store::attachments::weight(tx, page).await?;
    if n >= MOST_OF_PAGE {
        let max: usize = usize::try_from(MOST_OF_PAGE).unwrap_or(usize::MAX);
        return Err(Refused::Large { what: "the list of files", n: max + 1, max }.into());
    }
    if held.saturating_add(size) > MAX_BYTES_OF_PAGE {
        let n: usize = usize::try_from(held.saturating_add(size)).unwrap_or(usize::MAX);
        let max: usize = usize::try_from(MAX_BYTES_OF_PAGE).unwrap_or(usize::MAX);
        return Err(Refused::Large { what: "the files of the page", n, max }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn attachment(name: &str, media_type: &str) -> Attachment {
        Attachment {
            id: AttachmentId(Uuid::nil()),
            page: DocumentId(Uuid::nil()),
            name: name.to_owned(),
            path: None,
            media_type: media_type.to_owned(),
            size: 0,
            sha256: vec![1; 32],
            place: Place::Rows,
            made_by: String::new(),
            made_at: Time(0),
            removed_at: None,
        }
    }

    fn header(attachment: &Attachment, name: &str) -> String {
        attachment.headers().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value).unwrap_or_default()
    }

    #[test]
    fn only_pictures_are_opened_and_names_break_no_header() {
        let picture = attachment("構成\"図\r\n.png", "image/png");
        let disposition: String = header(&picture, "content-disposition");
        assert!(disposition.starts_with("inline; filename=\"___") && disposition.is_ascii(), "{disposition}");
        assert!(!disposition.contains(['\r', '\n']) && disposition.ends_with("%0D%0A.png"), "{disposition}");
        let text = attachment("a.html", sniff::TEXT);
        assert!(header(&text, "content-disposition").starts_with("attachment"));
        assert_eq!(header(&text, "x-content-type-options"), "nosniff");
        assert!(header(&text, "content-security-policy").contains("sandbox"));
    }

    #[test]
    fn a_name_is_its_last_part() {
        for (given, expected) in [
            ("C:\\Users\\tanaka\\図.png", Some("図.png")),
            ("../../etc/passwd", Some("passwd")),
            ("a\0b.txt", Some("ab.txt")),
            ("..", None),
            ("", None),
        ] {
            assert_eq!(file_name(given).ok().as_deref(), expected, "{given:?}");
        }
    }
}
