//! `mimamori metrics …`: what is asked about metrics beside a running server.

use crate::config::Config;
use crate::wiring::Measuring;
use chrono::DateTime;
use clap::{Args, Subcommand};
use kernel::{Clock, SystemClock};
use metrics::compare::{Question, Window};
use model::Time;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const HOUR_MS: i64 = 3_600_000;

/// `mimamori metrics …`
#[derive(Debug, Subcommand)]
pub enum MetricsCommand {
    /// Ask our engine and the one at metrics.engine_url the same, and show where they differ. By default: the expression of every rule.
    Compare(CompareArgs),
}

/// When, and what.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The first moment (RFC 3339). Without it: an hour before the last.
    #[arg(long)]
    from: Option<String>,
    /// The last moment (RFC 3339). Without it: five minutes ago, which forwarded samples have reached by now.
    #[arg(long)]
    to: Option<String>,
    /// The time between two moments, such as 1m.
    #[arg(long, default_value = "1m")]
    step: String,
    /// Compare this expression instead; may be given more than once.
    #[arg(long)]
    query: Vec<String>,
}

/// Does it.
///
/// # Errors
/// One line: what was given wrong, or that there is no database or no remote engine.
pub async fn run(config: &Config, command: MetricsCommand) -> Result<(), Failure> {
    let MetricsCommand::Compare(args) = command;
    let window: Window = window(&args)?;
    let given: Vec<Question> = args.query.iter().map(|text| question(text.clone(), text)).collect::<Result<_, _>>()?;
    let measuring = Measuring::begin(config).await?;
    let compared = compare(&measuring, given, window).await;
    measuring.end().await?;
    println!("{}", compared?);
    Ok(())
}

async fn compare(
    measuring: &Measuring,
    mut questions: Vec<Question>,
    window: Window,
) -> Result<metrics::compare::Report, Failure> {
    if questions.is_empty() {
        for row in measuring.alerting().rules().await? {
            questions.push(question(row.rule.id.to_string(), &row.rule.expr)?);
        }
    }
    Ok(measuring.metrics().compare(&questions, window).await?)
}

fn question(name: String, text: &str) -> Result<Question, Failure> {
    match promql::parse(text) {
        Ok(expr) => Ok(Question { name, expr }),
        Err(errors) => {
            let first: String = errors.first().map_or_else(String::new, |error| error.message.clone());
            Err(format!("{text} can't be read: {first}").into())
        }
    }
}

fn window(args: &CompareArgs) -> Result<Window, Failure> {
    let end: Time = match &args.to {
        Some(text) => moment(text)?,
        None => SystemClock.now().plus_ms(-HOUR_MS / 12),
    };
    let start: Time = match &args.from {
        Some(text) => moment(text)?,
        None => end.plus_ms(-HOUR_MS),
    };
    let step_ms: u64 =
        promql::numbers::parse_duration_ms(&args.step).map_err(|error| format!("--step {}: {error}", args.step))?;
    let step_ms: i64 = i64::try_from(step_ms).unwrap_or(i64::MAX);
    if step_ms == 0 || end < start {
        return Err("--from must not be after --to, and --step not be 0".into());
    }
    Ok(Window { start, end, step_ms })
}

fn moment(text: &str) -> Result<Time, Failure> {
    let at = DateTime::parse_from_rfc3339(text);
    at.map(|at| Time(at.timestamp_millis())).map_err(|_| format!("{text} is no moment such as 2026-11-22T12:00:00+09:00").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(from: Option<&str>, to: Option<&str>, step: &str) -> CompareArgs {
        CompareArgs { from: from.map(str::to_owned), to: to.map(str::to_owned), step: step.to_owned(), query: Vec::new() }
    }

    #[test]
    fn an_hour_is_compared_unless_something_else_is_said() {
        let noon = "2026-11-22T12:00:00Z";
        let expected = Window { start: Time(1_795_345_200_000), end: Time(1_795_348_800_000), step_ms: 60_000 };
        assert_eq!(window(&args(None, Some(noon), "1m")).unwrap(), expected);
        assert_eq!(window(&args(Some("2026-11-22T20:00:00+09:00"), Some(noon), "60s")).unwrap(), expected);
    }

    #[test]
    fn nonsense_is_refused() {
        let noon = "2026-11-22T12:00:00Z";
        assert!(window(&args(Some("2026-11-22T12:00:01Z"), Some(noon), "1m")).is_err());
        assert!(window(&args(Some("noon"), None, "1m")).is_err());
        assert!(window(&args(None, Some(noon), "often")).is_err());
        assert!(question("x".to_owned(), "up{").is_err());
    }
}
