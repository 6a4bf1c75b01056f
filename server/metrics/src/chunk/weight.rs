//! What bytes will weigh once they are compressed in a block, estimated without compressing them.

/// Bytes an entropy coder would need, each byte taken for itself, and a sixteenth of their number: of two codings that compress alike
/// the shorter one is read faster.
pub(crate) fn weigh(bytes: &[u8]) -> usize {
    let mut counts: [u32; 256] = [0; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let n: f64 = bytes.len() as f64;
    let mut bits: f64 = 0.0;
    for count in counts {
        if count > 0 {
            bits += f64::from(count) * (n / f64::from(count)).log2();
        }
    }
    (bits / 8.0) as usize + bytes.len() / 16 + 1
}

/// The lightest of some encodings, of equals the first.
pub(crate) fn lightest(candidates: Vec<Vec<u8>>) -> Vec<u8> {
    candidates.into_iter().min_by_key(|candidate| weigh(candidate)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_weighs_little_and_noise_its_size() {
        assert!(weigh(&[7; 480]) < 40);
        let noise: Vec<u8> = (0_u32..2_048).map(|n| (n % 256) as u8).collect();
        assert!(weigh(&noise) >= 2_048);
        assert_eq!(weigh(&[]), 1);
        assert_eq!(lightest(vec![noise, vec![7; 480], vec![8; 480]]), vec![7; 480]);
    }
}
