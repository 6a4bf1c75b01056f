//! A moment alone has the answer it has in the rendering of a whole year: a million moments, twelve zones, every kind of layer.

use super::schedules::{ZONES, almanac, overrides, schedule, year};
use crate::error::Error;
use crate::line::Line;
use model::Time;
use model::rota::almanac::Almanac;
use model::rota::{DutyRole, Holder, Override, Schedule, Segment, Who, render, who_now};
use std::time::{Duration, Instant};

const MOMENTS: usize = 1_000_000;

/// How many moments differ, which none may, and how long one takes.
///
/// # Errors
/// When a zone is unknown.
pub fn run() -> Result<Vec<Line>, Error> {
    let (mut n_asked, mut n_wrong): (usize, usize) = (0, 0);
    let mut asking: Duration = Duration::ZERO;
    for (at, zone) in ZONES.iter().enumerate() {
        // The rest goes to the last.
        let share: usize = MOMENTS * (at + 1) / ZONES.len() - MOMENTS * at / ZONES.len();
        let (wrong, took): (usize, Duration) = of_zone(zone, u32::try_from(at).unwrap_or_default(), share)?;
        eprintln!("   {zone}: {share} moments, {wrong} differ");
        (n_asked, n_wrong, asking) = (n_asked + share, n_wrong + wrong, asking + took);
    }
    Ok(vec![
        Line::higher("oncall", "moments asked alone, over 12 zones", n_asked as f64, "").with_goal(MOMENTS as f64),
        Line::lower("oncall", "of them unlike the whole year", n_wrong as f64, "").with_goal(0.0),
        Line::lower("oncall", "one moment alone, mean", asking.as_secs_f64() * 1e6 / n_asked as f64, "µs"),
    ])
}

/// How many of `n` moments differ, and how long was asked.
fn of_zone(zone: &str, seed: u32, n: usize) -> Result<(usize, Duration), Error> {
    let (schedule, overrides, almanac): (Schedule, Vec<Override>, Almanac) =
        (schedule(zone, seed), overrides(seed), almanac(zone)?);
    let whole: Vec<Segment> = render(&schedule, &overrides, &almanac, year());
    let roles: [(DutyRole, Course); 2] =
        [DutyRole::Primary, DutyRole::Secondary].map(|role| (role.clone(), Course::of(&whole, &role)));
    let mut numbers: Numbers = Numbers(u64::from(seed));
    let (mut n_wrong, mut took): (usize, Duration) = (0, Duration::ZERO);
    for moment in 0..n {
        let (role, course): &(DutyRole, Course) = &roles[moment % 2];
        let at: Time = numbers.moment();
        let began: Instant = Instant::now();
        let holders: Vec<Holder> = who_now(&schedule, &overrides, &almanac, role, at);
        took += began.elapsed();
        let who: Vec<Who> = holders.iter().map(|holder| holder.who).collect();
        n_wrong += usize::from(course.at(at) != Some(who.as_slice()));
    }
    Ok((n_wrong, took))
}

/// Who is there from each moment on at which anything changes, read off segments in the plainest way.
struct Course(Vec<(Time, Vec<Who>)>);

impl Course {
    fn of(segments: &[Segment], role: &DutyRole) -> Self {
        let of_role: Vec<&Segment> = segments.iter().filter(|segment| segment.role == *role).collect();
        let mut starts: Vec<Time> = of_role.iter().flat_map(|segment| [segment.start, segment.end]).collect();
        starts.sort_unstable();
        starts.dedup();
        let who = |at: Time| -> Vec<Who> {
            let mut who: Vec<Who> =
                of_role.iter().filter(|segment| segment.span().covers(at)).map(|segment| segment.who).collect();
            who.sort_unstable();
            who
        };
        Self(starts.into_iter().map(|at| (at, who(at))).collect())
    }

    fn at(&self, at: Time) -> Option<&[Who]> {
        let n_begun: usize = self.0.partition_point(|(start, _)| *start <= at);
        n_begun.checked_sub(1).and_then(|index| self.0.get(index)).map(|(_, who)| who.as_slice())
    }
}

/// The same in every run (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed: u64 = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed: u64 = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Of the year.
    fn moment(&mut self) -> Time {
        let below: u64 = self.next() % year().length_ms().unsigned_abs();
        year().start.plus_ms(i64::try_from(below).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_agree_and_one_that_does_not_is_counted() {
        assert_eq!(of_zone("Australia/Lord_Howe", 3, 300).unwrap().0, 0);
        let (schedule, almanac): (Schedule, Almanac) = (schedule("UTC", 1), almanac("UTC").unwrap());
        let course: Course = Course::of(&render(&schedule, &[], &almanac, year()), &DutyRole::Primary);
        assert!(course.at(year().start).is_some_and(|who| who != [Who::Gap]));
        assert_eq!(course.at(year().start.plus_ms(-1)), None);
    }
}
