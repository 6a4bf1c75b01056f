//! What differs between two versions, as a person reads it: line by line, and within lines that were changed by words, or by whole characters
//! where a script has no words.
//!
//! The least difference is not the most readable one: two Japanese sentences that have nothing in common but a `の` would be shown as confetti
//! around it. So what is left over between two changes and is shorter than both goes with them, and lines that hardly resemble each other are
//! shown as one gone and one new. However it is shown, what is marked as gone and as the same is the old text, and what is marked as new and as
//! the same is the new one.

use super::wording::{lines, words};
use similar::algorithms::{Capture, Compact, DiffHook, Replace, diff_slices_deadline};
use similar::{Algorithm, DiffOp};
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use std::time::{Duration, Instant};

/// Looking for the least difference ends then; what was not compared by then is shown as replaced.
pub const PATIENCE: Duration = Duration::from_millis(500);
/// Texts of more lines, and stretches of more words, are not compared in themselves.
const MOST_LINES: usize = 100_000;
const MOST_WORDS: usize = 20_000;
/// Differences that are moved to where they read better: that takes the square of them.
const MOST_TIDIED: usize = 1_000;
/// Characters that may be left over between two changes without being worth showing.
const MOST_ISLAND: usize = 6;
/// Of so many characters one has to be the same for two stretches to be compared in themselves.
const LEAST_SHARE: usize = 4;

/// Lines shown around what was changed.
const MOST_AROUND: usize = 100;

/// On which side something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Same,
    Gone,
    New,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// It stands only on this side.
    pub is_changed: bool,
    pub text: String,
}

/// A line with its end, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub mark: Mark,
    /// Its number on each side, from 1.
    pub old: Option<usize>,
    pub new: Option<usize>,
    pub pieces: Vec<Piece>,
}

/// What differs between two texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// All lines of both; those that are gone before those that are new in their place.
    pub lines: Vec<Line>,
    pub n_gone: usize,
    pub n_new: usize,
}

/// A line, or some that are the same and not worth showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Line(Line),
    Folded { n_lines: usize },
}

impl Difference {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n_gone == 0 && self.n_new == 0
    }

    /// What was changed, with so many lines before and after it, a hundred at most.
    #[must_use]
    pub fn folded(&self, around: usize) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let mut n_folded: usize = 0;
        for (line, is_near) in self.lines.iter().zip(near(&self.lines, around.min(MOST_AROUND))) {
            if !is_near {
                n_folded += 1;
                continue;
            }
            fold(&mut rows, &mut n_folded);
            rows.push(Row::Line(line.clone()));
        }
        fold(&mut rows, &mut n_folded);
        rows
    }

    fn put(&mut self, mark: Mark, pieces: Vec<Piece>, numbers: &mut Numbers) {
        let (old, new) = numbers.next(mark);
        self.n_gone += usize::from(mark == Mark::Gone);
        self.n_new += usize::from(mark == Mark::New);
        self.lines.push(Line { mark, old, new, pieces });
    }
}

fn fold(rows: &mut Vec<Row>, n_folded: &mut usize) {
    if *n_folded > 0 {
        rows.push(Row::Folded { n_lines: *n_folded });
        *n_folded = 0;
    }
}

/// Which lines are changed, or at most so far from one that is.
fn near(lines: &[Line], around: usize) -> Vec<bool> {
    let mut is_near: Vec<bool> = vec![false; lines.len()];
    for (place, line) in lines.iter().enumerate() {
        if line.mark != Mark::Same {
            let until: usize = place.saturating_add(around).saturating_add(1).min(lines.len());
            is_near[place.saturating_sub(around)..until].fill(true);
        }
    }
    is_near
}

/// Numbers of lines on both sides.
#[derive(Default)]
struct Numbers {
    old: usize,
    new: usize,
}

impl Numbers {
    fn next(&mut self, mark: Mark) -> (Option<usize>, Option<usize>) {
        self.old += usize::from(mark != Mark::New);
        self.new += usize::from(mark != Mark::Gone);
        ((mark != Mark::New).then_some(self.old), (mark != Mark::Gone).then_some(self.new))
    }
}

