use super::{World, board, grant, world};
use crate::file::FromFile;
use crate::kept::Origin;
use crate::{Dashboards, Error, Planned};
use dashboard::Dashboard;
use kernel::{Grant, Tx};
use model::access::{ApplyRules, EditDashboards};
use sqlx::PgPool;

fn files(dashboards: &[Dashboard]) -> Vec<FromFile> {
    dashboards.iter().map(|dashboard| FromFile { file: "a.yaml".to_owned(), dashboard: dashboard.clone() }).collect()
}

async fn apply(room: &Dashboards, dashboards: &[Dashboard]) -> Result<Planned, Error> {
    let applier: Grant<ApplyRules> = grant(9, "apply");
    let mut tx: Tx = room.db.begin().await?;
    let planned: Planned = room.apply_in(&mut tx, &applier, &files(dashboards)).await?;
    tx.commit().await?;
    Ok(planned)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn applying_twice_changes_nothing_and_says_so(pool: PgPool) {
    let World { room, .. } = world(pool);
    let both = [board("shop", "Shop"), room.one("host").await.unwrap().dashboard];
    let planned: Planned = room.plan(&files(&both)).await.unwrap();
    assert_eq!((planned.added.as_slice(), planned.same.as_slice()), (&["shop".to_owned()][..], &["host".to_owned()][..]));
    assert_eq!(apply(&room, &both).await.unwrap(), planned);
    assert_eq!(apply(&room, &both).await.unwrap().to_string(), "dashboards unchanged");
    let stored = room.one("shop").await.unwrap();
    assert_eq!((stored.version, stored.origin), (1, Origin::File));
    assert_eq!(room.one("host").await.unwrap().version, 0, "what is the same gets no version");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_saved_by_hand_is_overwritten_with_a_word_and_can_be_had_back(pool: PgPool) {
    let World { room, .. } = world(pool);
    let editor: Grant<EditDashboards> = grant(1, "花子");
    apply(&room, &[board("shop", "Shop")]).await.unwrap();
    room.save(&editor, &board("shop", "By hand"), Some(1), "").await.unwrap();
    let planned: Planned = apply(&room, &[board("shop", "Shop")]).await.unwrap();
    assert_eq!(planned.overwritten, ["shop"]);
    assert_eq!(room.version("shop", 2).await.unwrap().dashboard, board("shop", "By hand"));
    assert_eq!(room.one("shop").await.unwrap().version, 3);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_lies_in_the_trash_comes_out_of_it_and_the_rest_is_left_alone(pool: PgPool) {
    let World { room, .. } = world(pool);
    let editor: Grant<EditDashboards> = grant(1, "花子");
    apply(&room, &[board("shop", "Shop"), board("other", "Other")]).await.unwrap();
    room.remove(&editor, "shop").await.unwrap();
    let planned: Planned = apply(&room, &[board("shop", "Shop")]).await.unwrap();
    assert_eq!(planned.added, ["shop"]);
    assert_eq!(room.one("shop").await.unwrap().version, 2);
    assert!(room.one("other").await.is_ok());
    assert!(matches!(apply(&room, &[board("", "")]).await, Err(Error::Unlawful(_))));
}
