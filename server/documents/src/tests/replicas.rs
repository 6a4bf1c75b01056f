//! Two processes over one database.

use super::editor::Editor;
use super::{House, actor, person};
use sqlx::PgPool;
use std::collections::BTreeSet;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A process that hears the others until it is dropped.
struct Running {
    house: House,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn runs(house: House) -> Running {
    let task = tokio::spawn(crate::collab::replicas::run(house.documents.clone(), CancellationToken::new()));
    Running { house, task }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn edits_and_carets_reach_those_at_another_process(pool: PgPool) {
    let here = runs(House::new(pool));
    let there = runs(here.house.beside());
    let id = here.house.text("共有\n").await;
    let (mut one, mut other) = (Editor::sits(&here.house, id, 1).await, Editor::sits(&there.house, id, 2).await);
    one.adds("こちらから\n").await;
    other.until_text("共有\nこちらから\n").await;
    other.adds("あちらから\n").await;
    one.until_text("共有\nこちらから\nあちらから\n").await;
    let client: u64 = one.client();
    one.moves(1, r#"{"cursor":{"anchor":3}}"#).await;
    other.until(|editor| editor.carets.contains_key(&client)).await;
    let present: BTreeSet<_> = there.house.documents.present(id).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(present, BTreeSet::from([person(1), person(2)]));
    drop(one);
    other.until(|editor| editor.carets[&client].state == "null").await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_processes_that_write_at_once_keep_one_order(pool: PgPool) {
    let here = runs(House::new(pool));
    let there = runs(here.house.beside());
    let id = here.house.text("").await;
    let (mut one, mut other) = (Editor::sits(&here.house, id, 1).await, Editor::sits(&there.house, id, 2).await);
    for n in 0..50 {
        one.types(0, 0, &format!("a{n}\n")).await;
        other.types(0, 0, &format!("b{n}\n")).await;
    }
    one.is_saved().await;
    other.is_saved().await;
    let whole = |editor: &Editor| editor.text().lines().collect::<BTreeSet<_>>().len() == 100;
    one.until(whole).await;
    other.until(whole).await;
    let kept = here.house.beside().body(id).await;
    assert_eq!((one.text(), other.text(), kept.seq), (kept.text.clone(), kept.text.clone(), 100));
    assert_eq!(kept.text.lines().count(), 100, "each once");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_process_that_heard_nothing_finds_out_when_it_looks(pool: PgPool) {
    let here = House::new(pool);
    let deaf = here.beside();
    let id = here.text("前").await;
    let mut editor = Editor::sits(&deaf, id, 2).await;
    here.documents.put_text(&actor(1), id, "前後", None).await.unwrap();
    deaf.documents.look_at_heads().await;
    editor.until_text("前後").await;
    // What a deaf process writes is numbered behind what it has not read yet, which it reads first.
    here.documents.put_text(&actor(1), id, "前後左", None).await.unwrap();
    editor.types(0, 0, "右").await;
    editor.until_text("右前後左").await;
    assert_eq!(deaf.documents.text(id).await.unwrap().seq, 4);
}
