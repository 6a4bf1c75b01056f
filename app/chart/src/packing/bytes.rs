//! Bytes, one field after another.

use figures::{Locale, Unit, Zone};

use super::MOST_MS;

#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn flag(&mut self, is_set: bool) {
        self.byte(u8::from(is_set));
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    pub(super) fn whole(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.byte((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.byte(value as u8);
    }

    /// Small numbers of both signs are short: 0, -1, 1, -2, …
    pub(super) fn signed(&mut self, value: i64) {
        self.whole(zigzag(value));
    }

    pub(super) fn length(&mut self, length: usize) {
        self.whole(length as u64);
    }

    pub(super) fn number(&mut self, value: f64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn maybe_number(&mut self, value: Option<f64>) {
        self.flag(value.is_some());
        if let Some(value) = value {
            self.number(value);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(super) fn unit(&mut self, unit: Unit) {
        let place = Unit::ALL.iter().position(|known| *known == unit).unwrap_or(0);
        self.byte(place as u8);
    }

    pub(super) fn locale(&mut self, locale: Locale) {
        self.flag(locale == Locale::En);
    }

    pub(super) fn zone(&mut self, zone: &Zone) {
        self.text(&zone.name);
        self.text(&zone.abbreviation);
        self.signed(i64::from(zone.offset_minutes));
        self.length(zone.transitions.len());
        for (at_ms, offset_minutes) in &zone.transitions {
            self.signed(*at_ms);
            self.signed(i64::from(*offset_minutes));
        }
    }
}

pub(super) fn zigzag(value: i64) -> u64 {
    (value.wrapping_shl(1) ^ (value >> 63)) as u64
}

pub(super) fn unzigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

/// Reads fields in the order they were written in. Every field may be absent.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, n_bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n_bytes)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// A byte that is at most `most`.
    pub(super) fn small(&mut self, most: u8) -> Option<u8> {
        self.byte().filter(|byte| *byte <= most)
    }

    pub(super) fn whole(&mut self) -> Option<u64> {
        let mut value: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit only.
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        self.whole().map(unzigzag)
    }

    /// How many members follow. Each takes at least a byte, so there are no more than bytes are left.
    pub(super) fn length(&mut self) -> Option<usize> {
        let length = usize::try_from(self.whole()?).ok()?;
        (length <= self.rest.len()).then_some(length)
    }

    /// An instant that is a date.
    pub(super) fn instant(&mut self) -> Option<i64> {
        self.signed().filter(|ms| ms.unsigned_abs() <= MOST_MS.unsigned_abs())
    }

    pub(super) fn number(&mut self) -> Option<f64> {
        let bytes: [u8; 8] = self.take(8)?.try_into().ok()?;
        Some(f64::from_le_bytes(bytes))
    }

    pub(super) fn maybe_number(&mut self) -> Option<Option<f64>> {
        if self.flag()? { self.number().map(Some) } else { Some(None) }
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.length()?;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }

    pub(super) fn unit(&mut self) -> Option<Unit> {
        Unit::ALL.get(usize::from(self.byte()?)).copied()
    }

    pub(super) fn locale(&mut self) -> Option<Locale> {
        self.flag().map(|is_en| if is_en { Locale::En } else { Locale::Ja })
    }

    pub(super) fn zone(&mut self) -> Option<Zone> {
        let (name, abbreviation) = (self.text()?, self.text()?);
        let offset_minutes = self.offset()?;
        let transitions = self.list(|reader| Some((reader.instant()?, reader.offset()?)))?;
        Some(Zone { name, abbreviation, offset_minutes, transitions })
    }

    /// Minutes east of UTC, at most a day.
    fn offset(&mut self) -> Option<i32> {
        let offset = i32::try_from(self.signed()?).ok()?;
        (offset.abs() <= 1_440).then_some(offset)
    }

    pub(super) fn list<T, F: Fn(&mut Reader<'a>) -> Option<T>>(&mut self, read: F) -> Option<Vec<T>> {
        let length = self.length()?;
        let mut members: Vec<T> = Vec::new();
        for _ in 0..length {
            members.push(read(self)?);
        }
        Some(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_numbers_of_both_signs_are_short() {
        for (value, expected) in [(0, 0), (-1, 1), (1, 2), (-2, 3), (i64::MAX, u64::MAX - 1), (i64::MIN, u64::MAX)] {
            assert_eq!(zigzag(value), expected);
            assert_eq!(unzigzag(expected), value);
        }
    }

    #[test]
    fn lengths_beyond_the_end_are_refused() {
        assert_eq!(Reader::new(&[5, b'a', b'b']).text(), None);
        assert_eq!(Reader::new(&[2, b'a', b'b']).text().as_deref(), Some("ab"));
        assert_eq!(Reader::new(&[2, 0xff, 0xfe]).text(), None);
        assert_eq!(Reader::new(&[0xff; 12]).whole(), None);
        assert_eq!(Reader::new(&[0x80]).whole(), None);
        assert_eq!(Reader::new(&[2]).flag(), None);
    }

    proptest! {
        #[test]
        fn fields_survive(whole in any::<u64>(), signed in any::<i64>(), number in any::<f64>(), text in ".{0,40}") {
            let mut writer = Writer::default();
            writer.whole(whole);
            writer.signed(signed);
            writer.number(number);
            writer.text(&text);
            let mut reader = Reader::new(writer.bytes());
            prop_assert_eq!(reader.whole(), Some(whole));
            prop_assert_eq!(reader.signed(), Some(signed));
            prop_assert_eq!(reader.number().map(f64::to_bits), Some(number.to_bits()));
            prop_assert_eq!(reader.text(), Some(text));
            prop_assert!(reader.is_at_end());
        }
    }
}
