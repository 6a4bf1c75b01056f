//! Text messages and calls, by Twilio's API or one that is shaped like it.
//!
//! A text message is short: level, kind, name, address. It takes the fewest segments in which all of that stands whole, at most three, and
//! only then the name is cut; the address never is. A call reads the same twice, in the reader's language. Neither can be changed later.
//!
//! Formats: twilio.com/docs, "Messages resource", "Calls resource" (TwiML ≤ 4,000 characters), error bodies `code`, `message`. Segments: GSM
//! 03.38 has 160 characters (153 when there are several), anything else 70 (67).

use super::settings::{BadSettings, Field, Given, Said};
use super::wire::{self, Wire};
use super::{Channel, SendError, Sent, text, words};
use crate::page::{Kind, Page};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use figures::Locale;
use kernel::outbound::{Answer, Outbound};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

/// A text message.
pub(crate) const SMS: &str = "sms";
/// A call.
pub(crate) const VOICE: &str = "voice";

/// More segments are a letter, and each is paid for.
const SEGMENTS: usize = 3;
/// Characters of one segment among several, at best.
const AMONG: usize = 153;
/// What is spoken, before it is written as TwiML twice.
const SPOKEN: usize = 400;
/// The alphabet of GSM 03.38.
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: two septets each.
const GSM_EXTENSION: &str = "^{}\\[~]|€";

/// What it must be told.
pub(crate) const FIELDS: &[Field] = &[
    Field::required(
        "account_sid",
        Said { ja: "アカウント SID", en: "Account SID" },
        Said { ja: "AC で始まる文字列。", en: "Begins with AC." },
    ),
    Field::required(
        "auth_token",
        Said { ja: "認証トークン", en: "Auth token" },
        Said { ja: "Twilio のコンソールに表示されます。", en: "Shown in Twilio's console." },
    )
    .secret(),
    Field::required(
        "from",
        Said { ja: "発信元", en: "From" },
        Said {
            ja: "+81 で始まる番号。SMS では MG で始まる Messaging Service の SID も使えます。",
            en: "A number such as +15005550006; for text messages also a messaging service that begins with MG.",
        },
    ),
    Field::required(
        "to",
        Said { ja: "宛先", en: "To" },
        Said {
            ja: "国番号から始まる番号（例：+819012345678）。", en: "A number with its country code, such as +15558675310."
        },
    ),
    Field::optional(
        "api_url",
        Said { ja: "API のアドレス", en: "Address of the API" },
        Said {
            ja: "リージョンや互換サービスを使うときだけ変更します。",
            en: "Only for another region, or a compatible provider.",
        },
    )
    .or("https://api.twilio.com"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Text,
    Call,
}

/// Reaches a telephone.
pub(crate) struct Twilio {
    wire: Wire,
    way: Way,
    url: String,
    authorization: HeaderValue,
    from: String,
    to: String,
}

impl Twilio {
    pub(crate) fn sms(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        Self::new(given, outbound, Way::Text)
    }

    pub(crate) fn voice(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        Self::new(given, outbound, Way::Call)
    }

    fn new(given: &Given<'_>, outbound: &Outbound, way: Way) -> Result<Self, BadSettings> {
        let (account, token): (String, String) = (given.text("account_sid")?, given.text("auth_token")?);
        if !account.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(BadSettings::Wrong { field: "account_sid", expected: "letters and digits" });
        }
        let (from, to): (String, String) = (given.text("from")?, given.text("to")?);
        if !is_number(&to) {
            return Err(BadSettings::Wrong { field: "to", expected: "a + and 7 to 15 digits" });
        }
        let basic: String = STANDARD.encode(format!("{account}:{token}"));
        let expected = BadSettings::Wrong { field: "auth_token", expected: "printable characters" };
        let authorization: HeaderValue = wire::secret_value(&format!("Basic {basic}")).ok_or(expected)?;
        let resource: &str = if way == Way::Text { "Messages" } else { "Calls" };
        let url: String = format!("{}/2010-04-01/Accounts/{account}/{resource}.json", given.base("api_url")?);
        Ok(Self { wire: Wire::new("Twilio", outbound, vec![token, basic])?, way, url, authorization, from, to })
    }

    fn form(&self, page: &Page) -> String {
        // A messaging service chooses the number itself.
        let sender: &str = if self.way == Way::Text && self.from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let said: (&str, String) = match self.way {
            Way::Text => ("Body", message(page)),
            Way::Call => ("Twiml", twiml(page)),
        };
        let fields: [(&str, &str); 3] = [("To", self.to.as_str()), (sender, self.from.as_str()), (said.0, said.1.as_str())];
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", model::links::encode(value))).collect();
        pairs.join("&")
    }
}

