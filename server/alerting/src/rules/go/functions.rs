//! The functions a template may call.

use super::numbers;

/// Every function, as it is called.
pub(super) const NAMES: [&str; 22] = [
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "printf",
    "print",
    "title",
    "toUpper",
    "toLower",
    "toFloat",
    "stripPort",
    "len",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "and",
    "or",
    "not",
];

/// What a template computes with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum {
    Text(String),
    Number(f64),
    Flag(bool),
}

impl Datum {
    /// As it is printed.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => numbers::shortest(*number),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    /// Whether it is neither empty nor zero.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => *number != 0.0,
            Self::Flag(flag) => *flag,
        }
    }

    fn number(&self) -> Result<f64, String> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Text(text) => promql_number(text).ok_or_else(|| format!("\"{text}\" is no number")),
            Self::Flag(flag) => Err(format!("{flag} is no number")),
        }
    }
}

fn promql_number(text: &str) -> Option<f64> {
    let (sign, digits): (f64, &str) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    promql::numbers::parse_number(digits).map(|value| sign * value)
}

/// Calls a function of [`NAMES`].
pub(super) fn call(name: &str, arguments: &[Datum]) -> Result<Datum, String> {
    match name {
        "printf" => printf(arguments).map(Datum::Text),
        "print" => Ok(Datum::Text(arguments.iter().map(Datum::written).collect())),
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" => compare(name, arguments).map(Datum::Flag),
        "and" => chosen(name, arguments, |datum| !datum.is_true()),
        "or" => chosen(name, arguments, Datum::is_true),
        _ => one(name, single(name, arguments)?),
    }
}

/// `and` gives the first that is empty, `or` the first that is not, each the last when there is none.
fn chosen(name: &str, arguments: &[Datum], stops: impl Fn(&Datum) -> bool) -> Result<Datum, String> {
    let found: Option<&Datum> = arguments.iter().find(|datum| stops(datum)).or(arguments.last());
    found.cloned().ok_or_else(|| format!("{name} wants an argument"))
}

fn single<'a>(name: &str, arguments: &'a [Datum]) -> Result<&'a Datum, String> {
    match arguments {
        [only] => Ok(only),
        _ => Err(format!("{name} wants one argument, found {}", arguments.len())),
    }
}

fn one(name: &str, argument: &Datum) -> Result<Datum, String> {
    Ok(match name {
        "humanize" => Datum::Text(numbers::humanize(argument.number()?)),
        "humanize1024" => Datum::Text(numbers::humanize1024(argument.number()?)),
        "humanizeDuration" => Datum::Text(numbers::humanize_duration(argument.number()?)),
        "humanizePercentage" => Datum::Text(numbers::humanize_percentage(argument.number()?)),
        "humanizeTimestamp" => Datum::Text(numbers::humanize_timestamp(argument.number()?)?),
        "toFloat" => Datum::Number(argument.number()?),
        "title" => Datum::Text(title(&argument.written())),
        "toUpper" => Datum::Text(argument.written().to_uppercase()),
        "toLower" => Datum::Text(argument.written().to_lowercase()),
        "stripPort" => Datum::Text(strip_port(&argument.written())),
        "len" => Datum::Number(argument.written().len() as f64),
        "not" => Datum::Flag(!argument.is_true()),
        _ => return Err(format!("the function {name} is not known here")),
    })
}

fn title(text: &str) -> String {
    let mut starts: bool = true;
    let mut titled: String = String::with_capacity(text.len());
    for character in text.chars() {
        if starts {
            titled.extend(character.to_uppercase());
        } else {
            titled.push(character);
        }
        starts = character.is_whitespace();
    }
    titled
}

/// `db:5432` is `db`, `[::1]:80` is `::1`.
fn strip_port(text: &str) -> String {
    if let Some((address, _)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address.to_owned();
    }
    match text.rsplit_once(':') {
        Some((host, _)) if !host.contains(':') => host.to_owned(),
        _ => text.to_owned(),
    }
}

/// `eq` takes more than two, and asks whether the first is any of the others.
fn compare(name: &str, arguments: &[Datum]) -> Result<bool, String> {
    let Some((first, others)) = arguments.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err(format!("{name} wants two arguments"));
    };
    if name == "eq" {
        return Ok(others.contains(first));
    }
    let other: &Datum = &others[0];
    if name == "ne" {
        return Ok(first != other);
    }
    let order: Option<std::cmp::Ordering> = match (first, other) {
        (Datum::Text(a), Datum::Text(b)) => Some(a.cmp(b)),
        _ => first.number()?.partial_cmp(&other.number()?),
    };
    Ok(order.is_some_and(|order| match name {
        "lt" => order.is_lt(),
        "le" => order.is_le(),
        "gt" => order.is_gt(),
        _ => order.is_ge(),
    }))
}

/// `%s %v %d %q %f %e %g %%`, with a precision.
fn printf(arguments: &[Datum]) -> Result<String, String> {
    let Some((Datum::Text(format), values)) = arguments.split_first() else {
        return Err("printf wants a text as its first argument".to_owned());
    };
    let mut values = values.iter();
    let mut text: String = String::new();
    let mut rest: &str = format;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let length: usize = after.find(|next: char| !(next.is_ascii_digit() || next == '.')).unwrap_or(after.len());
        let verb: char = after[length..].chars().next().ok_or("a % at the end of the format")?;
        rest = &after[length + verb.len_utf8()..];
        if verb == '%' {
            text.push('%');
            continue;
        }
        let value: &Datum = values.next().ok_or_else(|| format!("printf has too few values for \"{format}\""))?;
        text.push_str(&verbed(verb, &after[..length], value)?);
    }
    text.push_str(rest);
    Ok(text)
}

fn verbed(verb: char, flags: &str, value: &Datum) -> Result<String, String> {
    // Widths line columns up, which no alert has; only what stands behind the point counts.
    let precision: Option<usize> = flags.split_once('.').map(|(_, digits)| digits.parse::<usize>().unwrap_or(0).min(100));
    Ok(match verb {
        's' | 'v' => value.written(),
        'q' => format!("{:?}", value.written()),
        'd' => numbers::fixed(value.number()?.trunc(), 0),
        'f' => numbers::fixed(value.number()?, precision.unwrap_or(6)),
        'e' => numbers::exponential(value.number()?, precision.unwrap_or(6)),
        'g' => match precision {
            Some(precision) => numbers::general(value.number()?, precision),
            None => numbers::shortest(value.number()?),
        },
        _ => return Err(format!("printf does not know %{verb}")),
    })
}
