//! Zips. What comes from outside is bounded before it is believed: how many files, how large they are once unpacked, and where they want to lie.
//! Of what is in one, a single file at a time is in memory, on its way in and on its way out.

use super::super::attachments::MAX_BYTES;
use super::super::refused::Refused;
use std::collections::{BTreeMap, HashSet};
use std::io::{Cursor, Read, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Bytes of a zip, of all that is in it, and how many files that may be.
pub const MAX_PACKED: usize = 64 * 1024 * 1024;
pub const MOST_UNPACKED: usize = 256 * 1024 * 1024;
pub const MOST_FILES: usize = 5_000;
/// What each line of the list of a zip begins with (APPNOTE.TXT 6.3.10, 4.3.12). Of what else is in one, few hold it.
const LISTED: &[u8] = b"PK\x01\x02";
/// Bytes of a path.
const MAX_PATH: usize = 1_024;
/// What systems leave beside people's files.
const LEFTOVERS: [&str; 4] = ["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"];

/// A zip that came in. Its files are known by their paths and numbered in that order.
pub struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// Each path with its place in the zip.
    files: Vec<(String, usize)>,
}

impl Archive {
    /// Reads what is in a zip, and nothing of it.
    ///
    /// # Errors
    /// [`Refused::BadZip`], [`Refused::Large`], [`Refused::BadFile`].
    pub fn open(zip: Vec<u8>) -> Result<Self, Refused> {
        if zip.len() > MAX_PACKED {
            return Err(Refused::Large { what: "the zip", n: zip.len(), max: MAX_PACKED });
        }
        // Counted before the list is read: one of 64 MiB would be many times as much in memory. What it says of its own length is not believed.
        let n_listed: usize = zip.windows(LISTED.len()).filter(|bytes| *bytes == LISTED).count();
        if n_listed > MOST_FILES {
            return Err(Refused::Large { what: "the list of files", n: n_listed, max: MOST_FILES });
        }
        let mut zip: ZipArchive<Cursor<Vec<u8>>> = ZipArchive::new(Cursor::new(zip)).map_err(|error| bad(&error))?;
        let mut files: BTreeMap<String, usize> = BTreeMap::new();
        for place in 0..zip.len() {
            let entry = zip.by_index(place).map_err(|error| bad(&error))?;
            if !entry.is_file() {
                continue;
            }
            let Some(path) = path_of(entry.name_raw())? else {
                continue;
            };
            if files.insert(path.clone(), place).is_some() {
                return Err(Refused::BadFile { name: path, found: "a second file of that name".to_owned(), expected: "one" });
            }
        }
        Ok(Self { zip, files: files.into_iter().collect() })
    }

    /// One file; `None` when it is larger than any that a page may hold.
    ///
    /// # Errors
    /// [`Refused::BadZip`].
    pub fn read(&mut self, n: usize) -> Result<Option<Vec<u8>>, Refused> {
        let gone = || Refused::BadZip { reason: "a file that was in it is not there any more".to_owned() };
        let place: usize = self.files.get(n).map(|(_, place)| *place).ok_or_else(gone)?;
        let entry = self.zip.by_index(place).map_err(|error| bad(&error))?;
        let mut bytes: Vec<u8> = Vec::new();
        // One more than may be: what a zip says of its own sizes is not believed.
        let limit: u64 = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        entry.take(limit).read_to_end(&mut bytes).map_err(|error| Refused::BadZip { reason: error.to_string() })?;
        Ok(Some(bytes).filter(|bytes| bytes.len() <= MAX_BYTES))
    }

    /// Looks through all of it, one file after the other, until it comes to more than `most_bytes`.
    ///
    /// # Errors
    /// [`Refused::BadZip`], [`Refused::Large`], and what `look` refuses.
    pub fn look_through(
        &mut self,
        most_bytes: usize,
        mut look: impl FnMut(usize, &str, Option<&[u8]>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let mut left: usize = most_bytes;
        for n in 0..self.files.len() {
            let bytes: Option<Vec<u8>> = self.read(n)?;
            let size: usize = bytes.as_ref().map_or(MAX_BYTES + 1, Vec::len);
            left = left.checked_sub(size).ok_or_else(|| too_much("what is in the zip", most_bytes))?;
            look(n, &self.files[n].0, bytes.as_deref())?;
        }
        Ok(())
    }
}

/// A zip that goes out. The same files in the same order make the same bytes.
pub struct Packing {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    left: usize,
    most_bytes: usize,
}

impl Packing {
    /// An empty one, for so many bytes of files.
    #[must_use]
    pub fn new(most_bytes: usize) -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())), left: most_bytes, most_bytes }
    }

    /// Refuses a file that does not fit in, before anybody reads it.
    ///
    /// # Errors
    /// [`Refused::Large`].
    pub fn room_for(&self, n_bytes: usize) -> Result<(), Refused> {
        if n_bytes > self.left { Err(too_much("the folder", self.most_bytes)) } else { Ok(()) }
    }

    /// Puts a file in. No other lies there: [`free`] says where.
    ///
    /// # Errors
    /// [`Refused::Large`], [`Refused::BadZip`].
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), Refused> {
        self.room_for(bytes.len())?;
        self.left -= bytes.len();
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
        self.zip.start_file(path, options).map_err(|error| bad(&error))?;
        self.zip.write_all(bytes).map_err(|error| Refused::BadZip { reason: error.to_string() })
    }

    /// All of it.
    ///
    /// # Errors
    /// [`Refused::BadZip`].
    pub fn finish(self) -> Result<Vec<u8>, Refused> {
        Ok(self.zip.finish().map_err(|error| bad(&error))?.into_inner())
    }
}

