//! Pairs of senders: two Prometheus servers that scrape the same targets and both send, so that one may fail.
//!
//! Their samples carry two labels that are set in the sender's `external_labels`: which pair they come from (such as `cluster`) and from
//! which of the two (such as `__replica__`). Of each cluster one replica is *elected*: the first that is heard, until it has been silent for
//! half a minute and another one comes. Its samples are taken, without the replica's label; those of its *twins* are dropped, counted, and
//! answered as success, or the twin would send them for ever. The rules are those of Mimir and Cortex.
//!
//! Elections are held among the requests of one sender, which is a token: whoever may write could otherwise name another's cluster and
//! have its samples dropped. So both servers of a pair send with the same token.
//!
//! Nothing of it is kept: the clock and the order of arrival decide, and after a start the first comer is elected. Our own
//! replicas each hold elections of their own and may disagree for a while; then both replicas' samples of one series are taken, in
//! turns that are as far apart as their scrapes, and equal times are one sample in any case, see [`crate::duplicates`].

use std::collections::HashMap;
use std::sync::Mutex;

use model::Time;
use uuid::Uuid;

use crate::lock;

/// After so long a silence another replica is elected: Mimir's default, and two scrapes of 15 s.
const SILENCE_MS: i64 = 30_000;
/// Clusters whose replicas are told apart at once. What comes beyond that is taken as it is.
const MOST_CLUSTERS: usize = 4_096;
/// Those of one sender, so that nobody takes the room of all.
const MOST_OF_SENDER: usize = 1_024;
/// Names that are longer are taken as they are, so that what is kept stays small: 2 MB at most.
const LONGEST_NAME: usize = 256;
/// When there is no room, it is looked for no more often than this.
const SWEEP_MS: i64 = 1_000;

/// What becomes of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is taken as it is: it does not say that it comes from one of several.
    Unpaired,
    /// It is taken without the replica's label.
    Elected,
    /// It is dropped: the elected replica sends the same.
    Twin,
}

/// The replica of a cluster that is listened to.
#[derive(Debug)]
struct Elected {
    replica: Vec<u8>,
    heard_at: Time,
}

/// Who is elected in each cluster of a sender.
type ByCluster = HashMap<Vec<u8>, Elected>;

/// Who is elected in each cluster of each sender; `None` are those who send without a token.
#[derive(Debug)]
pub(crate) struct Elections {
    by_sender: HashMap<Option<Uuid>, ByCluster>,
    n_clusters: usize,
    swept_at: Time,
}

impl Elections {
    pub(crate) fn new() -> Self {
        Self { by_sender: HashMap::new(), n_clusters: 0, swept_at: Time(i64::MIN) }
    }

    /// Hears a replica of a sender's cluster. `now` is the time of arrival, whatever the times of the samples are.
    pub(crate) fn hear(&mut self, sender: Option<Uuid>, cluster: &[u8], replica: &[u8], now: Time) -> Verdict {
        if cluster.len() > LONGEST_NAME || replica.len() > LONGEST_NAME {
            return Verdict::Unpaired;
        }
        if let Some(elected) = self.by_sender.get_mut(&sender).and_then(|clusters| clusters.get_mut(cluster)) {
            return elected.hear(replica, now);
        }
        if !self.has_room(sender, now) {
            return Verdict::Unpaired;
        }
        let elected = Elected { replica: replica.to_vec(), heard_at: now };
        self.by_sender.entry(sender).or_default().insert(cluster.to_vec(), elected);
        self.n_clusters += 1;
        Verdict::Elected
    }

    /// Forgets clusters that are silent when there are too many.
    fn has_room(&mut self, sender: Option<Uuid>, now: Time) -> bool {
        if self.is_within(sender) {
            return true;
        }
        if now.0.saturating_sub(self.swept_at.0) < SWEEP_MS {
            return false;
        }
        self.swept_at = now;
        for clusters in self.by_sender.values_mut() {
            clusters.retain(|_, elected| !elected.is_silent(now));
        }
        self.by_sender.retain(|_, clusters| !clusters.is_empty());
        self.n_clusters = self.by_sender.values().map(HashMap::len).sum();
        self.is_within(sender)
    }

    fn is_within(&self, sender: Option<Uuid>) -> bool {
        let of_sender: usize = self.by_sender.get(&sender).map_or(0, HashMap::len);
        self.n_clusters < MOST_CLUSTERS && of_sender < MOST_OF_SENDER
    }
}

impl Elected {
    fn is_silent(&self, now: Time) -> bool {
        now.0.saturating_sub(self.heard_at.0) > SILENCE_MS
    }

