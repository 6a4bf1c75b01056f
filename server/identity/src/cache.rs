//! Remembers answers for a few seconds, so that a screen with twenty requests asks the database once.

use model::Time;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A revocation on another replica must bite within 5 s (security reference, section 2).
pub const LIFE_MS: i64 = 4_000;
/// More sessions than this are hardly in use within four seconds; beyond it the memory is worth more than the questions saved.
const LIMIT: usize = 4_096;

struct Entry<V> {
    value: V,
    from: Time,
    until: Time,
}

/// Values by the digest of a secret.
pub struct Cache<V> {
    entries: Mutex<HashMap<[u8; 32], Entry<V>>>,
}

impl<V: Clone> Cache<V> {
    pub fn new() -> Self {
        Self { entries: Mutex::new(HashMap::new()) }
    }

    /// The value, while it is fresh. A clock that was set back makes it stale, never fresher.
    pub fn get(&self, key: &[u8; 32], now: Time) -> Option<V> {
        let entries = self.lock();
        let entry = entries.get(key)?;
        (entry.from <= now && now < entry.until).then(|| entry.value.clone())
    }

    /// Remembers `value` for [`LIFE_MS`], but not beyond `ends`, when what it stands for ends.
    pub fn put(&self, key: [u8; 32], value: V, now: Time, ends: Time) {
        let mut entries = self.lock();
        if entries.len() >= LIMIT {
            entries.retain(|_, entry| entry.from <= now && now < entry.until);
        }
        if entries.len() >= LIMIT {
            entries.clear();
        }
        let until = now.plus_ms(LIFE_MS).min(ends);
        entries.insert(key, Entry { value, from: now, until });
    }

    /// Forgets one.
    pub fn remove(&self, key: &[u8; 32]) {
        self.lock().remove(key);
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Entry<V>>> {
        // A panic between two lines above leaves a valid map.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> [u8; 32] {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&number.to_be_bytes());
        key
    }

    #[test]
    fn an_answer_lives_four_seconds_or_until_its_end() {
        let cache: Cache<u8> = Cache::new();
        cache.put(key(1), 1, Time(0), Time(60_000));
        cache.put(key(2), 2, Time(0), Time(1_000));
        assert_eq!(cache.get(&key(1), Time(3_999)), Some(1));
        assert_eq!(cache.get(&key(1), Time(4_000)), None);
        assert_eq!(cache.get(&key(2), Time(1_000)), None);
        assert_eq!(cache.get(&key(1), Time(-1)), None);
    }

    #[test]
    fn it_never_grows_beyond_its_limit() {
        let cache: Cache<usize> = Cache::new();
        for number in 0..=LIMIT {
            cache.put(key(number), number, Time(0), Time(60_000));
        }
        assert!(cache.lock().len() <= LIMIT);
        assert_eq!(cache.get(&key(LIMIT), Time(0)), Some(LIMIT));
    }

    #[test]
    fn what_is_forgotten_is_gone() {
        let cache: Cache<u8> = Cache::new();
        cache.put(key(1), 1, Time(0), Time(60_000));
        cache.put(key(2), 2, Time(0), Time(60_000));
        cache.remove(&key(1));
        assert_eq!((cache.get(&key(1), Time(0)), cache.get(&key(2), Time(0))), (None, Some(2)));
        cache.clear();
        assert_eq!(cache.get(&key(2), Time(0)), None);
    }
}
