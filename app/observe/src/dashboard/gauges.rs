//! Numbers on their scales, side by side.

use chart::{Figure, Size};
use dashboard::NamedGauge;
use leptos::prelude::*;
use ui::figure::ServedFigure;

/// Gauges side by side in a panel.
const MOST_ABREAST: usize = 4;
/// None is narrower, or its number would not fit.
const LEAST_PX: f64 = 120.0;
/// Its name below it.
const NAME_PX: f64 = 20.0;

pub(super) fn gauges(key: &str, all: &[NamedGauge], room: Size) -> AnyView {
    let size: Size = share(room, all.len());
    // So many may have to be scrolled, which needs no mouse.
    let tab: Option<&'static str> = (all.len() > MOST_ABREAST).then_some("0");
    let all: Vec<AnyView> = all.iter().enumerate().map(|(place, gauge)| one(&format!("{key} {place}"), gauge, size)).collect();
    view! { <ul class="dials" tabindex=tab>{all}</ul> }.into_any()
}

fn one(key: &str, NamedGauge { name, gauge, .. }: &NamedGauge, size: Size) -> AnyView {
    let (figure, key): (Figure, String) = (Figure::Gauge(gauge.clone()), key.to_owned());
    let label: String = chart::spoken_figure(&figure, name);
    let name: String = name.clone();
    view! {
        <li class="dials__one">
            <ServedFigure key=key figure=figure size=size label=label />
            <span class="dials__name" aria-hidden="true">{name}</span>
        </li>
    }
    .into_any()
}

/// The room of each.
fn share(room: Size, n_all: usize) -> Size {
    let n_abreast: usize = n_all.clamp(1, MOST_ABREAST);
    let n_rows: usize = n_all.div_ceil(n_abreast).max(1);
    let (width, height): (f64, f64) = (room.width / n_abreast as f64, room.height / n_rows as f64 - NAME_PX);
    Size { width: width.max(LEAST_PX), height: height.max(LEAST_PX * 0.75) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::Gauge;
    use figures::{Locale, Unit};
    use ui::figure::FigurePainter;

    #[test]
    fn each_has_its_share_of_the_room_and_its_name() {
        let owner = Owner::new();
        owner.set();
        provide_context(FigurePainter(chart::svg_figure));
        let (unit, locale) = (Unit::Percent, Locale::Ja);
        let gauge = Gauge { value: 40.0, low: 0.0, high: 100.0, bands: Vec::new(), unit, decimals: None, locale };
        let named = |name: &str| NamedGauge { name: name.to_owned(), gauge: gauge.clone(), severity: None };
        let html: String = gauges("disk", &[named("/"), named("<data>")], Size { width: 400.0, height: 200.0 }).to_html();
        assert!(html.matches("<svg").count() == 2 && html.contains("&lt;data&gt;") && !html.contains("<data>"), "{html}");
        let few: Size = share(Size { width: 400.0, height: 200.0 }, 2);
        assert_eq!((few.width, few.height), (200.0, 180.0));
        assert_eq!(share(Size { width: 100.0, height: 80.0 }, 9).width, LEAST_PX);
    }
}
