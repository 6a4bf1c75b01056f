//! How a folder becomes pages, and pages a folder: pure, so that both can be looked at without a database. Files are numbers here: what is in
//! them is looked at once and read again when its page is made.

use super::super::refused::Refused;
use super::super::sniff;
use super::super::tree::{MOST_DEEP, Node, clean};
use super::{Imported, LeftOut, MAX_TEXT};
use model::ids::DocumentId;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What some editors begin a file with.
pub const MARK: &[u8] = b"\xef\xbb\xbf";
/// The directory in which files of a page go out that came from no folder.
pub const FILES: &str = "_files";
/// How names of Markdown files end.
const ENDS: [&str; 2] = [".md", ".markdown"];
/// Characters of a file's name that is made from a title.
const MOST_NAME: usize = 80;

/// A text as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// With `\n` alone.
    pub text: String,
    pub is_crlf: bool,
    pub has_bom: bool,
}

/// A file that is to belong to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Which of the folder's.
    pub n: usize,
    pub path: String,
    pub sha256: Vec<u8>,
}

impl Lying {
    /// It went out as a file of a page, and texts name it by where it lies.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.path.split('/').any(|part| part == FILES)
    }
}

/// A page as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which of the pages before it, by its place.
    pub parent: Option<usize>,
    /// The last part of its path; of a directory without a file of its own, its name.
    pub file_name: String,
    /// Which of the folder's files its text is, and its path; `None`: it stands for a directory.
    pub text: Option<(usize, String)>,
    pub files: Vec<Lying>,
}

/// A folder as far as it was looked through.
#[derive(Default)]
pub struct Folder {
    top: Directory,
}

/// A directory.
#[derive(Default)]
struct Directory {
    directories: BTreeMap<String, Directory>,
    pages: BTreeMap<String, (usize, String)>,
    files: Vec<Lying>,
}

impl Folder {
    /// Takes note of a file; `None` for one that is larger than any that may come in.
    ///
    /// # Errors
    /// [`Refused::Deep`].
    pub fn take(&mut self, n: usize, path: &str, bytes: Option<&[u8]>, imported: &mut Imported) -> Result<(), Refused> {
        let (above, name): (&str, &str) = path.rsplit_once('/').unwrap_or(("", path));
        let all: Vec<&str> = above.split('/').filter(|part| !part.is_empty()).collect();
        // What lies in there went out as a file of the page that the directory around it belongs to.
        let pages: &[&str] = all.split(|part| *part == FILES).next().unwrap_or_default();
        let is_page: bool = is_markdown(name) && pages.len() == all.len();
        if pages.len() + usize::from(is_page) > MOST_DEEP {
            return Err(Refused::Deep { max: MOST_DEEP });
        }
        let mut directory: &mut Directory = &mut self.top;
        for part in pages {
            directory = directory.directories.entry((*part).to_owned()).or_default();
        }
        let Some(bytes) = bytes else {
            imported.left_out.push((path.to_owned(), LeftOut::TooLarge));
            return Ok(());
        };
        if is_page {
            directory.take_page(n, path, name, bytes, imported);
        } else {
            directory.take_file(n, path, name, bytes, imported);
        }
        Ok(())
    }

    /// The pages, those above before those below.
    pub fn pages(mut self, imported: &mut Imported) -> Vec<Planned> {
        let mut planned: Vec<Planned> = Vec::new();
        let loose: Vec<Lying> = std::mem::take(&mut self.top.files);
        self.top.plan(None, &mut planned);
        match planned.first_mut() {
            Some(first) => first.files.extend(loose),
            None => imported.left_out.extend(loose.into_iter().map(|file| (file.path, LeftOut::NoPage))),
        }
        planned
    }
}

impl Directory {
    fn take_page(&mut self, n: usize, path: &str, name: &str, bytes: &[u8], imported: &mut Imported) {
        match read(bytes) {
            Ok((_, comes_back)) => {
                if !comes_back {
                    imported.altered.push(path.to_owned());
                }
                self.pages.insert(name.to_owned(), (n, path.to_owned()));
            }
            Err(why) => imported.left_out.push((path.to_owned(), why)),
        }
    }

