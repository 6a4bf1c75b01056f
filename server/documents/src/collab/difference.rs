//! The least that makes one text another: what a server types when it is given a whole text.
//!
//! Myers' greedy algorithm (1986) over characters, after what both have at their ends in common. Where that would take too long, over lines,
//! and over the characters of the lines that differ; where even that would, what differs is replaced.

/// A stretch of the old text that becomes something else. Offsets are of UTF-16, as editors count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) at: u32,
    pub(crate) n_removed: u32,
    pub(crate) inserted: String,
}

/// Differences beyond which texts are replaced: the memory is the square of it.
const MOST_DIFFERENCES: usize = 800;

/// A stretch that differs: places in the old and in the new sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    old: (usize, usize),
    new: (usize, usize),
}

/// What is to be done to `old`, from its beginning to its end, none touching another.
pub(crate) fn edits(old: &str, new: &str) -> Vec<Edit> {
    let (old_chars, new_chars): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let changes: Vec<Change> = chars_changes(&old_chars, &new_chars);
    let mut edits: Vec<Edit> = Vec::with_capacity(changes.len());
    let (mut at, mut passed): (u32, usize) = (0, 0);
    for change in changes {
        at += width(&old_chars[passed..change.old.0]);
        let n_removed: u32 = width(&old_chars[change.old.0..change.old.1]);
        edits.push(Edit { at, n_removed, inserted: new_chars[change.new.0..change.new.1].iter().collect() });
        at += n_removed;
        passed = change.old.1;
    }
    edits
}

fn width(chars: &[char]) -> u32 {
    let units: usize = chars.iter().map(|one| one.len_utf16()).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

fn chars_changes(old: &[char], new: &[char]) -> Vec<Change> {
    let Some(middle) = middle(old, new) else { return Vec::new() };
    let (a, b) = (&old[middle.old.0..middle.old.1], &new[middle.new.0..middle.new.1]);
    let found: Vec<Change> = myers(a, b).unwrap_or_else(|| lines_changes(a, b));
    found.into_iter().map(|change| moved(change, middle.old.0, middle.new.0)).collect()
}

/// The same by lines, and within lines that differ by characters, if that is quick.
fn lines_changes(old: &[char], new: &[char]) -> Vec<Change> {
    let (old_lines, new_lines): (Vec<&[char]>, Vec<&[char]>) =
        (old.split_inclusive(|one| *one == '\n').collect(), new.split_inclusive(|one| *one == '\n').collect());
    let whole = Change { old: (0, old_lines.len()), new: (0, new_lines.len()) };
    let found: Vec<Change> = myers(&old_lines, &new_lines).unwrap_or_else(|| vec![whole]);
    let (old_at, new_at): (Vec<usize>, Vec<usize>) = (places(&old_lines), places(&new_lines));
    let mut changes: Vec<Change> = Vec::new();
    for lines in found {
        let (from, until) = (old_at[lines.old.0], old_at[lines.old.1]);
        let (new_from, new_until) = (new_at[lines.new.0], new_at[lines.new.1]);
        let Some(middle) = middle(&old[from..until], &new[new_from..new_until]) else { continue };
        let (a, b) = (&old[from + middle.old.0..from + middle.old.1], &new[new_from + middle.new.0..new_from + middle.new.1]);
        let all = Change { old: (0, a.len()), new: (0, b.len()) };
        let within: Vec<Change> = myers(a, b).unwrap_or_else(|| vec![all]);
        changes.extend(within.into_iter().map(|change| moved(change, from + middle.old.0, new_from + middle.new.0)));
    }
    changes
}

/// Where each line begins, and where the last one ends.
fn places(lines: &[&[char]]) -> Vec<usize> {
    let mut at: usize = 0;
    let mut places: Vec<usize> = vec![0];
    for line in lines {
        at += line.len();
        places.push(at);
    }
    places
}

fn moved(change: Change, old: usize, new: usize) -> Change {
    Change { old: (change.old.0 + old, change.old.1 + old), new: (change.new.0 + new, change.new.1 + new) }
}

/// What is left between the ends that both have in common; `None` when they are equal.
fn middle(old: &[char], new: &[char]) -> Option<Change> {
    let before: usize = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    if before == old.len() && before == new.len() {
        return None;
    }
    let after: usize = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(|(a, b)| a == b).count();
    Some(Change { old: (before, old.len() - after), new: (before, new.len() - after) })
}

/// Myers' algorithm; `None` when there are more differences than it may look for.
fn myers<T: PartialEq>(old: &[T], new: &[T]) -> Option<Vec<Change>> {
    let most: usize = (old.len() + new.len()).min(MOST_DIFFERENCES);
    // The furthest place in the old sequence on each diagonal, kept after each round to walk back by.
    let mut furthest: Vec<usize> = vec![0; 2 * most + 3];
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    for d in 0..=most {
        rounds.push(furthest[most + 1 - d..=most + 1 + d].to_vec());
        for step in 0..=d {
            // Diagonals are -d, -d + 2, …, d; the middle of the vector is diagonal 0.
            let k: usize = most + 1 + 2 * step - d;
            let is_down: bool = step == 0 || (step != d && furthest[k - 1] < furthest[k + 1]);
            let mut x: usize = if is_down { furthest[k + 1] } else { furthest[k - 1] + 1 };
            let Some(mut y) = (x + most + 1).checked_sub(k) else { continue };
            while x < old.len() && y < new.len() && old[x] == new[y] {
                x += 1;
                y += 1;
            }
            furthest[k] = x;
            if x >= old.len() && y >= new.len() {
                return Some(walk_back(&rounds, old.len(), new.len()));
            }
        }
    }
    None
}

/// The path from the end to the beginning, as stretches that differ.
fn walk_back(rounds: &[Vec<usize>], n_old: usize, n_new: usize) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let (mut x, mut y): (usize, usize) = (n_old, n_new);
    for d in (1..rounds.len()).rev() {
        // This round's vector holds the diagonals from -d to d, as the round before left them.
        let round: &[usize] = &rounds[d];
        let k: usize = (x + d) - y;
        let is_down: bool = k == 0 || (k != 2 * d && round[k - 1] < round[k + 1]);
        let before_k: usize = if is_down { k + 1 } else { k - 1 };
        let before_x: usize = round[before_k];
        let before_y: usize = (before_x + d) - before_k;
        let (from_x, from_y) = if is_down { (before_x, before_y + 1) } else { (before_x + 1, before_y) };
        put_before(&mut changes, Change { old: (before_x, from_x), new: (before_y, from_y) });
        (x, y) = (before_x, before_y);
    }
    changes.reverse();
    changes
}

