//! Who sits at a document and what they may: readers, liars, those who send nonsense, and those who never read.

use super::editor::{Editor, seat};
use super::{House, actor, person};
use crate::collab::frame;
use crate::collab::{MOST_FRAME_BYTES, MOST_TEXT_BYTES, Refused};
use crate::error::Error;
use crate::{Code, Out};
use bytes::Bytes;
use kernel::Tx;
use model::ids::DocumentId;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

const CHANGES: &str = "select count(*) from collab_update";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_reader_types_is_dropped_and_never_said_to_be_saved(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("読むだけ").await;
    let mut writer = Editor::sits(&house, id, 1).await;
    let mut reader = Editor::reads(&house, id, 7).await;
    reader.types(0, 0, "書いた").await;
    let probe = reader.probes().await;
    writer.adds("。").await;
    writer.is_saved().await;
    reader.until(|editor| editor.text().ends_with('。')).await;
    assert_eq!(house.body(id).await.text, "読むだけ。");
    assert!(!reader.echoes.contains(&probe));
    reader.connection.inlet.may_write(true);
    reader.until(|editor| editor.echoes.contains(&probe)).await;
    assert_eq!(house.body(id).await.text, "書いた読むだけ。", "once they may, what they have is asked for");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_forged_name_is_written_over_for_everybody(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("").await;
    let (mut liar, mut other) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
    liar.moves(1, r#"{"user":{"name":"社長","id":"x"},"cursor":{"anchor":1}}"#).await;
    let client: u64 = liar.client();
    other.until(|editor| editor.carets.contains_key(&client)).await;
    liar.until(|editor| editor.carets.contains_key(&client)).await;
    let said: Value = serde_json::from_str(&other.carets[&client].state).unwrap();
    assert_eq!((said["user"]["name"].as_str(), said["cursor"]["anchor"].as_i64()), (Some("person 1"), Some(1)));
    // Whoever speaks for another is passed over.
    other.says_of(client, 9, "null").await;
    other.moves(1, "{}").await;
    let own: u64 = other.client();
    liar.until(|editor| editor.carets.contains_key(&own)).await;
    assert_eq!(liar.carets[&client].clock, 1);
    assert_eq!(house.documents.present(id).await, [(person(1), "person 1".to_owned()), (person(2), "person 2".to_owned())]);
    drop(liar);
    other.until(|editor| editor.carets[&client].state == "null").await;
    assert_eq!(house.documents.present(id).await, [(person(2), "person 2".to_owned())]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nonsense_ends_with_its_code_and_leaves_nothing(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("無事").await;
    let before: i64 = house.count(CHANGES).await;
    let mut other = Editor::sits(&house, id, 2).await;
    let whole: Bytes = other.edit(0, 0, "半分");
    let frames: Vec<(Bytes, Code)> = vec![
        (whole.slice(..whole.len() - 1), Code::Malformed),
        (Bytes::from_static(&[0, 2, 200, 1]), Code::Malformed),
        (Bytes::from_static(&[2, 1]), Code::Malformed),
        (Bytes::from_static(&[9, 9]), Code::Malformed),
        (Bytes::new(), Code::Malformed),
        (Bytes::from_static(&[1, 3, 1, 7, 1]), Code::Malformed),
        (frame::update(&[1, 1, 7, 0, 5, 1, 4, b'b', b'o', b'd', b'y', 2, b'{', b'}', 0]), Code::Malformed),
        // A letter behind itself, and two of two editors, each behind the other: the library would wait for them for ever.
        (frame::update(&[1, 1, 7, 0, 0x84, 7, 0, 1, b'a', 0]), Code::Malformed),
        (frame::update(&[2, 1, 8, 0, 0x84, 7, 0, 1, b'a', 1, 7, 0, 0x84, 8, 0, 1, b'b', 0]), Code::Malformed),
        (Bytes::from(vec![0; 2 * MOST_FRAME_BYTES]), Code::TooLarge),
        (frame::update(&vec![0; 300 << 10]), Code::TooLarge),
    ];
    for (frame, code) in frames {
        let mut liar = Editor::sits(&house, id, 1).await;
        liar.send(frame.clone()).await;
        assert_eq!(liar.is_closed().await, code, "{:?}", &frame[..frame.len().min(20)]);
    }
    assert_eq!((house.count(CHANGES).await, house.body(id).await.text.as_str()), (before, "無事"));
    other.send(whole).await;
    other.is_saved().await;
    assert_eq!(house.body(id).await.text, "半分無事", "the others go on");
    assert_eq!(house.beside().body(id).await.text, "半分無事", "and the log is read as before");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_text_that_would_be_too_large_is_not_kept(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text(&"あ".repeat(MOST_TEXT_BYTES / 3 - 20)).await;
    let mut editor = Editor::sits(&house, id, 1).await;
    editor.adds("二十個まで").await;
    editor.is_saved().await;
    editor.adds(&"これは入らない".repeat(3)).await;
    assert_eq!(editor.is_closed().await, Code::TooLarge);
    assert!(house.body(id).await.text.ends_with("二十個まで"));
    let large: String = "x".repeat(MOST_TEXT_BYTES + 1);
    let put = house.documents.put_text(&actor(1), id, &large, None).await;
    assert!(matches!(put, Err(Error::Collab(Refused::TooLarge { .. }))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_document_that_is_not_there_or_not_any_more_is_not_opened(pool: PgPool) {
    let house = House::new(pool);
    let unknown = DocumentId(Uuid::nil());
    assert_eq!(house.documents.seat(unknown, seat(1, true)).await.err(), Some(Code::Unknown));
    let id = house.text("消える").await;
    let mut editor = Editor::sits(&house, id, 1).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    assert!(house.documents.delete_text_in(&mut tx, id, house.now()).await.unwrap());
    tx.commit().await.unwrap();
    let before: i64 = house.count(CHANGES).await;
    editor.adds("まだ書く").await;
    assert_eq!(editor.is_closed().await, Code::Deleted);
    assert_eq!(house.documents.seat(id, seat(1, true)).await.err(), Some(Code::Deleted));
    assert_eq!(house.count(CHANGES).await, before);
    assert_eq!(house.documents.n_open(), 0, "a failed opening opens nothing");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_never_reads_is_let_go_and_the_others_go_on(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("").await;
    let mut silent = Editor::sits(&house, id, 3).await;
    let (mut writer, mut reader) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
    let block: String = "x".repeat(200 << 10);
    for n in 0..25 {
        writer.types(0, 0, &block).await;
        writer.types(0, u32::try_from(block.len()).unwrap(), &format!("{n} ")).await;
        writer.is_saved().await;
        reader.until(|editor| editor.text().starts_with(&format!("{n} "))).await;
    }
    assert_eq!(silent.connection.outlet.next().await, Out::Close(Code::Slow));
    silent.returns(&house, id, 3).await;
    assert_eq!(silent.text(), reader.text());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_it_concerns_is_looked_at_again(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("").await;
    let (mut one, mut other) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
    house.documents.rights_changed(Some(id), Some(person(1)));
    loop {
        if one.connection.outlet.next().await == Out::Recheck {
            break;
        }
    }
    one.connection.inlet.close(Code::Forbidden);
    assert_eq!(one.is_closed().await, Code::Forbidden);
    other.adds("続き").await;
    other.is_saved().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn opening_a_thousand_documents_writes_nothing(pool: PgPool) {
    let house = House::new(pool);
    let mut ids: Vec<DocumentId> = Vec::new();
    let mut tx: Tx = house.db.begin().await.unwrap();
    for n in 0..1_000 {
        let id = DocumentId(kernel::ids::new_uuid());
        house.documents.create_in(&mut tx, id, &format!("文書 {n}"), &actor(1), house.now()).await.unwrap();
        ids.push(id);
    }
    tx.commit().await.unwrap();
    let before: i64 = house.count(CHANGES).await;
    let mut editors: Vec<Editor> = Vec::new();
    for id in &ids {
        let mut editor = Editor::sits(&house, *id, 1).await;
        editor.is_saved().await;
        editors.push(editor);
    }
    assert_eq!((house.documents.n_open(), house.count(CHANGES).await), (1_000, before));
    assert_eq!(house.count("select coalesce(max(head_seq), 0) from collab_doc").await, 1);
}
