//! Randomness for secrets.

use rand::TryRngCore;
use rand::rngs::OsRng;

/// 256 bits from the operating system.
#[must_use]
pub fn random_256() -> [u8; 32] {
    let mut bytes = [0_u8; 32];
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system always has random bytes on the platforms we run on");
    bytes
}
