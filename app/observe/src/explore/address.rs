//! The question in the address: `/explore?q=…&q=…&range=1h`. All of it stands there, so the address is what one gives to others.
//!
//! Read from the address itself and not from the router's map of it: the map decodes percent signs twice and knows each name once. What a
//! button of the form asks for (`add`, `hide`, `drop`, `put`) is carried out as the address is read, and stands in no link.

use super::sorting;
use api::explore::{ExploreOne, ExploreQuery, ExploreSort, Inside, MOST_QUERIES};
use figures::{Civil, Zone};
use model::links;

/// A query that is asked, and one that is kept without being asked.
pub const ASKED: &str = "q";
pub const HIDDEN: &str = "off";

/// What an address asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub query: ExploreQuery,
    /// Whether an empty field stands behind the queries.
    pub has_spare: bool,
}

/// What a button asked for: of which query, from 1, and how many there were when it was drawn.
type Act = Option<(u32, u32)>;

impl Address {
    /// Reads the part behind the question mark. Moments that a form sent are of `zone`.
    #[must_use]
    pub fn read(search: &str, zone: &Zone) -> Self {
        let pairs: Vec<(String, String)> = links::pairs(search);
        let mut address = Self::default();
        for (name, value) in &pairs {
            address.take(name, value);
        }
        let first = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let moment = |name: &str| first(name).and_then(|text| moment(text, zone));
        if let (Some(from), Some(to)) = (moment("mark_from"), moment("mark_to")) {
            address.query.mark = Some((from, to));
        }
        if let (Some(from), Some(to)) = (moment("split_from"), moment("split_to")) {
            address.query.split = format!("{from}-{to}");
        }
        address.query.sort = sorting::read(first("sort"), first("order"));
        address.carry_out(first("hide").and_then(two), first("drop").and_then(two), first("put"));
        address.query.queries.truncate(MOST_QUERIES);
        address
    }

    fn take(&mut self, name: &str, value: &str) {
        let query: &mut ExploreQuery = &mut self.query;
        match name {
            ASKED | HIDDEN if !value.trim().is_empty() => {
                query.queries.push(ExploreOne { text: value.to_owned(), is_hidden: name == HIDDEN });
            }
            "range" => query.range = Some(value.to_owned()).filter(|word| !word.is_empty()),
            "from" => query.from = value.parse().ok(),
            "to" => query.to = value.parse().ok(),
            "mode" => query.instant = value == "instant",
            // As addresses said it before there were two modes.
            "instant" => query.instant = value == "1",
            "split" => value.clone_into(&mut query.split),
            "part" => query.part = two(value),
            "mark" => query.mark = two(value),
            "find" => value.clone_into(&mut query.find),
            "in" => query.inside = Some(inside(value)),
            "add" => self.has_spare = true,
            _ => {}
        }
    }

    /// Where a field was emptied meanwhile the others have other numbers, and the query that was meant is gone anyway.
    fn carry_out(&mut self, hide: Act, drop: Act, put: Option<&str>) {
        let queries: &mut Vec<ExploreOne> = &mut self.query.queries;
        let n_queries: usize = queries.len();
        let meant = |act: Act| {
            let (place, n_before) = act?;
            let index: usize = (place as usize).checked_sub(1)?;
            (n_queries >= n_before as usize && index < n_queries).then_some(index)
        };
        if let Some(index) = meant(hide) {
            queries[index].is_hidden = !queries[index].is_hidden;
        }
        if let Some(index) = meant(drop) {
            queries.remove(index);
        }
        if let Some(text) = put.filter(|text| !text.is_empty()) {
            queries.truncate(MOST_QUERIES - 1);
            queries.push(ExploreOne { text: text.to_owned(), is_hidden: false });
        }
    }

