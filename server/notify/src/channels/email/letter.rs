//! One mail: its headers, and the same text plain and as simple HTML.

use crate::channels::{SendError, text, words};
use crate::page::{Page, PagedAlert, Png};
use lettre::Message;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart};
use std::time::{Duration, SystemTime};

/// Long enough for any programme's list, short enough for one line.
const SUBJECT: usize = 180;
/// Alerts that are told one by one; the rest is a number.
const ALERTS: usize = 50;
/// What is said about one alert.
const SAID: usize = 4_000;
/// How the HTML names the graph that comes with it (RFC 2392).
const GRAPH: &str = "graph";
/// No colour of our own but the button's: what the programme chose for its reader, by day or by night, is never fought.
const BODY: &str = "margin:0;padding:16px;font-family:-apple-system,'Segoe UI','Hiragino Sans','Yu Gothic UI',Meiryo,sans-serif;\
line-height:1.6";
const SHEET: &str = "max-width:600px;margin:0 auto";
const BUTTON: &str = "display:inline-block;padding:12px 24px;border-radius:4px;background-color:#00646d;color:#ffffff;\
font-weight:bold;text-decoration:none";
/// The end of the year 9999, in seconds: no date of a mail is later.
const LATEST_S: u64 = 253_402_300_799;

/// A mail, ready to be handed over.
pub(crate) struct Letter {
    pub bytes: Vec<u8>,
    /// The Message-ID that later mails answer.
    pub thread: String,
}

/// Which list it belongs to (RFC 2919).
#[derive(Clone)]
struct ListId(String);

