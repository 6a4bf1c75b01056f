//! The sprite: every icon and severity shape, once in the document.
//!
//! It belongs into the shell, behind the application in `<body>`. Only the server renders it there, so that the drawings are not
//! carried a second time in the browser's program, and what hydrates finds its own nodes first.

use leptos::prelude::*;

/// Icons (`i-…`) and severity shapes (`sev-0` square, `sev-1` triangle, `sev-2` diamond, `sev-3` circle).
const SYMBOLS: &[&str] = &[
    r##"<symbol id="i-bell" viewBox="0 0 16 16"><path d="M3.5 11.5h9c-1-1-1.25-2-1.25-4.5a3.25 3.25 0 0 0-6.5 0c0 2.5-.25 3.5-1.25 4.5ZM6.75 14h2.5M8 2v1.5"/></symbol>"##,
    r##"<symbol id="i-chat" viewBox="0 0 16 16"><path d="M1.75 2.5h12.5v8.5H7l-3 3v-3H1.75z"/></symbol>"##,
    r##"<symbol id="i-check" viewBox="0 0 16 16"><path d="m2.5 8.5 3.5 3.5 7.5-8"/></symbol>"##,
    r##"<symbol id="i-close" viewBox="0 0 16 16"><path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/></symbol>"##,
    r##"<symbol id="i-copy" viewBox="0 0 16 16"><rect x="5.5" y="5.5" width="8.75" height="8.75"/><path d="M10.5 5.5V1.75H1.75v8.75H5.5"/></symbol>"##,
    r##"<symbol id="i-graph" viewBox="0 0 16 16"><path d="M1.75 14.25h12.5M1.75 1.75v12.5M4 11l3-4 2.5 2L14 3.5"/></symbol>"##,
    r##"<symbol id="i-launch" viewBox="0 0 16 16"><path d="M8 10.5V2M4.5 5.5 8 2l3.5 3.5M2.5 10v4h11v-4"/></symbol>"##,
    r##"<symbol id="i-book" viewBox="0 0 16 16"><path d="M8 3.5C6.5 2.25 4.5 2 1.75 2v11c2.75 0 4.750.25 6.25 1.5 1.5-1.25 3.5-1.5 6.25-1.5V2C11.5 2 9.5 2.25 8 3.5Zm0 0v11"/></symbol>"##,
    r##"<symbol id="i-down" viewBox="0 0 16 16"><path d="m3 6 5 5 5-5"/></symbol>"##,
    r##"<symbol id="i-scope" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.75"/><path d="m10.5 10.5 4 4M4.5 7.5l1.5-1.5 1.5 2L9.5 6"/></symbol>"##,
    r##"<symbol id="i-camera" viewBox="0 0 16 16"><rect x="1.75" y="4" width="12.5" height="9.5"/><path d="M5.5 4 6.5 2h3l1 2"/><circle cx="8" cy="8.75" r="2.5"/></symbol>"##,
    r##"<symbol id="i-globe" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="M1.75 8h12.5M8 1.75c2 2 2.75 4 2.75 6.25S10 12.25 8 14.25C6 12.25 5.25 10.25 5.25 8S6 3.75 8 1.75Z"/></symbol>"##,
    r##"<symbol id="i-grip" viewBox="0 0 16 16"><path d="M5.5 3.5h.01M10.5 3.5h.01M5.5 8h.01M10.5 8h.01M5.5 12.5h.01M10.5 12.5h.01" stroke-width="2"/></symbol>"##,
    r##"<symbol id="i-holiday" viewBox="0 0 16 16"><path d="M3.5 14.5v-13M3.5 2.5h9.5v6.5H3.5"/><circle cx="8.25" cy="5.75" r="1.5" fill="currentColor" stroke="none"/></symbol>"##,
    r##"<symbol id="i-rack" viewBox="0 0 16 16"><rect x="2.25" y="1.75" width="11.5" height="5"/><rect x="2.25" y="9.25" width="11.5" height="5"/><path d="M4.75 4.25h.01M4.75 11.75h.01"/></symbol>"##,
    r##"<symbol id="i-flag" viewBox="0 0 16 16"><path d="M3.5 14.5v-12M3.5 3h9l-2 3 2 3h-9"/></symbol>"##,
    r##"<symbol id="i-key" viewBox="0 0 16 16"><rect x="1.25" y="4" width="13.5" height="8.5"/><path d="M4 6.5h.01M6.6 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 10h6"/></symbol>"##,
    r##"<symbol id="i-ladder" viewBox="0 0 16 16"><path d="M2 13.5h4v-4h4v-4h4v-3"/></symbol>"##,
    r##"<symbol id="i-left" viewBox="0 0 16 16"><path d="m10 3-5 5 5 5"/></symbol>"##,
    r##"<symbol id="i-link" viewBox="0 0 16 16"><path d="M6.5 9.5 9.5 6.5M7 4.5l1.75-1.75a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.75 1.75a3.2 3.2 0 0 1-4.5-4.5L4.5 7"/></symbol>"##,
    r##"<symbol id="i-lock" viewBox="0 0 16 16"><rect x="3" y="7" width="10" height="7"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/></symbol>"##,
    r##"<symbol id="i-lines" viewBox="0 0 16 16"><path d="M2 3.5h12M2 6.5h8M2 9.5h11M2 12.5h6"/></symbol>"##,
    r##"<symbol id="i-mark" viewBox="0 0 16 16"><path d="M1.5 8c1.6-3 3.9-4.5 6.5-4.5S12.9 5 14.5 8c-1.6 3-3.9 4.5-6.5 4.5S3.1 11 1.5 8Z"/><path d="M8 8V1.5"/><circle cx="8" cy="8" r="1.5" fill="currentColor"/></symbol>"##,
    r##"<symbol id="i-more" viewBox="0 0 16 16"><path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2"/></symbol>"##,
    r##"<symbol id="i-note" viewBox="0 0 16 16"><path d="m2.5 13.5.75-3.25L11 2.5l2.5 2.5-7.75 7.75Z"/></symbol>"##,
    r##"<symbol id="i-gauge" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="M8 8 11 5M8 1.75v1.5M14.25 8h-1.5M1.75 8h1.5"/></symbol>"##,
    r##"<symbol id="i-offline" viewBox="0 0 16 16"><path d="M1.75 1.75l12.5 12.5M2 6.5c1-.9 2.2-1.6 3.5-2M8.5 4c2 .1 4 1 5.5 2.5M4.5 9.25A5 5 0 0 1 7.5 8M11.5 9.25l-.5-.4M8 12.5h.01"/></symbol>"##,
    r##"<symbol id="i-phone" viewBox="0 0 16 16"><path d="M4.5 1.75h2l1 3-1.5 1.2a7.5 7.5 0 0 0 4 4l1.25-1.5 3 1v2c0 1.5-1.25 2-2.25 1.8C6.5 12.5 3.2 9 2.5 4c-.2-1.200.7-2.25 2-2.25Z"/></symbol>"##,
    r##"<symbol id="i-out" viewBox="0 0 16 16"><path d="M9.5 2H2.5v12h7M6.5 8h8M11.5 5l3 3-3 3"/></symbol>"##,
    r##"<symbol id="i-pause" viewBox="0 0 16 16"><path d="M5.5 3v10M10.5 3v10"/></symbol>"##,
    r##"<symbol id="i-people" viewBox="0 0 16 16"><circle cx="5.75" cy="5.25" r="2.5"/><path d="M1 13.75c.4-2.7 2.2-4 4.75-4s4.35 1.3 4.75 4M10.5 2.9a2.5 2.5 0 0 1 0 4.7M12.2 10.1c1.600.5 2.5 1.7 2.8 3.65"/></symbol>"##,
    r##"<symbol id="i-person" viewBox="0 0 16 16"><circle cx="8" cy="5" r="2.75"/><path d="M2.5 14.25c.5-3 2.5-4.5 5.5-4.5s5 1.5 5.5 4.5"/></symbol>"##,
    r##"<symbol id="i-pin" viewBox="0 0 16 16"><path d="M5 2h6M6 2v5l-2 2.5h8L10 7V2M8 9.5v5"/></symbol>"##,
    r##"<symbol id="i-play" viewBox="0 0 16 16"><path d="M4.5 2.5v11l8.5-5.5Z"/></symbol>"##,
    r##"<symbol id="i-plus" viewBox="0 0 16 16"><path d="M8 2.5v11M2.5 8h11"/></symbol>"##,
    r##"<symbol id="i-sheet" viewBox="0 0 16 16"><path d="M9.5 1.75h-6v12.5h9V4.75l-3-3ZM9.5 1.75v3h3M5.5 8h5M5.5 11h3.5"/></symbol>"##,
    r##"<symbol id="i-pulse" viewBox="0 0 16 16"><path d="M1.5 8.5h3l1.5-5 3 9 2-6 .75 2H14.5"/></symbol>"##,
    r##"<symbol id="i-mobile" viewBox="0 0 16 16"><rect x="4.25" y="1.5" width="7.5" height="13"/><path d="M7 12.25h2"/></symbol>"##,
    r##"<symbol id="i-refresh" viewBox="0 0 16 16"><path d="M13.75 8A5.75 5.75 0 1 1 11.9 3.75L13.75 5.5M13.75 2v3.5h-3.5"/></symbol>"##,
    r##"<symbol id="i-bars" viewBox="0 0 16 16"><path d="M2 14.25h12M3.5 12V8M6.5 12V4M9.5 12V6.5M12.5 12V2"/></symbol>"##,
    r##"<symbol id="i-right" viewBox="0 0 16 16"><path d="m6 3 5 5-5 5"/></symbol>"##,
    r##"<symbol id="i-s-back" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="m5 8.25 2.25 2.25L11.25 6"/></symbol>"##,
    r##"<symbol id="i-s-held" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="M8 1.75a6.25 6.25 0 0 0 0 12.5Z" fill="currentColor"/></symbol>"##,
    r##"<symbol id="i-s-none" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25" stroke-dasharray="5 4.8"/><path d="M5.5 8h5"/></symbol>"##,
    r##"<symbol id="i-s-open" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><circle cx="8" cy="8" r="3.25" fill="currentColor"/></symbol>"##,
    r##"<symbol id="i-s-snooze" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="M6.25 5.5v5M9.75 5.5v5"/></symbol>"##,
    r##"<symbol id="i-s-wait" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25" stroke-dasharray="2 2.9"/></symbol>"##,
    r##"<symbol id="i-search" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.75"/><path d="m10.5 10.5 4 4"/></symbol>"##,
    r##"<symbol id="i-settings" viewBox="0 0 16 16"><path d="M1.75 4.5h7M12.25 4.5h2M1.75 11.5h2M7.25 11.5h7"/><circle cx="10.5" cy="4.5" r="1.75"/><circle cx="5.5" cy="11.5" r="1.75"/></symbol>"##,
    r##"<symbol id="i-swap" viewBox="0 0 16 16"><path d="M2 5.5h11M10 2.5l3 3-3 3M14 10.5H3M6 7.5l-3 3 3 3"/></symbol>"##,
    r##"<symbol id="i-boxes" viewBox="0 0 16 16"><rect x="1.75" y="2" width="5" height="4"/><rect x="9.25" y="10" width="5" height="4"/><path d="M4.25 6v6h5"/></symbol>"##,
    r##"<symbol id="i-t-down" viewBox="0 0 16 16"><path d="M3.5 3.5 12.5 12.5M6.5 12.5h6v-6"/></symbol>"##,
    r##"<symbol id="i-t-flat" viewBox="0 0 16 16"><path d="M2.5 8h11M9.5 4l4 4-4 4"/></symbol>"##,
    r##"<symbol id="i-t-up" viewBox="0 0 16 16"><path d="M3.5 12.5 12.5 3.5M6.5 3.5h6v6"/></symbol>"##,
    r##"<symbol id="i-table" viewBox="0 0 16 16"><rect x="1.75" y="2.5" width="12.5" height="11"/><path d="M1.75 6.25h12.5M1.75 9.9h12.5M6.5 2.5v11"/></symbol>"##,
    r##"<symbol id="i-theme" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="M8 1.75v12.5A6.25 6.25 0 0 0 8 1.75Z" fill="currentColor"/></symbol>"##,
    r##"<symbol id="i-up" viewBox="0 0 16 16"><path d="M8 13.5v-11M3.5 7 8 2.5 12.5 7"/></symbol>"##,
    r##"<symbol id="i-warn" viewBox="0 0 16 16"><path d="M8 2 14.75 13.75H1.25ZM8 6.25v3.5M8 11.75h.01"/></symbol>"##,
    r##"<symbol id="i-zoomout" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.75"/><path d="m10.5 10.5 4 4M4.75 7h4.5"/></symbol>"##,
    r##"<symbol id="sev-0" viewBox="0 0 16 16"><path d="M2 2h12v12H2Z"/></symbol>"##,
    r##"<symbol id="sev-1" viewBox="0 0 16 16"><path d="M8 2 14.75 13.75H1.25Z"/></symbol>"##,
    r##"<symbol id="sev-2" viewBox="0 0 16 16"><path d="M8 1.25 14.75 8 8 14.75 1.25 8Z"/></symbol>"##,
    r##"<symbol id="sev-3" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.75"/></symbol>"##,
];

/// The sprite. Render it once, on the server, as the last child of `<body>`.
#[component]
pub fn IconSprite() -> impl IntoView {
    let drawings: String = SYMBOLS.concat();
    view! { <svg class="sprite" width="0" height="0" aria-hidden="true" inner_html=drawings></svg> }
}

#[cfg(test)]
mod tests {
    use super::SYMBOLS;
    use crate::icon::IconName;

    #[test]
    fn every_icon_has_a_drawing() {
        for name in IconName::ALL {
            let id = format!("id=\"{}\"", name.href().trim_start_matches('#'));
            assert!(SYMBOLS.iter().any(|symbol| symbol.contains(&id)), "{id}");
        }
    }

    #[test]
    fn every_drawing_stands_once() {
        let mut ids: Vec<&str> = SYMBOLS.iter().filter_map(|symbol| symbol.split('"').nth(1)).collect();
        ids.sort_unstable();
        let n_symbols = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), n_symbols);
    }
}
