//! A mail server of a few lines: enough of RFC 5321 for one who sends, in the clear, after STARTTLS (RFC 3207), or by TLS from the beginning.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Answers a command otherwise than with success.
pub(super) type Mood = fn(&str) -> Option<&'static str>;

/// One mail that was taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

/// How it is spoken to.
pub(super) enum Security {
    Plain,
    StartTls(TlsAcceptor),
    Tls(TlsAcceptor),
}

/// Takes mails.
pub(super) struct Post {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    commands: Arc<Mutex<Vec<String>>>,
}

impl Post {
    pub(super) async fn start(mood: Mood) -> Self {
        Self::secured(mood, Security::Plain).await
    }

    pub(super) async fn secured(mood: Mood, security: Security) -> Self {
        // A certificate is a name's, and whoever asks for that name takes the first address it has.
        let host: &str = if matches!(security, Security::Plain) { "127.0.0.1" } else { "localhost" };
        let listener: TcpListener = TcpListener::bind((host, 0)).await.unwrap();
        let port: u16 = listener.local_addr().unwrap().port();
        let post = Self { port, mails: Arc::default(), commands: Arc::default() };
        let (mails, commands) = (Arc::clone(&post.mails), Arc::clone(&post.commands));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever hangs up early ends only their own dialogue.
                let _ended: std::io::Result<()> = serve(stream, &security, mood, &mails, &commands).await;
            }
        });
        post
    }

    pub(super) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.commands.lock().unwrap().clone()
    }
}

const GREETING: &[u8] = b"220 post.example ESMTP\r\n";

async fn serve(
    mut stream: TcpStream,
    security: &Security,
    mood: Mood,
    mails: &Mutex<Vec<Mail>>,
    commands: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    match security {
        Security::Plain => {
            stream.write_all(GREETING).await?;
            dialogue(stream, mood, mails, commands).await
        }
        Security::StartTls(acceptor) => {
            let stream: TcpStream = asked_for_tls(stream).await?;
            dialogue(acceptor.accept(stream).await?, mood, mails, commands).await
        }
        Security::Tls(acceptor) => {
            let mut stream = acceptor.accept(stream).await?;
            stream.write_all(GREETING).await?;
            stream.flush().await?;
            dialogue(stream, mood, mails, commands).await
        }
    }
}

/// Takes nothing in the clear but the wish to go on encrypted.
async fn asked_for_tls(stream: TcpStream) -> std::io::Result<TcpStream> {
    let mut stream = BufReader::new(stream);
    stream.get_mut().write_all(GREETING).await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let answer: &[u8] = match line.trim_end() {
            "STARTTLS" => b"220 go ahead\r\n",
            hello if hello.starts_with("EHLO") => b"250-post.example\r\n250 STARTTLS\r\n",
            _ => b"530 only encrypted\r\n",
        };
        stream.get_mut().write_all(answer).await?;
        if answer.starts_with(b"220") {
            return Ok(stream.into_inner());
        }
        line.clear();
    }
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

async fn dialogue<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    mood: Mood,
    mails: &Mutex<Vec<Mail>>,
    commands: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (read, mut write) = tokio::io::split(stream);
    let mut lines = BufReader::new(read).lines();
    let mut mail = Mail::default();
    while let Some(line) = lines.next_line().await? {
        commands.lock().unwrap().push(line.clone());
        let verb: String = line.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_uppercase();
        let answer: &str = match (mood(&line), verb.as_str()) {
            (Some(answer), _) => answer,
            (None, "EHLO") => "250-post.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            (None, "DATA") => "354 go on",
            (None, "QUIT") => "221 bye",
            (None, _) => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        write.flush().await?;
        match verb.as_str() {
            "MAIL" => mail = Mail { from: line, ..Mail::default() },
            "RCPT" if answer.starts_with("250") => mail.to.push(line),
            "DATA" if answer.starts_with("354") => {
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    mail.text.push_str(&line);
                    mail.text.push('\n');
                }
                mails.lock().unwrap().push(mail.clone());
                write.write_all(b"250 taken\r\n").await?;
                write.flush().await?;
            }
            "QUIT" => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}
