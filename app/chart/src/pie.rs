//! The pie: shares of a whole, the largest first and clockwise from the top.
//!
//! A value below zero is no share: then nothing is drawn, and the picture says so. More slices than can be told apart become one.

use figures::Locale;

use crate::display::{Anchor, DisplayList, Size};
use crate::draw::record;
use crate::figure::{Pie, Slice};
use crate::layout::{LABEL_PX, sized};
use crate::marks;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::round;
use crate::summary::joined;
use crate::text;

/// Slices with a name of their own; what is smaller is counted together.
const MOST_SLICES: usize = 8;
/// Around the disc.
const MARGIN_PX: f64 = 10.0;
/// From the disc to the bend of a leader, and from there to the words.
const LEADER_PX: f64 = 8.0;
const AIR_PX: f64 = 4.0;
/// Two labels on one side are at least this far apart.
const LABEL_EVERY_PX: f64 = 14.0;
/// The share of the width a disc may take: its words need the rest.
const DISC_SHARE: f64 = 0.22;

/// What is drawn of a slice.
#[derive(Clone, Debug, PartialEq)]
struct Share {
    name: String,
    value: f64,
    /// Of the whole, 0 to 1.
    share: f64,
    /// 0 for what is counted together.
    style: u8,
}

/// Why there are no shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoShares {
    Empty,
    Negative,
}

/// The shares of a pie, the largest first, the rest at the end.
fn shares(pie: &Pie) -> Result<Vec<Share>, NoShares> {
    if pie.slices.iter().any(|slice| slice.value < 0.0) {
        return Err(NoShares::Negative);
    }
    let mut slices: Vec<&Slice> = pie.slices.iter().filter(|slice| slice.value.is_finite() && slice.value > 0.0).collect();
    slices.sort_by(|one, other| other.value.total_cmp(&one.value));
    // The largest numbers have no sum: what counts is what they are beside the largest.
    let largest = slices.first().map_or(1.0, |slice| slice.value);
    let whole: f64 = slices.iter().map(|slice| slice.value / largest).sum();
    let share = |slice: &Slice| slice.value / largest / whole;
    // One that would be alone in the rest keeps its name.
    let n_named = if slices.len() == MOST_SLICES + 1 { slices.len() } else { slices.len().min(MOST_SLICES) };
    let (named, rest) = slices.split_at(n_named);
    let mut shares: Vec<Share> = named
        .iter()
        .map(|slice| Share { name: slice.name.clone(), value: slice.value, share: share(slice), style: slice.style.min(8) })
        .collect();
    if !rest.is_empty() {
        let value = rest.iter().map(|slice| slice.value).sum::<f64>().min(f64::MAX);
        let name = rest_name(rest.len(), pie.locale);
        shares.push(Share { name, value, share: rest.iter().map(|slice| share(slice)).sum(), style: 0 });
    }
    if shares.is_empty() { Err(NoShares::Empty) } else { Ok(shares) }
}

fn rest_name(n_rest: usize, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("その他（{n_rest}件）"),
        Locale::En => format!("Other ({n_rest})"),
    }
}

impl NoShares {
    fn said(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (NoShares::Empty, _) => marks::no_data(locale),
            (NoShares::Negative, Locale::Ja) => "負の値があり、割合にできません",
            (NoShares::Negative, Locale::En) => "Negative values are no shares",
        }
    }
}

pub(crate) fn draw(pie: &Pie, size: Size) -> DisplayList {
    let (size, _) = sized(size);
    record(size, |sheet| paint(&Pen::new(sheet), pie, size))
}

