//! The fields of a form: reading them with everything that is wrong, and writing what a form is filled in with.

use super::law::both;
use ::api::dashboards::editing::EditForm;
use dashboard::{Link, Problem, Said};
use std::collections::BTreeSet;

/// What a box sends that is ticked.
const TICKED: &str = "true";
/// Enough of a text to recognise it, in characters.
const SHOWN: usize = 40;

/// A form that is read. What is wrong is told by the names of the fields.
pub struct Reading<'f> {
    form: &'f EditForm,
    pub wrong: Vec<Problem>,
}

impl<'f> Reading<'f> {
    pub fn new(form: &'f EditForm) -> Self {
        Self { form, wrong: Vec::new() }
    }

    /// What stands in a field, as it was typed.
    pub fn raw(&self, field: &str) -> String {
        self.form.get(field).map(|text| text.replace("\r\n", "\n")).unwrap_or_default()
    }

    /// The same without the blanks around it.
    pub fn text(&self, field: &str) -> String {
        self.raw(field).trim().to_owned()
    }

    /// A text that may be left out.
    pub fn option(&self, field: &str) -> Option<String> {
        Some(self.text(field)).filter(|text| !text.is_empty())
    }

    pub fn said(&self, under: &str) -> Said {
        Said { ja: self.text(&format!("{under}.ja")), en: self.text(&format!("{under}.en")) }
    }

    pub fn flag(&self, field: &str) -> bool {
        !self.text(field).is_empty()
    }

