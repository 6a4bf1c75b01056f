//! A chart as an SVG that stands alone: with the colours of the light theme in it, since no style sheet comes along.

use super::look::{Look, Rgb, SURFACE};
use chart::{DisplayList, Op, Paint};
use std::collections::BTreeSet;

/// Of usual text, in CSS pixels.
const TEXT_PX: u32 = 11;
/// Where the picture's own element begins, as `chart::svg_of` writes it.
const BEGINS: &str = "<svg ";

/// The whole file.
#[must_use]
pub fn svg(list: &DisplayList, label: &str) -> String {
    let drawn: String = chart::svg_of(list, label);
    let rest: &str = drawn.strip_prefix(BEGINS).unwrap_or(&drawn);
    // Whatever is said in the label is escaped: the first one ends the element's own tag.
    let (tag, inside): (&str, &str) = rest.split_once('>').unwrap_or((rest, ""));
    let (width, height): (f32, f32) = (list.width, list.height);
    let (style, surface): (String, String) = (style(list), hex(SURFACE));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{BEGINS}xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         {tag}><style>{style}</style><rect width=\"100%\" height=\"100%\" fill=\"{surface}\"/>{inside}\n"
    )
}

/// A rule for each role that is drawn.
fn style(list: &DisplayList) -> String {
    let mut rules: BTreeSet<String> = BTreeSet::new();
    for op in &list.ops {
        match op {
            Op::Path { paint, .. } => rules.insert(line(*paint)),
            Op::Hatch { .. } => rules.insert(line(Paint::Hatch)),
            Op::Fill { paint, .. } | Op::Rect { paint, .. } | Op::Circle { paint, .. } => rules.insert(shape(*paint)),
            Op::Text { paint, .. } => rules.insert(text(*paint)),
            Op::Note { .. } => false,
        };
    }
    let tick: String = hex(Look::of(Paint::Tick).fill);
    let all: String = rules.into_iter().collect();
    format!("text{{font:{TEXT_PX}px sans-serif;fill:{tick}}}.chart__mid{{text-anchor:middle}}.chart__end{{text-anchor:end}}{all}")
}

fn line(paint: Paint) -> String {
    let look: Look = Look::of(paint);
    let colour: String = hex(look.stroke.unwrap_or(look.fill));
    let lengths: Vec<String> = look.dash.iter().map(f32::to_string).collect();
    let dash: String = if lengths.is_empty() { String::new() } else { format!(";stroke-dasharray:{}", lengths.join(" ")) };
    format!("{}{{fill:none;stroke:{colour};stroke-width:{}{dash}}}", selector("", paint), look.width)
}

fn shape(paint: Paint) -> String {
    let look: Look = Look::of(paint);
    let edge: String = look.stroke.map_or_else(String::new, |edge| format!(";stroke:{};stroke-width:{}", hex(edge), look.width));
    format!("{}{{fill:{};fill-opacity:{}{edge}}}", selector("", paint), hex(look.fill), look.alpha)
}

fn text(paint: Paint) -> String {
    let look: Look = Look::of(paint);
    let weight: &str = if look.is_bold { "bold" } else { "normal" };
    let size: u32 = TEXT_PX * u32::from(look.enlarged);
    format!("{}{{fill:{};font-weight:{weight};font-size:{size}px}}", selector("text", paint), hex(look.fill))
}

/// `chart__line s-1` is `.chart__line.s-1`.
fn selector(element: &str, paint: Paint) -> String {
    let classes: String = paint.class().split_whitespace().map(|class| format!(".{class}")).collect();
    format!("{element}{classes}")
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::svg;
    use chart::{Figure, Plot, Series, Size};
    use figures::{Locale, Zone};

    #[test]
    fn a_picture_that_stands_alone_brings_its_colours_and_keeps_names_as_text() {
        let series = Series { name: "a".to_owned(), style: 1, points: vec![(0, 1.0), (60_000, 2.0)], fill: false };
        let plot = Plot { series: vec![series], ..Plot::new(0, 60_000, Zone::utc(), Locale::Ja) };
        let list = chart::picture(&Figure::Plot(plot), Size { width: 400.0, height: 200.0 });
        let text: String = svg(&list, "<script>x</script> & \"y\"");
        assert!(text.starts_with("<?xml ") && text.trim_end().ends_with("</svg>"), "{text}");
        for part in
            ["xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"200\"", ".chart__line.s-1{fill:none;stroke:#005191"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("<script>") && text.contains("&lt;script&gt;x"), "{text}");
        assert_eq!(text.matches("<svg").count(), 1);
    }
}
