//! Runs the commands of one file.

use model::Time;
use promql::ast::{Expr, ValueType};

use super::check;
use super::memory::Memory;
use super::pin;
use super::script::{self, Case, Command, Expect, Pattern, When};
use crate::eval::{Answer, Engine, EvalError, Query};

/// Half the width of the range query around an instant, and its step.
const MINUTE_MS: i64 = 60_000;

/// How the cases of a file came out.
#[derive(Debug, Default)]
pub struct Tally {
    /// Cases whose answers are the expected ones in every way they are asked.
    pub passed: usize,
    /// Cases with other answers, as `line: expression: reason`; also what could not be read.
    pub failures: Vec<String>,
    /// Cases with other answers that need what the engine does not have, as `line: expression: reason`.
    pub unsupported: Vec<String>,
}

enum Verdict {
    Passed,
    Unsupported(String),
    Failed(String),
}

/// Runs a whole file.
pub async fn run(text: &str) -> Tally {
    let mut tally: Tally = Tally::default();
    let mut memory: Memory = Memory::default();
    for command in script::parse(text) {
        match command {
            Command::Clear => memory = Memory::default(),
            Command::Load(series) => memory.load(&series),
            Command::Unreadable(line, reason) => tally.failures.push(format!("{line}: {reason}")),
            Command::Eval(case) => {
                let verdict: Verdict = judge(&case, &memory).await;
                tally.count(&case, verdict);
            }
        }
    }
    tally
}

impl Tally {
    fn count(&mut self, case: &Case, verdict: Verdict) {
        let written = |reason: String| format!("{}: {}: {reason}", case.line, case.text);
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Unsupported(reason) => self.unsupported.push(written(reason)),
            Verdict::Failed(reason) => self.failures.push(written(reason)),
        }
    }
}

/// A case that passes has passed, whatever lies around the numbers it is about.
async fn judge(case: &Case, memory: &Memory) -> Verdict {
    if case.expect.native() {
        return Verdict::Unsupported("expects a native histogram".to_owned());
    }
    memory.take_unsupported_touched();
    let outcome: Result<Verdict, String> = attempt(case, memory).await;
    let touched: bool = memory.take_unsupported_touched();
    match outcome {
        Ok(verdict) => verdict,
        Err(reason) if touched => {
            Verdict::Unsupported(format!("reads native histograms or start timestamps, and without them: {reason}"))
        }
        Err(reason) => Verdict::Failed(reason),
    }
}

async fn attempt(case: &Case, memory: &Memory) -> Result<Verdict, String> {
    let expr: Expr = match promql::parse(&case.text) {
        Ok(expr) => expr,
        Err(errors) => return refused_by_parser(&case.expect, errors.first().map_or("", |error| error.message.as_str())),
    };
    let first: Result<Answer, EvalError> = ask(memory, &expr, &case.text, case.when).await;
    if let Err(refusal @ EvalError::Unsupported { .. }) = &first {
        return Ok(Verdict::Unsupported(refusal.to_string()));
    }
    if let Some(pattern) = &case.expect.fail {
        return failure(pattern, &first).map(|()| Verdict::Passed);
    }
    check::answer(&first.map_err(|error| error.to_string())?, &case.expect, case.when)?;
    if let When::Instant(at) = case.when {
        again(case, memory, &expr, at).await?;
    }
    Ok(Verdict::Passed)
}

fn refused_by_parser(expect: &Expect, message: &str) -> Result<Verdict, String> {
    match &expect.fail {
        Some(pattern) if pattern.accepts(message) => Ok(Verdict::Passed),
        _ => Err(format!("does not parse: {message}")),
    }
}

fn failure(pattern: &Pattern, outcome: &Result<Answer, EvalError>) -> Result<(), String> {
    match outcome {
        Ok(_) => Err("does not fail".to_owned()),
        Err(error) if pattern.accepts(&error.to_string()) => Ok(()),
        Err(error) => Err(format!("fails with {error:?}, want {pattern:?}")),
    }
}

/// The same query as the middle of a range, and pinned and asked for at other times.
async fn again(case: &Case, memory: &Memory, expr: &Expr, at: i64) -> Result<(), String> {
    around(case, memory, expr, at).await?;
    if !pin::pinnable(expr) {
        return Ok(());
    }
    let mut pinned: Expr = expr.clone();
    pin::pin(&mut pinned, at);
    let others: Vec<i64> = if at == 0 { vec![-1000, 0, 1000] } else { vec![-10 * at, 0, at / 5, at, 10 * at] };
    for other in others {
        let said = |reason: String| format!("pinned and asked at {other} ms: {reason}");
        let when: When = When::Instant(other);
        let answer: Answer = ask(memory, &pinned, &case.text, when).await.map_err(|error| said(error.to_string()))?;
        check::value(&answer.value, &case.expect, when).map_err(said)?;
        around(case, memory, &pinned, other).await.map_err(said)?;
    }
    Ok(())
}

/// The middle step of a range query from a minute before to a minute after.
async fn around(case: &Case, memory: &Memory, expr: &Expr, at: i64) -> Result<(), String> {
    if matches!(expr.value_type(), ValueType::String | ValueType::Matrix) || !pin::rangeable(expr) {
        return Ok(());
    }
    let when: When = When::Range { start: at - MINUTE_MS, end: at + MINUTE_MS, step: MINUTE_MS };
    let said = |reason: String| format!("as a range query around {at} ms: {reason}");
    let answer: Answer = ask(memory, expr, &case.text, when).await.map_err(|error| said(error.to_string()))?;
    if case.expect.ordered {
        // A range query has an order of its own.
        return Ok(());
    }
    check::step(&answer.value, &case.expect, at).map_err(said)
}

async fn ask(memory: &Memory, expr: &Expr, text: &str, when: When) -> Result<Answer, EvalError> {
    let (start, end, step_ms): (i64, i64, i64) = match when {
        When::Instant(at) => (at, at, 0),
        When::Range { start, end, step } => (start, end, step),
    };
    let query: Query<'_> = Query { expr, text, start: Time(start), end: Time(end), step_ms };
    Engine::default().answer(memory, &query).await
}