    /// The lines that say something.
    pub fn lines(&self, field: &str) -> Vec<String> {
        self.raw(field).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// One of some words; nothing is the first of them.
    pub fn word(&mut self, field: &str, words: &[&'static str]) -> &'static str {
        let first: &'static str = words.first().copied().unwrap_or_default();
        let Some(text) = self.option(field) else { return first };
        words.iter().copied().find(|word| *word == text).unwrap_or_else(|| {
            let expected = both(format!("{} のどれか", words.join("、")), format!("one of {}", words.join(", ")));
            self.refuse(field, expected, &text);
            first
        })
    }

    pub fn number(&mut self, field: &str) -> Option<f64> {
        let text: String = self.option(field)?;
        let number: Option<f64> = text.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            self.refuse(field, both("数値", "a number"), &text);
        }
        number
    }

    /// A number from 0 to 255.
    pub fn small(&mut self, field: &str) -> Option<u8> {
        let text: String = self.option(field)?;
        let small: Option<u8> = text.parse::<u8>().ok();
        if small.is_none() {
            self.refuse(field, both("0以上の小さな整数", "a small whole number"), &text);
        }
        small
    }

    /// A duration as Prometheus writes it, in milliseconds.
    pub fn duration(&mut self, field: &str) -> Option<i64> {
        let text: String = self.option(field)?;
        let duration: Option<i64> = promql::numbers::parse_duration_ms(&text).ok().and_then(|ms| i64::try_from(ms).ok());
        if duration.is_none() {
            self.refuse(field, both("30s、6h、7d のような期間", "a duration such as 30s, 6h or 7d"), &text);
        }
        duration
    }

    /// The numbers of the rows under a name (`link.0.href`) that say something in one of these parts.
    pub fn rows(&self, under: &str, parts: &[&str]) -> Vec<usize> {
        let row = |(field, text): (&String, &String)| -> Option<usize> {
            let (number, part): (&str, &str) = field.strip_prefix(under)?.strip_prefix('.')?.split_once('.')?;
            (parts.contains(&part) && !text.trim().is_empty()).then(|| number.parse::<usize>().ok()).flatten()
        };
        let rows: BTreeSet<usize> = self.form.iter().filter_map(row).collect();
        rows.into_iter().collect()
    }

    pub fn link(&self, row: usize) -> Link {
        let under = format!("link.{row}");
        Link {
            title: self.said(&format!("{under}.title")),
            href: self.text(&format!("{under}.href")),
            keeps_span: self.flag(&format!("{under}.keeps_span")),
        }
    }

    /// The rows of links that say something.
    pub fn link_rows(&self) -> Vec<usize> {
        self.rows("link", &["title.ja", "title.en", "href"])
    }

    pub fn refuse(&mut self, field: &str, expected: Said, found: &str) {
        let said = Said::same(&format!("\"{}\"", beginning(found)));
        self.wrong.push(Problem { path: field.to_owned(), said, expected, at: None });
    }
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A form that is filled in.
#[derive(Default)]
pub struct Filling {
    pub form: EditForm,
}

impl Filling {
    pub fn put(&mut self, field: &str, text: &str) {
        if !text.is_empty() {
            self.form.insert(field.to_owned(), text.to_owned());
        }
    }

    pub fn put_said(&mut self, under: &str, said: &Said) {
        self.put(&format!("{under}.ja"), &said.ja);
        self.put(&format!("{under}.en"), &said.en);
    }

    pub fn put_flag(&mut self, field: &str, flag: bool) {
        if flag {
            self.put(field, TICKED);
        }
    }

    pub fn put_links(&mut self, links: &[Link]) {
        for (row, link) in links.iter().enumerate() {
            let under = format!("link.{row}");
            self.put_said(&format!("{under}.title"), &link.title);
            self.put(&format!("{under}.href"), &link.href);
            self.put_flag(&format!("{under}.keeps_span"), link.keeps_span);
        }
    }
}

/// A duration as [`Reading::duration`] reads it.
pub fn duration_text(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms).unwrap_or(0))
}

/// Where a part of a list stands in its form: `links[1].href` is `link.3.href`, where the form has its second link in that row.
pub fn in_row(rest: &str, list: &str, row: &str, rows: &[usize]) -> Option<String> {
    let rest: &str = rest.strip_prefix(list)?;
    let Some((index, part)) = rest.strip_prefix('[').and_then(|rest| rest.split_once("].")) else {
        return Some(String::new());
    };
    let at: usize = rows.get(index.parse::<usize>().ok()?).copied()?;
    Some(format!("{row}.{at}.{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> EditForm {
        pairs.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn rows_that_say_nothing_are_none() {
        let form = form(&[
            ("query.0.expr", " "),
            ("query.1.hidden", "true"),
            ("query.7.expr", "up"),
            ("query.3.name", "a"),
            ("query.x.expr", "up"),
            ("queries.0.expr", "up"),
        ]);
        assert_eq!(Reading::new(&form).rows("query", &["expr", "name"]), [3, 7]);
    }

    #[test]
    fn what_is_no_number_is_told_at_its_field() {
        let numbers = [("min", "low"), ("max", " 1e3 "), ("width", "300"), ("decimals", "")];
        let form = form(&[numbers.as_slice(), &[("past", "soon"), ("axis", "round")]].concat());
        let mut reading = Reading::new(&form);
        assert_eq!((reading.number("min"), reading.number("max"), reading.small("width")), (None, Some(1_000.0), None));
        assert_eq!((reading.duration("past"), reading.small("decimals")), (None, None));
        assert_eq!(reading.word("axis", &["linear", "log"]), "linear");
        let wrong: Vec<&str> = reading.wrong.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(wrong, ["min", "width", "past", "axis"]);
    }

    #[test]
    fn lines_of_a_browser_are_lines() {
        let form = form(&[("tags", " a\r\n\r\nb \n")]);
        assert_eq!(Reading::new(&form).lines("tags"), ["a", "b"]);
    }

    #[test]
    fn a_list_is_found_in_the_rows_of_its_form() {
        for (path, expected) in
            [("links[1].title.ja", Some("link.5.title.ja")), ("links[7].href", None), ("links", Some("")), ("title.ja", None)]
        {
            assert_eq!(in_row(path, "links", "link", &[2, 5]).as_deref(), expected, "{path}");
        }
    }
}
