//! Many editors at once: they type, their sockets break, and in the end they must all have the same, each line once.

use super::editor::{Editor, Heard};
use super::places::{Address, Places};
use crate::error::Error;
use crate::line::ms_since;
use rand::Rng;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Nobody takes so long to agree.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether all agree.
const LOOK: Duration = Duration::from_millis(50);
/// Between a broken socket and the next one, at most.
const AWAY: u64 = 500;

/// How many at each document, and what they do.
pub(super) struct Crowd {
    pub(super) n_editors: usize,
    pub(super) every: Duration,
    /// On the average.
    pub(super) breaks_after: Option<Duration>,
    pub(super) lasts: Duration,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) equal_after_s: f64,
    pub(super) n_lost: f64,
    pub(super) n_doubled: f64,
    pub(super) n_lines: f64,
    pub(super) latencies_ms: Vec<f64>,
}

/// When each line was sent, by its editor and clock.
type Sent = Arc<Mutex<HashMap<(u64, u32), Instant>>>;
/// The text of each editor as of its last look.
type Texts = Arc<Mutex<HashMap<usize, String>>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Typing,
    Quiet,
    Over,
}

/// One editor with what it needs.
struct Member {
    number: usize,
    address: Address,
    every: Duration,
    breaks_after: Option<Duration>,
    sent: Sent,
    texts: Texts,
    phase: watch::Receiver<Phase>,
}

/// What one editor has to say afterwards.
struct Told {
    document: usize,
    lines: Vec<String>,
    latencies_ms: Vec<f64>,
}

impl Crowd {
    pub(super) async fn run(&self, places: &Places) -> Result<Outcome, Error> {
        let (phases, phase) = watch::channel(Phase::Typing);
        let texts: Texts = Texts::default();
        let mut members: Vec<JoinHandle<Result<Told, Error>>> = Vec::new();
        for document in 0..places.documents.len() {
            let sent: Sent = Sent::default();
            for editor in 0..self.n_editors {
                let member = Member {
                    number: members.len(),
                    address: places.address(document, editor),
                    every: self.every,
                    breaks_after: self.breaks_after,
                    sent: sent.clone(),
                    texts: texts.clone(),
                    phase: phase.clone(),
                };
                members.push(tokio::spawn(member.live(document)));
            }
        }
        tokio::time::sleep(self.lasts).await;
        let quiet_since: Instant = Instant::now();
        phases.send_replace(Phase::Quiet);
        let is_equal: bool = self.wait(&texts, members.len()).await;
        let equal_after_s: f64 = if is_equal { quiet_since.elapsed().as_secs_f64() } else { f64::NAN };
        phases.send_replace(Phase::Over);
        let mut told: Vec<Told> = Vec::new();
        for member in members {
            told.push(member.await??);
        }
        let mut outcome: Outcome = self.tally(places, told).await?;
        outcome.equal_after_s = equal_after_s;
        Ok(outcome)
    }

    /// Waits until the editors of each document have the same text.
    async fn wait(&self, texts: &Texts, n_members: usize) -> bool {
        let began: Instant = Instant::now();
        while began.elapsed() < PATIENCE {
            tokio::time::sleep(LOOK).await;
            let texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
            let is_same = |first: usize| {
                let text = texts.get(&first);
                text.is_some() && (first..first + self.n_editors).all(|number| texts.get(&number) == text)
            };
            if (0..n_members).step_by(self.n_editors).all(is_same) {
                return true;
            }
        }
        false
    }

    /// Counts every line in what somebody gets who comes afterwards, at every server.
    async fn tally(&self, places: &Places, told: Vec<Told>) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        let mut typed: HashMap<usize, Vec<String>> = HashMap::new();
        for one in told {
            outcome.latencies_ms.extend(one.latencies_ms);
            typed.entry(one.document).or_default().extend(one.lines);
        }
        for (document, lines) in typed {
            outcome.n_lines += lines.len() as f64;
            for server in 0..places.servers.len() {
                let mut late = Editor::new();
                late.connect(&places.address(document, server)).await?;
                let (n_lost, n_doubled) = count(&late.text(), &lines);
                outcome.n_lost += n_lost;
                outcome.n_doubled += n_doubled;
            }
        }
        Ok(outcome)
    }
}

/// Lines that are not there, and lines that are there once too often.
pub(super) fn count(text: &str, lines: &[String]) -> (f64, f64) {
    let all: Vec<&str> = text.lines().collect();
    let once: HashSet<&str> = all.iter().copied().collect();
    let n_lost: usize = lines.iter().filter(|line| !once.contains(line.as_str())).count();
    (n_lost as f64, (all.len() - once.len()) as f64)
}

impl Member {
    async fn live(mut self, document: usize) -> Result<Told, Error> {
        let mut editor = Editor::new();
        let mut latencies_ms: Vec<f64> = Vec::new();
        editor.connect(&self.address).await?;
        let mut ticks = tokio::time::interval(self.every);
        let mut looks = tokio::time::interval(LOOK);
        let mut breaks_at: tokio::time::Instant = self.next_break();
        while *self.phase.borrow() != Phase::Over {
            let is_typing: bool = *self.phase.borrow() == Phase::Typing;
            tokio::select! {
                _ = ticks.tick(), if is_typing => self.type_line(&mut editor).await,
                heard = editor.hear() => self.note(heard, editor.client(), &mut latencies_ms),
                () = tokio::time::sleep_until(breaks_at), if is_typing => {
                    editor.disconnect();
                    breaks_at = self.next_break();
                }
                _ = looks.tick() => self.look(&mut editor).await,
                _ = self.phase.changed() => {}
            }
        }
        let client: u64 = editor.client();
        let lines: Vec<String> = (1..=editor.n_lines()).map(|n| format!("{client}.{n}")).collect();
        Ok(Told { document, lines, latencies_ms })
    }

    /// Typed all the same while there is no socket.
    async fn type_line(&self, editor: &mut Editor) {
        let (clock, frame) = editor.type_line();
        if editor.is_connected() {
            let client: u64 = editor.client();
            self.sent.lock().unwrap_or_else(PoisonError::into_inner).insert((client, clock), Instant::now());
            // A socket that broke is opened again at the next look.
            let _ = editor.send(frame).await;
        }
    }

    /// What others typed; some servers send one's own back, too.
    fn note(&self, heard: Result<Heard, Error>, own: u64, latencies_ms: &mut Vec<f64>) {
        let Ok(Heard::Edit(blocks)) = heard else { return };
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        for (client, clocks) in blocks.into_iter().filter(|(client, _)| *client != own) {
            latencies_ms.extend(clocks.filter_map(|clock| sent.get(&(client, clock))).map(|at| ms_since(*at)));
        }
    }

    /// Comes back, and in the end says what it has.
    async fn look(&self, editor: &mut Editor) {
        if !editor.is_connected() {
            let away: u64 = rand::rng().random_range(0..AWAY);
            tokio::time::sleep(Duration::from_millis(away)).await;
            // What fails is tried again at the next look.
            let _ = editor.connect(&self.address).await;
        }
        if *self.phase.borrow() == Phase::Quiet {
            self.texts.lock().unwrap_or_else(PoisonError::into_inner).insert(self.number, editor.text());
        }
    }

    /// Breaks come at random, so many on the average.
    fn next_break(&self) -> tokio::time::Instant {
        let Some(mean) = self.breaks_after else { return tokio::time::Instant::now() + Duration::from_secs(86_400) };
        let share: f64 = rand::rng().random_range(0.001..1.0);
        tokio::time::Instant::now() + mean.mul_f64(-f64::ln(share))
    }
}
