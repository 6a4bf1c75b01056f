//! Words of the part about how one is reached.

use api::ApiError;
use api::contacts::ContactTrouble;
use figures::Locale;
use ui::context::use_look;

/// A head, and what it means.
type Head = (&'static str, &'static str);

/// Everything that part says.
pub struct ContactWords {
    pub title: &'static str,
    pub note: &'static str,
    pub unreached: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub contact: &'static str,
    pub state: &'static str,
    pub last: &'static str,
    pub never: &'static str,
    pub verified: &'static str,
    pub unverified: &'static str,
    pub failing: &'static str,
    /// Push, Slack, SMS, call, mail.
    pub kinds: [&'static str; 5],
    pub code_of: fn(&str) -> String,
    pub verify: &'static str,
    pub send_again: &'static str,
    pub test: &'static str,
    pub test_of: fn(&str) -> String,
    pub remove: &'static str,
    pub remove_of: fn(&str) -> String,
    pub add: &'static str,
    pub add_do: &'static str,
    pub kind: &'static str,
    pub value: &'static str,
    pub value_hint: &'static str,
    pub label: &'static str,
    pub label_hint: &'static str,
    /// Of P0 and P1, and of P2 and P3.
    pub high: Head,
    pub low: Head,
    pub usual: &'static str,
    pub plan_none: &'static str,
    pub at_once: &'static str,
    pub after: fn(i64) -> String,
    pub change: &'static str,
    pub rules_hint: &'static str,
    pub when: &'static str,
    pub save: &'static str,
    pub gone: &'static str,
    pub trouble: fn(ContactTrouble) -> &'static str,
}

static JA: ContactWords = ContactWords {
    title: "呼び出しの連絡先",
    note: "当番のとき、ここに連絡します",
    unreached: "確認済みの連絡先がないため、当番になってもあなたを呼び出せません。",
    none: "連絡先はまだありません。",
    none_hint: "電話やメールを登録し、届いた番号で確認すると、当番のときに呼び出しが届きます。",
    contact: "連絡先",
    state: "状態",
    last: "最後の連絡",
    never: "まだありません",
    verified: "確認済み",
    unverified: "未確認",
    failing: "届いていません",
    kinds: ["プッシュ（ブラウザー）", "Slack", "SMS", "電話", "メール"],
    code_of: |name| format!("{name} に届いた6桁の番号"),
    verify: "確認する",
    send_again: "番号をもう一度送る",
    test: "試す",
    test_of: |name| format!("{name} に試しの連絡を送る"),
    remove: "削除",
    remove_of: |name| format!("{name} を削除"),
    add: "連絡先を追加",
    add_do: "追加する",
    kind: "種類",
    value: "宛先",
    value_hint: "電話番号は国番号から（+819012345678）。Slack はメンバー ID（U012AB3CD）。プッシュでは空のままにします。",
    label: "呼び名",
    label_hint: "私用の電話、など。空でも構いません。",
    high: ("緊急のとき", "P0・P1"),
    low: ("急がないとき", "P2・P3"),
    usual: "決めていないときの順番です。",
    plan_none: "呼び出しは届きません。",
    at_once: "すぐに",
    after: |minutes| format!("{minutes}分後"),
    change: "順番を変える",
    rules_hint: "応答がなければ、次の連絡先に連絡します。空の行は無視します。すべて空なら、決めていないときの順番に戻ります。",
    when: "いつ",
    save: "保存する",
    gone: "その連絡先は見つかりません。",
    trouble: |trouble| match trouble {
        ContactTrouble::Kind => "種類を選んでください。",
        ContactTrouble::Email => "メールアドレスは hana@example.com のように書いてください。",
        ContactTrouble::Telephone => "電話番号は +819012345678 のように国番号から書いてください。",
        ContactTrouble::Slack => "Slack のメンバー ID を U012AB3CD のように書いてください。",
        ContactTrouble::Label => "呼び名は60文字以内にしてください。",
        ContactTrouble::Taken => "その連絡先はもう登録されています。",
        ContactTrouble::TooMany => "連絡先は10件までです。",
        ContactTrouble::TooSoon => "番号は送ったばかりです。30秒ほど待ってください。",
        ContactTrouble::TooManyCodes => "番号を送りすぎました。連絡先を削除して、登録し直してください。",
        ContactTrouble::WrongCode => "番号が違います。届いた番号を確かめてください。",
        ContactTrouble::NoCode => "番号の期限が切れました。もう一度送ってください。",
        ContactTrouble::NotVerified => "先に連絡先を確認してください。",
        ContactTrouble::Rules => "順番は10件まで、4時間以内にしてください。",
    },
};

static EN: ContactWords = ContactWords {
    title: "How you are paged",
    note: "when you are on call",
    unreached: "None of your contacts is verified: you can't be paged, also when you are on call.",
    none: "There is no contact yet.",
    none_hint: "Add a telephone or a mail address and type the code that arrives there: then pages reach you.",
    contact: "Contact",
    state: "State",
    last: "Last message",
    never: "never",
    verified: "verified",
    unverified: "not verified",
    failing: "not arriving",
    kinds: ["Push (browsers)", "Slack", "SMS", "Call", "Mail"],
    code_of: |name| format!("The six digits sent to {name}"),
    verify: "Verify",
    send_again: "Send another code",
    test: "Test",
    test_of: |name| format!("Send a test to {name}"),
    remove: "Remove",
    remove_of: |name| format!("Remove {name}"),
    add: "Add a contact",
    add_do: "Add",
    kind: "Kind",
    value: "Address",
    value_hint: "A telephone number with its country code (+819012345678), a Slack member ID (U012AB3CD). Leave it empty for push.",
    label: "Label",
    label_hint: "Such as: private. May stay empty.",
    high: ("When it is urgent", "P0, P1"),
    low: ("When it is not", "P2, P3"),
    usual: "The usual order, as you have written none.",
    plan_none: "No page reaches you.",
    at_once: "at once",
    after: |minutes| format!("after {minutes} min"),
    change: "Change the order",
    rules_hint: "While you don't answer, the next contact is used. Empty lines are ignored; with none the usual order holds.",
    when: "When",
    save: "Save",
    gone: "There is no such contact.",
    trouble: |trouble| match trouble {
        ContactTrouble::Kind => "Choose a kind.",
        ContactTrouble::Email => "Write the address like hana@example.com.",
        ContactTrouble::Telephone => "Write the number with its country code, like +819012345678.",
        ContactTrouble::Slack => "Write the Slack member ID, like U012AB3CD.",
        ContactTrouble::Label => "A label has at most 60 characters.",
        ContactTrouble::Taken => "That contact is there already.",
        ContactTrouble::TooMany => "There may be 10 contacts.",
        ContactTrouble::TooSoon => "A code was sent a moment ago. Wait half a minute.",
        ContactTrouble::TooManyCodes => "Too many codes were sent. Remove the contact and add it anew.",
        ContactTrouble::WrongCode => "This is not the code that was sent.",
        ContactTrouble::NoCode => "The code is not good any more. Have another one sent.",
        ContactTrouble::NotVerified => "Verify the contact first.",
        ContactTrouble::Rules => "There may be 10 rules, each within four hours.",
    },
};

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static ContactWords {
    match locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}

/// The words of the reader's language.
#[must_use]
pub fn contact_words() -> &'static ContactWords {
    of(use_look().locale)
}