    fn take_file(&mut self, n: usize, path: &str, name: &str, bytes: &[u8], imported: &mut Imported) {
        match sniff::media_type(name, bytes) {
            Ok(_) => self.files.push(Lying { n, path: path.to_owned(), sha256: Sha256::digest(bytes).to_vec() }),
            Err(Refused::BadFile { found, .. }) => imported.left_out.push((path.to_owned(), LeftOut::NotAllowed(found))),
            Err(other) => imported.left_out.push((path.to_owned(), LeftOut::NotAllowed(other.to_string()))),
        }
    }

    fn plan(self, parent: Option<usize>, planned: &mut Vec<Planned>) {
        let mut by_stem: HashMap<String, usize> = HashMap::new();
        for (file_name, text) in self.pages {
            by_stem.entry(stem(&file_name).to_owned()).or_insert(planned.len());
            planned.push(Planned { parent, file_name, text: Some(text), files: Vec::new() });
        }
        for (name, directory) in self.directories {
            let own: usize = by_stem.get(&name).copied().unwrap_or_else(|| {
                planned.push(Planned { parent, file_name: name, text: None, files: Vec::new() });
                planned.len() - 1
            });
            directory.plan(Some(own), planned);
        }
        if let Some(own) = parent.and_then(|at| planned.get_mut(at)) {
            own.files.extend(self.files);
        }
    }
}

/// A text, if it is one, and whether it goes out as it came.
///
/// # Errors
/// Why it is none that a page may hold.
pub fn read(bytes: &[u8]) -> Result<(Written, bool), LeftOut> {
    let (has_bom, bytes): (bool, &[u8]) = match bytes.strip_prefix(MARK) {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let text: &str = std::str::from_utf8(bytes).map_err(|_| LeftOut::NotText)?;
    let n_ends: usize = text.matches('\n').count();
    let n_windows: usize = text.matches("\r\n").count();
    let is_crlf: bool = n_windows > 0 && n_windows == n_ends && text.matches('\r').count() == n_windows;
    let kept: String = clean(text);
    if kept.len() > MAX_TEXT {
        return Err(LeftOut::TooLarge);
    }
    let comes_back: bool = if is_crlf { kept.replace('\n', "\r\n") == text } else { kept == text };
    Ok((Written { text: kept, is_crlf, has_bom }, comes_back))
}

fn is_markdown(name: &str) -> bool {
    let small: String = name.to_ascii_lowercase();
    ENDS.iter().any(|end| small.len() > end.len() && small.ends_with(end))
}

/// A file's name without its end.
#[must_use]
pub fn stem(name: &str) -> &str {
    match name.rfind('.') {
        Some(dot) if is_markdown(name) => &name[..dot],
        _ => name,
    }
}

/// What a page is called as long as its text does not say.
#[must_use]
pub fn title(file_name: &str) -> &str {
    let stem: &str = stem(file_name).trim();
    if stem.is_empty() { "…" } else { stem }
}

/// Where a page goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path of its file.
    pub file: String,
    /// Before what stands below it; ends with `/` unless it is empty.
    pub directory: String,
    /// It came in as a directory: without a text it needs no file.
    pub is_folder: bool,
}

/// Where every page goes out, those above before those below; with `below`, only that one and what stands below it, as if it were the top.
#[must_use]
pub fn paths(nodes: &[Node], below: Option<DocumentId>) -> Vec<(DocumentId, Place)> {
    let known: HashSet<DocumentId> = nodes.iter().map(|node| node.id).collect();
    let mut children: HashMap<Option<DocumentId>, Vec<&Node>> = HashMap::new();
    for node in nodes {
        // Below a page that must not be read something may stand that may be: then it stands at the top.
        children.entry(node.parent.filter(|parent| known.contains(parent))).or_default().push(node);
    }
    let first: Vec<&Node> = match below {
        Some(below) => nodes.iter().filter(|node| node.id == below).collect(),
        None => children.get(&None).cloned().unwrap_or_default(),
    };
    let mut paths: Vec<(DocumentId, Place)> = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    let mut open: Vec<(&Node, String)> = first.into_iter().rev().map(|node| (node, String::new())).collect();
    while let Some((node, above)) = open.pop() {
        let place: Place = place_of(node, &above, &mut taken);
        let below: &[&Node] = children.get(&Some(node.id)).map(Vec::as_slice).unwrap_or_default();
        open.extend(below.iter().rev().map(|child| (*child, place.directory.clone())));
        paths.push((node.id, place));
    }
    paths
}

