//! A folder of Markdown files, in and out, as a zip: what comes in goes out again byte for byte, under the same names.
//!
//! A file becomes a page, a directory the page of the same name beside it, or an empty one that stands for it. Whatever else lies there
//! becomes a file of the directory's page; files that came from no folder go out in a directory `_files`, and are files again where that comes
//! in, and texts name them by where they lie. What a text can't hold (how its lines end, a byte order mark) is kept beside it. A page that
//! came in before under the same name in the same place is written anew, by an edit like any other; what stood there, and what came, are kept
//! as versions.
//!
//! A folder may be larger than what one wants to have in memory: it is looked through first, then taken file by file.

pub mod packed;
pub mod plan;
mod ties;
pub mod turns;

use super::attachments::{Attachment, Brought};
use super::reading::Read;
use super::rights::{Readable, readable};
use super::tree::{NewPage, Node};
use super::{PageRow, Refused, Right, history};
use crate::Documents;
use crate::collab::Body;
use crate::error::Error;
use crate::store::pages as store;
use crate::writing::Reason;
use kernel::{Grant, Tx};
use model::access::ManageDocuments;
use model::ids::{AttachmentId, DocumentId, PersonId, SpaceId};
use model::{Actor, Time};
use packed::{Archive, Packing};
use plan::{Folder, Lying, Place, Planned, Written};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use ties::Tie;
use turns::Turn;
use uuid::Uuid;

/// Bytes of the text of one page.
pub const MAX_TEXT: usize = 1024 * 1024;

/// Why a file did not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It is neither UTF-8 nor anything else that a page may hold.
    NotText,
    /// Its text is larger than a page.
    TooLarge,
    /// It may belong to no page; says what it is.
    NotAllowed(String),
    /// There is no page it could belong to.
    NoPage,
}

/// What came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub n_made: usize,
    /// Written anew because they were there already.
    pub n_rewritten: usize,
    pub n_attached: usize,
    pub left_out: Vec<(String, LeftOut)>,
    /// Files that go out otherwise than they came: their lines end in more than one way, or they hold a NUL.
    pub altered: Vec<String>,
}

