//! From the text of an answer to the samples that are written: labels of the target, relabelling, limits. Pure.
//!
//! What is read stands in one arena of bytes and not in a million small strings; the strings are made a few thousand at a time, when they
//! are written. The answer is taken whole or refused whole.

use model::Time;
use model::labels::Labels;

use super::config::{JobConfig, Limits};
use super::error::ScrapeError;
use super::relabel::relabel;
use crate::allowance::{Allowance, Unreadable};
use crate::exposition::{self, Family, Format, Line, Note, Sink};
use crate::ingest::{NOBODYS, Owned, OwnedExemplar};
use crate::labels;
use crate::sample::Sample;

/// Samples of one scrape, whatever the configuration allows.
const MOST_SAMPLES: usize = 1_000_000;
/// Labels of a sample before relabelling, whatever the configuration allows: relabelling takes its time for each.
const MOST_LABELS: usize = 1_024;
/// Comments that are kept for metadata.
const MOST_FAMILIES: usize = 20_000;
/// What a family takes besides its texts.
const FAMILY_BYTES: usize = 96;
/// What the lengths of a name and a value take at most.
const LENGTHS_BYTES: usize = 8;
/// Put before a sample's label whose name the target's labels have too.
const EXPORTED: &str = "exported_";

/// One sample; its labels stand in the arena.
#[derive(Clone, Copy, Debug)]
struct Row {
    from: usize,
    to: usize,
    at: i64,
    bits: u64,
    /// Without a timestamp of its own: its series ends when it is not seen any more.
    is_tracked: bool,
}

/// What a scrape brought.
#[derive(Debug, Default)]
pub(super) struct Harvest {
    arena: Vec<u8>,
    rows: Vec<Row>,
    /// Each with the place of its row; in the order of rows.
    exemplars: Vec<OwnedExemplar>,
    /// Samples in the text.
    pub(super) n_scraped: usize,
    /// What the comments say.
    pub(super) families: Vec<Family>,
    /// Gives back the memory that all of this takes, when it is dropped.
    _allowance: Option<Allowance>,
}

impl Harvest {
    /// Samples that relabelling left.
    pub(super) fn n_kept(&self) -> usize {
        self.rows.len()
    }

    /// Canonical labels of the series that end when they are not seen any more.
    pub(super) fn tracked(&self) -> impl Iterator<Item = &[u8]> {
        self.rows.iter().filter(|row| row.is_tracked).map(move |row| &self.arena[row.from..row.to])
    }

    /// Samples `from` and following, at most `n`; none at the end.
    pub(super) fn samples(&self, from: usize, n: usize) -> Vec<Sample> {
        let rows = self.rows.iter().skip(from).take(n);
        rows.map(|row| Sample {
            labels: labels::to_labels(&self.arena[row.from..row.to]),
            at: Time(row.at),
            value: f64::from_bits(row.bits),
        })
        .collect()
    }
}

impl Harvest {
    /// The same samples with their exemplars, as they are written.
    pub(super) fn owned(&self, from: usize, n: usize) -> Owned {
        let samples: Vec<Sample> = self.samples(from, n);
        let begin: usize = self.exemplars.partition_point(|exemplar| exemplar.sample < from);
        let of_these = self.exemplars[begin..].iter().take_while(|exemplar| exemplar.sample < from + samples.len());
        let exemplars = of_these.map(|exemplar| OwnedExemplar { sample: exemplar.sample - from, ..exemplar.clone() });
        Owned { owners: vec![NOBODYS; samples.len()], exemplars: exemplars.collect(), samples }
    }
}

/// Reads the text of an answer into what `allowance` gives.
pub(super) fn take(
    job: &JobConfig,
    target: &Labels,
    text: &str,
    format: Format,
    at: Time,
    allowance: Allowance,
) -> Result<Harvest, ScrapeError> {
    let mut intake = Intake { job, target, at, harvest: Harvest::default(), allowance, failed: None };
    exposition::read(text, format, &mut intake)?;
    match intake.failed {
        Some(failed) => Err(failed),
        None => Ok(Harvest { _allowance: Some(intake.allowance), ..intake.harvest }),
    }
}