impl Header for ListId {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Id")
    }

    fn parse(written: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(written.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// That no person wrote it, so that no machine answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_written: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Where its reader switches such mails off (RFC 2369, section 3.2). It is a screen, behind a sign-in, and no address that a program may post
/// to: so nothing is said of one click (RFC 8058).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(written: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(written.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// Writes the mail.
pub(crate) fn write(page: &Page, from: &Mailbox, to: &[Mailbox]) -> Result<Letter, SendError> {
    let domain: &str = from.email.domain();
    let id: String = message_id(&page.key, domain);
    let mut mail: MessageBuilder = Message::builder()
        .message_id(Some(id.clone()))
        .date(date(page))
        .from(from.clone())
        .subject(text::cut(&words::subject(page), SUBJECT))
        .header(ListId(format!("<alerts.{domain}>")))
        .header(AutoSubmitted);
    for recipient in to {
        mail = mail.to(recipient.clone());
    }
    if let Some(url) = page.settings_url.as_deref().and_then(text::link) {
        mail = mail.header(ListUnsubscribe(format!("<{url}>")));
    }
    let previous: Option<String> = page.previous.as_deref().filter(|previous| is_message_id(previous)).map(str::to_owned);
    if let Some(root) = previous.clone().filter(|root| *root != id) {
        mail = mail.in_reply_to(root.clone()).references(root);
    }
    let message: Message = mail.multipart(parts(page)).map_err(|error| SendError::never(format!("write the mail: {error}")))?;
    Ok(Letter { bytes: message.formatted(), thread: previous.unwrap_or(id) })
}

/// The text, and the HTML with its graph.
fn parts(page: &Page) -> MultiPart {
    let image: Option<(&Png, ContentType)> = page.picture.as_ref().zip(ContentType::parse("image/png").ok());
    let Some((png, kind)) = image else {
        return MultiPart::alternative_plain_html(plain(page), html(page));
    };
    let graph: SinglePart = Attachment::new_inline(GRAPH.to_owned()).body(png.bytes().to_vec(), kind);
    let shown: MultiPart = MultiPart::related().singlepart(SinglePart::html(html(page))).singlepart(graph);
    MultiPart::alternative().singlepart(SinglePart::plain(plain(page))).multipart(shown)
}

/// The key as a Message-ID; whatever an id may not hold becomes a hyphen.
fn message_id(key: &str, domain: &str) -> String {
    let safe =
        |character: char| if character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.') { character } else { '-' };
    format!("<{}@{domain}>", key.chars().map(safe).collect::<String>())
}

/// Whether a reference is one of ours: another channel's would be no id.
fn is_message_id(reference: &str) -> bool {
    let inside: Option<&str> = reference.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inside.is_some_and(|id| id.contains('@') && id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>')))
}

fn date(page: &Page) -> SystemTime {
    let seconds: u64 = u64::try_from(page.at.0.div_euclid(1_000)).unwrap_or(0).min(LATEST_S);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The text, for who reads text and for who listens to it.
pub(crate) fn plain(page: &Page) -> String {
    let mut said: String = format!("{}\n", words::heading(page));
    for (name, value) in words::overview(page) {
        said.push_str(&format!("{name}: {value}\n"));
    }
    if page.alerts.is_empty() {
        said.push_str(&format!("\n{}\n", words::sentence(page)));
    }
    for alert in page.alerts.iter().take(ALERTS) {
        said.push_str(&format!("\n{}\n", title(page, alert)));
        said.push_str(&format!("{}\n", text::cut(&words::summary(alert), SAID)));
        for (name, value) in words::known(page, alert) {
            said.push_str(&format!("{name}: {}\n", text::cut(&value, SAID)));
        }
    }
    said.push_str(&rest(page).map_or_else(String::new, |rest| format!("\n{rest}\n")));
    said.push('\n');
    for (label, url) in buttons(page) {
        said.push_str(&format!("{label}: {url}\n"));
    }
    // The line that programmes take a signature from (RFC 3676, section 4.3).
    said.push_str(&format!("\n-- \n{}\n", words::words(page.locale).footer));
    said
}

/// The same as HTML that any programme shows: no script, no style sheet, nothing to fetch.
pub(crate) fn html(page: &Page) -> String {
    let mut body: String = format!("<h2>{}</h2>", text::html(&words::heading(page)));
    body.push_str(&acknowledge_button(page));
    body.push_str(&table(&words::overview(page)));
    body.push_str(&graph(page));
    if page.alerts.is_empty() {
        body.push_str(&paragraph(&words::sentence(page)));
    }
    for alert in page.alerts.iter().take(ALERTS) {
        body.push_str(&format!("<h3>{}</h3>", text::html(&title(page, alert))));
        body.push_str(&paragraph(&text::cut(&words::summary(alert), SAID)));
        body.push_str(&table(&words::known(page, alert)));
    }
    body.push_str(&rest(page).map_or_else(String::new, |rest| paragraph(&rest)));
    for (_, label, url) in words::links(page) {
        body.push_str(&format!("<p><a href=\"{}\">{}</a></p>", text::html(&url), text::html(label)));
    }
    body.push_str(&format!("<hr><p><small>{}</small></p>", text::html(words::words(page.locale).footer)));
    document(page, &body)
}

fn document(page: &Page, body: &str) -> String {
    let (language, title) = (page.locale.as_str(), text::html(&words::subject(page)));
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title></head><body style=\"{BODY}\"><div style=\"{SHEET}\">{body}</div></body></html>"
    )
}

/// What is needed first stands first, and is large enough for a thumb.
fn acknowledge_button(page: &Page) -> String {
    let label: &str = words::words(page.locale).acknowledge;
    let link = |url: String| format!("<p><a href=\"{}\" style=\"{BUTTON}\">{}</a></p>", text::html(&url), text::html(label));
    words::acknowledge(page).map_or_else(String::new, link)
}

fn graph(page: &Page) -> String {
    if page.picture.is_none() {
        return String::new();
    }
    let said: String = (words::words(page.locale).graph_of)(&words::name(page));
    let said: String = text::html(&text::cut(&said, SAID));
    format!("<p><img src=\"cid:{GRAPH}\" alt=\"{said}\" width=\"568\" style=\"max-width:100%;height:auto\"></p>")
}

fn title(page: &Page, alert: &PagedAlert) -> String {
    format!("{} {} {}", words::level(alert.severity, page.locale), alert.id, text::cut(&text::one_line(&alert.name), SUBJECT))
}

fn rest(page: &Page) -> Option<String> {
    let n: usize = page.n_alerts().checked_sub(page.alerts.len().min(ALERTS)).filter(|n| *n > 0)?;
    Some((words::words(page.locale).and_more)(n))
}

fn buttons(page: &Page) -> Vec<(&'static str, String)> {
    let acknowledge: Option<String> = words::acknowledge(page);
    let first = acknowledge.map(|url| (words::words(page.locale).acknowledge, url));
    first.into_iter().chain(words::links(page).into_iter().map(|(_, label, url)| (label, url))).collect()
}

fn paragraph(said: &str) -> String {
    format!("<p>{}</p>", text::html(said).replace('\n', "<br>"))
}

fn table(rows: &[(&'static str, String)]) -> String {
    let row = |(name, value): &(&'static str, String)| -> String {
        let value: String = text::html(&text::cut(value, SAID)).replace('\n', "<br>");
        format!("<tr><th scope=\"row\" align=\"left\" valign=\"top\">{}</th><td>{value}</td></tr>", text::html(name))
    };
    format!("<table cellpadding=\"4\"><tbody>{}</tbody></table>", rows.iter().map(row).collect::<String>())
}
