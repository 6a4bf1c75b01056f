//! The drill: once a day every channel in use gets a test page, because a pager that nobody has heard for a week is a hope.
//!
//! A test is a delivery like any other; its key names the day and the channel, so that any number of processes, however often started,
//! send one. It goes out at the configured time of the organisation's day. A server that was down then makes it up the same day, but not in
//! the night. One failure may be a provider's bad minute: five minutes later it is tried again. When that fails too, the other channels tell
//! of it, and tell again when something got through: of this trouble, and of one that pages themselves ran into (`watch/channels.rs`).

use crate::house_error::chain;
use crate::watch::words;
use crate::wiring::{Failure, House};
use chrono::{DateTime, Timelike};
use chrono_tz::Tz;
use kernel::{Ticks, Tx};
use model::{Severity, Time, links};
use notify::troubles::{OpenTrouble, Trouble, What};
use notify::{ChannelRow, DeliveryRow, Filter, Kind, NewDelivery, State};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How long after its time a test may still begin: of ten in the morning until eight in the evening.
const MAY_BE_LATE: u32 = 600;
/// Between a test that failed and the second one.
const AGAIN_MS: i64 = 300_000;
/// Tests of one channel that are looked through: people test by hand too.
const MOST_TESTS: i64 = 100;
/// As much of an error as is told.
const MOST_REASON: usize = 300;
const MINUTE_MS: i64 = 60_000;

/// The drill of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Day {
    /// As in keys: `2026-11-22`.
    name: String,
    /// When it was to begin.
    due: Time,
    /// Whether it may still begin.
    is_open: bool,
}

/// What there is to do about one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    /// Ask for the first test.
    First,
    /// Ask for the second one, at this moment.
    Second(Time),
    /// Both failed: since when, and of what last.
    Failed {
        since: Time,
        reason: String,
        last: Time,
    },
}

/// Tests channels until `stop`.
pub async fn run(house: House, stop: CancellationToken) {
    let mut ticks = Ticks::every(LOOK_EVERY, stop);
    while ticks.next().await {
        if let Err(error) = look(&house).await {
            tracing::warn!(error = chain(&*error), "the channels could not be tested");
        }
    }
}

/// Asks for what is due, and tells what failed.
///
/// # Errors
/// The database's.
pub async fn look(house: &House) -> Result<(), Failure> {
    let now: Time = house.clock.now();
    let watching = &house.config.watching;
    let mut channels: Vec<ChannelRow> = house.notify.channels().await?;
    channels.retain(|channel| channel.enabled);
    if let Some(day) = watching.drill_at.and_then(|at| day(at, house.config.zone, now)) {
        for channel in channels.iter().filter(|channel| !watching.drill_except.contains(&channel.name)) {
            test(house, &day, channel, now).await?;
        }
    }
    end_what_is_over(house, &channels).await
}

/// The drill of the day in which `now` lies; `None` before its time.
fn day(at_minutes: u32, zone: Tz, now: Time) -> Option<Day> {
    let local: DateTime<Tz> = now.to_utc().with_timezone(&zone);
    let minutes: u32 = local.hour() * 60 + local.minute();
    let late: u32 = minutes.checked_sub(at_minutes)?;
    let due: Time = now.plus_ms(-(i64::from(late) * MINUTE_MS + now.0.rem_euclid(MINUTE_MS)));
    Some(Day { name: local.format("%Y-%m-%d").to_string(), due, is_open: late < MAY_BE_LATE })
}

async fn test(house: &House, day: &Day, channel: &ChannelRow, now: Time) -> Result<(), Failure> {
    let tests: Vec<DeliveryRow> = tests_of(house, &channel.name, day.due).await?;
    match step(day, channel, &tests) {
        Step::Nothing => {}
        Step::First => ask(house, key(day, &channel.name, 1), &channel.name, now).await?,
        Step::Second(at) => ask(house, key(day, &channel.name, 2), &channel.name, at).await?,
        Step::Failed { since, reason, last } => {
            if !got_through(house, &channel.name, last).await? {
                house.notify.tell_trouble(&trouble(house, &channel.name, &reason, since)).await?;
            }
        }
    }
    Ok(())
}

