//! The display list as SVG text: classes instead of colours, no inline style, no ids.

mod way;

use crate::display::{Anchor, DisplayList, Op, Size, hatch_lines, number};
use crate::draw::display;
use crate::escape::escape;
use crate::paint::Paint;
use crate::plot::Plot;
use way::steps;

/// A plot as a complete `<svg class="chart">`. `label` is what a screen reader says; see `spoken`.
#[must_use]
pub fn svg(plot: &Plot, size: Size, label: &str) -> String {
    svg_of(&display(plot, size), label)
}

/// A display list as a complete `<svg class="chart">`.
#[must_use]
pub fn svg_of(list: &DisplayList, label: &str) -> String {
    let mut out = format!(
        r#"<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">"#,
        number(list.width),
        number(list.height),
        escape(label)
    );
    let mut path = OpenPath::default();
    let mut ops = list.ops.iter().peekable();
    while let Some(op) = ops.next() {
        let note: Option<&Op> = ops.next_if(|next| matches!(next, Op::Note { .. }));
        match op {
            Op::Path { points, paint } => path.add(&mut out, *paint, &steps(points)),
            Op::Rect { x, y, width, height, paint } if note.is_none() && paint.is_numerous() => {
                path.add(&mut out, *paint, &outline(*x, *y, x + width, y + height));
            }
            Op::Hatch { x, y, width, height } => {
                for line in hatch_lines(*x, *y, *width, *height) {
                    path.add(&mut out, Paint::Hatch, &steps(&line));
                }
            }
            other => {
                path.close(&mut out);
                out.push_str(&noted(element(other), note));
            }
        }
    }
    path.close(&mut out);
    out.push_str("</svg>");
    out
}

/// The outline of a rectangle in path commands.
fn outline(left: f32, top: f32, right: f32, bottom: f32) -> String {
    format!("M{} {}H{}V{}H{}Z", number(left), number(top), number(right), number(bottom), number(left))
}

/// An element that says something when it is pointed at.
fn noted(element: String, note: Option<&Op>) -> String {
    match (note, element.strip_suffix("/>")) {
        (Some(Op::Note { text }), Some(open)) => {
            let name = open.trim_start_matches('<').split(' ').next().unwrap_or_default();
            format!("{open}><title>{}</title></{name}>", escape(text))
        }
        _ => element,
    }
}

/// Lines of one role that follow each other share an element.
#[derive(Default)]
struct OpenPath {
    open: Option<(Paint, String)>,
}

impl OpenPath {
    fn add(&mut self, out: &mut String, paint: Paint, steps: &str) {
        if let Some((open_paint, open_steps)) = self.open.as_mut()
            && *open_paint == paint
        {
            open_steps.push_str(steps);
            return;
        }
        self.close(out);
        self.open = Some((paint, steps.to_owned()));
    }

    fn close(&mut self, out: &mut String) {
        if let Some((paint, steps)) = self.open.take()
            && !steps.is_empty()
        {
            out.push_str(&format!(r#"<path class="{}" d="{steps}"/>"#, paint.class()));
        }
    }
}

/// Everything that is not a line.
fn element(op: &Op) -> String {
    match op {
        Op::Fill { points, paint } => format!(r#"<path class="{}" d="{}Z"/>"#, paint.class(), steps(points)),
        Op::Rect { x, y, width, height, paint } => format!(
            r#"<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>"#,
            paint.class(),
            number(*x),
            number(*y),
            number(*width),
            number(*height)
        ),
        Op::Circle { x, y, radius, paint } => {
            format!(r#"<circle class="{}" cx="{}" cy="{}" r="{}"/>"#, paint.class(), number(*x), number(*y), number(*radius))
        }
        Op::Text { x, y, anchor, text, paint } => {
            format!(r#"<text{} x="{}" y="{}">{}</text>"#, text_class(*anchor, *paint), number(*x), number(*y), escape(text))
        }
        Op::Path { .. } | Op::Hatch { .. } | Op::Note { .. } => String::new(),
    }
}

fn text_class(anchor: Anchor, paint: Paint) -> String {
    let place = match anchor {
        Anchor::Start => "",
        Anchor::Middle => "chart__mid",
        Anchor::End => "chart__end",
    };
    let role = paint.class();
    match (role.is_empty(), place.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!(r#" class="{place}""#),
        (false, true) => format!(r#" class="{role}""#),
        (false, false) => format!(r#" class="{role} {place}""#),
    }
}

#[cfg(test)]
mod tests;
