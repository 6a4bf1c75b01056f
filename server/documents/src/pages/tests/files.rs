//! Files that belong to pages.

use super::world::{DAY, House, actor, writer, writes};
use crate::error::Error;
use crate::pages::attachments::{MAX_BYTES, Place};
use crate::pages::history::FILE_REMOVED;
use crate::pages::{Refused, sniff};
use model::Role;
use model::ids::AttachmentId;
use object_store::memory::InMemory;
use std::sync::Arc;

fn png(n_bytes: usize) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![7; n_bytes]].concat()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_file_comes_back_as_it_was_in_pieces_of_rows(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("a", "").await;
    let bytes: Vec<u8> = png(700_000);
    let id = house.documents.attach(&writes(1), page, "C:\\図\\構成.png", &bytes).await.unwrap();
    let handed = house.documents.attachment(&actor(5, Role::Viewer, &[]), id).await.unwrap();
    assert_eq!((handed.bytes, handed.attachment.name.as_str()), (bytes, "構成.png"));
    assert_eq!((handed.attachment.media_type.as_str(), handed.attachment.place), ("image/png", Place::Rows));
    let n: i64 = sqlx::query_scalar("select count(*) from doc_attachment_chunk").fetch_one(house.db.pool()).await.unwrap();
    assert_eq!(n, 3);
    assert_eq!(house.documents.attachments(&writer(1), page).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn where_an_object_store_is_set_up_bytes_go_there_and_are_swept_from_there(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let kept = Arc::new(InMemory::new());
    *house.around.files.lock().unwrap() = Some(kept);
    let page = house.make("a", "").await;
    let id = house.documents.attach(&writes(1), page, "a.txt", "文字".as_bytes()).await.unwrap();
    let handed = house.documents.attachment(&writer(2), id).await.unwrap();
    assert_eq!((handed.attachment.place, handed.bytes.as_slice()), (Place::Store, "文字".as_bytes()));
    assert_eq!(handed.attachment.media_type, sniff::TEXT);
    house.documents.detach(&writes(1), id).await.unwrap();
    assert!(house.documents.attachment(&writer(2), id).await.is_err());
    house.pass(31 * DAY).await;
    let n: i64 = sqlx::query_scalar("select count(*) from doc_attachment").fetch_one(house.db.pool()).await.unwrap();
    assert_eq!(n, 0);
    *house.around.files.lock().unwrap() = None;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_file_is_taken_away_once(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("a", "").await;
    let id = house.documents.attach(&writes(1), page, "a.txt", b"a").await.unwrap();
    let (first, second) = (writes(1), writes(2));
    let (one, other) = tokio::join!(house.documents.detach(&first, id), house.documents.detach(&second, id));
    let late = if one.is_ok() { other } else { one };
    assert!(matches!(late, Err(Error::Pages(Refused::NoAttachment(_)))), "{late:?}");
    assert_eq!(house.facts(page).await.iter().filter(|kind| *kind == FILE_REMOVED).count(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn programs_large_files_and_strangers_are_refused(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("a", "").await;
    let program = house.documents.attach(&writes(1), page, "a.png", b"MZ\x90\0\x03\0\0\0").await;
    assert!(matches!(program, Err(Error::Pages(Refused::BadFile { .. }))), "{program:?}");
    let large = house.documents.attach(&writes(1), page, "a.png", &png(MAX_BYTES)).await;
    assert!(matches!(large, Err(Error::Pages(Refused::Large { .. }))), "{large:?}");
    let nameless = house.documents.attach(&writes(1), page, "..", b"a").await;
    assert!(matches!(nameless, Err(Error::Pages(Refused::Empty { .. }))), "{nameless:?}");
    let nothing = house.documents.attachment(&writer(1), AttachmentId(uuid::Uuid::nil())).await;
    assert!(matches!(nothing, Err(Error::Pages(Refused::NoAttachment(_)))), "{nothing:?}");
    let id = house.documents.attach(&writes(1), page, "a.txt", b"a").await.unwrap();
    house.documents.throw_away(&writes(1), page, 1).await.unwrap();
    let trashed = house.documents.attachment(&writer(1), id).await;
    assert!(matches!(trashed, Err(Error::Pages(Refused::NoAttachment(_)))), "{trashed:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn bytes_that_changed_where_they_lie_are_not_handed_out(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("a", "").await;
    let id = house.documents.attach(&writes(1), page, "a.txt", b"a").await.unwrap();
    sqlx::query("update doc_attachment_chunk set bytes = 'b'").execute(house.db.pool()).await.unwrap();
    let bent = house.documents.attachment(&writer(1), id).await;
    assert!(matches!(bent, Err(Error::Pages(Refused::Unkept { .. }))), "{bent:?}");
}
