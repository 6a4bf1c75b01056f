//! Who is measured: our own server or a peer, behind the few things a bench asks of any of them.

use crate::door::Door;
use crate::error::Error;
use crate::house::{House, Setting};
use crate::peer::{Kind, Peer};
use crate::process;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The server looks for closed windows once a minute.
const COMPACTION: Duration = Duration::from_secs(75);
/// Prometheus looks for blocks to make once a minute, too.
const BLOCKS: Duration = Duration::from_secs(75);
/// VictoriaMetrics writes what it holds in memory within seconds.
const FLUSH: Duration = Duration::from_secs(10);
/// Bytes of all that is kept of samples, and how many samples that is. Batches are left out: they go when their half hour is over and
/// chunks stand for them. Roll-ups and the directory of series are in.
const KEPT: &str = "select coalesce(sum(pg_total_relation_size(oid)), 0), \
    (select coalesce(sum(n), 0) from metric_chunk) \
    from pg_class where relkind = 'r' and relname like 'metric\\_%' and relname not like 'metric\\_batch%'";
/// Bytes of the roll-ups alone, with the same number of samples.
const ROLLED: &str = "select coalesce(sum(pg_total_relation_size(oid)), 0), \
    (select coalesce(sum(n), 0) from metric_chunk) from pg_class where relkind = 'r' and relname like 'metric\\_roll%'";

/// Whom a bench measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Ours,
    Peer(Kind),
}

/// The peers, in the order in which they are measured.
pub const PEERS: [Kind; 2] = [Kind::Prometheus, Kind::VictoriaMetrics];

/// Where remote write goes, and with which token. No `Debug`, because of that.
#[derive(Clone)]
pub struct Target {
    /// Address and port.
    pub listen: String,
    /// Empty for those who ask for none.
    pub token: String,
}

/// A running one.
pub enum Contender {
    Ours(Box<House>),
    Peer(Box<Peer>),
}

/// How they are started.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// Samples may be so many hours late; 0 leaves that as shipped.
    pub late_hours: i64,
    /// Series that must fit; 0 leaves that as shipped.
    pub series: usize,
}

impl Ground {
    /// While a history is sent no window counts as closed: each is compacted once, when all of it is there.
    fn while_filled(&self) -> Vec<Setting> {
        let mut settings: Vec<Setting> = self.while_compacted();
        if self.late_hours > 0 {
            settings.push(("MIMAMORI_METRICS_COMPACT_AFTER", (self.late_hours * 60).to_string()));
        }
        settings
    }

    /// Until chunks stand for them, late samples are only looked for as long as they may be late.
    fn while_compacted(&self) -> Vec<Setting> {
        let mut settings: Vec<Setting> = vec![("MIMAMORI_RETENTION_DAYS", "60".to_owned())];
        if self.late_hours > 0 {
            settings.push(("MIMAMORI_METRICS_OUT_OF_ORDER", self.late_hours.to_string()));
        }
        if self.series > 0 {
            settings.push(("MIMAMORI_METRICS_MAX_SERIES", self.series.to_string()));
        }
        settings
    }
}

impl Contender {
    /// Starts an empty one; `None` when it is not installed.
    pub async fn open(who: Who, ground: &Ground) -> Result<Option<Self>, Error> {
        match who {
            Who::Ours => Ok(Some(Self::Ours(Box::new(House::set_up_with(ground.while_filled()).await?)))),
            Who::Peer(kind) => {
                let peer: Option<Peer> = Peer::open(kind, ground.late_hours > 0).await?;
                Ok(peer.map(|peer| Self::Peer(Box::new(peer))))
            }
        }
    }

    /// A client of its query API.
    pub fn door(&self) -> &Door {
        match self {
            Self::Ours(house) => &house.door,
            Self::Peer(peer) => &peer.door,
        }
    }

    /// Where samples go.
    pub fn target(&self) -> Target {
        match self {
            Self::Ours(house) => Target { listen: house.listen().to_owned(), token: house.door.token().to_owned() },
            Self::Peer(peer) => Target { listen: peer.listen.clone(), token: String::new() },
        }
    }

    /// The server's process; Postgres is a child of ours.
    pub fn pid(&self) -> Result<u32, Error> {
        let pid: Option<u32> = match self {
            Self::Ours(house) => house.pid(),
            Self::Peer(peer) => peer.pid(),
        };
        pid.ok_or(Error::TooLate { what: "the process" })
    }

