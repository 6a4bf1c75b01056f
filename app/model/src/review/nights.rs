//! Who was paged when: by business time and holiday, and by the night. A night belongs to the day on which it begins.

use crate::Time;
use crate::business_time::{BusinessCalendar, day_at};
use crate::ids::PersonId;
use crate::pay::Night;
use crate::rota::offsets::Offsets;
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// When people sleep, if nothing else is set.
pub const USUAL_SLEEP: Night = Night { from: 22 * 60, until: 7 * 60 };
/// Pages closer than this wake somebody once.
pub const ONE_INTERRUPTION_MS: i64 = 30 * 60_000;

/// One page to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paged {
    pub person: PersonId,
    pub at: Time,
}

/// What one person was paged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPages {
    pub person: PersonId,
    /// Places in the list, ascending by time.
    pub pages: Vec<usize>,
    pub n_in_business: usize,
    /// On weekends and holidays, at any time of the day.
    pub n_on_days_off: usize,
    /// Nights with a page, and the places of those pages.
    pub nights: BTreeMap<NaiveDate, Vec<usize>>,
    /// How often somebody was woken: pages close together count once.
    pub n_interruptions: usize,
    /// The most nights in a row with a page.
    pub longest_run: usize,
}

impl PersonPages {
    /// Pages by night.
    #[must_use]
    pub fn n_at_night(&self) -> usize {
        self.nights.values().map(Vec::len).sum()
    }
}

/// Who was paged how often, the most first. `zone_of` is the person's own zone; without one the calendar's counts.
#[must_use]
pub fn by_person(
    pages: &[Paged],
    sleep: Night,
    calendar: &BusinessCalendar,
    zone_of: &BTreeMap<PersonId, Offsets>,
) -> Vec<PersonPages> {
    let mut places: BTreeMap<PersonId, Vec<usize>> = BTreeMap::new();
    for (place, page) in pages.iter().enumerate() {
        places.entry(page.person).or_default().push(place);
    }
    let counted = places.into_iter().map(|(person, mut places)| {
        places.sort_by_key(|place| (pages[*place].at, *place));
        of_person(person, &places, pages, sleep, calendar, zone_of.get(&person).unwrap_or(calendar.zone()))
    });
    let mut people: Vec<PersonPages> = counted.collect();
    people.sort_by_key(|person| (std::cmp::Reverse(person.pages.len()), person.person));
    people
}

fn of_person(
    person: PersonId,
    places: &[usize],
    pages: &[Paged],
    sleep: Night,
    calendar: &BusinessCalendar,
    zone: &Offsets,
) -> PersonPages {
    let mut nights: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
    let mut n_interruptions: usize = 0;
    let mut last: Option<Time> = None;
    for place in places {
        let at: Time = pages[*place].at;
        let Some(night) = night_of(at, sleep, zone) else {
            continue;
        };
        nights.entry(night).or_default().push(*place);
        // Who is up since the last page is not woken by the next.
        n_interruptions += usize::from(last.is_none_or(|last| at.since(last) >= ONE_INTERRUPTION_MS));
        last = Some(at);
    }
    let is_off = |at: Time| calendar.day_at(at).is_some_and(|day| !calendar.is_working_day(day));
    PersonPages {
        person,
        pages: places.to_vec(),
        n_in_business: places.iter().filter(|place| calendar.is_business(pages[**place].at)).count(),
        n_on_days_off: places.iter().filter(|place| is_off(pages[**place].at)).count(),
        longest_run: longest_run(&nights),
        nights,
        n_interruptions,
    }
}

/// The night in which a moment lies, named by the day on which it begins; none by day.
#[must_use]
pub fn night_of(at: Time, sleep: Night, zone: &Offsets) -> Option<NaiveDate> {
    let minute: u32 = u32::try_from(zone.local(at).second_of_day() / 60).unwrap_or(0);
    let day: NaiveDate = day_at(zone, at)?;
    if !sleep.has(minute) {
        return None;
    }
    let began_yesterday: bool = sleep.from >= sleep.until && minute < sleep.until;
    if began_yesterday { day.pred_opt() } else { Some(day) }
}