/// A path that no other file has, and which is taken from now on.
#[must_use]
pub fn free(wanted: &str, taken: &mut HashSet<String>) -> String {
    let (stem, end): (&str, &str) = wanted.rfind('.').map_or((wanted, ""), |dot| wanted.split_at(dot));
    let mut path: String = wanted.to_owned();
    let mut n: usize = 2;
    while !taken.insert(path.clone()) {
        path = format!("{stem}-{n}{end}");
        n += 1;
    }
    path
}

fn too_much(what: &'static str, max: usize) -> Refused {
    Refused::Large { what, n: max.saturating_add(1), max }
}

/// All of a zip at once.
#[cfg(test)]
pub(crate) fn unpack(zip: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Refused> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    Archive::open(zip.to_vec())?.look_through(MOST_UNPACKED, |_, path, bytes| {
        files.insert(path.to_owned(), bytes.unwrap_or_default().to_vec());
        Ok(())
    })?;
    Ok(files)
}

/// A zip of files.
#[cfg(test)]
pub(crate) fn pack(files: BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, Refused> {
    let mut packing = Packing::new(usize::MAX);
    for (path, bytes) in files {
        packing.put(&path, &bytes)?;
    }
    packing.finish()
}

fn bad(error: &ZipError) -> Refused {
    Refused::BadZip { reason: error.to_string() }
}

/// The path of a file; `None` for what systems leave behind. Windows writes names in its own encoding and with its own separators.
fn path_of(raw: &[u8]) -> Result<Option<String>, Refused> {
    let name: String = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(raw).0.into_owned(),
    };
    let name: String = name.replace('\\', "/");
    let name: &str = name.strip_prefix("./").unwrap_or(&name);
    if name.split('/').any(|part| LEFTOVERS.contains(&part)) {
        return Ok(None);
    }
    let is_bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.chars().any(char::is_control);
    if name.len() > MAX_PATH || name.split('/').any(is_bad) {
        let found: String = "a path that leads elsewhere".to_owned();
        return Err(Refused::BadFile { name: name.chars().take(200).collect(), found, expected: "one inside the folder" });
    }
    Ok(Some(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_lie_inside_the_folder() {
        for (raw, expected) in [
            ("手順/復旧.md".as_bytes(), Some("手順/復旧.md")),
            (b"a\\b.md".as_slice(), Some("a/b.md")),
            (b"./a.md".as_slice(), Some("a.md")),
            (b"\x8e\xe8\x8f\x87.md".as_slice(), Some("手順.md")),
        ] {
            assert_eq!(path_of(raw).unwrap().as_deref(), expected);
        }
        assert_eq!(path_of(b"__MACOSX/a.md").unwrap(), None);
        for raw in ["../a.md", "/etc/passwd", "a/../../b", "a//b", "a\0b"] {
            assert!(path_of(raw.as_bytes()).is_err(), "{raw}");
        }
    }

    #[test]
    fn what_is_no_zip_or_too_much_is_refused() {
        assert!(matches!(unpack(b"not a zip"), Err(Refused::BadZip { .. })));
        let many: BTreeMap<String, Vec<u8>> = (0..=MOST_FILES).map(|n| (format!("{n}.md"), Vec::new())).collect();
        assert!(matches!(unpack(&pack(many).unwrap()), Err(Refused::Large { .. })));
        let listed: Vec<u8> = LISTED.repeat(MOST_FILES + 1);
        assert!(matches!(unpack(&listed), Err(Refused::Large { .. })), "it is refused before its list is read");
        let mut cut: Vec<u8> = pack([("a.md".to_owned(), vec![b'a'; 10_000])].into()).unwrap();
        cut.truncate(cut.len() / 2);
        assert!(unpack(&cut).is_err());
    }

    #[test]
    fn more_than_may_be_in_memory_is_refused_on_its_way_in_and_out() {
        let files: BTreeMap<String, Vec<u8>> = ["a.md", "b.md", "c.md"].map(|path| (path.to_owned(), vec![b'a'; 400])).into();
        let zip: Vec<u8> = pack(files).unwrap();
        let mut seen: Vec<String> = Vec::new();
        let looked = Archive::open(zip).unwrap().look_through(1_000, |_, path, _| {
            seen.push(path.to_owned());
            Ok(())
        });
        assert!(matches!(looked, Err(Refused::Large { max: 1_000, .. })), "{looked:?}");
        assert_eq!(seen, ["a.md", "b.md"], "nothing is read behind the limit");
        let mut packing = Packing::new(1_000);
        packing.put("a.md", &[b'a'; 600]).unwrap();
        assert!(matches!(packing.room_for(401), Err(Refused::Large { .. })));
        assert!(matches!(packing.put("b.md", &[b'a'; 600]), Err(Refused::Large { .. })));
    }

    #[test]
    fn no_two_files_lie_in_one_place() {
        let mut taken: HashSet<String> = HashSet::new();
        let names: [String; 3] = ["a.png", "a.png", "a"].map(|wanted| free(wanted, &mut taken));
        assert_eq!(names, ["a.png", "a-2.png", "a"]);
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(
            files in prop::collection::btree_map("[a-z漢]{1,8}(/[a-z漢]{1,8}){0,2}\\.md", prop::collection::vec(any::<u8>(), 0..300), 0..12),
        ) {
            let packed: Vec<u8> = pack(files.clone()).unwrap();
            prop_assert_eq!(&packed, &pack(files.clone()).unwrap());
            prop_assert_eq!(unpack(&packed).unwrap(), files);
        }

        #[test]
        fn whatever_comes_in_is_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _read = unpack(&bytes);
            let _headed = unpack(&[b"PK\x03\x04".as_slice(), &bytes].concat());
        }
    }
}
