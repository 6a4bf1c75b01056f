//! A mail server of a few lines: enough of RFC 5321 for one who sends.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Answers a command otherwise than with success.
pub(super) type Mood = fn(&str) -> Option<&'static str>;

/// One mail that was taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

/// Takes mails.
pub(super) struct Post {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    commands: Arc<Mutex<Vec<String>>>,
}

impl Post {
    pub(super) async fn start(mood: Mood) -> Self {
        let listener: TcpListener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port: u16 = listener.local_addr().unwrap().port();
        let post = Self { port, mails: Arc::default(), commands: Arc::default() };
        let (mails, commands) = (Arc::clone(&post.mails), Arc::clone(&post.commands));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever hangs up early ends only their own dialogue.
                let _ended: std::io::Result<()> = dialogue(stream, mood, &mails, &commands).await;
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

async fn dialogue(stream: TcpStream, mood: Mood, mails: &Mutex<Vec<Mail>>, commands: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut mail = Mail::default();
    write.write_all(b"220 post.example ESMTP\r\n").await?;
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
            }
            "QUIT" => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}