impl Documents {
    /// Brings a zip of Markdown files into a space, below a page if one is named. `turn` is that of [`Documents::folder_turn`].
    ///
    /// # Errors
    /// [`Refused::BadZip`], [`Refused::BadFile`], [`Refused::Large`], and as [`Documents::make_page`]: then nothing came in. As
    /// [`Documents::write_text`] while pages that were there are written anew: then all but some of those came in, and the same zip once more
    /// brings the rest.
    pub async fn import_folder(
        &self,
        grant: &Grant<ManageDocuments>,
        turn: Turn,
        space: SpaceId,
        parent: Option<DocumentId>,
        zip: Vec<u8>,
    ) -> Result<Imported, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        self.must_write_at(actor, space, parent).await?;
        let most_bytes: usize = self.folders.most_bytes;
        let (archive, planned, imported) = off_the_road(move || looked_through(zip, most_bytes)).await?;
        let mut tx: Tx = self.db.begin().await?;
        let archive: Arc<Mutex<Archive>> = Arc::new(Mutex::new(archive));
        let mut import = Import { documents: self, actor, space, parent, archive, ids: Vec::new(), anew: Vec::new(), imported };
        for page in &planned {
            import.take(&mut tx, page).await?;
        }
        import.imported.n_rewritten = import.anew.len();
        let imported: &Imported = &import.imported;
        let body = json!({
            "space": space,
            "parent": parent,
            "n_made": imported.n_made,
            "n_rewritten": imported.n_rewritten,
            "n_attached": imported.n_attached,
        });
        history::append_of_all(&mut tx, history::IMPORTED, actor, now, body).await?;
        tx.commit().await?;
        import.write_anew(&planned).await?;
        drop(turn);
        Ok(import.imported)
    }

    /// Makes the text of a page that was there already what came in. What stood there is kept first; a text that is the same changes nothing.
    async fn write_anew(&self, actor: &Actor, id: DocumentId, text: &str) -> Result<(), Error> {
        let before: Body = self.text(id).await?;
        if before.text == text {
            return Ok(());
        }
        self.keep_revision(id, &before, &[], Reason::Auto).await?;
        let written: Body = self.put_text(actor, id, text, Some(before.seq)).await?;
        let authors: Vec<PersonId> = actor.person_id().into_iter().collect();
        self.keep_revision(id, &written, &authors, Reason::Import).await
    }

    /// The pages of a space, or those below one of them with itself, and their files, as far as an actor may read them, as a zip. Texts are
    /// those of now, not of the last second.
    ///
    /// # Errors
    /// [`Refused::Busy`], [`Refused::NoSpace`], [`Refused::NotFound`], [`Refused::Large`]. The database's, and the world's.
    pub async fn export_folder(&self, actor: &Actor, space: SpaceId, below: Option<DocumentId>) -> Result<Vec<u8>, Error> {
        let _turn: Turn = self.folder_turn().await?;
        if let Some(below) = below {
            self.page_for(actor, below, Right::Read).await?;
        }
        let nodes: Vec<Node> = self.tree(actor, space).await?;
        let paths: Vec<(DocumentId, Place)> = plan::paths(&nodes, below);
        let ids: Vec<Uuid> = paths.iter().map(|(id, _)| id.0).collect();
        let mut tx: Tx = self.db.begin().await?;
        let attached: Vec<Attachment> = store::attachments::of_pages(&mut tx, &ids).await?;
        drop(tx);
        let files: Vec<(Attachment, Tie)> = places_of(&paths, attached);
        let mut ties: HashMap<DocumentId, Vec<Tie>> = HashMap::new();
        for (file, tie) in &files {
            ties.entry(file.page).or_default().push(tie.clone());
        }
        let mut packing = Packing::new(self.folders.most_bytes);
        // What is too much is known before anything of it is read.
        let n_bytes: i64 = files.iter().map(|(file, _)| file.size).fold(0, i64::saturating_add);
        packing.room_for(usize::try_from(n_bytes).unwrap_or(usize::MAX))?;
        for (id, place) in &paths {
            let ties: &[Tie] = ties.get(id).map(Vec::as_slice).unwrap_or_default();
            packing = self.pack_page(packing, *id, place, ties).await?;
        }
        for (file, tie) in files {
            packing.room_for(usize::try_from(file.size).unwrap_or(usize::MAX))?;
            let bytes: Vec<u8> = self.bytes_of(&file).await?;
            packing = packed_with(packing, tie.path, bytes).await?;
        }
        off_the_road(move || packing.finish()).await
    }

    /// One page: its text is read, packed and forgotten.
    async fn pack_page(&self, packing: Packing, id: DocumentId, place: &Place, ties: &[Tie]) -> Result<Packing, Error> {
        let Some(page) = self.page(id).await?.filter(|page| page.trashed_at.is_none()) else {
            return Ok(packing);
        };
        let text: String = self.text(id).await?.text;
        if place.is_folder && text.is_empty() {
            return Ok(packing);
        }
        let text: String = ties::gone_out(&text, &place.file, ties);
        packed_with(packing, place.file.clone(), written(&page, &text)).await
    }
}

/// Packing takes a while; meanwhile others want to type.
async fn off_the_road<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refused> + Send + 'static) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Refused::BadZip { reason: "whoever read it stopped".to_owned() }.into()),
    }
}

async fn packed_with(mut packing: Packing, path: String, bytes: Vec<u8>) -> Result<Packing, Error> {
    off_the_road(move || {
        packing.put(&path, &bytes)?;
        Ok(packing)
    })
    .await
}

