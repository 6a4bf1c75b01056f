//! Some 260,000 edits of one text, as in the trace B4 of crdt-benchmarks: taken one after the other as they come from an editor, written as
//! a snapshot, opened again, and read by Yjs.
//!
//! `MIMAMORI_BENCH_TRACE` names a file with the real trace (JSON: a list of `[place, removed, inserted]`, or an object whose `edits` that is);
//! without it a trace of the same shape is made up, and its lines say so.

mod typist;

use super::BENCH;
use super::node::script;
use crate::error::Error;
use crate::house::place;
use crate::line::{Line, ms_since, percentile};
use serde::Deserialize;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use typist::Edit;
use yrs::updates::decoder::Decode;
use yrs::{ClientID, Doc, GetString, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact, Update};

const ROUNDS: usize = 20;
/// A minute is more than Yjs takes on any machine.
const PATIENCE: Duration = Duration::from_secs(120);
const APPLIED_GOAL_S: f64 = 2.0;
const SNAPSHOT_GOAL_KB: f64 = 165.0;
const LOAD_GOAL_MS: f64 = 50.0;

/// What was measured of ours.
struct Taken {
    updates: Vec<Vec<u8>>,
    text: String,
    applied_s: f64,
    snapshot: Vec<u8>,
    n_bytes_whole: usize,
    load_ms: Vec<f64>,
    /// Everything that was read again was the text that was typed.
    is_right: bool,
}

/// What Yjs says of the same changes and the same snapshot.
#[derive(Deserialize)]
struct Read {
    applied_s: f64,
    load_ms: Vec<f64>,
    applied: String,
    loaded: String,
}

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let (name, edits): (&str, Vec<Edit>) = match std::env::var("MIMAMORI_BENCH_TRACE") {
        Ok(file) => ("B4", of_file(&file)?),
        Err(_) => ("synthetic B4", typist::edits()),
    };
    let n_edits: usize = edits.len();
    eprintln!("   typing {n_edits} edits");
    let taken: Taken = tokio::task::spawn_blocking(move || take(&edits)).await??;
    let read: Option<Read> = read_by_yjs(&taken).await?;
    let case = |said: &str| format!("{name}, {n_edits} edits: {said}");
    let beside = |line: Line, figure: fn(&Read) -> f64| match &read {
        Some(read) => line.beside("yjs", figure(read), None),
        None => line,
    };
    let applied = Line::lower(BENCH, &case("applied"), taken.applied_s, "s").with_goal(APPLIED_GOAL_S);
    let load = Line::lower(BENCH, &case("opened from its snapshot, p95"), percentile(&taken.load_ms, 0.95), "ms");
    let is_right: bool =
        taken.is_right && read.as_ref().is_none_or(|read| read.applied == taken.text && read.loaded == taken.text);
    Ok(vec![
        beside(applied, |read| read.applied_s),
        Line::lower(BENCH, &case("snapshot"), taken.snapshot.len() as f64 / 1e3, "kB").with_goal(SNAPSHOT_GOAL_KB),
        Line::lower(BENCH, &case("all of it in version 1"), taken.n_bytes_whole as f64 / 1e3, "kB"),
        beside(load.with_goal(LOAD_GOAL_MS), |read| percentile(&read.load_ms, 0.95)),
        Line::higher(BENCH, &case("read equal"), f64::from(u8::from(is_right)), "share").with_goal(1.0),
    ])
}

/// The first changes of the made-up trace, as an editor sends them.
pub(super) fn changes(n: usize) -> Result<Vec<Vec<u8>>, Error> {
    let edits: Vec<Edit> = typist::edits();
    Ok(typed(&edits[..n.min(edits.len())])?.0)
}

/// A text as the server holds it.
fn paper() -> (Doc, TextRef) {
    let mut options: Options = Options::with_client_id(ClientID::new(u64::from(rand::random::<u32>())));
    options.offset_kind = OffsetKind::Utf16;
    options.cleanup_formatting = false;
    let doc = Doc::with_options(options);
    let text: TextRef = doc.get_or_insert_text("body");
    (doc, text)
}

/// Each edit as a change of its own, and the text in the end.
fn typed(edits: &[Edit]) -> Result<(Vec<Vec<u8>>, String), Error> {
    let (doc, text) = paper();
    let mut updates: Vec<Vec<u8>> = Vec::with_capacity(edits.len());
    for edit in edits {
        let mut txn = doc.transact_mut();
        if edit.at + edit.n_removed > text.len(&txn) {
            return Err(Error::unreadable("an edit of the trace", &format!("{edit:?} behind the end")));
        }
        if edit.n_removed > 0 {
            text.remove_range(&mut txn, edit.at, edit.n_removed);
        }
        if !edit.inserted.is_empty() {
            text.insert(&mut txn, edit.at, &edit.inserted);
        }
        updates.push(txn.encode_update_v1());
    }
    let whole: String = text.get_string(&doc.transact());
    Ok((updates, whole))
}

