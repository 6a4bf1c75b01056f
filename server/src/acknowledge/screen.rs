//! The screen of a link, written by hand: it is opened on a phone at night, by whoever holds the link, and loads nothing but the style
//! sheet. Names and sentences come from rules and labels, so every text is escaped.

use super::words::{self, Words};
use crate::paging::condition;
use crate::signin::style_href;
use alerting::{AlertDetail, AlertRow};
use api::Viewer;
use figures::Locale;
use model::alert::{AlertState, MAX_COMMENT};
use model::theme::Theme;
use model::{Time, links};
use std::fmt::Write as _;

/// What is said above the alerts.
pub(super) enum Matter<'a> {
    /// Whether they are to be taken on.
    Ask { problem: Option<&'a str>, comment: &'a str },
    /// They were, just now.
    Done { n_taken: usize, by: &'a str },
    /// The link has acted before.
    Used { by: &'a str, at: Time },
}

/// Everything the screen shows.
pub(super) struct Screen<'a> {
    pub(super) viewer: &'a Viewer,
    /// Where the form goes.
    pub(super) action: String,
    pub(super) alerts: &'a [AlertDetail],
    /// Alerts of the page that are not shown.
    pub(super) n_more: usize,
}

impl Screen<'_> {
    /// The whole document.
    pub(super) fn html(&self, matter: &Matter<'_>) -> String {
        let words: &Words = self.words();
        let mut main = String::new();
        push(&mut main, "h1", "signin__title", words.title);
        self.say(&mut main, words, matter);
        // Of the one alert that is asked about, the way elsewhere stands below the button.
        let is_asked: bool = matches!(matter, Matter::Ask { .. }) && self.alerts.len() == 1 && self.needs_somebody();
        for alert in self.alerts {
            self.alert(&mut main, words, alert, !is_asked);
        }
        if self.n_more > 0 {
            push(&mut main, "p", "signin__lead", &(words.more)(self.n_more));
        }
        if let Matter::Ask { problem, comment } = matter {
            self.form(&mut main, words, *problem, comment);
        }
        if let Some(alert) = self.alerts.first().filter(|_| is_asked) {
            way(&mut main, words, alert);
        }
        document(self.viewer, words.title, &main)
    }

    fn words(&self) -> &'static Words {
        words::of(self.viewer.locale)
    }

    fn say(&self, out: &mut String, words: &Words, matter: &Matter<'_>) {
        match matter {
            Matter::Ask { .. } if self.needs_somebody() => push(out, "p", "signin__lead", words.lead),
            Matter::Ask { .. } => push(out, "p", "signin__lead", words.nothing_left),
            Matter::Done { n_taken: 0, .. } => status(out, words.done_nothing),
            Matter::Done { n_taken, by } => {
                status(out, &(words.done)(*n_taken, by));
                push(out, "p", "signin__lead", words.undo);
            }
            Matter::Used { by, at } => {
                status(out, &(words.used)(by, &self.moment(*at)));
                push(out, "p", "signin__lead", words.undo);
            }
        }
    }

    /// Also when only some are shown: what is not shown may need somebody.
    fn needs_somebody(&self) -> bool {
        self.n_more > 0 || self.alerts.iter().any(|alert| alert.row.state == AlertState::Firing && alert.row.held.is_none())
    }

    fn alert(&self, out: &mut String, words: &Words, detail: &AlertDetail, has_way: bool) {
        let (alert, locale): (&AlertRow, Locale) = (&detail.row, self.viewer.locale);
        let (name, summary) = match locale {
            Locale::Ja => (&alert.name.ja, &alert.summary.ja),
            Locale::En => (&alert.name.en, &alert.summary.en),
        };
        let severity: &str = words.severity[usize::from(alert.severity.level())];
        let heading: String = format!("{} {severity} · {} {name}", alert.severity.code(), alert.id);
        out.push_str("<section class=\"signin__said\">");
        push(out, "h2", "signin__what", &heading);
        push(out, "p", "", summary);
        push(out, "p", "", &stands(words, alert));
        out.push_str("<dl>");
        if let Some(value) = alert.value.filter(|value| !value.is_nan()) {
            pair(out, words.value, &condition::value(value, alert.unit, locale));
        }
        if alert.source.is_none() {
            pair(out, words.condition, &crossed(detail, locale));
        }
        if let Some(fired_at) = alert.fired_at {
            pair(out, words.since, &self.moment(fired_at));
        }
        out.push_str("</dl>");
        if has_way {
            way(out, words, detail);
        }
        out.push_str("</section>");
    }

    fn moment(&self, at: Time) -> String {
        figures::full_time(at.0, &self.viewer.zone, self.viewer.locale)
    }

    fn form(&self, out: &mut String, words: &Words, problem: Option<&str>, comment: &str) {
        if !self.needs_somebody() {
            return;
        }
        if let Some(problem) = problem {
            // Writing into a String can't fail.
            let _ = write!(
                out,
                "<div class=\"signin__notice\" role=\"alert\"><p class=\"signin__what\">{}</p></div>",
                escaped(problem)
            );
        }
        let invalid: &str = if problem.is_some() { " aria-invalid=\"true\"" } else { "" };
        let _ = write!(
            out,
            "<form class=\"form\" method=\"post\" action=\"{}\"><div class=\"field\"><label class=\"field__label\" for=\"comment\">{} \
             <span class=\"field__need\">{}</span></label><textarea class=\"input\" id=\"comment\" name=\"comment\" rows=\"2\" \
             maxlength=\"{MAX_COMMENT}\"{invalid}>{}</textarea></div><div class=\"form__foot signin__act\">\
             <button class=\"button button--main\" type=\"submit\">{}</button></div></form>",
            escaped(&self.action),
            escaped(words.comment),
            escaped(words.optional),
            escaped(comment),
            escaped(words.button),
        );
    }
}