/// A zip, what it is to become, and what of it does not come in.
fn looked_through(zip: Vec<u8>, most_bytes: usize) -> Result<(Archive, Vec<Planned>, Imported), Refused> {
    let mut archive: Archive = Archive::open(zip)?;
    let (mut folder, mut imported) = (Folder::default(), Imported::default());
    archive.look_through(most_bytes, |n, path, bytes| folder.take(n, path, bytes, &mut imported))?;
    let planned: Vec<Planned> = folder.pages(&mut imported);
    Ok((archive, planned, imported))
}

/// Where files go out: where they came from, as long as that belongs to their page, else beside it.
fn places_of(paths: &[(DocumentId, Place)], files: Vec<Attachment>) -> Vec<(Attachment, Tie)> {
    let places: HashMap<DocumentId, &Place> = paths.iter().map(|(id, place)| (*id, place)).collect();
    let mut taken: HashSet<String> = paths.iter().map(|(_, place)| place.file.clone()).collect();
    let mut placed: Vec<(Attachment, Tie)> = Vec::with_capacity(files.len());
    for file in files {
        let beside: &str = places.get(&file.page).map_or("", |place| place.directory.as_str());
        let came: Option<&String> = file.path.as_ref().filter(|path| path.starts_with(beside) || !path.contains('/'));
        let wanted: String = came.cloned().unwrap_or_else(|| format!("{beside}{}/{}", plan::FILES, file.name));
        let tie = Tie { file: file.id, path: packed::free(&wanted, &mut taken) };
        placed.push((file, tie));
    }
    placed
}

/// A text as its file held it.
fn written(page: &PageRow, text: &str) -> Vec<u8> {
    let lines: String = if page.is_crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
    let mark: &[u8] = if page.has_bom { plan::MARK } else { b"" };
    [mark, lines.as_bytes()].concat()
}

/// A page that was there already, and is written anew.
struct Anew {
    id: DocumentId,
    /// Its place among those that are planned.
    at: usize,
    ties: Vec<Tie>,
}

/// A folder that comes in.
struct Import<'a> {
    documents: &'a Documents,
    actor: &'a Actor,
    space: SpaceId,
    parent: Option<DocumentId>,
    archive: Arc<Mutex<Archive>>,
    /// Of every page that was taken, in order.
    ids: Vec<DocumentId>,
    anew: Vec<Anew>,
    imported: Imported,
}