/// What is to be done about a channel, by the tests of the day. One that was set up or changed after the time of the drill waits for
/// the next: whoever changed it tests it himself.
fn step(day: &Day, channel: &ChannelRow, tests: &[DeliveryRow]) -> Step {
    let of = |n: u32| tests.iter().find(|test| test.key == key(day, &channel.name, n));
    match (of(1), of(2)) {
        (None, _) if day.is_open && channel.changed_at <= day.due => Step::First,
        (Some(first), None) if first.state == State::Failed => Step::Second(first.ended_at.unwrap_or(first.at).plus_ms(AGAIN_MS)),
        (Some(first), Some(second)) if second.state == State::Failed => Step::Failed {
            since: first.ended_at.unwrap_or(first.at),
            reason: reason(second),
            last: second.ended_at.unwrap_or(second.at),
        },
        _ => Step::Nothing,
    }
}

fn key(day: &Day, channel: &str, n: u32) -> String {
    format!("drill/{}/{n}/{channel}", day.name)
}

fn reason(test: &DeliveryRow) -> String {
    let said: &str = test.last_error.as_deref().or(test.answer.as_deref()).unwrap_or("?");
    said.chars().take(MOST_REASON).collect()
}

/// A test asked for twice is one: its key is known.
async fn ask(house: &House, key: String, channel: &str, at: Time) -> Result<(), Failure> {
    let order = NewDelivery {
        group: key.clone(),
        key,
        kind: Kind::Test,
        channel: channel.to_owned(),
        next: Vec::new(),
        alerts: Vec::new(),
        why: "daily test".to_owned(),
        at,
    };
    let mut tx: Tx = house.db.begin().await?;
    house.notify.enqueue(&mut tx, &[order]).await?;
    tx.commit().await?;
    Ok(())
}

fn trouble(house: &House, channel: &str, reason: &str, since: Time) -> Trouble {
    Trouble {
        what: What::ChannelFails,
        subject: channel.to_owned(),
        severity: Severity::P2,
        name: words::channel_fails(channel),
        summary: words::channel_fails_because(channel, reason),
        since,
        without: Some(channel.to_owned()),
        url: Some(format!("{}{}", house.config.public_url, links::channel(channel))),
    }
}

/// A channel that delivers again, or that nobody uses any more, is no trouble, whether a test or the pages themselves had shown that it fails.
async fn end_what_is_over(house: &House, channels: &[ChannelRow]) -> Result<(), Failure> {
    let open: Vec<OpenTrouble> = house.notify.troubles().await?;
    for known in open.iter().filter(|known| known.what == What::ChannelFails) {
        let is_used: bool = channels.iter().any(|channel| channel.name == known.subject);
        if !is_used || got_through(house, &known.subject, known.since).await? {
            house.notify.end_trouble(known.what, &known.subject).await?;
        }
    }
    Ok(())
}

/// Whether anything was sent by a channel after that moment.
async fn got_through(house: &House, channel: &str, after: Time) -> Result<bool, Failure> {
    let filter = Filter {
        channel: Some(channel.to_owned()),
        state: Some(State::Sent),
        from: Some(after.plus_ms(-AGAIN_MS)),
        limit: MOST_TESTS,
        ..Filter::default()
    };
    let sent: Vec<DeliveryRow> = house.notify.deliveries(&filter).await?;
    Ok(sent.iter().any(|row| row.ended_at.is_some_and(|at| at > after)))
}

/// The tests of a channel that were asked for since then.
async fn tests_of(house: &House, channel: &str, from: Time) -> Result<Vec<DeliveryRow>, Failure> {
    let (channel, kind): (Option<String>, Option<Kind>) = (Some(channel.to_owned()), Some(Kind::Test));
    let filter = Filter { channel, kind, from: Some(from), limit: MOST_TESTS, ..Filter::default() };
    Ok(house.notify.deliveries(&filter).await?)
}

#[cfg(test)]
mod tests;
