//! Bytes as hexadecimal digits.

/// Two small digits a byte.
#[must_use]
pub fn written(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of such digits, small or large; `None` for anything else.
#[must_use]
pub fn read(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    digits?.chunks(2).map(|pair| u8::try_from(pair.first()? * 16 + pair.get(1)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{read, written};

    #[test]
    fn what_is_written_is_read_back_and_nothing_else() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(read(&written(&bytes)), Some(bytes));
        assert_eq!(read("0aF0"), Some(vec![10, 240]));
        for strange in ["0", "0x", "é0", "0 "] {
            assert_eq!(read(strange), None, "{strange}");
        }
    }
}
