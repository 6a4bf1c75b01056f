use super::{DAY_MS, World, board, grant, person, world};
use crate::{DRAFT_DAYS, Error, MOST_UNDO};
use dashboard::{Dashboard, Panel, Row, Said};
use kernel::Grant;
use model::access::EditDashboards;
use sqlx::PgPool;

fn editor() -> Grant<EditDashboards> {
    grant(1, "花子")
}

fn named(name: &str) -> impl Fn(&mut Dashboard) -> Result<(), Error> + Send + Sync + '_ {
    move |dashboard| {
        dashboard.title = Said::same(name);
        Ok(())
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn steps_are_kept_taken_back_and_saved_as_one_version(pool: PgPool) {
    let World { room, .. } = world(pool);
    let (me, grant) = (person(1), editor());
    assert!(!room.draft(me, "host").await.unwrap().is_kept);
    room.change_draft(&grant, me, "host", &named("One")).await.unwrap();
    let draft = room.change_draft(&grant, me, "host", &named("Two")).await.unwrap();
    assert_eq!((draft.n_undo, draft.base, draft.is_behind), (2, 0, false));
    assert_eq!(room.undo_draft(&grant, me, "host").await.unwrap().dashboard.title, Said::same("One"));
    assert!(!room.draft(person(2), "host").await.unwrap().is_kept, "it is nobody else's");
    assert_eq!(room.save_draft(&grant, me, "host", "named").await.unwrap(), 1);
    assert_eq!(room.one("host").await.unwrap().dashboard.title, Said::same("One"));
    assert!(!room.draft(me, "host").await.unwrap().is_kept);
    assert!(matches!(room.save_draft(&grant, me, "host", "").await, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_step_that_breaks_the_laws_is_not_taken(pool: PgPool) {
    let World { room, .. } = world(pool);
    let (me, grant) = (person(1), editor());
    room.change_draft(&grant, me, "host", &named("One")).await.unwrap();
    let twice = |dashboard: &mut Dashboard| {
        let panel = Panel { id: "same".to_owned(), width: 12, height: 7, ..Panel::default() };
        dashboard.rows.push(Row { panels: vec![panel.clone(), panel], ..Row::default() });
        Ok(())
    };
    assert!(matches!(room.change_draft(&grant, me, "host", &twice).await, Err(Error::Unlawful(_))));
    let elsewhere = |dashboard: &mut Dashboard| {
        "other".clone_into(&mut dashboard.slug);
        Ok(())
    };
    let draft = room.change_draft(&grant, me, "host", &elsewhere).await.unwrap();
    assert_eq!((draft.dashboard.slug.as_str(), draft.n_undo), ("host", 1), "an address is not changed by a step");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_is_behind_is_told_and_loses_nothing(pool: PgPool) {
    let World { room, .. } = world(pool);
    let (me, grant) = (person(1), editor());
    room.save(&grant, &board("shop", "Shop"), None, "").await.unwrap();
    room.change_draft(&grant, me, "shop", &named("Mine")).await.unwrap();
    room.save(&super::grant(2, "次郎"), &board("shop", "Theirs"), Some(1), "").await.unwrap();
    assert!(room.draft(me, "shop").await.unwrap().is_behind);
    assert!(matches!(room.save_draft(&grant, me, "shop", "").await, Err(Error::Stale { newest: 2, .. })));
    assert_eq!(room.draft(me, "shop").await.unwrap().dashboard.title, Said::same("Mine"));
    room.drop_draft(&grant, me, "shop").await.unwrap();
    assert_eq!(room.draft(me, "shop").await.unwrap().dashboard.title, Said::same("Theirs"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn drafts_remember_so_many_steps_and_wait_so_long(pool: PgPool) {
    let World { room, clock } = world(pool);
    let (me, grant) = (person(1), editor());
    for number in 0..MOST_UNDO + 5 {
        room.change_draft(&grant, me, "host", &named(&format!("Step {number}"))).await.unwrap();
    }
    assert_eq!(room.draft(me, "host").await.unwrap().n_undo, MOST_UNDO);
    clock.advance_ms(DRAFT_DAYS * DAY_MS + 1);
    room.tidy_up().await.unwrap();
    assert!(!room.draft(me, "host").await.unwrap().is_kept);
}
