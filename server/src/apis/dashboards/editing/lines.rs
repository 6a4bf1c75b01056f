//! Lists as lines of a form: names of states, and the choices of a variable.

use dashboard::Said;

/// `1 = 稼働 | up`, or `1 = up` where both languages say the same; a line each.
pub fn states_text(states: &[(f64, Said)]) -> String {
    let line = |(value, name): &(f64, Said)| {
        let (ja, en): (String, String) = (escaped(&name.ja, '|'), escaped(&name.en, '|'));
        if ja == en { format!("{value} = {en}") } else { format!("{value} = {ja} | {en}") }
    };
    states.iter().map(line).collect::<Vec<String>>().join("\n")
}

/// What [`states_text`] wrote in one line.
pub fn state_of(line: &str) -> Option<(f64, Said)> {
    let (value, name): (&str, &str) = line.split_once('=')?;
    let value: f64 = value.trim().parse::<f64>().ok().filter(|value| value.is_finite())?;
    let said: Said = match split(name, '|') {
        Some((ja, en)) => Said { ja: unescaped(ja.trim()), en: unescaped(en.trim()) },
        None => Said::same(&unescaped(name.trim())),
    };
    Some((value, said))
}

/// `many = 100`, or the value alone where it is what is shown; a line each.
pub fn choices_text(choices: &[(String, String)]) -> String {
    let line = |(shown, value): &(String, String)| {
        // A value with the sign in it would be taken for two.
        if shown == value && !value.contains('=') { value.clone() } else { format!("{} = {value}", escaped(shown, '=')) }
    };
    choices.iter().map(line).collect::<Vec<String>>().join("\n")
}

/// What [`choices_text`] wrote in one line. A sign without blanks around it is part of a value.
pub fn choice_of(line: &str) -> (String, String) {
    match line.split_once(" = ") {
        Some((shown, value)) => (unescaped(shown.trim()), value.trim().to_owned()),
        None => (line.to_owned(), line.to_owned()),
    }
}

/// A text without a bare `sign`, with a backslash before each.
fn escaped(text: &str, sign: char) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '\\' || letter == sign {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let plain: char = if letter == '\\' { letters.next().unwrap_or('\\') } else { letter };
        out.push(plain);
    }
    out
}

/// Both sides of the first `sign` that has no backslash before it.
fn split(text: &str, sign: char) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        if letter == sign && !is_escaped {
            return Some((&text[..at], &text[at + sign.len_utf8()..]));
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(ja: &str, en: &str) -> Said {
        Said { ja: ja.to_owned(), en: en.to_owned() }
    }

    #[test]
    fn states_come_back_from_their_lines() {
        let states =
            vec![(1.0, said("稼働", "up")), (0.0, said("停止", "停止")), (-2.5, said("a|b\\", "c = d")), (3.0, said("", "x"))];
        let text: String = states_text(&states);
        assert!(text.starts_with("1 = 稼働 | up\n0 = 停止\n"), "{text}");
        let read: Vec<(f64, Said)> = text.lines().filter_map(state_of).collect();
        assert_eq!(read, states);
        assert_eq!(state_of("2=half"), Some((2.0, said("half", "half"))));
        assert_eq!((state_of("up"), state_of("x = up"), state_of("NaN = up")), (None, None, None));
    }

    #[test]
    fn choices_come_back_from_their_lines() {
        let choice = |shown: &str, value: &str| (shown.to_owned(), value.to_owned());
        let choices = vec![
            choice("10", "10"),
            choice("many", "100"),
            choice("a = b", "a = b"),
            choice("job=\"x\"", "job=\"x\""),
            choice("back\\slash", "web-\\d+"),
            choice("web-\\d+", "web-\\d+"),
        ];
        let text: String = choices_text(&choices);
        assert!(text.starts_with("10\nmany = 100\n"), "{text}");
        assert_eq!(text.lines().map(choice_of).collect::<Vec<(String, String)>>(), choices);
        assert_eq!(choice_of("a=b"), choice("a=b", "a=b"));
    }
}
