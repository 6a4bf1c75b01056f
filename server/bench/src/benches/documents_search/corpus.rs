//! Texts like those that a team of operations writes, made by counting so that every run has the same.

use std::fmt::Write as _;
use uuid::Uuid;

/// A document.
pub struct Text {
    pub id: Uuid,
    pub title: String,
    pub body: String,
}

const WHO: [&str; 12] = [
    "サーバー",
    "データベース",
    "ｱﾗｰﾄ",
    "監視設定の見直し",
    "ロードバランサー",
    "キャッシュ",
    "認証基盤",
    "決済 API",
    "配信網",
    "ジョブ",
    "PostgreSQL",
    "nginx",
];
const WHAT: [&str; 14] = [
    "が応答しない",
    "の空き容量が減る",
    "を再起動する",
    "の障害を確かめる",
    "のフェイルオーバー",
    "を切り替える",
    "の復旧を知らせる",
    "のログを読む",
    "の証明書を更新する",
    "の負荷が高い",
    "を deploy する",
    "の設定を戻す",
    "の遅延を測る",
    "の接続数を数える",
];
const WHEN: [&str; 10] =
    ["深夜", "朝会の前", "リリースの後", "月末", "休日", "夜間", "定期点検で", "引き継ぎのとき", "問い合わせの後", "訓練で"];
const END: [&str; 8] = [
    "担当者に連絡し、時刻を記録する。",
    "五分待っても変わらなければ次へ進む。",
    "グラフで直前の変更と比べる。",
    "影響を受けた利用者の数を書き残す。",
    "手順書に従い、二人で確認する。",
    "kubernetes の状態も見る。",
    "原因が分からないときは上長を呼ぶ。",
    "終わったら待っている人に知らせる。",
];
/// Sentences of one text: some two thousand bytes, as the reference measured.
const SENTENCES: usize = 22;
/// One text in so many has a rare character.
const RARE: usize = 700;

/// So many texts.
pub fn texts(n: usize) -> Vec<Text> {
    (0..n).map(text).collect()
}

fn text(n: usize) -> Text {
    let mut dice = Dice(n as u64 + 1);
    let title: String = format!("{}{} {n}", dice.of(&WHO), dice.of(&WHAT));
    let mut body: String = format!("# {title}\n\n");
    for sentence in 0..SENTENCES {
        // Writing into a String can't fail.
        let _written = write!(body, "{}、{}{}。{}", dice.of(&WHEN), dice.of(&WHO), dice.of(&WHAT), dice.of(&END));
        if sentence % 6 == 5 {
            let _written = write!(body, "\n\n## {}{}\n\n", dice.of(&WHO), dice.of(&WHAT));
        }
    }
    if n.is_multiple_of(RARE) {
        body.push_str("\n鯖が落ちた。\n");
    }
    Text { id: Uuid::from_u128(0x0d0c_ffff_0000_7000_8000_0000_0000_0000 + n as u128), title, body }
}

/// Numbers that look like chance and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed: u64 = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        words[((mixed ^ (mixed >> 31)) % words.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_every_time_and_as_large_as_they_should_be() {
        let (one, again): (Vec<Text>, Vec<Text>) = (texts(30), texts(30));
        assert!(one.iter().zip(&again).all(|(one, again)| one.body == again.body && one.id == again.id));
        let n_bytes: usize = one.iter().map(|text| text.body.len()).sum::<usize>() / one.len();
        assert!((1_500..4_000).contains(&n_bytes), "{n_bytes}");
        assert_ne!(one[1].body, one[2].body);
    }
}
