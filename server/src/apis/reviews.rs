//! Looking back, composed from the rooms incidents, alerting and on-call by the laws of `model::review`.
//!
//! 1. Incidents and broken promises are asked of their room for the period, a team and a system.
//! 2. Alerts are those that fired in the period; of a team are those whose rule it owns, of a system those that carry its name.
//! 3. Pages are those of escalations: a page that went to a channel woke nobody in particular.
//! 4. Load is what was rendered of schedules in the period; swaps are proposed for the weeks to come.
//!
//! Sleep is reckoned on the clock of the house's business calendar: nobody has said in which zone they sleep.

mod alerts;
mod fairness;
mod lists;
mod pages;

use crate::apis::Door;
use crate::apis::incidents::names::Names;
use crate::apis::incidents::refusals::shown;
use crate::apis::incidents::shape::count;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::reviews::{ReviewQuery, ReviewView, ReviewsApi, TookView};
use alerts::Fired;
use async_trait::async_trait;
use figures::{Civil, Zone};
use incidents::{Breach, HandledIncident, Period};
use model::access::ReadConsole;
use model::business_time::BusinessCalendar;
use model::ids::TeamId;
use model::review::{self, Handled, Took};
use model::rota::local::Local;
use model::{Actor, Time};
use pages::PagedTo;

/// Answers the screen.
pub struct Adapter(pub Door);

const DAY_MS: i64 = 86_400_000;
/// What is looked back on where nobody says: four weeks.
const USUAL_DAYS: i64 = 28;
/// The longest stretch.
const MOST_DAYS: i64 = 400;

/// What was asked of the rooms.
pub struct Gathered {
    pub period: Period,
    pub incidents: Vec<HandledIncident>,
    pub breaches: Vec<Breach>,
    pub fired: Fired,
    pub pages: PagedTo,
    pub calendar: BusinessCalendar,
    pub names: Names,
}

#[async_trait]
impl ReviewsApi for Adapter {
    async fn review(&self, query: ReviewQuery) -> Result<ReviewView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let found: Gathered = self.gathered(&query).await?;
        let zone: &Zone = &self.0.visitor.viewer.zone;
        let handled: Vec<Handled> = found.incidents.iter().map(|incident| incident.handled).collect();
        let team: Option<String> = found.names.team(found.period.team);
        Ok(ReviewView {
            from: found.period.from,
            until: found.period.until,
            from_day: day_text(found.period.from, zone),
            until_day: day_text(found.period.until.plus_ms(-1), zone),
            incident_ack: took(&review::time_to_acknowledge(&handled)),
            incident_resolve: took(&review::time_to_resolve(&handled)),
            alert_ack: took(&review::time_to_acknowledge(&found.fired.handled)),
            alert_resolve: took(&review::time_to_resolve(&found.fired.handled)),
            n_incidents: count(found.incidents.len()),
            n_alerts: count(found.fired.rows.len()),
            n_breaches: count(found.breaches.len()),
            pages: pages::lines(&found.pages, &found.calendar, &found.names),
            noise: alerts::noise(&found.fired),
            fairness: fairness::all(&self.0, &found.period, team.as_deref(), &found.calendar).await?,
            teams: found.names.teams(),
            systems: systems(&found),
            opened: lists::opened(&query, &found),
            is_cut: found.fired.is_cut || found.pages.is_cut,
        })
    }
}

impl Adapter {
    fn actor(&self) -> Result<&Actor, ApiError> {
        self.0.visitor.actor.as_ref().ok_or(ApiError::SignedOut)
    }

    async fn gathered(&self, query: &ReviewQuery) -> Result<Gathered, ApiError> {
        let (actor, house): (&Actor, _) = (self.actor()?, &self.0.house);
        let names: Names = Names::of(&self.0).await?;
        let period: Period = period(query, house.clock.now(), &self.0.visitor.viewer.zone);
        let team: Option<String> = names.team(period.team);
        let fired: Fired = alerts::fired(&self.0, actor, &period, team.as_deref()).await?;
        Ok(Gathered {
            incidents: house.incidents.handled(actor, &period).await.map_err(shown)?,
            breaches: house.incidents.breaches(actor, &period).await.map_err(shown)?,
            pages: pages::of(&self.0, &period, &fired).await?,
            calendar: house.pay.business_calendar().await.map_err(|error| unavailable(&error))?,
            fired,
            names,
            period,
        })
    }
}

/// The days that are asked for, on the reader's clock; the last four weeks where none can be read.
fn period(query: &ReviewQuery, now: Time, zone: &Zone) -> Period {
    let today: Time = day(&day_text(now, zone), zone).unwrap_or(now);
    let until: Time = day(&query.until, zone).unwrap_or(today);
    let from: Time = day(&query.from, zone).unwrap_or(until.plus_ms(-(USUAL_DAYS - 1) * DAY_MS));
    let (from, last): (Time, Time) = if from <= until { (from, until) } else { (until, from) };
    let after: Time = next_day(last, zone);
    Period {
        from: from.max(after.plus_ms(-MOST_DAYS * DAY_MS)),
        until: after,
        team: query.team.parse::<TeamId>().ok(),
        system: Some(query.system.trim().to_owned()).filter(|system| !system.is_empty()),
    }
}

fn day(text: &str, zone: &Zone) -> Option<Time> {
    let local: Local = format!("{}T00:00", text.trim()).parse().ok()?;
    Some(Time(zone.instant(Civil::from_wall_ms(local.0.saturating_mul(1_000)))))
}

/// The first moment of the next day.
fn next_day(day: Time, zone: &Zone) -> Time {
    let wall_ms: i64 = zone.civil(day.0).wall_ms();
    let midnight: i64 = wall_ms - wall_ms.rem_euclid(DAY_MS) + DAY_MS;
    Time(zone.instant(Civil::from_wall_ms(midnight)))
}

fn day_text(at: Time, zone: &Zone) -> String {
    let Civil { year, month, day, .. } = zone.civil(at.0);
    format!("{year:04}-{month:02}-{day:02}")
}

fn took(took: &Took) -> TookView {
    TookView { figures: took.figures, n_not_yet: count(took.not_yet.len()) }
}

/// Every system that something happened to, by name.
fn systems(found: &Gathered) -> Vec<String> {
    let mut systems: Vec<String> = found.incidents.iter().flat_map(|incident| incident.systems.iter().cloned()).collect();
    systems.extend(found.fired.systems.iter().cloned());
    systems.extend(found.period.system.clone());
    systems.sort_unstable();
    systems.dedup();
    systems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokyo() -> Zone {
        Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    #[test]
    fn a_period_is_whole_days_on_the_readers_clock() {
        let now = Time(1_795_323_907_000); // 2026-11-22 14:05 in Tokyo
        let usual: Period = period(&ReviewQuery::default(), now, &tokyo());
        assert_eq!((day_text(usual.from, &tokyo()), usual.until.since(usual.from) / DAY_MS), ("2026-10-26".to_owned(), 28));
        assert_eq!(day_text(usual.until, &tokyo()), "2026-11-23");
        let ask =
            |from: &str, until: &str| ReviewQuery { from: from.to_owned(), until: until.to_owned(), ..ReviewQuery::default() };
        let turned: Period = period(&ask("2026-11-10", "2026-11-01"), now, &tokyo());
        assert_eq!((day_text(turned.from, &tokyo()), turned.until.since(turned.from) / DAY_MS), ("2026-11-01".to_owned(), 10));
        let long: Period = period(&ask("1990-01-01", "2026-11-01"), now, &tokyo());
        assert_eq!(long.until.since(long.from) / DAY_MS, MOST_DAYS);
    }
}
