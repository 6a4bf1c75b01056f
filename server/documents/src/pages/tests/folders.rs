//! Folders: in and out, byte for byte.

use super::world::{House, admin, manages, writer, writes};
use crate::error::Error;
use crate::pages::attachments::Attachment;
use crate::pages::folder::packed::{pack, unpack};
use crate::pages::folder::turns::{Folders, Turn};
use crate::pages::folder::{Imported, LeftOut};
use crate::pages::tree::Node;
use crate::pages::{Branch, Refused};
use crate::writing::Reason;
use model::ids::DocumentId;
use model::links::documents as ways;
use std::collections::BTreeMap;
use std::time::Duration;

type Folder = BTreeMap<String, Vec<u8>>;

fn folder(files: &[(&str, &[u8])]) -> Folder {
    files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()
}

async fn brought(house: &House, branch: Branch, zip: Vec<u8>) -> Result<Imported, Error> {
    let turn: Turn = house.documents.folder_turn().await?;
    house.documents.import_folder(&manages(), turn, branch.space(), None, zip).await
}

async fn import(house: &House, files: &Folder) -> Imported {
    brought(house, Branch::Technical, pack(files.clone()).unwrap()).await.unwrap()
}

async fn export(house: &House) -> Folder {
    let zip: Vec<u8> = house.documents.export_folder(&admin(), Branch::Technical.space(), None).await.unwrap();
    unpack(&zip).unwrap()
}