    /// The queries and everything that says when and how, as fields of a form; without what is looked at beside the answers.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let one = |one: &ExploreOne| (if one.is_hidden { HIDDEN } else { ASKED }, one.text.clone());
        self.query.queries.iter().map(one).chain(self.span_pairs()).collect()
    }

    /// The same without the queries.
    #[must_use]
    pub fn span_pairs(&self) -> Vec<(&'static str, String)> {
        let query: &ExploreQuery = &self.query;
        let split = (!query.split.is_empty()).then(|| query.split.clone());
        let all = [
            ("range", query.range.clone()),
            ("from", query.from.map(|ms| ms.to_string())),
            ("to", query.to.map(|ms| ms.to_string())),
            ("mode", query.instant.then(|| "instant".to_owned())),
            ("split", split),
            ("sort", query.sort.as_ref().map(|sort| sorting::word(&sort.by))),
            ("order", query.sort.as_ref().map(|sort| sorting::order(sort).to_owned())),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    #[must_use]
    pub fn href(&self) -> String {
        let mut pairs: Vec<(&'static str, String)> = self.pairs();
        pairs.extend(self.query.part.map(|(of, part)| ("part", format!("{of}-{part}"))));
        pairs.extend(self.query.mark.map(|(from, to)| ("mark", format!("{from}-{to}"))));
        links::explore_with(pairs.iter().map(|(name, value)| (*name, value.as_str())))
    }

    /// The same question without what was looked at beside its answers.
    fn plain(&self) -> Self {
        let query = ExploreQuery { part: None, mark: None, find: String::new(), inside: None, ..self.query.clone() };
        Self { query, has_spare: false }
    }

    /// The last so much until now.
    #[must_use]
    pub fn with_range(&self, word: &str) -> Self {
        let mut address: Self = self.plain();
        (address.query.range, address.query.from, address.query.to) = (Some(word.to_owned()), None, None);
        address
    }

    #[must_use]
    pub fn with_mode(&self, instant: bool) -> Self {
        let plain: Self = self.plain();
        Self { query: ExploreQuery { instant, ..plain.query }, ..plain }
    }

    #[must_use]
    pub fn with_split(&self, split: &str) -> Self {
        let plain: Self = self.plain();
        Self { query: ExploreQuery { split: split.to_owned(), ..plain.query }, ..plain }
    }

    #[must_use]
    pub fn with_mark(&self, mark: Option<(i64, i64)>) -> Self {
        let plain: Self = self.plain();
        Self { query: ExploreQuery { mark, ..plain.query }, ..plain }
    }

    /// Part `part` of the table of query `of`, both from 1.
    #[must_use]
    pub fn with_part(&self, of: u32, part: u32) -> Self {
        let plain: Self = self.plain();
        Self { query: ExploreQuery { part: Some((of, part)), ..plain.query }, ..plain }
    }

    /// All tables in another order, each from its first row.
    #[must_use]
    pub fn with_sort(&self, sort: Option<ExploreSort>) -> Self {
        let plain: Self = self.plain();
        Self { query: ExploreQuery { sort, ..plain.query }, ..plain }
    }

    /// One query in place of all, over the same span. Its table has other columns.
    #[must_use]
    pub fn with_only(&self, text: &str) -> Self {
        let plain: Self = self.plain();
        let queries = vec![ExploreOne { text: text.to_owned(), is_hidden: false }];
        Self { query: ExploreQuery { queries, sort: None, ..plain.query }, ..plain }
    }

    /// Whether the address names a span by its ends.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        self.query.from.is_some() || self.query.to.is_some()
    }

    /// Whether anything is asked.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.query.queries.iter().any(|one| !one.is_hidden)
    }
}

/// What a query is called by its place, from 0: A to H.
#[must_use]
pub fn letter(place: usize) -> char {
    u8::try_from(place).map_or('?', |place| char::from(b'A'.saturating_add(place)))
}

/// Two numbers with a dash between them.
fn two<N: std::str::FromStr>(text: &str) -> Option<(N, N)> {
    let (first, second) = text.split_once('-')?;
    Some((first.parse().ok()?, second.parse().ok()?))
}

/// How deep somebody looks into the names, as a button says it: `metric/label`, each part written as in an address.
#[must_use]
pub fn inside_text(metric: &str, label: &str) -> String {
    format!("{}/{}", links::encode(metric), links::encode(label))
}

fn inside(text: &str) -> Inside {
    let (metric, label) = text.split_once('/').unwrap_or((text, ""));
    Inside { metric: links::decode(metric), label: links::decode(label) }
}

/// A moment as a form writes it (`2026-11-23T11:20`, also with seconds), in the reader's zone.
fn moment(text: &str, zone: &Zone) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let date: Vec<u32> = date.splitn(3, '-').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()?;
    let time: Vec<u32> = time.splitn(3, ':').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()?;
    let (&[year, month, day], &[hour, minute, ref rest @ ..]) = (&date[..], &time[..]) else { return None };
    let second: u32 = rest.first().copied().unwrap_or(0);
    let is_real: bool = (1970..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    is_real.then(|| zone.instant(Civil { hour, minute, second, ..Civil::midnight(i64::from(year), month, day) }))
}

