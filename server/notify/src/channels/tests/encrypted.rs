//! Mail over TLS: whose certificate is accepted, and what is said of one that is not.

use super::certificates::{Authority, self_signed};
use super::smtp::{Post, Security};
use super::{channel, outbound, page};
use crate::channels::{self, BadSettings, SendError, Sent};
use crate::page::Kind;
use serde_json::{Value, json};
use tokio_rustls::TlsAcceptor;

fn willing(_command: &str) -> Option<&'static str> {
    None
}

fn settings(post: &Post, security: &str, authority: &str) -> Value {
    json!({
        "host": "localhost",
        "port": post.port,
        "security": security,
        "certificate_authority": authority,
        "username": "mimamori",
        "password": "hush-hush",
        "from": "alerts@example.jp",
        "to": "sato@example.jp",
    })
}

/// A server with this certificate, spoken to in both ways.
async fn each_way(acceptor: &TlsAcceptor) -> [(&'static str, Post); 2] {
    let starttls: Post = Post::secured(willing, Security::StartTls(acceptor.clone())).await;
    let tls: Post = Post::secured(willing, Security::Tls(acceptor.clone())).await;
    [("starttls", starttls), ("tls", tls)]
}

/// What is said of a certificate; nothing may have been told to whoever showed it.
async fn refused(acceptor: &TlsAcceptor, authority: &str) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for (security, post) in each_way(acceptor).await {
        let error: SendError =
            channel("email", &settings(&post, security, authority)).send(&page(Kind::Fired)).await.unwrap_err();
        assert!(matches!(error, SendError::Retry { .. }), "a certificate is mended: {error}");
        assert!(post.commands().is_empty() && post.mails().is_empty(), "{security}: {:?}", post.commands());
        said.push(error.to_string());
    }
    said
}

#[tokio::test]
async fn a_certificate_of_the_right_name_by_a_trusted_authority_is_accepted() {
    let authority = Authority::new();
    let one_line: String = authority.pem().replace('\n', " ");
    for pem in [authority.pem(), one_line] {
        for (security, post) in each_way(&authority.server("localhost", 1)).await {
            let sent: Sent = channel("email", &settings(&post, security, &pem)).send(&page(Kind::Fired)).await.unwrap();
            assert_eq!(sent.detail, "accepted for sato@example.jp", "{security}");
            assert_eq!(post.mails().len(), 1, "{security}");
            assert!(post.commands().iter().any(|line| line.starts_with("AUTH")), "the password travels, encrypted");
        }
    }
}

#[tokio::test]
async fn a_wrong_name_an_end_in_the_past_and_an_unknown_signature_are_refused_and_say_so() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    for (acceptor, expected) in [
        (authority.server("mail.example", 1), "its certificate is that of another name"),
        (authority.server("localhost", -1), "its certificate has expired"),
        (self_signed("localhost"), "its certificate is signed by no authority that is trusted"),
        (stranger.server("localhost", 1), "its certificate is signed by no authority that is trusted"),
    ] {
        for said in refused(&acceptor, &authority.pem()).await {
            assert!(said.contains(expected) && said.contains("localhost") && !said.contains("hush"), "{expected}: {said}");
        }
    }
    for said in refused(&authority.server("localhost", 1), "").await {
        assert!(said.contains("no authority that is trusted"), "a private authority is trusted where it is named: {said}");
    }
}

#[tokio::test]
async fn a_server_that_knows_no_starttls_is_told_nothing() {
    let post: Post = Post::start(willing).await;
    let error = channel("email", &settings(&post, "starttls", "")).send(&page(Kind::Fired)).await.unwrap_err();
    assert!(post.mails().is_empty() && !post.commands().iter().any(|line| line.starts_with("AUTH")), "{error}");
}

#[test]
fn what_is_no_certificate_is_refused_when_it_is_saved() {
    let authority = Authority::new();
    for wrong in ["none", "-----BEGIN CERTIFICATE-----\n%\n-----END CERTIFICATE-----", &authority.pem()[..60]] {
        let settings = json!({ "host": "a", "from": "a@example.jp", "to": "b@example.jp", "certificate_authority": wrong });
        let refused: BadSettings = channels::make("email", &settings, &outbound()).err().unwrap();
        assert!(refused.to_string().contains("certificate_authority"), "{refused}");
    }
}
