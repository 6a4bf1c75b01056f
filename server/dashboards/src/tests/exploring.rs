use super::{World, grant, person, world};
use crate::{LONGEST_KEPT, MOST_KEPT};
use kernel::Grant;
use model::access::ReadMetrics;
use sqlx::PgPool;

fn reader(n: u128) -> Grant<ReadMetrics> {
    grant(n, "花子")
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_somebody_asked_is_found_again_the_newest_first_and_by_nobody_else(pool: PgPool) {
    let World { room, clock } = world(pool);
    let asked = |text: &str| vec![text.to_owned()];
    for text in ["up", "node_load1", "up"] {
        clock.advance_ms(60_000);
        room.explore_note(&reader(1), person(1), &asked(text)).await.unwrap();
    }
    assert_eq!(room.explored(&reader(1), person(1)).await.unwrap(), ["up", "node_load1"]);
    clock.advance_ms(60_000);
    let both = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(room.explore_note(&reader(1), person(1), &both).await.unwrap(), ["a", "b", "up", "node_load1"]);
    assert!(room.explored(&reader(2), person(2)).await.unwrap().is_empty());
    room.explore_forget(&reader(1), person(1)).await.unwrap();
    assert!(room.explored(&reader(1), person(1)).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_the_last_ones_are_kept_and_what_is_too_long_is_not(pool: PgPool) {
    let World { room, clock } = world(pool);
    for number in 0..MOST_KEPT + 5 {
        clock.advance_ms(1_000);
        room.explore_note(&reader(1), person(1), &[format!("m{number}")]).await.unwrap();
    }
    let kept: Vec<String> = room.explored(&reader(1), person(1)).await.unwrap();
    assert_eq!((kept.len(), kept[0].as_str()), (MOST_KEPT, "m54"));
    for odd in ["m".repeat(LONGEST_KEPT + 1), " ".to_owned(), "a\0b".to_owned()] {
        assert_eq!(room.explore_note(&reader(1), person(1), &[odd]).await.unwrap()[0], "m54");
    }
}