/// A moment as a field of a form holds it, to the minute: with seconds in it, browsers refuse whole minutes.
#[must_use]
pub fn moment_field(ms: i64, zone: &Zone) -> String {
    let Civil { year, month, day, hour, minute, .. } = zone.civil(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::explore::ExploreBy;

    fn read(search: &str) -> Address {
        Address::read(search, &Zone::utc())
    }

    fn texts(search: &str) -> Vec<String> {
        let one = |one: ExploreOne| format!("{}{}", if one.is_hidden { "-" } else { "" }, one.text);
        read(search).query.queries.into_iter().map(one).collect()
    }

    #[test]
    fn whatever_is_asked_comes_back_from_its_address() {
        for q in ["up", "a % 20", "a%20", "a%2520+b", "up{job=\"見守り & co\"} # 100%", "a\n+ b", "x=~\"a+b?\"", "%"] {
            let one = |is_hidden: bool| ExploreOne { text: q.to_owned(), is_hidden };
            let query = ExploreQuery {
                queries: vec![one(false), one(true), one(false)],
                instant: true,
                from: Some(5),
                to: Some(i64::MAX),
                split: "24h".to_owned(),
                sort: Some(ExploreSort { by: ExploreBy::Label("a-b.c".to_owned()), is_falling: true }),
                part: Some((3, 2)),
                mark: Some((1, 2)),
                ..ExploreQuery::default()
            };
            let address = Address { query, has_spare: false };
            let href: String = address.href();
            let (_, search) = href.split_once('?').unwrap();
            assert_eq!(read(search), address, "{href}");
        }
        assert_eq!(read("q=up&range=24h").href(), "/explore?q=up&range=24h");
        assert_eq!(read("").href(), "/explore");
    }

    #[test]
    fn addresses_of_before_and_forms_without_script_are_read_alike() {
        let sent = "q=sum+by+%28host%29+%28rate%28a%5B5m%5D%29%29%0D%0A%2B+1&q=&range=1h&from=&to=x&instant=1&other=1";
        let address = read(sent);
        assert_eq!(texts(sent), ["sum by (host) (rate(a[5m]))\n+ 1"]);
        let query = &address.query;
        assert_eq!((query.range.as_deref(), query.from, query.to, query.instant), (Some("1h"), None, None, true));
        assert_eq!(
            address.href(),
            "/explore?q=sum%20by%20%28host%29%20%28rate%28a%5B5m%5D%29%29%0A%2B%201&range=1h&mode=instant"
        );
        assert_eq!(read("?q=%zz%4").query.queries[0].text, "%zz%4");
    }

    #[test]
    fn what_a_button_asks_for_is_carried_out_and_stands_in_no_link() {
        assert_eq!(texts("q=a&q=b&hide=1-2"), ["-a", "b"]);
        assert_eq!(texts("off=a&q=b&hide=1-2"), ["a", "b"]);
        assert_eq!(texts("q=a&q=b&drop=2-2"), ["a"]);
        assert_eq!(texts("q=b&drop=1-2"), ["b"], "the first was emptied, so it is gone already");
        assert_eq!(texts("q=a&drop=0-1&hide=9-1"), ["a"]);
        assert_eq!(texts("q=a&put=b%7B%7D"), ["a", "b{}"]);
        let full: String = "q=a&".repeat(MOST_QUERIES) + "put=b";
        assert_eq!((texts(&full).len(), texts(&full).last().map(String::as_str)), (MOST_QUERIES, Some("b")));
        assert!(read("q=a&add=1").has_spare);
        assert_eq!(read("q=a&q=b&drop=2-2&add=1&find=x&in=up%2Fjob").href(), "/explore?q=a");
    }

    #[test]
    fn names_and_moments_come_back_from_what_forms_send() {
        for (metric, label) in [("up", "job"), ("a/b c", "見"), ("", "")] {
            let found = inside(&inside_text(metric, label));
            assert_eq!((found.metric.as_str(), found.label.as_str()), (metric, label));
        }
        let zone = Zone::fixed("Asia/Tokyo", "JST", 540);
        let at: i64 = 1_795_000_020_000;
        assert_eq!(moment(&moment_field(at, &zone), &zone), Some(at));
        let marked = Address::read("q=a&mark_from=1970-01-01T09:01&mark_to=1970-01-01T09:02:30", &zone);
        assert_eq!(marked.query.mark, Some((60_000, 150_000)));
        let split = Address::read("split_from=1970-01-01T09:01&split_to=1970-01-01T09:02", &zone);
        assert_eq!(split.query.split, "60000-120000");
        for odd in ["", "x", "2026-13-01T00:00", "2026-11-23", "2026-11-23T24:00", "1-1-1T1:1"] {
            assert_eq!(moment(odd, &zone), None, "{odd}");
        }
    }
}
