//! The list behind a number.

use super::Gathered;
use super::pages;
use crate::apis::alerting::shape;
use crate::apis::incidents::shape::count;
use ::api::Text;
use ::api::reviews::{NOT_YET, ReviewItem, ReviewListView, ReviewQuery};
use incidents::{Breach, HandledIncident};
use model::Time;
use model::ids::PersonId;
use model::review::nights::{PersonPages, USUAL_SLEEP, night_of};
use model::review::noise::{self, Noise};
use model::review::{self, Handled, Took};

/// Lines of a list.
const MOST: usize = 500;

/// The list that an address opens; none where it opens none.
pub fn opened(query: &ReviewQuery, found: &Gathered) -> Option<ReviewListView> {
    match query.list.as_str() {
        "breaches" => Some(whole(found.breaches.iter().map(breach).collect(), String::new())),
        "pages" | "nights" => query.of.parse::<PersonId>().ok().map(|person| of_person(person, query.list == "nights", found)),
        "paged" | "idle" => Some(of_source(&query.of, query.list == "idle", found)),
        list => timed(list, found),
    }
}

/// Those a duration was counted of, or those it can't be counted of yet.
fn timed(list: &str, found: &Gathered) -> Option<ReviewListView> {
    let (what, places): (&str, Places) = places_of(list);
    let incidents: Vec<Handled> = found.incidents.iter().map(|incident| incident.handled).collect();
    let alerts: &[Handled] = &found.fired.handled;
    Some(match what {
        "ack" => of_incidents(places(&review::time_to_acknowledge(&incidents)), found, |one| one.acknowledged_at),
        "resolve" => of_incidents(places(&review::time_to_resolve(&incidents)), found, |one| one.resolved_at),
        "alert-ack" => of_alerts(places(&review::time_to_acknowledge(alerts)), found, |one| one.acknowledged_at),
        "alert-resolve" => of_alerts(places(&review::time_to_resolve(alerts)), found, |one| one.resolved_at),
        _ => return None,
    })
}

/// Which of them a list is of.
type Places = fn(&Took) -> &[usize];

/// What is timed, and which of them a list is of.
fn places_of(list: &str) -> (&str, Places) {
    let what: Option<&str> = list.strip_suffix(NOT_YET);
    let places: Places = if what.is_some() { not_yet } else { counted };
    (what.unwrap_or(list), places)
}

fn counted(took: &Took) -> &[usize] {
    &took.counted
}

fn not_yet(took: &Took) -> &[usize] {
    &took.not_yet
}

/// A list, as much of it as is shown.
fn whole(mut items: Vec<ReviewItem>, of: String) -> ReviewListView {
    let n_counted: u32 = count(items.len());
    items.truncate(MOST);
    ReviewListView { items, n_counted, of }
}

fn of_incidents(places: &[usize], found: &Gathered, end: fn(&Handled) -> Option<Time>) -> ReviewListView {
    let one = |place: &usize| found.incidents.get(*place).map(|incident| incident_item(incident, end));
    whole(places.iter().filter_map(one).collect(), String::new())
}

fn incident_item(incident: &HandledIncident, end: fn(&Handled) -> Option<Time>) -> ReviewItem {
    ReviewItem::Incident {
        id: incident.id,
        title: incident.title.clone(),
        code: incident.code.clone(),
        severity: incident.severity,
        began_at: incident.handled.began_at,
        took_ms: took_ms(&incident.handled, end),
    }
}

fn of_alerts(places: &[usize], found: &Gathered, end: fn(&Handled) -> Option<Time>) -> ReviewListView {
    let one = |place: &usize| alert_item(*place, found, end);
    whole(places.iter().filter_map(one).collect(), String::new())
}

fn alert_item(place: usize, found: &Gathered, end: fn(&Handled) -> Option<Time>) -> Option<ReviewItem> {
    let (row, handled) = (found.fired.rows.get(place)?, found.fired.handled.get(place)?);
    let shaped = shape::row(row.clone());
    Some(ReviewItem::Alert {
        id: row.id,
        name: Text { ja: shaped.summary.ja, en: shaped.summary.en },
        severity: row.severity,
        began_at: handled.began_at,
        took_ms: took_ms(handled, end),
    })
}

fn took_ms(handled: &Handled, end: fn(&Handled) -> Option<Time>) -> Option<i64> {
    end(handled).map(|at| at.since(handled.began_at).max(0))
}

fn breach(breach: &Breach) -> ReviewItem {
    ReviewItem::Breach {
        id: breach.incident,
        title: breach.title.clone(),
        code: breach.code.clone(),
        severity: breach.severity,
        kind: breach.kind,
        due_at: breach.due_at,
        met_at: breach.met_at,
    }
}

/// The pages of one person, the newest first; only those of their nights.
fn of_person(person: PersonId, only_nights: bool, found: &Gathered) -> ReviewListView {
    let all: Vec<PersonPages> = pages::counted(&found.pages, &found.calendar);
    let own: Vec<usize> = all.into_iter().find(|one| one.person == person).map(|one| one.pages).unwrap_or_default();
    let mut items: Vec<ReviewItem> = own.iter().rev().filter_map(|place| page_item(*place, found)).collect();
    items.retain(|item| !only_nights || matches!(item, ReviewItem::Page { night: Some(_), .. }));
    whole(items, found.names.person(person).name)
}

fn page_item(place: usize, found: &Gathered) -> Option<ReviewItem> {
    let (paged, (alerts, policy)) = (found.pages.paged.get(place)?, found.pages.about.get(place)?);
    let night = night_of(paged.at, USUAL_SLEEP, found.calendar.zone());
    Some(ReviewItem::Page {
        at: paged.at,
        alerts: alerts.clone(),
        policy: policy.clone(),
        night: night.map(|day| day.to_string()),
    })
}

/// The alerts of one source that paged, or of those the ones that led to nothing.
fn of_source(source: &str, only_idle: bool, found: &Gathered) -> ReviewListView {
    let noise: Vec<Noise> = noise::by_source(&found.fired.outcomes);
    let own: Option<Noise> = noise.into_iter().find(|noise| noise.source == source);
    let places: Vec<usize> = own.map(|noise| if only_idle { noise.idle } else { noise.paged }).unwrap_or_default();
    let items = places.iter().filter_map(|place| alert_item(*place, found, |one| one.resolved_at)).collect();
    whole(items, source.chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::{Places, places_of};
    use model::review::Took;

    #[test]
    fn what_has_not_happened_has_a_list_of_its_own() {
        let took = Took { figures: None, counted: vec![0, 2], not_yet: vec![1] };
        let of = |list: &str| -> (String, Vec<usize>) {
            let (what, places): (&str, Places) = places_of(list);
            (what.to_owned(), places(&took).to_vec())
        };
        assert_eq!(of("alert-ack"), ("alert-ack".to_owned(), vec![0, 2]));
        assert_eq!(of("alert-ack-not-yet"), ("alert-ack".to_owned(), vec![1]));
    }
}
