//! The notify room's door to the question whether the pager works.

use crate::apis::Door;
use crate::apis::channels::shape::{count, last_delivery, stuck_pages};
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::pager::{Ailment, PagerApi, PagerChannel, PagerProcess, PagerTrouble, PagerView, ProcessState, Verdict};
use async_trait::async_trait;
use model::Time;
use model::access::{ManageChannels, ReadConsole};
use notify::health::{ProcessHealth, share};
use notify::processes::ProcessRow;
use notify::troubles::{OpenTrouble, What};
use notify::{ChannelHealth, ChannelRow, Health};

/// A process that was not heard of for longer is shown as silent: as soon as it is missed.
const SILENT_MS: i64 = 60_000;
/// Each start of a process is another, and a day of restarts is no help to anybody.
const MOST_PROCESSES: usize = 20;

/// Answers the screen.
pub struct Adapter(pub Door);

fn shown(error: notify::Error) -> ApiError {
    unavailable(&error)
}

impl Adapter {
    async fn channels_in_use(&self) -> Result<Vec<ChannelRow>, ApiError> {
        let mut channels: Vec<ChannelRow> = self.0.house.notify.channels().await.map_err(shown)?;
        channels.retain(|channel| channel.enabled);
        Ok(channels)
    }
}

#[async_trait]
impl PagerApi for Adapter {
    async fn view(&self) -> Result<PagerView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let notify = &self.0.house.notify;
        let health: Health = notify.health().await.map_err(shown)?;
        let rows: Vec<ProcessRow> = notify.processes().await.map_err(shown)?;
        let troubles: Vec<OpenTrouble> = notify.troubles().await.map_err(shown)?;
        Ok(view(health, &rows, troubles))
    }

    async fn test_all(&self) -> Result<u32, ApiError> {
        let grant = self.0.admit::<ManageChannels>()?;
        let mut n_tests: u32 = 0;
        for channel in self.channels_in_use().await? {
            match self.0.house.notify.test_channel(&grant, &channel.name).await {
                Ok(_) => n_tests += 1,
                // Removed a moment ago: there is nothing to test any more.
                Err(notify::Error::NoChannel { .. }) => {}
                Err(error) => return Err(shown(error)),
            }
        }
        Ok(n_tests)
    }

    async fn is_set_up(&self) -> Result<bool, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.0.house.somebody_can_be_told().await.map_err(shown)
    }
}

fn view(health: Health, rows: &[ProcessRow], troubles: Vec<OpenTrouble>) -> PagerView {
    PagerView {
        now: health.now,
        verdict: halted(&troubles).unwrap_or_else(|| verdict(health.verdict())),
        processes: processes(rows, &health.processes, health.now),
        troubles: troubles.into_iter().map(trouble).collect(),
        unheard: health.undelivered.map_or(0, |undelivered| count(undelivered.n)),
        share_day: health.success_rate(),
        share_week: health.success_rate_of_week(),
        looked_at: health.looked_at,
        due: count(health.queue.due),
        sending: count(health.queue.sending),
        oldest_due: health.queue.oldest_due,
        oldest_unsent: health.queue.oldest_unsent_page,
        pages: count(health.speed.n),
        p50_ms: health.speed.p50_ms,
        p99_ms: health.speed.p99_ms,
        channels: health.channels.into_iter().map(channel).collect(),
    }
}

fn verdict(verdict: notify::health::Verdict) -> Verdict {
    use notify::health::Verdict as Found;
    match verdict {
        Found::NoChannel => Verdict::NoChannel,
        Found::AllOff => Verdict::AllOff,
        Found::Asleep { since } => Verdict::Asleep(since),
        Found::Overdue { since } => Verdict::Overdue(since),
        Found::Failing => Verdict::Failing,
        Found::Unheard { since } => Verdict::Unheard(since),
        Found::Unproven => Verdict::Unproven,
        Found::Works { channel, at } => Verdict::Works(channel, at),
    }
}

fn channel(health: ChannelHealth) -> PagerChannel {
    let has_failed: bool = health.last.is_some_and(|last| last.state == notify::State::Failed);
    PagerChannel {
        enabled: health.enabled,
        last_sent_at: health.last_sent_at,
        test: health.last_test.map(last_delivery),
        share_day: share(health.sent, health.failed),
        share_week: share(health.sent_week, health.failed_week),
        p50_ms: health.p50_ms,
        p99_ms: health.p99_ms,
        stuck: health.stuck.map(stuck_pages),
        trouble: health.last_error.filter(|_| has_failed),
        name: health.name,
    }
}

/// What keeps every page from going out, whatever got through before: the oldest of it.
fn halted(troubles: &[OpenTrouble]) -> Option<Verdict> {
    let halts = |known: &&OpenTrouble| matches!(known.what, What::EvaluatorLate | What::NotifierLate | What::DeliveriesLate);
    let oldest: &OpenTrouble = troubles.iter().filter(halts).min_by_key(|known| known.since)?;
    Some(Verdict::Halted(ailment(oldest.what), oldest.since))
}