fn longest_run(nights: &BTreeMap<NaiveDate, Vec<usize>>) -> usize {
    let (mut longest, mut run): (usize, usize) = (0, 0);
    let mut before: Option<NaiveDate> = None;
    for night in nights.keys() {
        let follows: bool = before.is_some_and(|before| night.signed_duration_since(before) == TimeDelta::days(1));
        run = if follows { run + 1 } else { 1 };
        longest = longest.max(run);
        before = Some(*night);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::business_time::tests::{at, new_york, office, tokyo};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn page(n: u128, moment: &str) -> Paged {
        Paged { person: person(n), at: at(&format!("2026-09-{moment}:00+09:00")) }
    }

    #[test]
    fn nights_are_counted_by_the_day_on_which_they_begin() {
        // The 17th is a Thursday; the 21st a holiday.
        let pages = [
            page(1, "18T03:00"),
            page(2, "17T12:00"),
            page(1, "17T22:30"),
            page(1, "18T03:20"),
            page(1, "18T03:45"),
            page(1, "19T06:59"),
            page(1, "19T07:00"),
            page(1, "21T23:00"),
        ];
        let people: Vec<PersonPages> = by_person(&pages, USUAL_SLEEP, &office(), &BTreeMap::new());
        assert_eq!(people.iter().map(|found| found.person).collect::<Vec<PersonId>>(), [person(1), person(2)]);
        let first: &PersonPages = &people[0];
        assert_eq!(first.pages, [2, 0, 3, 4, 5, 6, 7]);
        let nights: Vec<(String, Vec<usize>)> =
            first.nights.iter().map(|(day, places)| (day.to_string(), places.clone())).collect();
        let expected = [("2026-09-17", vec![2, 0, 3, 4]), ("2026-09-18", vec![5]), ("2026-09-21", vec![7])];
        assert_eq!(nights, expected.map(|(day, places)| (day.to_owned(), places)));
        assert_eq!((first.n_interruptions, first.longest_run, first.n_at_night()), (4, 2, 6));
        assert_eq!((first.n_in_business, first.n_on_days_off), (0, 3));
        assert_eq!((people[1].n_in_business, people[1].n_at_night(), people[1].longest_run), (1, 0, 0));
    }

    #[test]
    fn somebody_abroad_sleeps_by_their_own_clock() {
        let pages = [page(1, "17T12:00")];
        let zones = BTreeMap::from([(person(1), new_york())]);
        let people: Vec<PersonPages> = by_person(&pages, USUAL_SLEEP, &office(), &zones);
        assert_eq!(people[0].nights.keys().map(ToString::to_string).collect::<Vec<String>>(), ["2026-09-16"]);
        assert_eq!(people[0].n_in_business, 1);
    }

    #[test]
    fn a_nap_by_day_is_a_night_of_its_own_day() {
        let nap = Night { from: 13 * 60, until: 15 * 60 };
        let found = |moment: &str| night_of(page(1, moment).at, nap, &tokyo()).map(|day| day.to_string());
        assert_eq!((found("17T14:00").as_deref(), found("17T15:00")), (Some("2026-09-17"), None));
    }

    proptest! {
        #[test]
        fn every_page_is_counted_once(pages in proptest::collection::vec((0u128..4, 0i64..100_000), 0..60)) {
            let start: Time = at("2026-08-20T00:00:00+09:00");
            let pages: Vec<Paged> =
                pages.into_iter().map(|(n, minute)| Paged { person: person(n), at: start.plus_ms(minute * 60_000) }).collect();
            let people: Vec<PersonPages> = by_person(&pages, USUAL_SLEEP, &office(), &BTreeMap::new());
            prop_assert_eq!(people.iter().map(|found| found.pages.len()).sum::<usize>(), pages.len());
            for found in people {
                let n_at_night: usize = found.n_at_night();
                prop_assert!(found.n_interruptions <= n_at_night && n_at_night + found.n_in_business <= found.pages.len());
                prop_assert!(found.longest_run <= found.nights.len());
                prop_assert_eq!(found.n_interruptions == 0, n_at_night == 0);
            }
        }
    }
}