/// Compares two texts. It takes about as long as `patience` at most.
#[must_use]
pub fn compare(old: &str, new: &str, patience: Duration) -> Difference {
    let deadline: Instant = Instant::now() + patience;
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
    let mut difference = Difference::default();
    let mut numbers = Numbers::default();
    for operation in operations(&old_lines, &new_lines, MOST_LINES, deadline) {
        let (old_range, new_range): (Range<usize>, Range<usize>) = (operation.old_range(), operation.new_range());
        if matches!(operation, DiffOp::Equal { .. }) {
            for line in &old_lines[old_range] {
                difference.put(Mark::Same, vec![piece(line, false)], &mut numbers);
            }
            continue;
        }
        let steps: Vec<Step> = within(&old_lines[old_range].concat(), &new_lines[new_range].concat(), deadline);
        for (mark, pieces) in in_lines(&steps) {
            difference.put(mark, pieces, &mut numbers);
        }
    }
    difference
}

fn piece(text: &str, is_changed: bool) -> Piece {
    Piece { is_changed, text: text.to_owned() }
}

/// What is to be done to one list to make it the other, in order. Lists that are too long are replaced.
fn operations(old: &[&str], new: &[&str], most: usize, deadline: Instant) -> Vec<DiffOp> {
    if old.len() > most || new.len() > most {
        return vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }];
    }
    let mut known: HashMap<&str, u32> = HashMap::new();
    // Whole numbers are compared faster than words, and take no more room when they come a thousand times.
    let old: Vec<u32> = old.iter().map(|one| number(&mut known, one)).collect();
    let new: Vec<u32> = new.iter().map(|one| number(&mut known, one)).collect();
    let mut raw = Capture::new();
    done(diff_slices_deadline(Algorithm::Myers, &mut raw, &old, &new, Some(deadline)));
    let raw: Vec<DiffOp> = raw.into_ops();
    if raw.len() > MOST_TIDIED {
        let mut joined = Replace::new(Capture::new());
        replay(&raw, &mut joined);
        return joined.into_inner().into_ops();
    }
    let mut tidied = Compact::new(Replace::new(Capture::new()), &old[..], &new[..]);
    replay(&raw, &mut tidied);
    tidied.into_inner().into_inner().into_ops()
}

fn number<'a>(known: &mut HashMap<&'a str, u32>, text: &'a str) -> u32 {
    let next: u32 = u32::try_from(known.len()).unwrap_or(u32::MAX);
    *known.entry(text).or_insert(next)
}

fn replay<D: DiffHook<Error = Infallible>>(operations: &[DiffOp], hook: &mut D) {
    for operation in operations {
        done(operation.apply_to_hook(hook));
    }
    done(hook.finish());
}

/// What can't fail has been done.
fn done(result: Result<(), Infallible>) {
    match result {
        Ok(()) => {}
        Err(never) => match never {},
    }
}

/// A stretch that is the same on both sides, or what stands on each.
#[derive(Clone, Debug, Default)]
struct Step {
    is_same: bool,
    gone: String,
    new: String,
    n_gone: usize,
    n_new: usize,
}

impl Step {
    fn new(is_same: bool, gone: String, new: String) -> Self {
        let (n_gone, n_new): (usize, usize) = (gone.chars().count(), new.chars().count());
        Self { is_same, gone, new, n_gone, n_new }
    }

    fn weight(&self) -> usize {
        self.n_gone.max(self.n_new)
    }

    /// This one with the next, as one that is not the same.
    fn with(mut self, next: &Self) -> Self {
        self.is_same = false;
        self.gone.push_str(&next.gone);
        self.new.push_str(&next.new);
        self.n_gone += next.n_gone;
        self.n_new += next.n_new;
        self
    }
}

/// What differs within lines that became others.
fn within(old: &str, new: &str, deadline: Instant) -> Vec<Step> {
    let (old_words, new_words): (Vec<&str>, Vec<&str>) = (words(old), words(new));
    let mut steps: Vec<Step> = Vec::new();
    for operation in operations(&old_words, &new_words, MOST_WORDS, deadline) {
        let is_same: bool = matches!(operation, DiffOp::Equal { .. });
        steps.push(Step::new(is_same, old_words[operation.old_range()].concat(), new_words[operation.new_range()].concat()));
        join_islands(&mut steps);
    }
    let n_same: usize = steps.iter().filter(|step| step.is_same).map(Step::weight).sum();
    let whole = Step::new(false, old.to_owned(), new.to_owned());
    if n_same * LEAST_SHARE < whole.weight() { vec![whole] } else { steps }
}

