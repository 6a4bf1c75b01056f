//! E-mail over SMTP.
//!
//! All mails about one group stand in one thread: the first one's Message-ID is the reference, later ones answer it (RFC 5322, section
//! 3.6.4). The id is made of the idempotency key, so a mail that was sent twice after a crash is one mail to most programs. Every
//! recipient gets a transaction of their own: one unknown address must not keep the page from the others.
//!
//! The relay's name is resolved here and its address looked at before the first byte; the connection goes to that address, the certificate
//! is checked against the name. A password travels only encrypted.

pub(crate) mod letter;

use super::settings::{BadSettings, Field, Given, Said};
use super::wire;
use super::{Channel, SendError, Sent, text};
use crate::page::Page;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters, TlsParametersBuilder};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub(crate) const KIND: &str = "email";

/// For one command of the dialogue.
const COMMAND: Duration = Duration::from_secs(10);
/// For all recipients together: a little less than the worker waits, so that the log says what was being waited for.
const PATIENCE: Duration = Duration::from_secs(19);
/// More people than this are a mailing list's work.
const RECIPIENTS: usize = 20;
/// How much of an answer is quoted.
const MOST_QUOTED: usize = 300;
const STARTTLS: &str = "starttls";
const TLS: &str = "tls";
const NONE: &str = "none";

/// What it must be told.
pub(crate) const FIELDS: &[Field] = &[
    Field::required(
        "host",
        Said { ja: "SMTP サーバー", en: "SMTP server" },
        Said {
            ja: "ホスト名。証明書はこの名前で確かめます。", en: "Its name; the certificate is checked against it."
        },
    ),
    Field::optional(
        "port",
        Said { ja: "ポート", en: "Port" },
        Said {
            ja: "STARTTLS は 587、TLS は 465、暗号化なしは 25 が普通です。",
            en: "Usually 587 with STARTTLS, 465 with TLS, 25 without.",
        },
    )
    .or("587"),
    Field::optional(
        "security",
        Said { ja: "暗号化", en: "Encryption" },
        Said {
            ja: "none は同じ機械の中継サーバーだけに。パスワードは使えません。",
            en: "none only for a relay on the same machine; no password is sent then.",
        },
    )
    .one_of(&[STARTTLS, TLS, NONE])
    .or(STARTTLS),
    Field::optional(
        "certificate_authority",
        Said { ja: "認証局の証明書", en: "Certificate authority" },
        Said {
            ja: "社内の認証局を使うサーバーでだけ必要です。PEM 形式の証明書を貼り付けます。公的な認証局も引き続き信頼します。",
            en: "Only for a server with a certificate of a private authority: that authority's certificate as PEM. Public ones are trusted as well.",
        },
    ),
    Field::optional(
        "username",
        Said { ja: "ユーザー名", en: "User name" },
        Said { ja: "認証が要らないサーバーでは空にします。", en: "Empty for a server that asks for none." },
    ),
    Field::optional(
        "password",
        Said { ja: "パスワード", en: "Password" },
        Said { ja: "ユーザー名と組で使います。", en: "Goes with the user name." },
    )
    .secret(),
    Field::required(
        "from",
        Said { ja: "差出人", en: "From" },
        Said { ja: "例: Mimamori <alerts@example.jp>", en: "Such as Mimamori <alerts@example.com>" },
    ),
    Field::required(
        "to",
        Said { ja: "宛先", en: "To" },
        Said {
            ja: "コンマか改行で区切って 20 件まで。", en: "Up to 20 addresses, between commas or line breaks."
        },
    ),
];

/// Writes mails.
pub(crate) struct Email {
    reach: Reach,
    host: String,
    port: u16,
    security: String,
    /// Trusted besides the public authorities.
    authorities: Vec<Certificate>,
    credentials: Option<Credentials>,
    from: Mailbox,
    to: Vec<Mailbox>,
    secrets: Vec<String>,
}

