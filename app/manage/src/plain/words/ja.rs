//! 日本語.

use super::Words;
use crate::plain::problem::{PasswordTrouble, Problem, Said};
use figures::{Locale, duration};

pub(super) static WORDS: Words = Words {
    product: "見守り",
    email: "メールアドレス",
    password: "パスワード",
    password_hint: "8文字以上、できれば15文字以上。貼り付けられます。記号や大文字は求めません。",
    sign_in: "サインインする",
    sign_in_title: "サインイン",
    set_up_title: "見守りをはじめる",
    set_up_lead: "組織をひとつと、その最初の管理者になるあなたのアカウントをつくります。",
    set_up_do: "組織と管理者をつくる",
    organisation: "組織の名前",
    name: "あなたの名前",
    name_hint: "アラートの担当者として、ほかの人に表示されます。",
    email_hint: "サインインに使います。",
    join_title: "参加する",
    welcome: |name| format!("{name} さん、ようこそ"),
    join_lead: "パスワードを決めると参加でき、そのままサインインします。",
    join_do: "パスワードを決めて参加する",
    invitation_made: ["招待リンク", "このリンクを本人に送ってください。表示するのはこの1回だけです。", "メンバーに戻る"],
    token_made: ["APIトークン", "このトークンを安全な場所に控えてください。表示するのはこの1回だけです。", "アカウントに戻る"],
    integration_made: [
        "連携のキー",
        "このキーを控え、送信元の設定の KEY と置き換えてください。表示するのはこの1回だけです。",
        "連携に戻る",
    ],
    calendar_made: [
        "カレンダーの URL",
        "カレンダーアプリの「URL で購読」に入れてください。表示はこの一度きりです。知っている人は誰でも読めるので、共有しないでください。",
        "当番へ戻る",
    ],
    to_sign_in: "サインインへ",
    theme: "表示",
    themes: ["自動", "明", "暗"],
    other_language: "English",
    other_language_tag: "en",
    trouble_title: "データベースに届きません",
    trouble_what: "見守りは動いていますが、データベースとの接続が切れています。",
    trouble_means: "「成功」と表示された操作と計測値は失われません。アラートの評価は、接続が戻りしだい続きます。",
    trouble_do: "ふつうは数秒で戻ります。開き直してください。続くときは、Postgres の状態とサーバーのログを確かめてください。",
    again: "開き直す",
    field,
    password_trouble,
    problem,
    wrong_invitation: || {
        Said::new(
            "この招待リンクは使えません。",
            "使い終わったか、7日の期限が過ぎたか、取り消されています。招待した管理者に、もう一度の招待を頼んでください。",
        )
    },
};

fn field(name: &str) -> &'static str {
    match name {
        "email" => "使えないメールアドレスです。hana@example.com の形で入力してください。",
        "organisation" | "name" => "1文字から100文字で入力してください。",
        _ => "この内容は使えません。入力を確かめてください。",
    }
}

fn password_trouble(trouble: PasswordTrouble) -> &'static str {
    match trouble {
        PasswordTrouble::TooShort => "短すぎます。8文字以上にしてください。",
        PasswordTrouble::TooLong => "長すぎます。128文字までにしてください。",
        PasswordTrouble::Common => "よく使われていて、真っ先に試されます。別のものにしてください。",
        PasswordTrouble::LikeName => "名前やメールアドレスと同じものは使えません。別のものにしてください。",
    }
}

fn problem(problem: &Problem) -> Said {
    match problem {
        Problem::WrongCredentials => Said::new(
            "メールアドレスかパスワードが違います。",
            "全角と半角、大文字と小文字を確かめて、もう一度入力してください。",
        ),
        Problem::TryLater { seconds } => {
            let wait = duration(i64::from(*seconds) * 1_000, Locale::Ja);
            Said::new("失敗が続いたため、受け付けを止めています。", format!("{wait}待ってから、もう一度お試しください。"))
        }
        Problem::Busy => {
            Said::new("いまは受け付けられませんでした。", "入力の誤りではありません。数秒おいて、もう一度お試しください。")
        }
        Problem::Expired => Said::new("サインインの期限が切れました。", "もう一度サインインすると、元の画面に戻ります。"),
        Problem::SetUpDone => Said::new("初期設定はもう済んでいます。", "サインインするか、管理者に招待を頼んでください。"),
        Problem::WrongLink => Said::new(
            "このリンクは使えません。",
            "24時間の期限が過ぎたか、新しいリンクに替わっています。サーバーで mimamori set-up-link を実行すると、新しいリンクが出ます。",
        ),
        Problem::NoLink => Said::new(
            "初期設定には、起動したときに表示されたリンクが必要です。",
            "端末に出ているリンクを開いてください。見つからないときは、サーバーで mimamori set-up-link を実行すると、新しいリンクが出ます。",
        ),
        Problem::Password(trouble) => Said::new(password_trouble(*trouble), ""),
        Problem::Field(name) => Said::new(field(name), ""),
    }
}