fn place_of(node: &Node, above: &str, taken: &mut HashSet<String>) -> Place {
    let wanted: String = node.file_name.clone().unwrap_or_else(|| format!("{}.md", safe(&node.title)));
    let is_folder: bool = !is_markdown(&wanted);
    let (stem, end): (String, String) = if is_folder {
        (wanted, ".md".to_owned())
    } else {
        let stem: &str = stem(&wanted);
        (stem.to_owned(), wanted[stem.len()..].to_owned())
    };
    let mut name: String = stem.clone();
    let mut n: usize = 2;
    while !taken.insert(format!("{above}{name}{end}")) {
        name = format!("{stem}-{n}");
        n += 1;
    }
    Place { file: format!("{above}{name}{end}"), directory: format!("{above}{name}/"), is_folder }
}

/// A title as every system takes it for a name.
fn safe(title: &str) -> String {
    let word = |letter: char| if letter.is_control() || "/\\:*?\"<>|".contains(letter) { '-' } else { letter };
    let name: String = title.chars().take(MOST_NAME).map(word).collect();
    let name: &str = name.trim().trim_matches('.');
    if name.is_empty() { "document".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    /// A path and what lies there.
    type File = (String, Vec<u8>);

    fn file(path: &str, bytes: &[u8]) -> File {
        (path.to_owned(), bytes.to_vec())
    }

    fn planned(files: &[File]) -> (Vec<Planned>, Imported) {
        let mut imported = Imported::default();
        let mut folder = Folder::default();
        for (n, (path, bytes)) in files.iter().enumerate() {
            folder.take(n, path, Some(bytes.as_slice()), &mut imported).unwrap();
        }
        let planned: Vec<Planned> = folder.pages(&mut imported);
        (planned, imported)
    }

    /// As the tree shows what was planned.
    fn nodes(planned: &[Planned]) -> Vec<Node> {
        let id = |n: usize| DocumentId(Uuid::from_u128(n as u128 + 1));
        let node = |(n, page): (usize, &Planned)| Node {
            id: id(n),
            parent: page.parent.map(id),
            slug: n.to_string(),
            title: title(&page.file_name).to_owned(),
            file_name: Some(page.file_name.clone()),
            incident: None,
            right_page: None,
            review_due_at: None,
            is_verified: false,
            must_review: false,
            is_template: false,
        };
        planned.iter().enumerate().map(node).collect()
    }

    /// What goes out of what was planned.
    fn out(planned: &[Planned], files: &[File]) -> BTreeMap<String, Vec<u8>> {
        let places: Vec<(DocumentId, Place)> = paths(&nodes(planned), None);
        let mut out: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (id, place) in places {
            let page: &Planned = &planned[usize::try_from(id.0.as_u128()).unwrap() - 1];
            if let Some((n, _)) = &page.text {
                let (written, _) = read(&files[*n].1).unwrap();
                let lines = if written.is_crlf { written.text.replace('\n', "\r\n") } else { written.text };
                let mark: &[u8] = if written.has_bom { MARK } else { b"" };
                out.insert(place.file, [mark, lines.as_bytes()].concat());
            }
            out.extend(page.files.iter().map(|file| files[file.n].clone()));
        }
        out
    }

    #[test]
    fn directories_are_the_pages_beside_them_or_pages_of_their_own() {
        let (found, imported) = planned(&[
            file("deploy.md", b"# a"),
            file("deploy/rollback.md", b"b"),
            file("deploy/figure.png", b"\x89PNG"),
            file("runbooks/cpu.md", b"c"),
        ]);
        let said: Vec<(Option<usize>, &str, bool)> =
            found.iter().map(|page| (page.parent, page.file_name.as_str(), page.text.is_some())).collect();
        assert_eq!(
            said,
            [(None, "deploy.md", true), (Some(0), "rollback.md", true), (None, "runbooks", false), (Some(2), "cpu.md", true)]
        );
        assert_eq!(found[0].files.len(), 1);
        assert!(imported.left_out.is_empty() && imported.altered.is_empty());
    }

    #[test]
    fn what_a_page_cannot_hold_is_said() {
        let (found, imported) =
            planned(&[file("a.md", b"a\r\nb\n"), file("sjis.md", b"\x82\xa0"), file("large.md", &vec![b'a'; MAX_TEXT + 1])]);
        assert_eq!(found.len(), 1);
        assert_eq!(imported.altered, ["a.md"]);
        let left: Vec<(String, LeftOut)> =
            vec![("sjis.md".to_owned(), LeftOut::NotText), ("large.md".to_owned(), LeftOut::TooLarge)];
        assert_eq!(imported.left_out, left);
        let mut imported = Imported::default();
        let too_large = Folder::default().take(0, "huge.png", None, &mut imported);
        assert!(too_large.is_ok() && imported.left_out == [("huge.png".to_owned(), LeftOut::TooLarge)]);
        let (_, imported) = planned(&[file("a.png", b"x")]);
        assert_eq!(imported.left_out, [("a.png".to_owned(), LeftOut::NoPage)]);
    }

    #[test]
    fn what_went_out_beside_a_page_is_its_file_again_and_no_page() {
        let (found, imported) = planned(&[
            file("deploy.md", b"# a"),
            file("deploy/_files/figure.png", b"\x89PNG\r\n\x1a\n"),
            file("deploy/_files/notes.md", b"# a text that was a file"),
            file("deploy/rollback.md", b"b"),
            file("ops/_files/log.txt", b"x"),
        ]);
        let names: Vec<&str> = found.iter().map(|page| page.file_name.as_str()).collect();
        assert_eq!(names, ["deploy.md", "rollback.md", "ops"]);
        let files = |page: &Planned| page.files.iter().map(|file| file.path.clone()).collect::<Vec<String>>();
        assert_eq!(files(&found[0]), ["deploy/_files/figure.png", "deploy/_files/notes.md"]);
        assert_eq!(files(&found[2]), ["ops/_files/log.txt"]);
        assert!(found[0].files.iter().all(Lying::is_ours) && imported.left_out.is_empty());
    }

    #[test]
    fn titles_become_names_that_every_system_takes() {
        assert_eq!((safe("a/b: c?"), safe(".."), safe("手順")), ("a-b- c-".to_owned(), "document".to_owned(), "手順".to_owned()));
    }

    proptest! {
        #[test]
        fn a_folder_goes_out_as_it_came(
            texts in prop::collection::btree_map(
                "[ab漢]{1,2}(/[ab漢]{1,2}){0,3}\\.(md|markdown|MD)",
                ("[a-z漢𠮷 #*\n]{0,40}", any::<bool>(), any::<bool>()),
                1..20,
            ),
            others in prop::collection::btree_map("[ab]{1,2}(/[ab]{1,2}){0,2}\\.png", prop::collection::vec(any::<u8>(), 0..20), 0..5),
        ) {
            let picture = |(path, bytes): (String, Vec<u8>)| (path, [b"\x89PNG".as_slice(), &bytes].concat());
            let mut came: BTreeMap<String, Vec<u8>> = others.into_iter().map(picture).collect();
            for (path, (text, is_crlf, has_bom)) in texts {
                let lines = if is_crlf { text.replace('\n', "\r\n") } else { text };
                let mark: &[u8] = if has_bom { MARK } else { b"" };
                came.insert(path, [mark, lines.as_bytes()].concat());
            }
            let files: Vec<File> = came.iter().map(|(path, bytes)| file(path, bytes)).collect();
            let (found, imported) = planned(&files);
            prop_assert!(imported.left_out.is_empty() && imported.altered.is_empty());
            prop_assert_eq!(out(&found, &files), came);
        }
    }
}
