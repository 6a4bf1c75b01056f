//! The screen of a link, written by hand: it is opened on a phone at night, by whoever holds the link, and loads nothing but the style
//! sheet. First what it is about, then the one button; whom else it calls and what to do stand below.

use super::calls::Call;
use super::markup::{document, problem, push, status, way};
use super::passing::PASS;
use super::words::{self, Words};
use crate::paging::condition;
use alerting::routing::muted::Hushed;
use alerting::{AlertDetail, AlertRow};
use api::Viewer;
use api::alerting::SPANS;
use figures::Locale;
use model::alert::{AlertState, MAX_COMMENT};
use model::ids::AlertId;
use model::{Time, links};
use notify::channels::text::html as escaped;
use std::collections::HashMap;
use std::fmt::Write as _;

/// What the form holds: nothing at first, and what was typed when it was refused.
#[derive(Clone, Copy, Default)]
pub(super) struct Asked<'a> {
    pub(super) problem: Option<&'a str>,
    pub(super) comment: &'a str,
    pub(super) span: &'a str,
}

/// What is said above the alerts.
pub(super) enum Matter<'a> {
    /// Whether they are to be taken on.
    Ask(Asked<'a>),
    /// They were, just now.
    Done { n_taken: usize, by: &'a str },
    /// They can't, and somebody else is paged now.
    Passed { by: &'a str },
    /// The link has acted before.
    Used { by: &'a str, at: Time },
    /// The link acts no more.
    Expired,
}

/// Everything the screen shows.
pub(super) struct Screen<'a> {
    pub(super) viewer: &'a Viewer,
    /// Where the form goes.
    pub(super) action: String,
    pub(super) alerts: &'a [AlertDetail],
    pub(super) hushed: &'a HashMap<AlertId, Hushed>,
    pub(super) calls: &'a [Call],
    /// Somebody else could be paged instead.
    pub(super) can_pass: bool,
    pub(super) now: Time,
    /// Until when the link acts.
    pub(super) expires_at: Time,
    /// Alerts of the page that are not shown.
    pub(super) n_more: usize,
}

impl Screen<'_> {
    /// The whole document.
    pub(super) fn html(&self, matter: &Matter<'_>) -> String {
        let words: &Words = self.words();
        let mut main = String::new();
        self.say(&mut main, words, matter);
        match self.alerts.split_first() {
            Some((first, others)) => {
                self.head(&mut main, words, first);
                self.ask(&mut main, words, matter);
                self.others(&mut main, words, others);
                self.called(&mut main, words);
                self.instructions(&mut main, words, first);
            }
            None => {
                push(&mut main, "h1", "signin__title", words.title);
                self.ask(&mut main, words, matter);
            }
        }
        if matches!(matter, Matter::Ask(_)) {
            push(&mut main, "p", "signin__foot", &(words.expires)(&self.moment(self.expires_at)));
        }
        document(self.viewer, words.title, &main)
    }

    fn words(&self) -> &'static Words {
        words::of(self.viewer.locale)
    }

    fn say(&self, out: &mut String, words: &Words, matter: &Matter<'_>) {
        let who = |by: &str| words::who(by, words);
        match matter {
            Matter::Ask(_) => {}
            Matter::Done { n_taken: 0, .. } => status(out, words.done_nothing),
            Matter::Done { n_taken, by } => {
                status(out, &(words.done)(*n_taken, &who(by)));
                push(out, "p", "signin__lead", words.undo);
            }
            Matter::Passed { by } => status(out, &(words.passed)(&who(by))),
            Matter::Used { by, at } => {
                status(out, &(words.used)(&who(by), &self.moment(*at)));
                push(out, "p", "signin__lead", words.undo);
            }
            Matter::Expired => {
                status(out, words.expired_title);
                push(out, "p", "signin__lead", words.expired);
            }
        }
    }

    /// Also when only some are shown: what is not shown may need somebody.
    fn needs_somebody(&self) -> bool {
        self.n_more > 0 || self.alerts.iter().any(|alert| alert.row.state == AlertState::Firing && alert.row.held.is_none())
    }

    /// How bad, how it stands, what it is, and its figures.
    fn head(&self, out: &mut String, words: &Words, detail: &AlertDetail) {
        let alert: &AlertRow = &detail.row;
        let _ =
            write!(out, "<p class=\"alert__line\">{}<span>{}</span></p>", self.badge(alert), escaped(&self.stands(words, alert)));
        push(out, "h1", "signin__title", self.read(&alert.summary));
        push(out, "p", "signin__lead", &about(alert, self.read(&alert.name)));
        self.gauges(out, words, detail);
        if let Some(text) = detail.annotations.description(&alert.summary) {
            push(out, "p", "alert__said", self.read(text));
        }
    }

    fn read<'t>(&self, text: &'t alerting::Text) -> &'t str {
        match self.viewer.locale {
            Locale::Ja => &text.ja,
            Locale::En => &text.en,
        }
    }

    /// The severity: a shape that is solid while somebody is needed, the code, and the word.
    fn badge(&self, alert: &AlertRow) -> String {
        const SOLID: [&str; 4] = ["■", "▲", "◆", "●"];
        const HOLLOW: [&str; 4] = ["□", "△", "◇", "○"];
        let level: usize = usize::from(alert.severity.level());
        let is_calling: bool = alert.state == AlertState::Firing && alert.held.is_none() && !alert.is_muted;
        let (shape, held) = if is_calling { (SOLID[level], "") } else { (HOLLOW[level], " sev--held") };
        let (code, word) = (alert.severity.code(), self.words().severity[level]);
        format!(
            "<span class=\"sev sev--{level}{held}\"><span aria-hidden=\"true\">{shape}</span><span class=\"sev__code\">{code}</span>\
             <span class=\"sev__word\">{word}</span></span>"
        )
    }

    /// Who has it and until when, what keeps it quiet, or that it is over; and since when it burns.
    fn stands(&self, words: &Words, alert: &AlertRow) -> String {
        let said: String = match (&alert.held, alert.state) {
            (_, AlertState::Resolved) => words.over.to_owned(),
            (Some(held), _) => {
                let said: String = (words.held_by)(&words::who(&held.by, words));
                held.until.map_or(said.clone(), |at| format!("{said} · {}", (words.until)(&self.moment(at))))
            }
            (None, _) => self.quiet(words, alert).unwrap_or_else(|| words.nobody.to_owned()),
        };
        let end: Time = alert.resolved_at.unwrap_or(self.now);
        let age: Option<i64> = alert.fired_at.map(|at| end.since(at).max(0));
        age.map_or(said.clone(), |ms| format!("{said} · {}", (words.age)(&figures::duration(ms, self.viewer.locale))))
    }

    fn quiet(&self, words: &Words, alert: &AlertRow) -> Option<String> {
        let hushed: &Hushed = self.hushed.get(&alert.id)?;
        let said: String = (words.quiet)(&hushed.why);
        Some(hushed.until.map_or(said.clone(), |at| format!("{said} · {}", (words.until)(&self.moment(at)))))
    }

    /// The value, what it is held against, and since when.
    fn gauges(&self, out: &mut String, words: &Words, detail: &AlertDetail) {
        let (alert, locale): (&AlertRow, Locale) = (&detail.row, self.viewer.locale);
        out.push_str("<dl class=\"gauges\">");
        if let Some(value) = alert.value.filter(|value| !value.is_nan()) {
            let written = figures::value(value, alert.unit, locale);
            let _ = write!(
                out,
                "<div class=\"gauge gauge--main\"><dt class=\"hush\">{}</dt><dd class=\"gauge__value\"><span class=\"value\">{}\
                 <span class=\"value__unit\">{}</span></span></dd></div>",
                words.value,
                escaped(&written.number),
                escaped(&written.unit),
            );
        }
        if let Some(crossed) = crossed(detail, locale) {
            gauge(out, words.condition, &crossed);
        }
        if let Some(fired_at) = alert.fired_at {
            gauge(out, words.since, &self.moment(fired_at));
        }
        out.push_str("</dl>");
    }

    fn moment(&self, at: Time) -> String {
        figures::day_time(at.0, &self.viewer.zone, self.viewer.locale)
    }

    /// The one button, or that there is nothing to press it for.
    fn ask(&self, out: &mut String, words: &Words, matter: &Matter<'_>) {
        let Matter::Ask(asked) = matter else { return };
        if !self.needs_somebody() {
            return push(out, "p", "signin__lead", words.nothing_left);
        }
        if let Some(said) = asked.problem {
            problem(out, said);
        }
        let _ = write!(
            out,
            "<form class=\"form\" method=\"post\" action=\"{}\"><button class=\"take__button\" type=\"submit\"><b>{}</b></button>",
            escaped(&self.action),
            escaped(words.button),
        );
        push(out, "p", "signin__lead", words.lead);
        self.span(out, words, asked);
        comment(out, words, asked);
        if self.can_pass {
            pass(out, words);
        }
        out.push_str("</form>");
    }

    /// For how long.
    fn span(&self, out: &mut String, words: &Words, asked: &Asked<'_>) {
        let _ = write!(
            out,
            "<div class=\"field\"><label class=\"field__label\" for=\"span\">{}</label><select class=\"input\" id=\"span\" name=\"span\" \
             aria-describedby=\"span-hint\">",
            words.span
        );
        let hours = SPANS.into_iter().map(|(word, ms)| (word, figures::duration(ms, self.viewer.locale)));
        for (word, said) in std::iter::once(("", words.span_whole.to_owned())).chain(hours) {
            let selected: &str = if word == asked.span { " selected" } else { "" };
            let _ = write!(out, "<option value=\"{word}\"{selected}>{}</option>", escaped(&said));
        }
        let _ = write!(out, "</select><p class=\"field__hint\" id=\"span-hint\">{}</p></div>", words.span_hint);
    }

    /// The other alerts of the page, a few lines each.
    fn others(&self, out: &mut String, words: &Words, others: &[AlertDetail]) {
        for detail in others {
            let alert: &AlertRow = &detail.row;
            out.push_str("<section class=\"signin__said\">");
            let stands: String = escaped(&self.stands(words, alert));
            let _ = write!(
                out,
                "<h2 class=\"alert__line\">{}<span>{}</span></h2>",
                self.badge(alert),
                escaped(self.read(&alert.summary))
            );
            let _ = write!(
                out,
                "<p>{stands}</p><p><a class=\"link\" href=\"{}\">{}</a></p>",
                escaped(&links::alert(alert.id)),
                alert.id
            );
            out.push_str("</section>");
        }
        if self.n_more > 0 {
            push(out, "p", "signin__lead", &(words.more)(self.n_more));
        }
    }

    /// Whom else it calls.
    fn called(&self, out: &mut String, words: &Words) {
        if self.calls.is_empty() {
            return;
        }
        push(out, "h2", "signin__what", words.calls);
        out.push_str("<ul class=\"facts\">");
        for call in self.calls {
            let here: &str = if call.is_here { words.here } else { "" };
            let said: String = format!("{} · {}{here}", self.moment(call.at), (words.call)(call.state));
            let _ = write!(
                out,
                "<li class=\"facts__one\"><b class=\"facts__name\">{}</b><span class=\"facts__value\">{}</span></li>",
                escaped(&call.place),
                escaped(&said),
            );
        }
        out.push_str("</ul>");
    }

    /// What to do, and the ways on.
    fn instructions(&self, out: &mut String, words: &Words, detail: &AlertDetail) {
        let written: Option<&str> = detail.rule.as_ref().map(|row| self.read(&row.rule.runbook));
        let steps: Vec<&str> = written.unwrap_or("").lines().filter(|line| !line.trim().is_empty()).collect();
        if !steps.is_empty() {
            let _ = write!(out, "<details><summary class=\"signin__what\">{}</summary><ol class=\"runbook\">", words.runbook);
            for step in steps {
                push(out, "li", "runbook__step", bare(step));
            }
            out.push_str("</ol></details>");
        }
        out.push_str("<div class=\"signin__other\">");
        if let Some(url) = detail.annotations.runbook_url() {
            way(out, &url, words.runbook_open, false);
        }
        way(out, &links::alert(detail.row.id), words.open, true);
        push(out, "p", "", words.open_hint);
        out.push_str("</div>");
    }
}