fn paint(pen: &Pen<'_>, pie: &Pie, size: Size) -> Drawn {
    let center = (size.width / 2.0, size.height / 2.0);
    let shares = match shares(pie) {
        Ok(shares) => shares,
        Err(why) => return pen.text((center.0, center.1 + 4.0), Anchor::Middle, why.said(pie.locale), Paint::Word),
    };
    let radius = (size.height / 2.0 - MARGIN_PX).min(size.width * DISC_SHARE);
    let mut from = 0.0;
    let mut labels: Vec<Label> = Vec::new();
    for share in &shares {
        let to = from + share.share;
        pen.polygon(&round::sector(center, radius, from, to), slice_paint(share.style))?;
        pen.note(&said(pie, share))?;
        labels.push(Label::at(center, radius, (from + to) / 2.0, share));
        from = to;
    }
    for is_left in [true, false] {
        let mut side: Vec<&Label> = labels.iter().filter(|label| label.is_left == is_left).collect();
        side.sort_by(|one, other| one.rim.1.total_cmp(&other.rim.1));
        write_side(pen, &side, center, radius, size)?;
    }
    Ok(())
}

fn slice_paint(style: u8) -> Paint {
    if style == 0 { Paint::SliceRest } else { Paint::Slice(style.min(8)) }
}

/// `app-02: 214 (42.0%)`
fn said(pie: &Pie, share: &Share) -> String {
    let value = figures::value(share.value, pie.unit, pie.locale).joined();
    match pie.locale {
        Locale::Ja => format!("{} {value}（{}）", share.name, figures::percent(share.share)),
        Locale::En => format!("{}: {value} ({})", share.name, figures::percent(share.share)),
    }
}

/// The words of a slice, and where its leader begins.
struct Label {
    rim: (f64, f64),
    /// Where the leader bends.
    bend: (f64, f64),
    is_left: bool,
    name: String,
    percent: String,
}

impl Label {
    fn at(center: (f64, f64), radius: f64, turn: f64, share: &Share) -> Label {
        Label {
            rim: round::place(center, radius, turn),
            bend: round::place(center, radius + LEADER_PX, turn),
            is_left: turn > 0.5,
            name: share.name.clone(),
            percent: figures::percent(share.share),
        }
    }
}

/// The labels of one side from top to bottom, none over another; where there is no room for all, the lowest slices go without.
fn write_side(pen: &Pen<'_>, side: &[&Label], center: (f64, f64), radius: f64, size: Size) -> Drawn {
    let wishes: Vec<f64> = side.iter().map(|label| label.bend.1).collect();
    let heights = spread(&wishes, LABEL_EVERY_PX, (LABEL_EVERY_PX / 2.0, size.height - LABEL_EVERY_PX / 2.0));
    for (label, y) in side.iter().zip(heights) {
        let way = if label.is_left { -1.0 } else { 1.0 };
        let end = center.0 + way * (radius + 2.0 * LEADER_PX);
        pen.line(&[label.rim, (label.bend.0, y), (end, y)], Paint::Axis)?;
        let start = end + way * AIR_PX;
        let room = if label.is_left { start } else { size.width - start };
        let percent_px = text::width(&label.percent, LABEL_PX, false);
        let name = text::fit(&label.name, LABEL_PX, room - percent_px - AIR_PX);
        let words = if name.is_empty() { label.percent.clone() } else { format!("{name} {}", label.percent) };
        let anchor = if label.is_left { Anchor::End } else { Anchor::Start };
        pen.text((start, y + 4.0), anchor, &words, Paint::Label)?;
    }
    Ok(())
}

/// Ascending wishes moved apart as little as a pass down and a pass up do it. What has no room at all is left out from the end.
fn spread(wishes: &[f64], least: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let n_fitting = (((bottom - top) / least).floor() as usize).saturating_add(1);
    let mut places: Vec<f64> = wishes.iter().copied().take(n_fitting).collect();
    let mut free_from = top;
    for place in &mut places {
        *place = place.max(free_from);
        free_from = *place + least;
    }
    let mut free_to = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(free_to);
        free_to = *place - least;
    }
    places
}