fn take(edits: &[Edit]) -> Result<Taken, Error> {
    let (updates, text) = typed(edits)?;
    let began: Instant = Instant::now();
    let (doc, kept) = paper();
    for update in &updates {
        // One by one, as they are when they come from an editor.
        doc.transact_mut().apply_update(Update::decode_v1(update).map_err(unreadable)?).map_err(unreadable)?;
    }
    let applied_s: f64 = began.elapsed().as_secs_f64();
    let mut is_right: bool = kept.get_string(&doc.transact()) == text;
    let snapshot: Vec<u8> = doc.transact().encode_diff_v2(&StateVector::default());
    let n_bytes_whole: usize = doc.transact().encode_diff_v1(&StateVector::default()).len();
    let mut load_ms: Vec<f64> = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began: Instant = Instant::now();
        let (doc, again) = paper();
        doc.transact_mut().apply_update(Update::decode_v2(&snapshot).map_err(unreadable)?).map_err(unreadable)?;
        let read: String = again.get_string(&doc.transact());
        load_ms.push(ms_since(began));
        is_right &= read == text;
    }
    Ok(Taken { updates, text, applied_s, snapshot, n_bytes_whole, load_ms, is_right })
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::unreadable("a change of the trace", &error.to_string())
}

/// The same changes and the snapshot in the library of browsers; `None` where Node or its packages are not installed.
async fn read_by_yjs(taken: &Taken) -> Result<Option<Read>, Error> {
    let Some(mut command) = script("yjs.mjs") else { return Ok(None) };
    let place: TempDir = place()?;
    let (updates, snapshot) = (place.path().join("updates"), place.path().join("snapshot"));
    let mut all: Vec<u8> = Vec::new();
    for update in &taken.updates {
        all.extend((update.len() as u32).to_le_bytes());
        all.extend(update);
    }
    write(&updates, &all)?;
    write(&snapshot, &taken.snapshot)?;
    command.arg(&updates).arg(&snapshot).arg(ROUNDS.to_string());
    let mut command = tokio::process::Command::from(command);
    let output: Output = tokio::time::timeout(PATIENCE, command.kill_on_drop(true).output())
        .await
        .map_err(|_| Error::TooLate { what: "what Yjs reads" })?
        .map_err(Error::io("run Node"))?;
    let said: String = String::from_utf8_lossy(&output.stdout).into_owned();
    match serde_json::from_str(&said) {
        Ok(read) => Ok(Some(read)),
        Err(_) => Err(Error::unreadable("what Yjs reads", &String::from_utf8_lossy(&output.stderr))),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(Error::io("write what Yjs is to read"))
}

fn of_file(file: &str) -> Result<Vec<Edit>, Error> {
    let text: String = fs::read_to_string(file).map_err(Error::io("read the trace"))?;
    edits_in(&text).ok_or_else(|| Error::unreadable("the trace", &text))
}

fn edits_in(text: &str) -> Option<Vec<Edit>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let all: &Vec<Value> = value.get("edits").unwrap_or(&value).as_array()?;
    all.iter().map(edit).collect()
}

/// `[place, removed]` or `[place, removed, inserted, …]`
fn edit(value: &Value) -> Option<Edit> {
    let number = |at: usize| value.get(at).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let inserted: String = value.as_array()?.iter().skip(2).filter_map(Value::as_str).collect();
    Some(Edit { at: number(0)?, n_removed: number(1)?, inserted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_read_in_both_forms_and_taken() {
        let text = r#"{"edits": [[0, 0, "a"], [1, 0, "bc"], [1, 1], [0, 1, "d", "e"]], "finalText": "dec"}"#;
        let edits: Vec<Edit> = edits_in(text).unwrap();
        assert_eq!(edits.len(), 4);
        let taken: Taken = take(&edits).unwrap();
        assert_eq!((taken.text.as_str(), taken.updates.len(), taken.is_right), ("dec", 4, true));
        assert_eq!(edits_in(r#"[[0, 0, "a"]]"#).unwrap().len(), 1);
        assert!(edits_in("{}").is_none() && edits_in(r#"[["a"]]"#).is_none());
    }

    #[test]
    fn an_edit_behind_the_end_is_said() {
        let behind = Edit { at: 1, n_removed: 0, inserted: "a".to_owned() };
        assert!(take(&[behind]).is_err());
    }
}