    fn hear(&mut self, replica: &[u8], now: Time) -> Verdict {
        if self.replica == replica {
            self.heard_at = self.heard_at.max(now);
            return Verdict::Elected;
        }
        if !self.is_silent(now) {
            return Verdict::Twin;
        }
        self.replica = replica.to_vec();
        self.heard_at = now;
        Verdict::Elected
    }
}

/// Tells the replicas of all senders apart, when the settings name labels for it.
#[derive(Debug)]
pub(crate) struct Pairs {
    labels: Option<(String, String)>,
    elections: Mutex<Elections>,
}

impl Pairs {
    /// `labels` are the cluster's and the replica's, see [`crate::Config::ha_labels`].
    pub(crate) fn new(labels: Option<(String, String)>) -> Self {
        Self { labels, elections: Mutex::new(Elections::new()) }
    }

    /// For one request of `sender`; `None` when nothing is told apart.
    pub(crate) fn hearing(&self, sender: Option<Uuid>, now: Time) -> Option<Hearing<'_>> {
        let (cluster, replica) = self.labels.as_ref()?;
        Some(Hearing {
            elections: &self.elections,
            sender,
            now,
            cluster: cluster.as_bytes(),
            replica: replica.as_bytes(),
            last: None,
            verdict: Verdict::Unpaired,
            n_dropped: 0,
        })
    }
}

/// One request, series by series. All of them usually come from one replica, so it is heard once.
#[derive(Debug)]
pub(crate) struct Hearing<'a> {
    elections: &'a Mutex<Elections>,
    sender: Option<Uuid>,
    now: Time,
    cluster: &'a [u8],
    replica: &'a [u8],
    last: Option<(Vec<u8>, Vec<u8>, Verdict)>,
    verdict: Verdict,
    n_dropped: u64,
}

impl<'a> Hearing<'a> {
    /// Turns to the series with these labels.
    pub(crate) fn series(&mut self, labels: &[(&[u8], &[u8])]) -> Verdict {
        self.verdict = match (value_of(labels, self.cluster), value_of(labels, self.replica)) {
            (Some(cluster), Some(replica)) => self.hear(cluster, replica),
            _ => Verdict::Unpaired,
        };
        self.verdict
    }

    fn hear(&mut self, cluster: &[u8], replica: &[u8]) -> Verdict {
        if let Some((known_cluster, known_replica, verdict)) = &self.last
            && known_cluster == cluster
            && known_replica == replica
        {
            return *verdict;
        }
        let verdict: Verdict = lock::mutex(self.elections).hear(self.sender, cluster, replica, self.now);
        self.last = Some((cluster.to_vec(), replica.to_vec(), verdict));
        verdict
    }

    /// Turns to a series whose labels can't be read.
    pub(crate) fn bad_series(&mut self) {
        self.verdict = Verdict::Unpaired;
    }

    /// The label that the elected replica's series lose.
    pub(crate) fn replica_label(&self) -> &'a [u8] {
        self.replica
    }

    /// Whether `n` samples of the current series are a twin's; then they are counted.
    pub(crate) fn drops(&mut self, n: u64) -> bool {
        let is_twin: bool = self.verdict == Verdict::Twin;
        if is_twin {
            self.n_dropped = self.n_dropped.saturating_add(n);
        }
        is_twin
    }

    /// How many samples were dropped.
    pub(crate) fn n_dropped(&self) -> u64 {
        self.n_dropped
    }
}