/// A step without its list mark: the list counts by itself.
fn bare(step: &str) -> &str {
    let step: &str = step.trim();
    let rest: &str = step.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered: Option<&str> = rest.strip_prefix(". ").filter(|_| rest.len() < step.len());
    numbered.or_else(|| step.strip_prefix("- ")).unwrap_or(step)
}

/// The other button, for whoever can't: what is written above it is the reason.
fn pass(out: &mut String, words: &Words) {
    let _ = write!(
        out,
        "<button class=\"button\" type=\"submit\" name=\"act\" value=\"{PASS}\">{}</button><p class=\"field__hint\">{}</p>",
        escaped(words.pass),
        escaped(words.pass_hint),
    );
}

/// A comment that may stay away.
fn comment(out: &mut String, words: &Words, asked: &Asked<'_>) {
    let invalid: &str = if asked.problem == Some(words.long_comment) { " aria-invalid=\"true\"" } else { "" };
    let _ = write!(
        out,
        "<div class=\"field\"><label class=\"field__label\" for=\"comment\">{} <span class=\"field__need\">{}</span></label><textarea \
         class=\"input\" id=\"comment\" name=\"comment\" rows=\"2\" maxlength=\"{MAX_COMMENT}\"{invalid}>{}</textarea></div>",
        escaped(words.comment),
        escaped(words.optional),
        escaped(asked.comment),
    );
}

