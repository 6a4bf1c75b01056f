//! Lists by urgency, with what the notifier noted: the same alerts in the same order, however they are asked for.

use super::muting::wanted;
use super::{House, MINUTE, ROUTES, S, responder};
use crate::alerts::{AlertRow, Filter, Place, Show, Tally};
use crate::store;
use model::ids::AlertId;
use sqlx::PgPool;

fn numbers(rows: &[AlertRow]) -> Vec<AlertId> {
    rows.iter().map(|row| row.id).collect()
}

impl House {
    async fn listed(&self, filter: &Filter) -> (Vec<AlertRow>, i64) {
        store::alerts::list_counted(&self.db, filter).await.unwrap()
    }

    /// The whole list, a few at a time, each part behind the last one of the part before it.
    async fn leafed_through(&self, filter: &Filter) -> Vec<AlertId> {
        let mut all: Vec<AlertId> = Vec::new();
        let mut after: Option<Place> = None;
        loop {
            let (rows, n_left): (Vec<AlertRow>, i64) = self.listed(&Filter { after, limit: 2, ..filter.clone() }).await;
            let Some(last) = rows.last() else {
                return all;
            };
            after = Some(Place::of(last));
            all.extend(numbers(&rows));
            let left: Vec<AlertRow> = self.listed(&Filter { after, limit: 100, ..filter.clone() }).await.0;
            assert_eq!(n_left, i64::try_from(rows.len() + left.len()).unwrap());
        }
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_needs_somebody_most_comes_first_however_the_list_is_read(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let mut alerts: Vec<i64> = Vec::new();
    for (turn, severity) in ["P2", "P0", "P3", "P2", "P0", "P1", "P2", "P3"].into_iter().enumerate() {
        alerts.push(house.fire("cpu", &format!("app-0{turn}"), severity).await);
        // Some fire in the same moment.
        house.clock.advance_ms(if turn.is_multiple_of(3) { S } else { 0 });
    }
    house.take(alerts[3]).await;
    house.take(alerts[4]).await;
    house.routing.create_silence(&responder(), wanted(&house, "host=~\"app-0[4567]\"", 60 * MINUTE)).await.unwrap();
    house.pass().await;
    let tally: Tally = store::alerts::tally(&house.db).await.unwrap();
    for (show, n) in [(Show::Open, 8), (Show::Unanswered, 3), (Show::Silenced, 4)] {
        let filter = Filter { show, limit: 100, ..Filter::default() };
        let (rows, n_all): (Vec<AlertRow>, i64) = house.listed(&filter).await;
        assert_eq!((n_all, filter.counted_by(&tally)), (n, Some(n)), "{show:?}");
        let mut sorted: Vec<AlertRow> = rows.clone();
        sorted.sort_by_key(|row| {
            let place: Place = Place::of(row);
            (place.severity, place.is_settled, place.since, place.id)
        });
        let expected: Vec<AlertId> = numbers(&sorted);
        assert_eq!(numbers(&rows), expected, "{show:?}");
        assert_eq!(house.leafed_through(&filter).await, expected, "{show:?}");
        let chosen = Filter { search: Some("APP-0".to_owned()), ..filter };
        assert_eq!((numbers(&house.listed(&chosen).await.0), chosen.counted_by(&tally)), (expected.clone(), None), "{show:?}");
        assert_eq!(house.leafed_through(&chosen).await, expected, "{show:?}");
    }
    let held = Filter { show: Show::Held, ..Filter::default() };
    assert_eq!(numbers(&house.listed(&held).await.0), [AlertId(alerts[4]), AlertId(alerts[3])], "the newest first");
}