fn value_of<'a>(labels: &[(&'a [u8], &'a [u8])], name: &[u8]) -> Option<&'a [u8]> {
    labels.iter().find(|(have, _)| *have == name).map(|(_, value)| *value).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: &[u8] = b"a";
    const B: &[u8] = b"b";

    #[test]
    fn the_first_is_elected_until_it_has_been_silent_for_half_a_minute() {
        let mut elections = Elections::new();
        let mut hear = |replica: &[u8], seconds: i64| elections.hear(None, b"tokyo", replica, Time(seconds * 1_000));
        assert_eq!(hear(A, 0), Verdict::Elected);
        assert_eq!(hear(B, 1), Verdict::Twin);
        assert_eq!(hear(A, 15), Verdict::Elected);
        assert_eq!(hear(B, 45), Verdict::Twin);
        assert_eq!(hear(B, 46), Verdict::Elected);
        // The other one is back, and waits in its turn.
        assert_eq!(hear(A, 47), Verdict::Twin);
        assert_eq!(hear(B, 61), Verdict::Elected);
        assert_eq!(hear(A, 92), Verdict::Elected);
    }

    #[test]
    fn clusters_elect_for_themselves() {
        let mut elections = Elections::new();
        assert_eq!(elections.hear(None, b"tokyo", A, Time(0)), Verdict::Elected);
        assert_eq!(elections.hear(None, b"osaka", B, Time(0)), Verdict::Elected);
        assert_eq!(elections.hear(None, b"osaka", A, Time(1)), Verdict::Twin);
    }

    #[test]
    fn nobody_speaks_for_anothers_cluster() {
        let mut elections = Elections::new();
        let (one, other) = (Some(Uuid::from_u128(1)), Some(Uuid::from_u128(2)));
        assert_eq!(elections.hear(other, b"tokyo", B, Time(0)), Verdict::Elected);
        assert_eq!(elections.hear(one, b"tokyo", A, Time(1)), Verdict::Elected);
        assert_eq!(elections.hear(one, b"tokyo", B, Time(2)), Verdict::Twin);
        assert_eq!(elections.hear(None, b"tokyo", B, Time(3)), Verdict::Elected);
    }

    #[test]
    fn nobody_takes_the_room_of_all() {
        let mut elections = Elections::new();
        let (one, other) = (Some(Uuid::from_u128(1)), Some(Uuid::from_u128(2)));
        for number in 0..MOST_OF_SENDER {
            assert_eq!(elections.hear(one, number.to_string().as_bytes(), A, Time(0)), Verdict::Elected);
        }
        assert_eq!(elections.hear(one, b"one more", A, Time(1)), Verdict::Unpaired);
        assert_eq!(elections.hear(other, b"one more", A, Time(1)), Verdict::Elected);
    }

    #[test]
    fn what_there_is_no_room_for_is_taken_as_it_is() {
        let mut elections = Elections::new();
        for number in 0..MOST_CLUSTERS {
            let sender: Option<Uuid> = Some(Uuid::from_u128((number / MOST_OF_SENDER) as u128));
            assert_eq!(elections.hear(sender, number.to_string().as_bytes(), A, Time(0)), Verdict::Elected);
        }
        assert_eq!(elections.hear(None, b"one more", A, Time(SILENCE_MS)), Verdict::Unpaired);
        assert_eq!(elections.hear(Some(Uuid::from_u128(0)), b"0", B, Time(SILENCE_MS)), Verdict::Twin);
        // Looked for a moment ago: not again.
        assert_eq!(elections.hear(None, b"one more", A, Time(SILENCE_MS + 1)), Verdict::Unpaired);
        assert_eq!(elections.hear(None, b"one more", A, Time(SILENCE_MS + SWEEP_MS)), Verdict::Elected);
        assert_eq!((elections.by_sender.len(), elections.n_clusters), (1, 1));
        assert_eq!(elections.hear(None, &[b'x'; LONGEST_NAME + 1], A, Time(0)), Verdict::Unpaired);
    }

    #[test]
    fn a_series_is_judged_by_both_its_labels() {
        let pairs = Pairs::new(Some(("cluster".to_owned(), "__replica__".to_owned())));
        let of = |replica: &'static [u8]| -> [(&'static [u8], &'static [u8]); 3] {
            [(b"__name__", b"up"), (b"__replica__", replica), (b"cluster", b"tokyo")]
        };
        let mut first = pairs.hearing(None, Time(0)).unwrap();
        assert_eq!(first.series(&of(A)), Verdict::Elected);
        assert!(!first.drops(1));
        let mut second = pairs.hearing(None, Time(1)).unwrap();
        assert_eq!(second.series(&of(B)), Verdict::Twin);
        assert!(second.drops(2));
        assert_eq!(second.series(&of(B)[1..2]), Verdict::Unpaired);
        assert!(!second.drops(1));
        assert_eq!(second.series(&of(B)), Verdict::Twin);
        second.bad_series();
        assert!(!second.drops(1));
        assert_eq!((first.n_dropped(), second.n_dropped()), (0, 2));
        assert!(Pairs::new(None).hearing(None, Time(0)).is_none());
    }

    proptest! {
        #[test]
        fn never_are_two_taken_within_a_silence(heard in proptest::collection::vec((0_u8..3, 0_i64..20_000), 1..200)) {
            let mut elections = Elections::new();
            let mut now: i64 = 0;
            let mut taken: Option<(u8, i64)> = None;
            for (replica, later_ms) in heard {
                now += later_ms;
                let verdict: Verdict = elections.hear(None, b"tokyo", &[replica], Time(now));
                let may: bool = taken.is_none_or(|(other, at)| other == replica || now - at > SILENCE_MS);
                prop_assert_eq!(verdict == Verdict::Elected, may);
                if may {
                    taken = Some((replica, now));
                }
            }
        }
    }
}
