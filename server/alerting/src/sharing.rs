//! Which of several processes evaluates a group: rendezvous hashing, so that each process gets its share, and one that comes or goes moves
//! only the groups it gains or leaves. Leases decide who may write; this only says who should try. Pure.

use std::hash::{DefaultHasher, Hash, Hasher};

/// A process that was not seen for so long is gone; its leases have ended by then.
pub const ALIVE_MS: i64 = 15_000;
/// How often a process says that it is there.
pub const MEET_EVERY_MS: i64 = 5_000;

/// Whether `me` should evaluate `group`, given everybody who could. Who is alone, or knows of nobody, takes everything.
#[must_use]
pub fn is_mine(group: &str, me: &str, everybody: &[String]) -> bool {
    let best: Option<(u64, &String)> = everybody.iter().map(|owner| (weight(group, owner), owner)).max();
    best.is_none_or(|(_, best)| best == me)
}

/// The same in every process of one version; while versions differ, a lease settles what two of them want.
fn weight(group: &str, owner: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (group, owner).hash(&mut hasher);
    hasher.finish()
}

/// How long after its tick a group is begun: the groups of one interval spread over a part of it, each always at the same place. The tick
/// itself, and with it what is asked, stays aligned.
#[must_use]
pub fn jitter_ms(group: &str, interval_ms: i64) -> i64 {
    /// An alert may come this much later for it, and no more.
    const MOST_MS: i64 = 2_000;
    let spread: i64 = (interval_ms / 4).clamp(1, MOST_MS);
    i64::try_from(weight(group, "jitter") % spread.unsigned_abs()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn owners(n: usize) -> Vec<String> {
        (0..n).map(|n| format!("alerting/{n}")).collect()
    }

    fn owner_of<'a>(group: &str, everybody: &'a [String]) -> Vec<&'a String> {
        everybody.iter().filter(|owner| is_mine(group, owner, everybody)).collect()
    }

    #[test]
    fn who_knows_nobody_takes_everything() {
        assert!(is_mine("g", "me", &[]) && is_mine("g", "me", &["me".to_owned()]));
    }

    #[test]
    fn three_processes_get_about_a_third_each() {
        let everybody = owners(3);
        for owner in &everybody {
            let share = (0..3_000).filter(|n| is_mine(&format!("group-{n}"), owner, &everybody)).count();
            assert!((850..1_150).contains(&share), "{owner} has {share}");
        }
    }

    proptest! {
        #[test]
        fn every_group_has_one_owner_and_a_newcomer_takes_only_what_it_gets(group in "[a-z]{1,12}", n in 1_usize..8) {
            let (before, after) = (owners(n), owners(n + 1));
            let (was, is) = (owner_of(&group, &before), owner_of(&group, &after));
            prop_assert_eq!((was.len(), is.len()), (1, 1));
            prop_assert!(is[0] == was[0] || is[0] == &after[n]);
        }

        #[test]
        fn the_jitter_is_a_small_part_of_the_interval(group in ".{0,20}", interval_ms in 1_000_i64..3_600_000) {
            let jitter = jitter_ms(&group, interval_ms);
            prop_assert!((0..=interval_ms / 4).contains(&jitter) && jitter < 2_000);
        }
    }
}
