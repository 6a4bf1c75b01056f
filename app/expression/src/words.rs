//! The few words that belong to the field itself.

use figures::Locale;
use ui::context::use_look;

/// Everything the field says.
pub struct Words {
    pub offers: &'static str,
    pub n_offers: fn(usize) -> String,
}

static JA: Words = Words { offers: "候補", n_offers: |n| format!("候補 {n} 件") };

static EN: Words =
    Words { offers: "Suggestions", n_offers: |n| if n == 1 { "1 suggestion".to_owned() } else { format!("{n} suggestions") } };

/// The words of the reader's language.
pub fn words() -> &'static Words {
    match use_look().locale {
        Locale::Ja => &JA,
        Locale::En => &EN,
    }
}