/// What is left over between the last two changes goes with them, if it is shorter than both.
fn join_islands(steps: &mut Vec<Step>) {
    while steps.len() >= 3 && is_island(&steps[steps.len() - 3..]) {
        let (Some(after), Some(between), Some(before)) = (steps.pop(), steps.pop(), steps.pop()) else { return };
        steps.push(before.with(&between).with(&after));
    }
}

fn is_island(steps: &[Step]) -> bool {
    let [before, between, after] = steps else { return false };
    !before.is_same
        && between.is_same
        && !after.is_same
        && between.weight() <= before.weight().min(after.weight()).min(MOST_ISLAND)
        && !between.gone.contains('\n')
}

/// Lines of what was there, and then those of what is there.
fn in_lines(steps: &[Step]) -> Vec<(Mark, Vec<Piece>)> {
    let (mut gone, mut new) = (Cutter::default(), Cutter::default());
    for step in steps {
        gone.put(&step.gone, !step.is_same);
        new.put(&step.new, !step.is_same);
    }
    let gone = gone.lines.into_iter().map(|pieces| (Mark::Gone, pieces));
    gone.chain(new.lines.into_iter().map(|pieces| (Mark::New, pieces))).collect()
}

/// Cuts what comes into lines.
#[derive(Default)]
struct Cutter {
    lines: Vec<Vec<Piece>>,
    /// The last line has no end yet.
    is_open: bool,
}