fn gauge(out: &mut String, name: &str, value: &str) {
    let (name, value) = (escaped(name), escaped(value));
    let _ = write!(out, "<div class=\"gauge\"><dt class=\"gauge__name\">{name}</dt><dd class=\"gauge__sub\">{value}</dd></div>");
}

/// Its number, what it is called, and where it is.
fn about(alert: &AlertRow, name: &str) -> String {
    let host: &str = alert.labels.get("host");
    let (id, source) = (alert.id.to_string(), alert.source.as_ref().map_or("", |source| source.name.as_str()));
    [id.as_str(), name, host, source].into_iter().filter(|word| !word.is_empty()).collect::<Vec<&str>>().join(" · ")
}

/// What the value is held against; nothing where another tool has judged, or a rule that is gone took anything for a breach.
fn crossed(detail: &AlertDetail, locale: Locale) -> Option<String> {
    let is_told: bool = detail.row.source.is_none() && (detail.rule.is_some() || !detail.row.matches);
    let rule = detail.rule.as_ref().map(|row| &row.rule);
    is_told.then(|| condition::of_alert(rule, &condition::Crossed::of(&detail.row), locale))
}

/// The screen of a link that leads nowhere.
pub(super) fn lost(viewer: &Viewer, is_expired: bool) -> String {
    let words: &Words = words::of(viewer.locale);
    let (title, said): (&str, &str) =
        if is_expired { (words.expired_title, words.expired) } else { (words.lost_title, words.lost) };
    let mut main = String::new();
    push(&mut main, "h1", "signin__title", title);
    push(&mut main, "p", "signin__lead", said);
    way(&mut main, links::ALERTS, words.to_console, true);
    document(viewer, title, &main)
}