/// Why something about contacts was refused, in the reader's language; nothing for what other screens say.
#[must_use]
pub fn refused(error: &ApiError) -> Option<String> {
    if let ApiError::NotFound { what } = error {
        return (what == "contact").then(|| contact_words().gone.to_owned());
    }
    ContactTrouble::of(error).map(|trouble| (contact_words().trouble)(trouble).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{of, refused};
    use api::ApiError;
    use api::contacts::ContactTrouble;
    use figures::Locale;
    use leptos::prelude::Owner;

    #[test]
    fn every_trouble_is_said_in_both_languages() {
        for words in [of(Locale::Ja), of(Locale::En)] {
            assert!(ContactTrouble::ALL.iter().all(|(trouble, _)| (words.trouble)(*trouble).ends_with(['。', '.'])));
        }
    }

    #[test]
    fn what_is_not_ours_is_left() {
        let owner = Owner::new();
        owner.set();
        assert!(refused(&ContactTrouble::WrongCode.refused("x")).is_some_and(|said| said.contains("番号")));
        assert!(refused(&ApiError::NotFound { what: "contact".to_owned() }).is_some());
        assert_eq!(refused(&ApiError::NotFound { what: "token".to_owned() }), None);
        assert_eq!(refused(&ApiError::Unavailable), None);
    }
}