impl Cutter {
    fn put(&mut self, text: &str, is_changed: bool) {
        for part in lines(text) {
            if !self.is_open {
                self.lines.push(Vec::new());
            }
            self.is_open = !part.ends_with('\n');
            if let Some(line) = self.lines.last_mut() {
                match line.last_mut() {
                    Some(last) if last.is_changed == is_changed => last.text.push_str(part),
                    _ => line.push(piece(part, is_changed)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    /// Long enough for any of these, also beside everything else.
    const LONG: Duration = Duration::from_secs(60);

    fn side(difference: &Difference, mark: Mark) -> String {
        let of_side = difference.lines.iter().filter(|line| line.mark == mark || line.mark == Mark::Same);
        of_side.flat_map(|line| &line.pieces).map(|piece| piece.text.as_str()).collect()
    }

    /// What is not marked as changed on that side.
    fn kept(difference: &Difference, mark: Mark) -> String {
        let of_side = difference.lines.iter().filter(|line| line.mark == mark || line.mark == Mark::Same);
        of_side.flat_map(|line| &line.pieces).filter(|piece| !piece.is_changed).map(|piece| piece.text.as_str()).collect()
    }

    /// `[-gone-]` and `{+new+}` around what is marked, a line a row.
    fn shown(old: &str, new: &str) -> Vec<String> {
        let show = |line: &Line| {
            let (begin, end) = if line.mark == Mark::Gone { ("[-", "-]") } else { ("{+", "+}") };
            let text = |piece: &Piece| match piece.is_changed {
                true => format!("{begin}{}{end}", piece.text.trim_end_matches('\n')),
                false => piece.text.trim_end_matches('\n').to_owned(),
            };
            line.pieces.iter().map(text).collect::<String>()
        };
        compare(old, new, LONG).lines.iter().map(show).collect()
    }

    #[test]
    fn words_are_marked_within_lines() {
        assert_eq!(
            shown("# 概要\n復旧は 15:15 でした。\n", "# 概要\n復旧は 15:20 でした。\n"),
            ["# 概要", "復旧は 15:[-15-] でした。", "復旧は 15:{+20+} でした。"]
        );
        assert_eq!(
            shown("原因はデプロイスクリプトの設定漏れだった。", "原因はデプロイスクリプトの環境変数の設定漏れだった。"),
            ["原因はデプロイスクリプトの設定漏れだった。", "原因はデプロイスクリプトの{+環境変数の+}設定漏れだった。"]
        );
    }

    #[test]
    fn sentences_are_no_confetti() {
        let found = shown("サーバーの負荷を見る。\n", "ログの内容を見る。\n");
        assert_eq!(
            found,
            ["[-サーバーの負荷-]を見る。", "{+ログの内容+}を見る。"],
            "one の between two other words is not worth showing"
        );
        let found = shown("切り戻した。\n", "Rolled back at once.\n");
        assert_eq!(found, ["[-切り戻した。-]", "{+Rolled back at once.+}"]);
    }

    #[test]
    fn lines_have_numbers_on_both_sides_and_those_far_away_are_folded() {
        let old: String = (1..=20).map(|n| format!("line {n}\n")).collect();
        let new: String = old.replace("line 10\n", "").replace("line 11\n", "row 11\n");
        let difference: Difference = compare(&old, &new, LONG);
        assert_eq!((difference.n_gone, difference.n_new), (2, 1));
        let rows: Vec<Row> = difference.folded(2);
        assert_eq!((rows.first(), rows.last()), (Some(&Row::Folded { n_lines: 7 }), Some(&Row::Folded { n_lines: 7 })));
        assert_eq!(rows.len(), 2 + 4 + 3);
        let last: &Line = difference.lines.last().unwrap();
        assert_eq!((last.old, last.new), (Some(20), Some(19)));
        assert!(compare(&old, &old, LONG).is_empty() && compare("", "", LONG).lines.is_empty());
    }

    #[test]
    fn what_can_not_be_compared_in_time_is_shown_as_replaced() {
        let old: String = (0..30_000).map(|n| format!("{:x}\n", n * 7_919 % 104_729)).collect();
        let new: String = (0..30_000).map(|n| format!("{:x}\n", n * 6_007 % 104_723)).collect();
        let difference: Difference = compare(&old, &new, Duration::from_millis(20));
        assert_eq!((side(&difference, Mark::Gone), side(&difference, Mark::New)), (old, new));
        let (old, new): (String, String) = ("\n".repeat(MOST_LINES + 1), "あ".repeat(MOST_WORDS + 1));
        let difference: Difference = compare(&old, &new, LONG);
        assert_eq!((side(&difference, Mark::Gone), side(&difference, Mark::New)), (old, new));
    }

    proptest! {
        #[test]
        fn both_sides_are_the_texts(old in "[ab \n𠮷かの\u{3099}👩\u{200d}]{0,60}", new in "[ab \n𠮷かの\u{3099}👩\u{200d}]{0,60}") {
            let difference: Difference = compare(&old, &new, LONG);
            prop_assert_eq!(side(&difference, Mark::Gone), old.clone());
            prop_assert_eq!(side(&difference, Mark::New), new.clone());
            prop_assert_eq!(kept(&difference, Mark::Gone), kept(&difference, Mark::New), "what is not marked is the same");
            prop_assert_eq!(difference.is_empty(), old == new);
        }

        #[test]
        fn no_mark_parts_a_letter_from_its_accent(old in "[かの\u{3099}]{0,30}", new in "[かの\u{3099}]{0,30}") {
            for line in compare(&old, &new, LONG).lines {
                let begins_badly = line.pieces.iter().skip(1).any(|piece| piece.text.starts_with('\u{3099}'));
                prop_assert!(!begins_badly, "{line:?}");
            }
        }

        #[test]
        fn folding_loses_only_what_is_the_same(old in "[ab\n]{0,40}", new in "[ab\n]{0,40}", around in 0_usize..4) {
            let difference: Difference = compare(&old, &new, LONG);
            let rows: Vec<Row> = difference.folded(around);
            let n: usize = rows.iter().map(|row| match row { Row::Line(_) => 1, Row::Folded { n_lines } => *n_lines }).sum();
            prop_assert_eq!(n, difference.lines.len());
            let n_changed = rows.iter().filter(|row| matches!(row, Row::Line(line) if line.mark != Mark::Same)).count();
            prop_assert_eq!(n_changed, difference.n_gone + difference.n_new);
        }
    }
}
