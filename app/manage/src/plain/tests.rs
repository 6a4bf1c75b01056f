//! What the server writes for strangers.

use super::{PasswordTrouble, Plain, Problem, Secret, SetUpFields, join, set_up, shown_once, sign_in, trouble};
use figures::Locale;
use model::theme::Theme;

fn look(locale: Locale) -> Plain {
    Plain { locale, theme: Theme::Dark, style_href: "/pkg/mimamori.abc.css".to_owned() }
}

fn every_document() -> Vec<String> {
    let (ja, en) = (look(Locale::Ja), look(Locale::En));
    vec![
        sign_in(&ja, "", "/", None),
        sign_in(&en, "hana@example.com", "/alerts", Some(&Problem::WrongCredentials)),
        set_up(&ja, "code", &SetUpFields::default(), None),
        set_up(&en, "", &SetUpFields::default(), Some(&Problem::NoLink)),
        join(&ja, "code", "花", "hana@example.com", None),
        join(&en, "code", "", "", Some(&Problem::WrongLink)),
        shown_once(&ja, Secret::Invitation, "https://watch.example.jp/join/x"),
        shown_once(&en, Secret::Token, "mmr_api_x_y"),
        trouble(Locale::Ja, "/pkg/mimamori.abc.css"),
    ]
}

#[test]
fn every_document_is_whole_and_has_no_script() {
    for html in every_document() {
        for part in ["<!DOCTYPE html><html", "/pkg/mimamori.abc.css", "charset=\"utf-8\"", "<main", "<h1", "</html>"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("<script") && !html.contains(" style="), "{html}");
    }
}

#[test]
fn what_was_typed_comes_back_escaped_and_a_password_never() {
    let html = sign_in(&look(Locale::Ja), "\"><b>x</b>", "/alerts?a=\"", Some(&Problem::WrongCredentials));
    assert!(!html.contains("<b>x") && !html.contains("a=\"\""), "{html}");
    assert!(html.contains("role=\"alert\"") && html.contains("パスワードが違います"), "{html}");
    assert!(html.contains("autocomplete=\"username\"") && html.contains("autocomplete=\"current-password\""), "{html}");
}

#[test]
fn the_cursor_starts_in_the_first_field_that_is_to_fill() {
    let fields = SetUpFields { organisation: "みなも".to_owned(), ..SetUpFields::default() };
    let html = set_up(&look(Locale::Ja), "code", &fields, None);
    let input = html.split("<input").find(|input| input.contains("autofocus")).expect("some field has the cursor");
    assert!(input.contains("name=\"name\""), "{input}");
    assert_eq!(html.matches("autofocus").count(), 1);
}

#[test]
fn a_refused_password_is_explained_at_its_field() {
    let html = join(&look(Locale::En), "a/b", "", "", Some(&Problem::Password(PasswordTrouble::TooShort)));
    assert!(
        html.contains("Too short") && html.contains("id=\"password-error\"") && html.contains("aria-invalid=\"true\""),
        "{html}"
    );
    assert!(html.contains("action=\"/join/a%2Fb\""), "{html}");
}

#[test]
fn a_password_manager_is_told_whose_password_is_chosen() {
    let html = join(&look(Locale::Ja), "code", "花", "hana@example.com", None);
    let input = html.split("<input").find(|input| input.contains("autocomplete=\"username\"")).expect("whose it is");
    assert!(input.contains("value=\"hana@example.com\"") && input.contains("hidden") && !input.contains("name="), "{input}");
}

#[test]
fn a_form_that_leads_nowhere_is_not_shown() {
    for html in [
        set_up(&look(Locale::Ja), "", &SetUpFields::default(), Some(&Problem::NoLink)),
        set_up(&look(Locale::Ja), "x", &SetUpFields::default(), Some(&Problem::SetUpDone)),
        join(&look(Locale::Ja), "x", "", "", Some(&Problem::WrongLink)),
    ] {
        assert!(!html.contains("type=\"password\"") && html.contains("role=\"alert\""), "{html}");
    }
}

#[test]
fn a_secret_is_shown_whole_with_the_way_back_and_nothing_that_leads_away() {
    for (which, back, title) in [
        (Secret::Invitation, "/people", "招待リンク"),
        (Secret::Token, "/account", "APIトークン"),
        (Secret::Integration, "/integrations", "連携のキー"),
        (Secret::Calendar, "/oncall", "カレンダーの URL"),
    ] {
        let html = shown_once(&look(Locale::Ja), which, "<a&b>");
        assert!(html.contains("&lt;a&amp;b&gt;") && html.contains(title), "{html}");
        assert!(html.contains(&format!("href=\"{back}\"")), "{html}");
        assert!(!html.contains("<form"), "{html}");
    }
}

#[test]
fn a_link_that_does_not_work_says_how_to_get_another() {
    for problem in [Problem::NoLink, Problem::WrongLink] {
        for locale in [Locale::Ja, Locale::En] {
            let html = set_up(&look(locale), "x", &SetUpFields::default(), Some(&problem));
            assert!(html.contains("mimamori set-up-link"), "{html}");
        }
    }
}

#[test]
fn the_switches_lead_back_to_where_one_was() {
    let html = sign_in(&look(Locale::Ja), "", "/alerts/A-1", None);
    assert!(html.contains("value=\"/sign-in?next=%2Falerts%2FA-1\""), "{html}");
    assert!(html.contains("data-theme=\"dark\"") && html.contains("aria-pressed=\"true\""), "{html}");
}

#[test]
fn trouble_is_said_in_both_languages() {
    let html = trouble(Locale::En, "/pkg/mimamori.abc.css");
    assert!(html.contains("can't be reached") || html.contains("can&#x27;t be reached"), "{html}");
    assert!(html.contains("データベースに届きません") && !html.contains("/preferences"), "{html}");
}