struct Intake<'a> {
    job: &'a JobConfig,
    target: &'a Labels,
    at: Time,
    harvest: Harvest,
    allowance: Allowance,
    /// The first sample that can't be taken; what follows is only looked at for its form.
    failed: Option<ScrapeError>,
}

impl Sink for Intake<'_> {
    fn sample(&mut self, line: &Line<'_>) {
        if self.failed.is_none() {
            self.failed = self.push(line).err();
        }
    }

    fn note(&mut self, name: &str, note: Note<'_>) {
        if self.failed.is_some() || self.harvest.families.len() >= MOST_FAMILIES {
            return;
        }
        self.failed = self.spend(name.len() + FAMILY_BYTES + text_of(&note).len()).err();
        Family::gather(&mut self.harvest.families, name, note);
    }
}

impl Intake<'_> {
    fn spend(&mut self, bytes: usize) -> Result<(), ScrapeError> {
        self.allowance.spend(bytes).map_err(|unreadable| match unreadable {
            Unreadable::TooLarge { limit } => ScrapeError::Limit { what: "bytes of all samples", limit },
            Unreadable::Overloaded | Unreadable::Malformed { .. } => ScrapeError::Busy,
        })
    }

    fn push(&mut self, line: &Line<'_>) -> Result<(), ScrapeError> {
        self.harvest.n_scraped += 1;
        within("labels of a sample", line.labels.len(), MOST_LABELS)?;
        let mut labels: Labels = merged(line, self.target, self.job.honor_labels);
        if !relabel(&mut labels, &self.job.metric_relabel) {
            return Ok(());
        }
        if labels.metric().is_empty() {
            return Err(ScrapeError::NoName);
        }
        check(&labels, &self.job.limits)?;
        let most: usize = self.job.limits.samples.unwrap_or(MOST_SAMPLES).min(MOST_SAMPLES);
        within("samples", self.harvest.rows.len() + 1, most)?;
        let letters: usize = labels.iter().map(|(name, value)| name.len() + value.len() + LENGTHS_BYTES).sum();
        self.spend(letters + size_of::<Row>())?;
        let from: usize = self.harvest.arena.len();
        for (name, value) in labels.iter() {
            labels::push(&mut self.harvest.arena, name.as_bytes(), value.as_bytes());
        }
        let to: usize = self.harvest.arena.len();
        let own_time: Option<i64> = line.at_ms.filter(|_| self.job.honor_timestamps);
        if let Some(exemplar) = &line.exemplar {
            let letters: usize = exemplar.labels.iter().map(|(name, value)| name.len() + value.len() + LENGTHS_BYTES).sum();
            self.spend(letters + size_of::<OwnedExemplar>())?;
            let at: Time = own_time.map_or(self.at, Time);
            self.harvest.exemplars.push(OwnedExemplar::of(exemplar, self.harvest.rows.len(), at));
        }
        self.harvest.rows.push(Row {
            from,
            to,
            at: own_time.unwrap_or(self.at.0),
            bits: line.value.to_bits(),
            is_tracked: own_time.is_none(),
        });
        Ok(())
    }
}

/// What a comment says in words.
fn text_of<'a>(note: &'a Note<'_>) -> &'a str {
    match note {
        Note::Kind(_) => "",
        Note::Help(help) => help,
        Note::Unit(unit) => unit,
    }
}

