//! The language of the test files: `load`, `clear`, `eval`, and what is expected.

use model::labels::Labels;
use regex::Regex;

use super::notation::{self, Sample};

/// One command of a file.
#[derive(Debug)]
pub(super) enum Command {
    Clear,
    Load(Vec<Loaded>),
    Eval(Box<Case>),
    /// What could not be read: line and reason. Counts as a failed case.
    Unreadable(usize, String),
}

/// A series with its points, index times step.
#[derive(Debug)]
pub(super) struct Loaded {
    pub labels: Labels,
    pub points: Vec<(i64, Sample)>,
    /// The line gives start timestamps to samples that another line brings. They are left out.
    pub started: bool,
}

/// One query and what must come of it.
#[derive(Debug)]
pub(super) struct Case {
    pub line: usize,
    pub text: String,
    pub when: When,
    pub expect: Expect,
}

/// When the query is asked for, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Instant(i64),
    Range { start: i64, end: i64, step: i64 },
}

/// What must come of a query.
#[derive(Debug, Default)]
pub(super) struct Expect {
    pub fail: Option<Pattern>,
    pub ordered: bool,
    pub warnings: Notes,
    pub infos: Notes,
    pub string: Option<String>,
    pub scalar: Option<f64>,
    /// From, to and step of a range vector.
    pub points: Option<(i64, i64, i64)>,
    pub series: Vec<(Labels, Vec<Sample>)>,
}

/// What must be noted.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub none: bool,
    pub patterns: Vec<Pattern>,
}

/// A text, exactly or by expression.
#[derive(Debug)]
pub(super) enum Pattern {
    Any,
    Text(String),
    Like(Regex),
}

impl Pattern {
    pub fn accepts(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Text(wanted) => wanted == text,
            Self::Like(regex) => regex.is_match(text),
        }
    }
}

impl Expect {
    /// Whether a native histogram is expected.
    pub fn native(&self) -> bool {
        self.series.iter().any(|(_, samples)| samples.contains(&Sample::Native))
    }
}

/// All commands of a file.
pub(super) fn parse(text: &str) -> Vec<Command> {
    // Upstream blanks comments out before it looks for the blank lines that end a block.
    let lines: Vec<&str> = text.lines().map(str::trim).map(|line| if line.starts_with('#') { "" } else { line }).collect();
    let mut commands: Vec<Command> = Vec::new();
    let mut at: usize = 0;
    while at < lines.len() {
        let head: usize = at;
        at += 1;
        if lines[head].is_empty() {
            continue;
        }
        let block: &[&str] = &lines[at..];
        let block: &[&str] = &block[..block.iter().position(|line| line.is_empty()).unwrap_or(block.len())];
        let takes_block: bool = !lines[head].eq_ignore_ascii_case("clear");
        let command: Result<Command, String> = command(lines[head], if takes_block { block } else { &[] }, head + 1);
        commands.push(command.unwrap_or_else(|reason| Command::Unreadable(head + 1, reason)));
        if takes_block {
            at += block.len();
        }
    }
    commands
}

fn command(head: &str, block: &[&str], line: usize) -> Result<Command, String> {
    let (word, rest): (&str, &str) = head.split_once(char::is_whitespace).unwrap_or((head, ""));
    let word: String = word.to_ascii_lowercase();
    match word.as_str() {
        "clear" => Ok(Command::Clear),
        "load" => load(rest, block).map(Command::Load),
        "load_with_nhcb" => {
            let mut loaded: Vec<Loaded> = load(rest, block)?;
            let converted: Vec<Loaded> = loaded.iter().filter_map(as_native).collect();
            loaded.extend(converted);
            Ok(Command::Load(loaded))
        }
        _ => match word.strip_prefix("eval") {
            Some(suffix) => eval(suffix, rest, block, line).map(|case| Command::Eval(Box::new(case))),
            None => Err(format!("unknown command {word}")),
        },
    }
}

fn load(step: &str, block: &[&str]) -> Result<Vec<Loaded>, String> {
    let step_ms: i64 = notation::time(step)?;
    let mut loaded: Vec<Loaded> = Vec::new();
    for line in block {
        let (labels, values): (Labels, &str) = notation::series(line)?;
        if values.starts_with("@st") {
            loaded.push(Loaded { labels, points: Vec::new(), started: true });
            continue;
        }
        let samples: Vec<Sample> = notation::samples(values)?;
        let points: Vec<(i64, Sample)> = samples
            .into_iter()
            .zip((0_i64..).map(|index| index * step_ms))
            .map(|(sample, at)| (at, sample))
            .filter(|(_, sample)| *sample != Sample::Gap)
            .collect();
        loaded.push(Loaded { labels, points, started: false });
    }
    Ok(loaded)
}