impl Email {
    pub(crate) fn new(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        let security: String = given.text("security")?;
        let (username, password) = (given.maybe("username")?, given.maybe("password")?);
        if security == NONE && password.is_some() {
            return Err(BadSettings::Wrong { field: "security", expected: "starttls or tls, because there is a password" });
        }
        let credentials: Option<Credentials> = match (username, password.clone()) {
            (Some(username), Some(password)) => Some(Credentials::new(username, password)),
            (None, None) => None,
            (Some(_), None) => return Err(BadSettings::Missing { field: "password" }),
            (None, Some(_)) => return Err(BadSettings::Missing { field: "username" }),
        };
        Ok(Self {
            reach: outbound.reach().clone(),
            host: host(given)?,
            port: port(given)?,
            security,
            authorities: authorities(given)?,
            credentials,
            from: mailbox("from", &given.text("from")?)?,
            to: recipients(given)?,
            secrets: password.into_iter().collect(),
        })
    }

    async fn everybody(&self, page: &Page) -> Result<Sent, SendError> {
        let letter: letter::Letter = letter::write(page, &self.from, &self.to)?;
        let relay: AsyncSmtpTransport<Tokio1Executor> = self.relay(self.address().await?)?;
        let (mut accepted, mut refused): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for recipient in &self.to {
            let envelope: Envelope = Envelope::new(Some(self.from.email.clone()), vec![recipient.email.clone()])
                .map_err(|error| SendError::never(format!("address the mail: {error}")))?;
            match relay.send_raw(&envelope, &letter.bytes).await {
                Ok(_) => accepted.push(recipient.email.to_string()),
                // Somebody may get it twice then, with the same id: better than somebody not at all.
                Err(error) if !error.is_permanent() => return Err(SendError::later(self.reason(&recipient.email, &error))),
                // The next recipient would be asked for the same password, and the account would be locked.
                Err(error) if is_about_us(&error) => return Err(SendError::never(self.reason(&recipient.email, &error))),
                Err(error) => refused.push(self.reason(&recipient.email, &error)),
            }
        }
        if accepted.is_empty() {
            return Err(SendError::never(refused.join("; ")));
        }
        let refused: String = if refused.is_empty() { String::new() } else { format!("; {}", refused.join("; ")) };
        Ok(Sent { reference: Some(letter.thread), detail: format!("accepted for {}{refused}", accepted.join(", ")) })
    }

    /// An address of the relay that may be reached.
    async fn address(&self) -> Result<SocketAddr, SendError> {
        let unknown = |error: std::io::Error| SendError::later(format!("look up the mail server {}: {error}", self.host));
        let found: Vec<SocketAddr> = tokio::net::lookup_host((self.host.as_str(), self.port)).await.map_err(unknown)?.collect();
        let allowed: Option<SocketAddr> = found.iter().copied().find(|address| self.reach.may(address.ip()));
        match (allowed, found.first()) {
            (Some(address), _) => Ok(address),
            (None, Some(address)) => Err(self.guarded(address.ip())),
            (None, None) => Err(SendError::later(format!("the mail server {} has no address", self.host))),
        }
    }

    fn guarded(&self, address: IpAddr) -> SendError {
        SendError::never(format!("the mail server {} is at {address}, which must not be reached unless it is listed", self.host))
    }

    fn relay(&self, address: SocketAddr) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let mut relay = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
            .port(self.port)
            .hello_name(hello)
            .timeout(Some(COMMAND))
            .tls(self.tls()?);
        if let Some(credentials) = &self.credentials {
            relay = relay.credentials(credentials.clone());
        }
        Ok(relay.build())
    }

    /// The certificate is the name's, wherever the name led.
    fn tls(&self) -> Result<Tls, SendError> {
        if self.security == NONE {
            return Ok(Tls::None);
        }
        let mut builder: TlsParametersBuilder = TlsParameters::builder(self.host.clone());
        for authority in &self.authorities {
            builder = builder.add_root_certificate(authority.clone());
        }
        let prepared: Result<TlsParameters, smtp::Error> = builder.build();
        let parameters: TlsParameters = prepared.map_err(|error| SendError::never(format!("prepare TLS: {error}")))?;
        Ok(if self.security == TLS { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
    }

    fn reason(&self, recipient: &Address, error: &smtp::Error) -> String {
        let said: String = wire::redact(&describe(error), &self.secrets);
        let (quoted, means): (String, &str) = (text::cut(&text::one_line(&said), MOST_QUOTED), meaning(&said));
        format!("the mail server {} about {recipient}: {quoted}{means}", self.host)
    }
}

#[async_trait::async_trait]
impl Channel for Email {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        match tokio::time::timeout(PATIENCE, self.everybody(page)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                Err(SendError::later(format!("the mail server {} did not finish within {} s", self.host, PATIENCE.as_secs())))
            }
        }
    }
}