/// Found from the end: what touches the one found before becomes part of it.
fn put_before(changes: &mut Vec<Change>, change: Change) {
    match changes.last_mut() {
        Some(last) if last.old.0 == change.old.1 && last.new.0 == change.new.1 => {
            last.old.0 = change.old.0;
            last.new.0 = change.new.0;
        }
        _ => changes.push(change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    fn done(old: &str, edits: &[Edit]) -> String {
        let units: Vec<u16> = old.encode_utf16().collect();
        let mut out: Vec<u16> = Vec::new();
        let mut at: usize = 0;
        for edit in edits {
            let from = usize::try_from(edit.at).unwrap();
            out.extend_from_slice(&units[at..from]);
            out.extend(edit.inserted.encode_utf16());
            at = from + usize::try_from(edit.n_removed).unwrap();
        }
        out.extend_from_slice(&units[at..]);
        String::from_utf16(&out).unwrap()
    }

    fn size(edits: &[Edit]) -> usize {
        edits.iter().map(|edit| usize::try_from(edit.n_removed).unwrap() + edit.inserted.encode_utf16().count()).sum()
    }

    #[test]
    fn only_what_differs_is_touched() {
        let edit = |at, n_removed, inserted: &str| Edit { at, n_removed, inserted: inserted.to_owned() };
        assert_eq!(edits("同じ", "同じ"), []);
        assert_eq!(edits("", "新"), [edit(0, 0, "新")]);
        assert_eq!(edits("𠮷野家", "𠮷野屋"), [edit(3, 1, "屋")], "a character beyond the basic plane is two units");
        assert_eq!(edits("abcdef", "abXdeYf"), [edit(2, 1, "X"), edit(5, 0, "Y")]);
        assert_eq!(
            edits("abcabba", "cbabac").iter().map(|edit| edit.n_removed).sum::<u32>(),
            3,
            "Myers' own example: five steps"
        );
    }

    #[test]
    fn a_large_text_that_changes_everywhere_is_still_made_the_other() {
        let old: String = (0..5_000).map(|n| format!("行 {n} は古い\n")).collect();
        let new: String =
            (0..5_000).map(|n| if n % 500 == 0 { format!("行 {n} は新しい\n") } else { format!("行 {n} は古い\n") }).collect();
        let found: Vec<Edit> = edits(&old, &new);
        assert_eq!(done(&old, &found), new);
        assert!(size(&found) < 100, "ten lines of five thousand: {}", size(&found));
        let other: String = (0..3_000).map(|n| format!("{:x}\n", n * 7_919)).collect();
        assert_eq!(done(&old, &edits(&old, &other)), other);
    }

    proptest! {
        #[test]
        fn an_edited_text_is_the_one_that_was_wanted(old in "[ab\n𠮷か゛]{0,40}", new in "[ab\n𠮷か゛]{0,40}") {
            let found = edits(&old, &new);
            prop_assert_eq!(done(&old, &found), new.clone());
            prop_assert!(size(&found) <= old.encode_utf16().count() + new.encode_utf16().count());
            prop_assert!(found.windows(2).all(|pair| pair[0].at + pair[0].n_removed < pair[1].at));
        }
    }
}