/// The labels of a sample with those of its target. Where both have one, the target wins and the sample's gets another name, or with
/// `honor_labels` the sample wins, even with an empty value. Source: Prometheus, `scrape/scrape.go`, `mutateSampleLabels`.
fn merged(line: &Line<'_>, target: &Labels, honor_labels: bool) -> Labels {
    let mut labels = Labels::new(line.labels.iter().map(|(name, value)| (&**name, &**value)));
    for (name, value) in target.iter() {
        if honor_labels {
            let is_said: bool = line.labels.iter().any(|(said, _)| said == name);
            if !is_said {
                labels.set(name.to_owned(), value.to_owned());
            }
            continue;
        }
        let exported: String = labels.get(name).to_owned();
        if !exported.is_empty() {
            let mut other: String = format!("{EXPORTED}{name}");
            while !labels.get(&other).is_empty() || !target.get(&other).is_empty() {
                other.insert_str(0, EXPORTED);
            }
            labels.set(other, exported);
        }
        labels.set(name.to_owned(), value.to_owned());
    }
    labels
}

fn check(labels: &Labels, limits: &Limits) -> Result<(), ScrapeError> {
    within("labels of a sample", labels.len(), limits.labels.unwrap_or(usize::MAX))?;
    for (name, value) in labels.iter() {
        within("bytes of a label's name", name.len(), limits.name_bytes.unwrap_or(usize::MAX))?;
        within("bytes of a label's value", value.len(), limits.value_bytes.unwrap_or(usize::MAX))?;
    }
    Ok(())
}