impl Import<'_> {
    async fn take(&mut self, tx: &mut Tx, planned: &Planned) -> Result<(), Error> {
        let parent: Option<DocumentId> = planned.parent.and_then(|at| self.ids.get(at).copied()).or(self.parent);
        let there: Option<DocumentId> = store::tree::named(tx, self.space, parent, &planned.file_name).await?;
        let held: Vec<Attachment> = match there {
            Some(id) => store::attachments::of_page(tx, id).await?,
            None => Vec::new(),
        };
        let files: Vec<(&Lying, AttachmentId, bool)> = planned.files.iter().map(|file| numbered(file, &held)).collect();
        let ties: Vec<Tie> = files.iter().filter(|(file, _, _)| file.is_ours()).map(|(file, id, _)| tie(file, *id)).collect();
        let id: DocumentId = match there {
            Some(id) => self.rewrite(tx, id, planned, ties).await?,
            None => self.make(tx, parent, planned, &ties).await?,
        };
        self.ids.push(id);
        let page: PageRow = store::rows::one(tx, id).await?.ok_or(Refused::NotFound(id))?;
        for (file, id, _) in files.into_iter().filter(|(_, _, is_new)| *is_new) {
            self.attach(tx, &page, file, id).await?;
        }
        Ok(())
    }

    async fn rewrite(&mut self, tx: &mut Tx, id: DocumentId, planned: &Planned, ties: Vec<Tie>) -> Result<DocumentId, Error> {
        // By the same connection: only of an incident's page somebody else is asked.
        let page: PageRow = store::rows::one(tx, id).await?.ok_or(Refused::NotFound(id))?;
        let readable: Readable = readable(tx, self.actor).await?;
        if self.documents.right_to(self.actor, &readable, &page).await? < Right::Write {
            return Err(Refused::NotFound(id).into());
        }
        if planned.text.is_none() {
            return Ok(id);
        }
        let text: Written = self.text(planned, &[]).await?;
        store::tree::set_file(tx, id, text.is_crlf, text.has_bom).await?;
        self.anew.push(Anew { id, at: self.ids.len(), ties });
        Ok(id)
    }

    async fn make(
        &mut self,
        tx: &mut Tx,
        parent: Option<DocumentId>,
        planned: &Planned,
        ties: &[Tie],
    ) -> Result<DocumentId, Error> {
        let text: Written = self.text(planned, ties).await?;
        let new: NewPage =
            NewPage { parent, text: text.text, ..NewPage::new(self.space, plan::title(&planned.file_name), self.actor) };
        let (page, read): (PageRow, Read) = self.documents.prepare_page(tx, &new).await?;
        let page: PageRow =
            PageRow { file_name: Some(planned.file_name.clone()), is_crlf: text.is_crlf, has_bom: text.has_bom, ..page };
        let id: DocumentId = page.id;
        self.documents.write_page(tx, page, &read, self.actor).await?;
        self.imported.n_made += 1;
        Ok(id)
    }

    async fn attach(&mut self, tx: &mut Tx, page: &PageRow, file: &Lying, id: AttachmentId) -> Result<(), Error> {
        let bytes: Vec<u8> = self.bytes(file.n).await?;
        let name: &str = file.path.rsplit('/').next().unwrap_or_default();
        let brought = Brought { id, name, path: Some(file.path.clone()), bytes: &bytes };
        self.documents.attach_in(tx, page, brought, self.actor).await?;
        self.imported.n_attached += 1;
        Ok(())
    }

    /// Texts of pages that were there already, one after the other.
    async fn write_anew(&self, planned: &[Planned]) -> Result<(), Error> {
        for anew in &self.anew {
            if let Some(page) = planned.get(anew.at) {
                let text: Written = self.text(page, &anew.ties).await?;
                self.documents.write_anew(self.actor, anew.id, &text.text).await?;
            }
        }
        Ok(())
    }

    /// The text of a page, with its files named as the house names them; an empty one where it stands for a directory.
    async fn text(&self, planned: &Planned, ties: &[Tie]) -> Result<Written, Error> {
        let Some((n, path)) = &planned.text else {
            return Ok(Written::default());
        };
        let bytes: Vec<u8> = self.bytes(*n).await?;
        let unread = |_| Refused::BadZip { reason: "a text in it is another than it was".to_owned() };
        let (written, _) = plan::read(&bytes).map_err(unread)?;
        let text: String = ties::come_in(&written.text, path, ties);
        // Numbers are longer than most names: where a text would become too large by them, it stays as it came.
        Ok(if text.len() > MAX_TEXT { written } else { Written { text, ..written } })
    }

    /// One file of the folder.
    async fn bytes(&self, n: usize) -> Result<Vec<u8>, Error> {
        let archive: Arc<Mutex<Archive>> = self.archive.clone();
        let read = move || archive.lock().unwrap_or_else(PoisonError::into_inner).read(n);
        let found: Option<Vec<u8>> = off_the_road(read).await?;
        let gone = || Refused::BadZip { reason: "a file in it is another than it was".to_owned() };
        Ok(found.ok_or_else(gone)?)
    }
}

/// A file with the number it has or gets, and whether it is new to its page.
fn numbered<'file>(file: &'file Lying, held: &[Attachment]) -> (&'file Lying, AttachmentId, bool) {
    let is_it = |one: &&Attachment| one.path.as_deref() == Some(file.path.as_str()) && one.sha256 == file.sha256;
    match held.iter().find(is_it) {
        Some(one) => (file, one.id, false),
        None => (file, AttachmentId(kernel::ids::new_uuid()), true),
    }
}

fn tie(file: &Lying, id: AttachmentId) -> Tie {
    Tie { file: id, path: file.path.clone() }
}