    /// What must be asked for besides the question, so that the answer is computed and not remembered.
    pub fn beside_query(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Peer(peer) if peer.kind == Kind::VictoriaMetrics => Some(("nocache", "1")),
            _ => None,
        }
    }

    /// Lets it bring what it was given into the form in which it is kept, and waits for that. Its next start is as shipped again.
    pub async fn settle(&mut self, ground: &Ground) -> Result<(), Error> {
        eprintln!("   waiting for compaction");
        let least: Duration = match self {
            Self::Ours(house) => {
                house.stop().await?;
                house.set(ground.while_compacted());
                house.start().await?;
                house.set(Ground::default().while_compacted());
                COMPACTION
            }
            Self::Peer(peer) if peer.kind == Kind::Prometheus => BLOCKS,
            Self::Peer(peer) => {
                peer.door.order("/internal/force_flush").await?;
                peer.door.order("/internal/force_merge").await?;
                FLUSH
            }
        };
        process::settled(self.pid()?, least).await
    }

    /// Stops it and starts it again; how long the start took until it was ready.
    pub async fn restart(&mut self) -> Result<Duration, Error> {
        match self {
            Self::Ours(house) => {
                house.stop().await?;
                house.start().await
            }
            Self::Peer(peer) => {
                peer.stop().await?;
                peer.start().await
            }
        }
    }

    /// Tells it to stop and waits for its end.
    pub async fn stop(&mut self) -> Result<(), Error> {
        match self {
            Self::Ours(house) => house.stop().await,
            Self::Peer(peer) => peer.stop().await,
        }
    }

    /// What a sample takes on disk in the form in which it is kept. VictoriaMetrics does not say how many it holds: all that were sent.
    pub fn bytes_a_sample(&self, n_sent: u64) -> Result<f64, Error> {
        match self {
            Self::Ours(house) => each(&house.ask(KEPT)?),
            Self::Peer(peer) if peer.kind == Kind::Prometheus => blocks(&peer.data()),
            Self::Peer(peer) => {
                let (data, index) = (peer.data().join("data"), peer.data().join("indexdb"));
                Ok((bytes_under(&data) + bytes_under(&index)) as f64 / n_sent as f64)
            }
        }
    }

    /// Of that, what our roll-ups take; peers have none.
    pub fn rolled_bytes_a_sample(&self) -> Result<Option<f64>, Error> {
        match self {
            Self::Ours(house) => each(&house.ask(ROLLED)?).map(Some),
            Self::Peer(_) => Ok(None),
        }
    }
}

/// `bytes|samples`, as psql prints it.
fn each(row: &str) -> Result<f64, Error> {
    let numbers: Option<(f64, f64)> =
        row.trim().split_once('|').and_then(|(bytes, samples)| Some((bytes.parse().ok()?, samples.parse().ok()?)));
    match numbers {
        Some((bytes, samples)) if samples > 0.0 => Ok(bytes / samples),
        Some(_) => Err(Error::TooLate { what: "a compacted window" }),
        None => Err(Error::unreadable("the size of the tables", row)),
    }
}

/// Prometheus' finished blocks: each says how many samples it holds. The log and what is still in memory don't count.
fn blocks(data: &Path) -> Result<f64, Error> {
    let entries = fs::read_dir(data).map_err(Error::io("look for blocks"))?;
    let (mut bytes, mut samples) = (0_u64, 0_u64);
    for block in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        let Ok(meta) = fs::read_to_string(block.join("meta.json")) else { continue };
        let meta: Value = serde_json::from_str(&meta).map_err(|_| Error::unreadable("a block's meta.json", &meta))?;
        samples += meta.pointer("/stats/numSamples").and_then(Value::as_u64).unwrap_or(0);
        bytes += bytes_under(&block);
    }
    if samples == 0 {
        return Err(Error::TooLate { what: "a block" });
    }
    Ok(bytes as f64 / samples as f64)
}

/// Bytes of all files in a directory and below. What vanishes meanwhile counts nothing.
fn bytes_under(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok);
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_under(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_sizes_is_divided() {
        assert_eq!(each("300|600\n").unwrap(), 0.5);
        assert!(each("300|0").is_err());
        assert!(each("nothing").is_err());
    }

    #[test]
    fn blocks_say_how_many_samples_they_hold_and_the_rest_counts_nothing() {
        let place = tempfile::tempdir().unwrap();
        for name in ["01A", "01B", "wal"] {
            fs::create_dir_all(place.path().join(name).join("chunks")).unwrap();
            fs::write(place.path().join(name).join("chunks/000001"), [0_u8; 970]).unwrap();
        }
        assert!(blocks(place.path()).is_err());
        for name in ["01A", "01B"] {
            fs::write(place.path().join(name).join("meta.json"), r#"{"stats":{"numSamples":500}}  "#).unwrap();
        }
        assert_eq!(blocks(place.path()).unwrap(), 2.0);
    }
}
