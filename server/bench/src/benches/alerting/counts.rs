//! How much is done, where the environment says nothing else.

/// A number of the environment that is at least 1.
pub fn given(name: &str, otherwise: u64) -> u64 {
    let found: Option<u64> = std::env::var(name).ok().and_then(|text| text.trim().parse().ok());
    found.filter(|number| *number > 0).unwrap_or(otherwise)
}

/// The same, to count things with.
pub fn n(name: &str, otherwise: u64) -> usize {
    usize::try_from(given(name, otherwise)).unwrap_or(usize::MAX)
}

/// How long a timed load goes on.
pub fn seconds(otherwise: u64) -> u64 {
    given("MIMAMORI_BENCH_SECONDS", otherwise)
}