/// The way to the alert in the console.
fn way(out: &mut String, words: &Words, detail: &AlertDetail) {
    out.push_str(r#"<p class="signin__other">"#);
    link(out, &links::alert(detail.row.id), words.open);
    out.push_str("</p>");
}

/// Who has it, or that it is over.
fn stands(words: &Words, alert: &AlertRow) -> String {
    match (&alert.held, alert.state) {
        (_, AlertState::Resolved) => words.over.to_owned(),
        (Some(held), _) => (words.held_by)(&held.by),
        (None, _) => words.nobody.to_owned(),
    }
}

fn crossed(detail: &AlertDetail, locale: Locale) -> String {
    condition::of_alert(detail.rule.as_ref().map(|row| &row.rule), &condition::Crossed::of(&detail.row), locale)
}

/// The screen of a link that leads nowhere.
pub(super) fn lost(viewer: &Viewer, is_expired: bool) -> String {
    let words: &Words = words::of(viewer.locale);
    let (title, said): (&str, &str) =
        if is_expired { (words.expired_title, words.expired) } else { (words.lost_title, words.lost) };
    let mut main = String::new();
    push(&mut main, "h1", "signin__title", title);
    push(&mut main, "p", "signin__lead", said);
    main.push_str("<p>");
    link(&mut main, links::ALERTS, words.to_console);
    main.push_str("</p>");
    document(viewer, title, &main)
}

fn document(viewer: &Viewer, title: &str, main: &str) -> String {
    let theme: String = match viewer.theme {
        Theme::Auto => String::new(),
        chosen => format!(" data-theme=\"{}\"", chosen.as_str()),
    };
    format!(
        "<!DOCTYPE html><html lang=\"{}\"{theme}><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" \
         content=\"noindex\"><title>{} · Mimamori</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link \
         rel=\"stylesheet\" href=\"{}\"></head><body><div class=\"bare\"><div class=\"signin\"><header class=\"signin__brand\"><span \
         class=\"brand__name\" lang=\"ja\">見守り</span> <span class=\"brand__en\" lang=\"en\">Mimamori</span></header><main \
         class=\"signin__main\">{main}</main></div></div></body></html>",
        viewer.locale.as_str(),
        escaped(title),
        escaped(&style_href()),
    )
}

fn push(out: &mut String, element: &str, class: &str, text: &str) {
    let class: String = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = write!(out, "<{element}{class}>{}</{element}>", escaped(text));
}

/// What just happened, said aloud.
fn status(out: &mut String, text: &str) {
    let _ = write!(out, "<p class=\"signin__what\" role=\"status\">{}</p>", escaped(text));
}

fn pair(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value));
}

fn link(out: &mut String, href: &str, text: &str) {
    let _ = write!(out, "<a class=\"button\" href=\"{}\">{}</a>", escaped(href), escaped(text));
}

/// As text, or between double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_that_was_measured_becomes_markup() {
        assert_eq!(escaped("<script>&\"'"), "&lt;script&gt;&amp;&quot;&#39;");
    }
}
