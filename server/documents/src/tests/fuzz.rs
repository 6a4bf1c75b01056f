//! Yjs as browsers have it and yrs as we have it type into one text at random, letters among them that are hard to count, and agree in the end
//! (T3 of the reference). Between them stands what a desk does with a change: sketched, held against what is known, applied, handed on.
//!
//! Needs Node, and the editor's packages (`npm ci` in `editor/`; `./dev test` does both).

use crate::collab::frame::Clocks;
use crate::collab::paper::Paper;
use crate::collab::sketch::{Sketch, Verdict};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use yrs::updates::decoder::Decode;
use yrs::{ClientID, Doc, GetString, OffsetKind, Options, StateVector, Text, TextRef, Transact, Update};

const SEEDS: u64 = 20;
/// Of each seed, half of them on either side.
const EDITS: usize = 10_000;
const EDITS_A_TURN: usize = 25;
const THREADS: usize = 4;
/// Hard to count: two units, two letters for one, many units for one, two for a line, one byte and three.
const PIECES: [&str; 9] = ["𠮷", "か\u{3099}", "👩\u{200d}👩\u{200d}👧", "\r\n", "a", "障害", "🇯🇵 e\u{301}", "\n", "ﾊﾞ"];
const ROOMY: u32 = 300;

/// A change, as it goes over the wire.
type Bin = Vec<u8>;

/// The other library, in a process of its own (`fuzz.mjs`).
struct Browser {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Browser {
    fn open() -> Self {
        let mut child = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/fuzz.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node is installed");
        let to: ChildStdin = child.stdin.take().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        Self { child, to, from }
    }

    fn ask(&mut self, ask: &Value) -> Value {
        writeln!(self.to, "{ask}").unwrap();
        self.to.flush().unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "Node ended: are the packages of editor/ installed?");
        serde_json::from_str(&line).unwrap()
    }

    /// What somebody reads there who has nothing but that.
    fn reads(&mut self, all: &[u8]) -> Value {
        self.ask(&json!({ "read": hex(all) }))["text"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // One that ended has said so already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

/// An editor that has our library.
struct Native {
    doc: Doc,
    text: TextRef,
}

impl Native {
    fn new() -> Self {
        let mut options = Options::with_client_id(ClientID::new(u64::from(rand::random::<u32>())));
        options.offset_kind = OffsetKind::Utf16;
        let doc = Doc::with_options(options);
        let text: TextRef = doc.get_or_insert_text("body");
        Self { doc, text }
    }

    fn take(&self, changes: &[Bin]) {
        for change in changes {
            self.doc.transact_mut().apply_update(Update::decode_v1(change).unwrap()).unwrap();
        }
    }

    /// Makes one edit anywhere, between the halves of a pair too.
    fn edit(&self, dice: &mut StdRng) -> Bin {
        let mut txn = self.doc.transact_mut();
        let len: u32 = self.text.len(&txn);
        let grows: u32 = if len > ROOMY { 3 } else { 2 };
        if len == 0 || dice.random_range(0..grows) == 0 {
            let piece: &str = PIECES[dice.random_range(0..PIECES.len())];
            self.text.insert(&mut txn, dice.random_range(0..=len), piece);
        } else {
            let at: u32 = dice.random_range(0..len);
            self.text.remove_range(&mut txn, at, dice.random_range(1..=4_u32).min(len - at));
        }
        txn.encode_update_v1()
    }

    fn text(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }
}

/// What waits for one side comes late, and now and then twice.
fn delivered(waiting: &mut Vec<Bin>, dice: &mut StdRng) -> Vec<Bin> {
    if dice.random_range(0..3) == 0 {
        return Vec::new();
    }
    let mut changes: Vec<Bin> = std::mem::take(waiting);
    if dice.random_range(0..4) == 0 {
        changes.extend(changes.clone());
    }
    changes
}

fn agree(browser: &mut Browser, seed: u64) {
    let mut dice = StdRng::seed_from_u64(seed);
    let (server, native) = (Paper::new(), Native::new());
    let mut known = server.known();
    let (mut for_browser, mut for_native): (Vec<Bin>, Vec<Bin>) = (Vec::new(), Vec::new());
    browser.ask(&json!({ "begin": seed }));
    let turns: usize = EDITS / (2 * EDITS_A_TURN);
    // In the last one each side gets what still waits, and edits no more.
    for turn in 0..=turns {
        let is_last: bool = turn == turns;
        let n: usize = if is_last { 0 } else { EDITS_A_TURN };
        let come: Vec<Bin> = if is_last { std::mem::take(&mut for_browser) } else { delivered(&mut for_browser, &mut dice) };
        let come: Vec<String> = come.iter().map(|change| hex(change)).collect();
        let gave: Value = browser.ask(&json!({ "take": come, "edit": n }));
        let of_browser: Vec<Bin> = gave["gave"].as_array().unwrap().iter().map(|one| unhex(one.as_str().unwrap())).collect();
        let come: Vec<Bin> = if is_last { std::mem::take(&mut for_native) } else { delivered(&mut for_native, &mut dice) };
        native.take(&come);
        let of_native: Vec<Bin> = (0..n).map(|_| native.edit(&mut dice)).collect();
        for change in of_browser.iter().chain(&of_native) {
            let sketch: Sketch = Sketch::read(change).unwrap();
            match sketch.verdict(&known) {
                Verdict::Gap => panic!("seed {seed}, turn {turn}: nothing is missing"),
                // Both took away the same.
                Verdict::Nothing => continue,
                Verdict::News => {}
            }
            server.apply(change).unwrap();
            known.learn(&sketch);
            assert_eq!(sketch.verdict(&known), Verdict::Nothing, "seed {seed}, turn {turn}: once it is known it is no news");
        }
        for_native.extend(of_browser);
        for_browser.extend(of_native);
    }
    compare(browser, &server, &native, seed);
}

/// Everybody has the same, also whoever comes now with nothing, and both count the same.
fn compare(browser: &mut Browser, server: &Paper, native: &Native, seed: u64) {
    let text: String = server.text();
    let said: Value = browser.ask(&json!({ "say": true }));
    assert_eq!((said["text"].as_str(), native.text()), (Some(text.as_str()), text.clone()), "seed {seed}");
    let clocks = StateVector::decode_v1(&unhex(said["clocks"].as_str().unwrap())).unwrap();
    assert_eq!(clocks, StateVector::decode_v1(&server.state_vector()).unwrap(), "seed {seed}");
    assert_eq!(browser.reads(&server.beyond(&Clocks::new())), json!(text), "seed {seed}");
    let late = Paper::new();
    late.apply_snapshot(&server.snapshot()).unwrap();
    assert_eq!((late.text(), late.known() == server.known()), (text, true), "seed {seed}");
}

#[test]
fn yjs_and_yrs_agree_on_ten_thousand_edits_of_each_of_twenty_seeds() {
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            scope.spawn(move || {
                let mut browser = Browser::open();
                (0..SEEDS).skip(first).step_by(THREADS).for_each(|seed| agree(&mut browser, seed));
            });
        }
    });
}