/// The pie in a sentence: the shares, the largest first.
pub(crate) fn spoken(pie: &Pie, title: &str) -> String {
    let sentence = match shares(pie) {
        Err(why) => why.said(pie.locale).to_owned(),
        Ok(shares) => {
            let each: Vec<String> =
                shares.iter().map(|share| format!("{} {}", share.name, figures::percent(share.share))).collect();
            match pie.locale {
                Locale::Ja => each.join("、"),
                Locale::En => each.join(", "),
            }
        }
    };
    joined(&[title.to_owned(), sentence], pie.locale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Unit;
    use proptest::prelude::*;

    fn pie(values: &[f64]) -> Pie {
        let slice =
            |(index, value): (usize, &f64)| Slice { name: format!("app-{index}"), value: *value, style: index as u8 % 8 + 1 };
        Pie { slices: values.iter().enumerate().map(slice).collect(), unit: Unit::None, locale: Locale::En }
    }

    fn drawn(pie: &Pie) -> String {
        draw(pie, Size::PANEL).to_string()
    }

    #[test]
    fn shares_are_slices_with_leaders_and_words() {
        let drawn = drawn(&pie(&[1.0, 3.0]));
        // The disc: 136 / 2 - 10 high, around the middle of 389.
        assert!(drawn.contains("fill Slice(2) 194.5,10 "), "{drawn}");
        assert!(drawn.contains("note app-1: 3 (75%)\nfill Slice(1) 136.5,68 "), "{drawn}");
        assert!(drawn.contains(" Start app-1 75%\n") && drawn.contains(" End app-0 25%\n"), "{drawn}");
        assert_eq!(drawn.matches("path Axis").count(), 2, "{drawn}");
    }

    #[test]
    fn the_smallest_are_counted_together() {
        let values: Vec<f64> = (1..=12).map(f64::from).collect();
        let shares = shares(&pie(&values)).unwrap();
        assert_eq!(shares.len(), 9);
        let last = &shares[8];
        assert_eq!((last.name.as_str(), last.value, last.style), ("Other (4)", 10.0, 0));
        assert_eq!(super::shares(&pie(&values[..9])).unwrap().len(), 9, "one alone keeps its name");
        assert!(drawn(&pie(&values)).contains("fill SliceRest "));
    }

    #[test]
    fn negative_values_are_refused_and_nothing_is_no_data() {
        for (values, said) in [
            (&[1.0, -1.0][..], "Negative values are no shares"),
            (&[0.0, f64::NAN, f64::INFINITY][..], "No data"),
            (&[][..], "No data"),
        ] {
            let pie = pie(values);
            assert_eq!(drawn(&pie), format!("size 389x136\ntext Word 194.5,72 Middle {said}\n"));
            assert_eq!(spoken(&pie, "Load"), format!("Load. {said}."));
        }
    }

    #[test]
    fn one_share_is_the_whole_disc() {
        assert_eq!(spoken(&pie(&[7.0]), "Load"), "Load. app-0 100%.");
        assert!(drawn(&pie(&[7.0])).contains("End app-0 100%") || drawn(&pie(&[7.0])).contains("Start app-0 100%"));
    }

    #[test]
    fn the_largest_numbers_still_have_shares() {
        let shares = shares(&pie(&[f64::MAX, f64::MAX])).unwrap();
        assert!(shares.iter().all(|share| (share.share - 0.5).abs() < 1e-9));
    }

    proptest! {
        #[test]
        fn labels_keep_their_distance_and_their_order(wishes in prop::collection::vec(-50.0f64..300.0, 0..20)) {
            let mut wishes = wishes;
            wishes.sort_by(f64::total_cmp);
            let places = spread(&wishes, 14.0, (7.0, 129.0));
            prop_assert!(places.len() <= 9);
            prop_assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 14.0 - 1e-9), "{places:?}");
            prop_assert!(places.iter().all(|place| (7.0 - 1e-9..=129.0 + 1e-9).contains(place)), "{places:?}");
        }
    }
}