fn ailment(what: What) -> Ailment {
    match what {
        What::ReplicaSilent => Ailment::ReplicaSilent,
        What::EvaluatorLate => Ailment::EvaluatorLate,
        What::NotifierLate => Ailment::NotifierLate,
        What::DeliveriesLate => Ailment::DeliveriesLate,
        What::ChannelFails => Ailment::ChannelFails,
    }
}

fn trouble(known: OpenTrouble) -> PagerTrouble {
    let of: Option<String> = match known.what {
        What::EvaluatorLate | What::DeliveriesLate => None,
        // `host/start`.
        What::ReplicaSilent | What::NotifierLate => known.subject.split('/').next().map(str::to_owned),
        What::ChannelFails => Some(known.subject),
    };
    PagerTrouble { what: ailment(known.what), of, since: known.since }
}

/// Those that live first, then those that are missed, each group with the one that was started last first.
fn processes(rows: &[ProcessRow], health: &[ProcessHealth], now: Time) -> Vec<PagerProcess> {
    let mut processes: Vec<PagerProcess> = rows.iter().map(|row| process(row, health, now)).collect();
    let rank = |state: ProcessState| match state {
        ProcessState::Lives => 0,
        ProcessState::Silent => 1,
        ProcessState::Left => 2,
    };
    processes.sort_by_key(|one| (rank(one.state), std::cmp::Reverse(one.started_at)));
    processes.truncate(MOST_PROCESSES);
    processes
}

fn process(row: &ProcessRow, health: &[ProcessHealth], now: Time) -> PagerProcess {
    let did: Option<&ProcessHealth> = health.iter().find(|one| one.name == row.name);
    let state: ProcessState = match row.left_at {
        Some(_) => ProcessState::Left,
        None if now.since(row.beat_at) > SILENT_MS => ProcessState::Silent,
        None => ProcessState::Lives,
    };
    PagerProcess {
        name: row.name.clone(),
        host: row.host.clone(),
        state,
        started_at: row.started_at,
        heard_at: row.left_at.unwrap_or(row.beat_at),
        evaluated_at: row.evaluated_at,
        looked_at: row.looked_at,
        attempts: did.map_or(0, |one| count(one.attempts)),
        lost: did.map_or(0, |one| count(one.lost)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_348_800_000);

    fn row(name: &str, started_ago_ms: i64, beat_ago_ms: i64, left: bool) -> ProcessRow {
        ProcessRow {
            name: name.to_owned(),
            host: "web-1".to_owned(),
            started_at: NOW.plus_ms(-started_ago_ms),
            beat_at: NOW.plus_ms(-beat_ago_ms),
            evaluated_at: None,
            passed_at: None,
            looked_at: None,
            left_at: if left { Some(NOW.plus_ms(-beat_ago_ms)) } else { None },
        }
    }

    #[test]
    fn processes_are_those_that_were_heard_of_and_not_those_that_sent() {
        let rows = [
            row("a/left", 900_000, 500_000, true),
            row("a/silent", 800_000, SILENT_MS + 1, false),
            row("a/old", 700_000, SILENT_MS, false),
            row("a/new", 10_000, 3_000, false),
        ];
        let sent = |name: &str| ProcessHealth { name: name.to_owned(), attempts: 7, lost: 1, last_attempt_at: NOW };
        let shown: Vec<PagerProcess> = processes(&rows, &[sent("a/silent"), sent("gone/long-ago")], NOW);
        let told: Vec<(&str, ProcessState, u32)> = shown.iter().map(|one| (one.name.as_str(), one.state, one.attempts)).collect();
        let expected = [
            ("a/new", ProcessState::Lives, 0),
            ("a/old", ProcessState::Lives, 0),
            ("a/silent", ProcessState::Silent, 7),
            ("a/left", ProcessState::Left, 0),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_halts_the_pager_comes_before_what_got_through() {
        let open = |what: What, ago_ms: i64| OpenTrouble {
            what,
            subject: "web-1/0199".to_owned(),
            since: NOW.plus_ms(-ago_ms),
            found_at: NOW,
        };
        assert_eq!(halted(&[open(What::ReplicaSilent, 9), open(What::ChannelFails, 9)]), None);
        let both = [open(What::DeliveriesLate, 5), open(What::EvaluatorLate, 9)];
        assert_eq!(halted(&both), Some(Verdict::Halted(Ailment::EvaluatorLate, NOW.plus_ms(-9))));
        assert_eq!(trouble(open(What::NotifierLate, 1)).of.as_deref(), Some("web-1"));
        assert_eq!(trouble(open(What::EvaluatorLate, 1)).of, None);
    }
}
