//! Where a page stands among its neighbours: a fraction written in letters, so that one can always be put between two others without touching
//! them. Compared byte by byte; none ends with the digit zero, or nothing would fit before it.

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Where the first one stands: in the middle.
const FIRST: &str = "i";
/// Digits that are counted up when something is put at the end.
const COUNTED: usize = 6;

fn value(digit: u8) -> usize {
    DIGITS.iter().position(|known| *known == digit).unwrap_or(0)
}

/// Behind the last one.
#[must_use]
pub fn after(last: Option<&str>) -> String {
    let Some(last) = last else {
        return FIRST.to_owned();
    };
    let counted: usize =
        (0..COUNTED).fold(0, |sum, at| sum * DIGITS.len() + last.as_bytes().get(at).map_or(0, |digit| value(*digit)));
    let most: usize = DIGITS.len().pow(6) - 1;
    if counted >= most { between(Some(last), None) } else { written(counted + 1) }
}

fn written(mut number: usize) -> String {
    let mut digits: Vec<u8> = vec![b'0'; COUNTED];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[number % DIGITS.len()];
        number /= DIGITS.len();
    }
    let text: String = digits.into_iter().map(char::from).collect();
    text.trim_end_matches('0').to_owned()
}

/// Between two neighbours; `None`: there is none on that side. `before` must be the smaller one.
#[must_use]
pub fn between(before: Option<&str>, behind: Option<&str>) -> String {
    let low: &[u8] = before.unwrap_or_default().as_bytes();
    middle(low, behind.map(str::as_bytes)).into_iter().map(char::from).collect()
}

fn middle(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    let mut found: Vec<u8> = Vec::new();
    let mut low: &[u8] = low;
    let mut high: Option<&[u8]> = high;
    loop {
        let from: usize = low.first().map_or(0, |digit| value(*digit));
        let until: usize = high.map_or(DIGITS.len(), |high| high.first().map_or(DIGITS.len(), |digit| value(*digit)));
        if until > from + 1 {
            found.push(DIGITS[usize::midpoint(from, until)]);
            return found;
        }
        found.push(DIGITS[from]);
        low = low.get(1..).unwrap_or_default();
        // Behind the same digit the upper bound goes on; behind a smaller one there is none.
        high = if until == from { high.and_then(|high| high.get(1..)) } else { None };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_end_is_counted_and_stays_short() {
        let mut last: String = after(None);
        for _ in 0..5_000 {
            let next: String = after(Some(&last));
            assert!(next > last && next.len() <= COUNTED && !next.ends_with('0'), "{last} {next}");
            last = next;
        }
        assert!(after(Some("zzzzzz")).as_str() > "zzzzzz");
    }

    #[test]
    fn something_fits_before_the_first() {
        let mut first: String = after(None);
        for _ in 0..200 {
            let next: String = between(None, Some(&first));
            assert!(next < first && !next.ends_with('0') && !next.is_empty(), "{next} {first}");
            first = next;
        }
    }

    proptest! {
        #[test]
        fn something_fits_between_any_two(places in prop::collection::vec(0usize..50, 1..150)) {
            let mut all: Vec<String> = vec![after(None)];
            for place in places {
                let at: usize = place % (all.len() + 1);
                let before: Option<&str> = at.checked_sub(1).and_then(|before| all.get(before)).map(String::as_str);
                let behind: Option<&str> = all.get(at).map(String::as_str);
                let new: String = match behind {
                    None => after(before),
                    Some(_) => between(before, behind),
                };
                prop_assert!(!new.ends_with('0'));
                all.insert(at, new);
                prop_assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", all);
            }
        }
    }
}