#[async_trait::async_trait]
impl Channel for Twilio {
    fn kind(&self) -> &'static str {
        match self.way {
            Way::Text => SMS,
            Way::Call => VOICE,
        }
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        if page.kind == Kind::Updated || (page.kind == Kind::Announced && self.way == Way::Call) {
            // A message that was sent can't be changed, and another one, or a call, would wake somebody for less than before.
            let detail: String = "not said: an update is nothing to ring for".to_owned();
            return Ok(Sent { reference: page.previous.clone(), detail });
        }
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let body: Vec<u8> = self.form(page).into_bytes();
        let answer: Answer = self.wire.exchange(Method::POST, &self.url, headers, body, wire::PATIENCE).await?;
        self.wire.judge(&answer, page.at)?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let (sid, status) = (said["sid"].as_str().unwrap_or("?"), said["status"].as_str().unwrap_or("accepted"));
        let detail: String = self.wire.quotable(&format!("{status} as {sid}"));
        Ok(Sent { reference: page.previous.clone().or_else(|| said["sid"].as_str().map(str::to_owned)), detail })
    }
}

/// E.164.
fn is_number(written: &str) -> bool {
    let digits: &str = written.strip_prefix('+').unwrap_or("");
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text message.
pub(crate) fn message(page: &Page) -> String {
    let whole: String = words::subject(page);
    let value: Option<String> = page.first().and_then(|alert| alert.value.as_deref()).map(text::one_line);
    // The address stands last, on a line of its own, where telephones make a link of it.
    let address: String = text::link(page.acknowledge_url.as_deref().filter(|_| page.kind.calls()).unwrap_or(&page.url))
        .map_or_else(String::new, |url| format!("\n{url}"));
    let with_value: String = value.map_or_else(|| whole.clone(), |value| format!("{whole} {value}"));
    let fits = |said: &str, n: usize| segments(&format!("{said}{address}")) <= n;
    for n in 1..=SEGMENTS {
        for said in [&with_value, &whole] {
            if fits(said, n) {
                return format!("{said}{address}");
            }
        }
    }
    // At least a word of it, even when the address alone is too long.
    let whole: String = text::cut(&whole, SEGMENTS * AMONG);
    let mut most: usize = text::length(&whole);
    while most > 20 && !fits(&text::cut(&whole, most), SEGMENTS) {
        most -= 1;
    }
    format!("{}{address}", text::cut(&whole, most))
}

/// How many segments a text takes.
pub(crate) fn segments(said: &str) -> usize {
    let septets: Option<usize> = said.chars().map(septets).sum();
    let (n, alone, among): (usize, usize, usize) = match septets {
        Some(n) => (n, 160, AMONG),
        None => (text::length(said), 70, 67),
    };
    if n <= alone { 1 } else { n.div_ceil(among) }
}

/// What a character takes in the GSM alphabet, if it is in it.
fn septets(character: char) -> Option<usize> {
    if GSM.contains(character) {
        Some(1)
    } else if GSM_EXTENSION.contains(character) {
        Some(2)
    } else {
        None
    }
}

/// What is spoken when the call is taken: twice, because nobody understands it the first time at night.
pub(crate) fn twiml(page: &Page) -> String {
    let language: &str = match page.locale {
        Locale::Ja => "ja-JP",
        Locale::En => "en-US",
    };
    let said: String = format!("Mimamori. {}. {}", words::subject(page), text::one_line(&words::sentence(page)));
    let said: String = text::fit(&said, SPOKEN, text::html);
    let say: String = format!("<Say language=\"{language}\">{said}</Say>");
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{say}<Pause length=\"1\"/>{say}</Response>")
}

#[cfg(test)]
mod tests {
    use super::{is_number, segments, septets};

    #[test]
    fn segments_are_counted_as_providers_bill_them() {
        for (said, n) in [
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("{".repeat(80), 1),
            ("{".repeat(81), 2),
            ("あ".repeat(70), 1),
            ("あ".repeat(71), 2),
            ("あ".repeat(134), 2),
            ("あ".repeat(135), 3),
            (format!("{}あ", "a".repeat(69)), 1),
            ("😀".repeat(35), 1),
            ("😀".repeat(36), 2),
        ] {
            assert_eq!(segments(&said), n, "{said}");
        }
        assert_eq!((septets('é'), septets('€'), septets('ê')), (Some(1), Some(2), None));
    }

    #[test]
    fn numbers_are_international() {
        assert!(is_number("+819012345678") && is_number("+15558675310"));
        for number in ["09012345678", "+81-90-1234-5678", "+", "+1234567890123456", "alerts"] {
            assert!(!is_number(number), "{number}");
        }
    }
}