/// Why versions were kept, the newest first.
async fn reasons(house: &House, id: DocumentId) -> Vec<Reason> {
    let kept = house.documents.revisions(&writer(1), id, None, 10).await.unwrap();
    kept.into_iter().map(|revision| revision.reason).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_hundred_files_go_out_byte_for_byte_as_they_came(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let mut files: Folder = (0..195)
        .map(|n| {
            let text = format!(
                "# 手順 {n}\n\n- [ ] 𠮷野家 か\u{3099} 👩‍👩‍👧\n\n|a|b|\n|-|-|\n|{n}|2|\n\n```sh\nls  \n```\n\n\n末尾に改行なし"
            );
            (format!("部{}/手順-{n}.md", n % 7), text.into_bytes())
        })
        .collect();
    files.extend(folder(&[
        ("部1.md", b"# directory with a file of its own\r\n\r\nwindows\r\n"),
        ("空.md", b""),
        ("部2/図/構成.png", b"\x89PNG\r\n\x1a\nxxxx"),
        ("README.markdown", b"\xef\xbb\xbf# with a mark\n"),
        ("部3/---.md", b"---\ntitle: x\n---\n\n# a\n"),
    ]));
    let imported: Imported = import(&house, &files).await;
    assert_eq!((imported.n_attached, imported.left_out.len(), imported.altered.len()), (1, 0, 0));
    assert_eq!(export(&house).await, files);
    // Again: nothing is made twice.
    let again: Imported = import(&house, &files).await;
    assert_eq!((again.n_made, again.n_attached), (0, 0));
    assert_eq!(export(&house).await, files);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_comes_in_again_is_an_edit_and_what_is_written_goes_out(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    import(&house, &folder(&[("a.md", b"# a\n\none\n")])).await;
    let id = house.documents.tree(&writer(1), Branch::Technical.space()).await.unwrap()[0].id;
    house.write(id, "# a\n\none and two\n").await;
    assert_eq!(export(&house).await, folder(&[("a.md", b"# a\n\none and two\n")]));
    import(&house, &folder(&[("a.md", b"# a\n\nthree\n")])).await;
    assert_eq!(house.documents.text(id).await.unwrap().text, "# a\n\nthree\n");
    let kept: Vec<Reason> = reasons(&house, id).await;
    assert_eq!(kept, [Reason::Import, Reason::Auto], "what came, and before it what stood there");
    import(&house, &folder(&[("a.md", b"# a\n\nthree\n")])).await;
    assert_eq!(reasons(&house, id).await, kept, "the same text is no version of its own");
    // A page that was made here goes out by its title.
    house.make_in(Branch::Technical, Some(id), "新しい/手順", "x").await;
    let names: Vec<String> = export(&house).await.into_keys().collect();
    assert_eq!(names, ["a.md", "a/新しい-手順.md"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_not_come_in_is_said_and_what_leads_elsewhere_refuses_all(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let imported: Imported =
        import(&house, &folder(&[("a.md", b"a\r\nb\n"), ("b.md", b"\xff\xfe"), ("c.exe", b"MZ\x90\0\x03\0\0\0")])).await;
    assert_eq!((imported.n_made, imported.altered.as_slice()), (1, ["a.md".to_owned()].as_slice()));
    let left: Vec<&str> = imported.left_out.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(left, ["b.md", "c.exe"]);
    assert!(matches!(imported.left_out[0].1, LeftOut::NotText));
    let zip: Vec<u8> = pack(folder(&[("../a.md", b"a")])).unwrap();
    let refused = brought(&house, Branch::User, zip).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::BadFile { .. }))), "{refused:?}");
    assert!(house.documents.tree(&admin(), Branch::User.space()).await.unwrap().is_empty());
    let refused = brought(&house, Branch::User, b"PK nothing".to_vec()).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::BadZip { .. }))), "{refused:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_folder_that_is_too_much_is_refused_whole_in_both_directions(pool: sqlx::PgPool) {
    let mut house = House::new(pool).await;
    house.documents.folders = Folders::new(1, Duration::from_secs(30), 1_000);
    let text: Vec<u8> = [b"# a\n\n".as_slice(), &[b'a'; 400]].concat();
    let three: Folder = folder(&[("a.md", &text), ("b.md", &text), ("c.md", &text)]);
    let refused = brought(&house, Branch::Technical, pack(three).unwrap()).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Large { max: 1_000, .. }))), "{refused:?}");
    assert!(house.documents.tree(&admin(), Branch::Technical.space()).await.unwrap().is_empty(), "nothing came in");
    let two: Folder = folder(&[("a.md", &text), ("b.md", &text)]);
    assert_eq!(import(&house, &two).await.n_made, 2);
    assert_eq!(export(&house).await, two);
    house.make_in(Branch::Technical, None, "c", &"c".repeat(400)).await;
    let refused = house.documents.export_folder(&admin(), Branch::Technical.space(), None).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::Large { max: 1_000, .. }))), "{refused:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_comes_while_others_bring_in_a_folder_hears_so(pool: sqlx::PgPool) {
    let mut house = House::new(pool).await;
    house.documents.folders = Folders::new(1, Duration::ZERO, 1_000);
    let turn: Turn = house.documents.folder_turn().await.unwrap();
    let busy = house.documents.folder_turn().await;
    assert!(matches!(busy, Err(Error::Pages(Refused::Busy))), "{busy:?}");
    let busy = house.documents.export_folder(&admin(), Branch::Technical.space(), None).await;
    assert!(matches!(busy, Err(Error::Pages(Refused::Busy))), "{busy:?}");
    let zip: Vec<u8> = pack(folder(&[("a.md", b"a")])).unwrap();
    house.documents.import_folder(&manages(), turn, Branch::Technical.space(), None, zip).await.unwrap();
    assert_eq!(export(&house).await.len(), 1, "the turn is over with the folder");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn files_of_a_page_go_out_beside_it_and_are_its_files_elsewhere_with_the_links_to_them(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let top: DocumentId = house.make_in(Branch::Technical, None, "運用", "").await;
    let page: DocumentId = house.make_in(Branch::Technical, Some(top), "手順", "# 手順\n").await;
    let picture: &[u8] = b"\x89PNG\r\n\x1a\nxx";
    let file = house.documents.attach(&writes(1), page, "構成 図.png", picture).await.unwrap();
    let text: String = format!("# 手順\n\n![図]({})\n", ways::file(file));
    house.write(page, &text).await;
    let out: Folder = export(&house).await;
    let there: String = String::from_utf8(out["運用/手順.md"].clone()).unwrap();
    assert_eq!(there, "# 手順\n\n![図](手順/_files/構成%20図.png)\n");
    assert_eq!(out["運用/手順/_files/構成 図.png"], picture);
    // Elsewhere.
    let imported: Imported = brought(&house, Branch::User, pack(out.clone()).unwrap()).await.unwrap();
    assert_eq!((imported.n_attached, imported.left_out.len()), (1, 0));
    let nodes: Vec<Node> = house.documents.tree(&admin(), Branch::User.space()).await.unwrap();
    assert!(nodes.iter().all(|node| node.title != "_files"), "{nodes:?}");
    let copy: &Node = nodes.iter().find(|node| node.title == "手順").unwrap();
    let files: Vec<Attachment> = house.documents.attachments(&admin(), copy.id).await.unwrap();
    assert_eq!((files.len(), files[0].name.as_str(), files[0].id == file), (1, "構成 図.png", false));
    let written: String = house.documents.text(copy.id).await.unwrap().text;
    assert_eq!(written, format!("# 手順\n\n![図]({})\n", ways::file(files[0].id)));
    // Once more: nothing is attached twice, and nothing is written anew.
    let again: Imported = brought(&house, Branch::User, pack(out).unwrap()).await.unwrap();
    assert_eq!((again.n_made, again.n_attached), (0, 0));
    assert_eq!(house.documents.text(copy.id).await.unwrap().text, written);
}
