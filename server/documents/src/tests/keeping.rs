//! What was said to be saved is there, whatever dies, and the log can be read at every step of being gathered.

use super::editor::Editor;
use super::{DAY, House, actor};
use crate::Code;
use crate::collab::{Faults, Step, frame};
use crate::store::collab as store;
use kernel::Tx;
use model::ids::DocumentId;
use sqlx::PgPool;
use std::sync::Arc;

fn faults(house: &House) -> Arc<Faults> {
    house.documents.collab.shared.faults.clone()
}

/// How often each of the first lines is there.
fn times_there(text: &str, n_lines: usize) -> Vec<usize> {
    (0..n_lines).map(|n| text.lines().filter(|line| *line == format!("行{n}")).count()).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_crash_loses_nothing_that_was_said_to_be_saved(pool: PgPool) {
    let mut house = House::new(pool);
    let id = house.text("").await;
    let mut editor = Editor::sits(&house, id, 1).await;
    let mut n_lines: usize = 0;
    for round in 0..10 {
        for _ in 0..20 {
            editor.adds(&format!("行{n_lines}\n")).await;
            n_lines += 1;
        }
        // In odd rounds it dies in the middle of it all.
        if round % 2 == 0 {
            editor.is_saved().await;
            let kept: String = house.beside().body(id).await.text;
            assert_eq!(times_there(&kept, n_lines), vec![1; n_lines]);
        }
        house.documents.crash();
        house = house.beside();
        editor.returns(&house, id, 1).await;
    }
    editor.is_saved().await;
    assert_eq!(times_there(&house.body(id).await.text, n_lines), vec![1; n_lines], "each once, also what nobody was told of");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_not_be_saved_is_shown_to_nobody_and_comes_again(pool: PgPool) {
    let house = House::new(pool);
    for step in [Step::Locked, Step::Appended, Step::Told] {
        let id = house.text("").await;
        let (mut one, mut other) = (Editor::sits(&house, id, 1).await, Editor::sits(&house, id, 2).await);
        faults(&house).set(Some(step));
        one.adds("消えない").await;
        one.adds("文字").await;
        let probe = one.probes().await;
        assert_eq!(one.is_closed().await, Code::Later, "{step:?}");
        assert!(!one.echoes.contains(&probe));
        assert_eq!((other.text(), house.beside().body(id).await.text), (String::new(), String::new()));
        faults(&house).set(None);
        one.returns(&house, id, 1).await;
        one.is_saved().await;
        other.until_text("消えない文字").await;
        assert_eq!(house.beside().body(id).await.text, "消えない文字");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_still_waits_is_not_said_to_be_saved_to_whoever_sends_it_again(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("").await;
    let mut editor = Editor::sits(&house, id, 1).await;
    // Whoever holds the row of the text lets nothing be written.
    let mut tx: Tx = house.db.begin().await.unwrap();
    store::lock_one(&mut tx, id).await.unwrap();
    editor.adds("まだ").await;
    editor.returns(&house, id, 1).await;
    let probe = editor.probes().await;
    editor.is_synced = false;
    editor.send(frame::step_1(&[0])).await;
    editor.until(|editor| editor.is_synced).await;
    assert!(!editor.echoes.contains(&probe), "it was answered after the probe, and the probe was not");
    tx.rollback().await.unwrap();
    editor.until(|editor| editor.echoes.contains(&probe)).await;
    assert_eq!(house.beside().body(id).await.text, "まだ");
}

async fn typed(house: &House, id: DocumentId, n: usize) {
    for at in 0..n {
        let text: String = format!("{}{at}\n", house.body(id).await.text);
        house.documents.put_text(&actor(1), id, &text, None).await.unwrap();
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_gathered_log_is_the_same_text_and_two_snapshots_are_kept(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("初め\n").await;
    for _ in 0..3 {
        typed(&house, id, 5).await;
        let before = house.body(id).await;
        assert!(house.documents.gather(id, house.now()).await.unwrap());
        assert!(!house.documents.gather(id, house.now()).await.unwrap(), "nothing is new");
        assert_eq!(house.beside().body(id).await, before);
    }
    assert_eq!(house.count("select count(*) from collab_snapshot").await, 2);
    assert_eq!(house.count("select count(*) from collab_update").await, 16, "all are younger than a week");
    house.clock.advance_ms(8 * DAY);
    typed(&house, id, 5).await;
    assert!(house.documents.gather(id, house.now()).await.unwrap());
    assert_eq!(house.count("select min(seq) from collab_update").await, 17, "what both snapshots hold and is old is gone");
    assert_eq!(house.documents.text_at(id, 3).await.unwrap(), None);
    assert!(house.documents.text_at(id, 18).await.unwrap().is_some());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_snapshot_that_can_not_be_read_costs_nothing(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("残る\n").await;
    for _ in 0..2 {
        typed(&house, id, 3).await;
        house.documents.gather(id, house.now()).await.unwrap();
    }
    let before = house.body(id).await;
    for broken in ["\\x00", "\\x0102"] {
        sqlx::query("update collab_snapshot set bin = $1::text::bytea where seq = (select max(seq) from collab_snapshot)")
            .bind(broken)
            .execute(house.db.pool())
            .await
            .unwrap();
        assert_eq!(house.beside().body(id).await, before);
    }
    sqlx::query("update collab_snapshot set bin = ''").execute(house.db.pool()).await.unwrap();
    assert_eq!(house.beside().body(id).await, before, "the whole log is there still");
    sqlx::query("delete from collab_update where seq = 4").execute(house.db.pool()).await.unwrap();
    assert!(house.beside().documents.text(id).await.is_err(), "never an empty text in its place");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_log_can_be_read_at_every_step_of_being_gathered(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("段階\n").await;
    typed(&house, id, 5).await;
    let before = house.body(id).await;
    for step in [Step::SnapshotSaved, Step::Gathered, Step::SnapshotsDropped, Step::ChangesDropped] {
        faults(&house).set(Some(step));
        assert!(house.documents.gather(id, house.now()).await.is_err());
        faults(&house).set(None);
        assert_eq!(house.beside().body(id).await, before, "{step:?}");
        assert_eq!(house.count("select count(*) from collab_snapshot").await, 0);
    }
    assert!(house.documents.gather(id, house.now()).await.unwrap());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_long_enough_is_gathered_by_itself(pool: PgPool) {
    let house = House::new(pool);
    let (rests, is_short) = (house.text("休む\n").await, house.text("短い\n").await);
    typed(&house, rests, 25).await;
    house.documents.gather_due(house.now()).await.unwrap();
    assert_eq!(house.count("select count(*) from collab_snapshot").await, 0, "somebody typed just now");
    house.clock.advance_ms(DAY);
    house.documents.gather_due(house.now()).await.unwrap();
    assert_eq!(house.count("select count(*) from collab_snapshot").await, 1);
    assert_eq!(house.body(is_short).await.text, "短い\n");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_drains_writes_what_was_taken_and_lets_everybody_go(pool: PgPool) {
    let house = House::new(pool);
    let id = house.text("").await;
    let mut editor = Editor::sits(&house, id, 1).await;
    editor.adds("最後の一文字").await;
    house.documents.drain().await;
    assert_eq!(editor.is_closed().await, Code::Later);
    let next = house.beside();
    editor.returns(&next, id, 1).await;
    editor.is_saved().await;
    assert_eq!(next.body(id).await.text, "最後の一文字");
    assert_eq!(house.documents.seat(id, super::editor::seat(1, true)).await.err(), Some(Code::Later));
}