/// The native histogram that upstream makes of classic buckets; only its being there matters here.
fn as_native(classic: &Loaded) -> Option<Loaded> {
    let name: &str = classic.labels.metric().strip_suffix("_bucket")?;
    let mut labels: Labels = classic.labels.clone();
    labels.set("__name__".to_owned(), name.to_owned());
    labels.remove("le");
    let points: Vec<(i64, Sample)> = classic.points.iter().map(|(at, _)| (*at, Sample::Native)).collect();
    Some(Loaded { labels, points, started: classic.started })
}

fn eval(suffix: &str, rest: &str, block: &[&str], line: usize) -> Result<Case, String> {
    let (when, text): (When, &str) = when(rest)?;
    let mut expect: Expect = Expect::default();
    match suffix {
        "" => {}
        "_fail" => expect.fail = Some(Pattern::Any),
        "_ordered" => expect.ordered = true,
        "_warn" => expect.warnings.patterns.push(Pattern::Any),
        "_info" => expect.infos.patterns.push(Pattern::Any),
        _ => return Err(format!("unknown command eval{suffix}")),
    }
    for line in block {
        expectation(line, &mut expect)?;
    }
    Ok(Case { line, text: text.to_owned(), when, expect })
}

/// `instant at T EXPR`, `instant EXPR` at the epoch, or `range from A to B step S EXPR`.
fn when(rest: &str) -> Result<(When, &str), String> {
    if let Some(rest) = word(rest, "instant") {
        let Some(rest) = word(rest, "at") else {
            return Ok((When::Instant(0), rest));
        };
        let (at, text): (i64, &str) = moment(rest)?;
        return Ok((When::Instant(at), text));
    }
    let rest: &str = word(rest, "range").and_then(|rest| word(rest, "from")).ok_or("neither instant nor range")?;
    let (start, rest): (i64, &str) = moment(rest)?;
    let (end, rest): (i64, &str) = moment(word(rest, "to").ok_or("range without to")?)?;
    let (step, text): (i64, &str) = moment(word(rest, "step").ok_or("range without step")?)?;
    Ok((When::Range { start, end, step }, text))
}

/// What follows a word.
fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest: &str = text.trim_start().strip_prefix(word)?;
    rest.starts_with(char::is_whitespace).then(|| rest.trim_start())
}

/// A time and what follows it.
fn moment(text: &str) -> Result<(i64, &str), String> {
    let (time, rest): (&str, &str) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    Ok((notation::time(time)?, rest.trim_start()))
}

fn expectation(line: &str, expect: &mut Expect) -> Result<(), String> {
    if let Some(rest) = word(line, "expect") {
        return expect_line(rest, expect);
    }
    if let Some(message) = word(line, "expected_fail_message") {
        expect.fail = Some(Pattern::Text(message.to_owned()));
    } else if let Some(pattern) = word(line, "expected_fail_regexp") {
        expect.fail = Some(like(pattern)?);
    } else if let Some(value) = notation::number(line) {
        expect.scalar = Some(value);
    } else {
        let (labels, values): (Labels, &str) = notation::series(line)?;
        expect.series.push((labels, notation::samples(values)?));
    }
    Ok(())
}

fn expect_line(rest: &str, expect: &mut Expect) -> Result<(), String> {
    let (kind, rest): (&str, &str) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match kind {
        "fail" => expect.fail = Some(pattern(rest)?),
        "warn" => expect.warnings.patterns.push(pattern(rest)?),
        "info" => expect.infos.patterns.push(pattern(rest)?),
        "no_warn" => expect.warnings.none = true,
        "no_info" => expect.infos.none = true,
        "ordered" => expect.ordered = true,
        "string" => expect.string = Some(notation::quoted(rest.trim())?),
        "range" => {
            let rest: &str = word(rest, "vector").and_then(|rest| word(rest, "from")).ok_or("range without vector from")?;
            let (from, rest): (i64, &str) = moment(rest)?;
            let (to, rest): (i64, &str) = moment(word(rest, "to").ok_or("range vector without to")?)?;
            let (step, _): (i64, &str) = moment(word(rest, "step").ok_or("range vector without step")?)?;
            expect.points = Some((from, to, step));
        }
        _ => return Err(format!("unknown expectation {kind}")),
    }
    Ok(())
}

fn pattern(rest: &str) -> Result<Pattern, String> {
    let rest: &str = rest.trim();
    if let Some(text) = rest.strip_prefix("msg:") {
        Ok(Pattern::Text(text.trim().to_owned()))
    } else if let Some(text) = rest.strip_prefix("regex:") {
        like(text)
    } else if rest.is_empty() {
        Ok(Pattern::Any)
    } else {
        Err(format!("unknown pattern {rest}"))
    }
}

fn like(pattern: &str) -> Result<Pattern, String> {
    Regex::new(pattern.trim()).map(Pattern::Like).map_err(|error| error.to_string())
}