/// Whether the relay doesn't want to hear us at all (RFC 4954, section 6: 530, 534, 535, 538).
fn is_about_us(error: &smtp::Error) -> bool {
    error.status().is_some_and(|code| code.to_string().starts_with("53"))
}

/// What a certificate that was not accepted means, for whoever mends it: the words of the TLS library are for its authors.
fn meaning(said: &str) -> &'static str {
    let is = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if is(&["UnknownIssuer", "BadSignature", "CaUsedAsEndEntity"]) {
        "; its certificate is signed by no authority that is trusted"
    } else if is(&["NotValidForName", "not valid for name"]) {
        "; its certificate is that of another name"
    } else if is(&["Expired", "certificate expired"]) {
        "; its certificate has expired"
    } else {
        ""
    }
}

/// The message with all its causes.
fn describe(error: &smtp::Error) -> String {
    let mut said: String = error.to_string();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(inner) = cause {
        // Some say what their cause says; once is enough.
        let more: String = inner.to_string();
        if !said.contains(&more) {
            said.push_str(": ");
            said.push_str(&more);
        }
        cause = inner.source();
    }
    said
}

fn host(given: &Given<'_>) -> Result<String, BadSettings> {
    let host: String = given.text("host")?;
    let is_name: bool = host.chars().all(|character| character.is_alphanumeric() || matches!(character, '.' | '-' | ':' | '_'));
    if is_name { Ok(host) } else { Err(BadSettings::Wrong { field: "host", expected: "the name of a host" }) }
}

fn port(given: &Given<'_>) -> Result<u16, BadSettings> {
    let expected = || BadSettings::Wrong { field: "port", expected: "a number from 1 to 65535" };
    given.text("port")?.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(expected)
}

const PEM: &str = "certificates as PEM, from BEGIN CERTIFICATE to END CERTIFICATE";

/// A form may have made one line of it: what stands between the two marks counts, without its blanks.
fn authorities(given: &Given<'_>) -> Result<Vec<Certificate>, BadSettings> {
    let Some(pem) = given.maybe("certificate_authority")? else {
        return Ok(Vec::new());
    };
    let wrong = || BadSettings::Wrong { field: "certificate_authority", expected: PEM };
    let mut authorities: Vec<Certificate> = Vec::new();
    for part in pem.split("-----BEGIN CERTIFICATE-----").skip(1) {
        let (written, _) = part.split_once("-----END CERTIFICATE-----").ok_or_else(wrong)?;
        let plain: String = written.chars().filter(|character| !character.is_whitespace()).collect();
        let der: Vec<u8> = STANDARD.decode(plain).map_err(|_| wrong())?;
        authorities.push(Certificate::from_der(der).map_err(|_| wrong())?);
    }
    if authorities.is_empty() { Err(wrong()) } else { Ok(authorities) }
}

fn mailbox(field: &'static str, written: &str) -> Result<Mailbox, BadSettings> {
    written.parse::<Mailbox>().map_err(|_| BadSettings::Wrong { field, expected: "e-mail addresses" })
}

fn recipients(given: &Given<'_>) -> Result<Vec<Mailbox>, BadSettings> {
    let to: Vec<String> = given.list("to")?;
    if to.is_empty() || to.len() > RECIPIENTS {
        return Err(BadSettings::Wrong { field: "to", expected: "1 to 20 e-mail addresses" });
    }
    to.iter().map(|written| mailbox("to", written)).collect()
}
