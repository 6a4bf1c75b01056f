//! What changes between two files, line by line, with a little around it. Pure.

use ::api::routing::PlanLine;

/// Lines that stay, shown before and after what changes.
const AROUND: usize = 3;
/// Lines of the one file times lines of the other, between what both begin and end with. Beyond it everything there is taken out and put
/// in again, which is true too.
const MOST_COMPARED: usize = 1_000_000;

/// The lines that differ, with those around them; nothing when there are none.
pub fn lines(before: &str, after: &str) -> Vec<PlanLine> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let n_begin: usize = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[n_begin..], &after[n_begin..]);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    let n_end: usize = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, tail) = old.split_at(old.len() - n_end);
    let new: &[&str] = &new[..new.len() - n_end];
    let mut lines: Vec<PlanLine> = Vec::new();
    lines.extend(before[n_begin.saturating_sub(AROUND)..n_begin].iter().map(|text| line(' ', text)));
    lines.extend(between(old, new));
    lines.extend(tail.iter().take(AROUND).map(|text| line(' ', text)));
    lines
}

fn line(sign: char, text: &str) -> PlanLine {
    PlanLine { sign, text: text.to_owned() }
}

fn between(old: &[&str], new: &[&str]) -> Vec<PlanLine> {
    if old.len().saturating_mul(new.len()) > MOST_COMPARED {
        let gone = old.iter().map(|text| line('-', text));
        return gone.chain(new.iter().map(|text| line('+', text))).collect();
    }
    let kept: Vec<Vec<u32>> = common(old, new);
    let (mut at, mut to) = (0_usize, 0_usize);
    let mut lines: Vec<PlanLine> = Vec::new();
    while at < old.len() || to < new.len() {
        if at < old.len() && to < new.len() && old[at] == new[to] {
            lines.push(line(' ', old[at]));
            (at, to) = (at + 1, to + 1);
        } else if at < old.len() && (to == new.len() || kept[at + 1][to] >= kept[at][to + 1]) {
            lines.push(line('-', old[at]));
            at += 1;
        } else {
            lines.push(line('+', new[to]));
            to += 1;
        }
    }
    lines
}

/// From each pair of places on, how many lines both have in common, in order.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut kept: Vec<Vec<u32>> = vec![vec![0; new.len() + 1]; old.len() + 1];
    for at in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            kept[at][to] = if old[at] == new[to] { kept[at + 1][to + 1] + 1 } else { kept[at + 1][to].max(kept[at][to + 1]) };
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::lines;

    fn told(before: &str, after: &str) -> Vec<String> {
        lines(before, after).into_iter().map(|line| format!("{}{}", line.sign, line.text)).collect()
    }

    #[test]
    fn only_what_changes_is_shown_with_three_lines_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(told(before, &before.replace('5', "x")), [" 2", " 3", " 4", "-5", "+x", " 6", " 7", " 8"]);
        assert_eq!(told(before, &before.replace("5\n", "")), [" 2", " 3", " 4", "-5", " 6", " 7", " 8"]);
        assert!(told(before, before).is_empty());
    }

    #[test]
    fn what_stays_between_changes_stays() {
        assert_eq!(told("a\nb\nc\n", "x\nb\ny\n"), ["-a", "+x", " b", "-c", "+y"]);
        assert_eq!(told("", "a\n"), ["+a"]);
        assert_eq!(told("a\na\n", "a\n"), [" a", "-a"]);
    }
}