fn within(what: &'static str, found: usize, limit: usize) -> Result<(), ScrapeError> {
    if found > limit { Err(ScrapeError::Limit { what, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowance::Memory;
    use crate::scrape::config::ScrapeConfig;

    const AT: Time = Time(1_000);

    fn job(more: &str) -> JobConfig {
        ScrapeConfig::parse(&format!("scrape_configs:\n- job_name: a\n{more}")).unwrap().jobs.remove(0)
    }

    fn target() -> Labels {
        Labels::new([("instance", "host:1"), ("job", "a")])
    }

    fn read(job: &JobConfig, text: &str) -> Result<Harvest, ScrapeError> {
        take(job, &target(), text, Format::Text, AT, Memory::new().allowance())
    }

    fn taken(more: &str, text: &str) -> Result<Vec<String>, String> {
        let harvest: Harvest = read(&job(more), text).map_err(|error| error.to_string())?;
        let samples: Vec<Sample> = harvest.samples(0, 100);
        Ok(samples.iter().map(|sample| format!("{} {} @{}", sample.labels, sample.value, sample.at.0)).collect())
    }

    #[test]
    fn labels_of_the_target_win_unless_they_give_way() {
        let text = "m{job=\"x\",b=\"1\"} 2\nn{instance=\"\"} 3\no{job=\"x\",exported_job=\"y\"} 4\n";
        let winning = [
            "m{b=\"1\",exported_job=\"x\",instance=\"host:1\",job=\"a\"} 2 @1000",
            "n{instance=\"host:1\",job=\"a\"} 3 @1000",
            "o{exported_exported_job=\"x\",exported_job=\"y\",instance=\"host:1\",job=\"a\"} 4 @1000",
        ];
        assert_eq!(taken("", text).unwrap(), winning);
        let giving_way = [
            "m{b=\"1\",instance=\"host:1\",job=\"x\"} 2 @1000",
            "n{job=\"a\"} 3 @1000",
            "o{exported_job=\"y\",instance=\"host:1\",job=\"x\"} 4 @1000",
        ];
        assert_eq!(taken("  honor_labels: true\n", text).unwrap(), giving_way);
    }

    #[test]
    fn timestamps_are_kept_or_not_and_tell_which_series_are_tracked() {
        let text = "m 1 500\nn 2\n";
        assert_eq!(taken("", text).unwrap()[0], "m{instance=\"host:1\",job=\"a\"} 1 @500");
        assert_eq!(taken("  honor_timestamps: false\n", text).unwrap()[0], "m{instance=\"host:1\",job=\"a\"} 1 @1000");
        let harvest: Harvest = read(&job(""), text).unwrap();
        assert_eq!((harvest.tracked().count(), harvest.n_kept(), harvest.n_scraped), (1, 2, 2));
    }

    #[test]
    fn exemplars_go_with_the_samples_that_are_kept() {
        let text =
            "# TYPE a counter\na_total 5 # {trace_id=\"x\"} 0.5 0.25\nb 1 0.5 # {} 2\ngo_c 1 # {trace_id=\"z\"} 1\n# EOF\n";
        let rules = "  metric_relabel_configs:\n  - {source_labels: [__name__], regex: go_.*, action: drop}\n";
        let harvest = take(&job(rules), &target(), text, Format::OpenMetrics, AT, Memory::new().allowance()).unwrap();
        let told = |owned: Owned| {
            let one = |exemplar: &OwnedExemplar| (exemplar.sample, exemplar.at.0, exemplar.value, exemplar.labels.to_string());
            owned.exemplars.iter().map(one).collect::<Vec<(usize, i64, f64, String)>>()
        };
        let trace = "{trace_id=\"x\"}".to_owned();
        assert_eq!(told(harvest.owned(0, 10)), [(0, 250, 0.5, trace.clone()), (1, 500, 2.0, "{}".to_owned())]);
        assert_eq!(told(harvest.owned(0, 1)), [(0, 250, 0.5, trace)]);
        assert_eq!(told(harvest.owned(1, 1)), [(0, 500, 2.0, "{}".to_owned())]);
    }

    #[test]
    fn samples_are_relabelled_and_dropped() {
        let rules = "  metric_relabel_configs:\n  - {source_labels: [__name__], regex: go_.*, action: drop}\n  - {regex: instance, action: labeldrop}\n";
        assert_eq!(taken(rules, "go_a 1\nb 2\n").unwrap(), ["b{job=\"a\"} 2 @1000"]);
        let harvest: Harvest = read(&job(rules), "go_a 1\nb 2\n").unwrap();
        assert_eq!((harvest.n_scraped, harvest.n_kept()), (2, 1));
        let nameless = "  metric_relabel_configs: [{regex: __name__, action: labeldrop}]\n";
        assert_eq!(taken(nameless, "a 1").unwrap_err(), "a sample has no name after metric_relabel_configs");
    }

    #[test]
    fn limits_refuse_the_whole_answer() {
        let text = "a{b=\"long\"} 1\na{b=\"d\"} 2\n";
        let table = [
            ("  sample_limit: 1\n", "samples: more than the limit of 1"),
            ("  label_limit: 3\n", "labels of a sample: more than the limit of 3"),
            ("  label_name_length_limit: 7\n", "bytes of a label's name: more than the limit of 7"),
            ("  label_value_length_limit: 3\n", "bytes of a label's value: more than the limit of 3"),
        ];
        for (more, expected) in table {
            assert_eq!(taken(more, text).unwrap_err(), expected);
        }
        assert_eq!(taken("  sample_limit: 2\n  label_limit: 4\n", text).unwrap().len(), 2);
        assert!(taken("", "a 1\nb b\n").unwrap_err().starts_with("line 2, column 3"));
        let many: String = (0..MOST_LABELS).map(|number| format!("l{number}=\"v\",")).collect();
        assert_eq!(taken("", &format!("a{{{many}}} 1\n")).unwrap_err(), "labels of a sample: more than the limit of 1024");
    }

    #[test]
    fn what_other_scrapes_hold_can_not_be_taken() {
        let memory = Memory::new();
        let mut others: Vec<Allowance> = vec![memory.allowance(), memory.allowance()];
        others.iter_mut().for_each(|other| other.spend(256 << 20).unwrap());
        let take = || take(&job(""), &target(), "a 1\n", Format::Text, AT, memory.allowance());
        assert!(matches!(take(), Err(ScrapeError::Busy)));
        others.pop();
        let harvest: Harvest = take().unwrap();
        // Held as long as the harvest is.
        let mut rest: Allowance = memory.allowance();
        assert_eq!(rest.spend(256 << 20), Err(Unreadable::Overloaded));
        drop(harvest);
        assert_eq!(rest.spend(256 << 20), Ok(()));
    }
}
