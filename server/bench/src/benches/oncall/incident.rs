//! An incident with a long story, written by the form of notes as people write them.

use crate::benches::alerting::console::Console;
use crate::error::Error;
use crate::house::House;
use model::ids::IncidentId;

const SHORT: &str = "決済 API の p99 は 1.8 秒。接続プールは 40 本のうち 38 本が使用中。";
/// Now and then somebody sums things up.
const LONG: &str = "ここまでのまとめ: 14:02 の配布以降、注文の確定が遅い。切り戻しは済んだが、待ち行列に 3,200 件が残っている。\
    再送は 10 分ごとに 500 件ずつ進めている。問い合わせ窓口には状況を伝えた。次の判断は行列が 1,000 件を切ったとき。";
const LONG_EVERY: usize = 10;
const NEWEST: &str = "select max(id) from incident";

/// Declares one, which whoever declares it takes on.
pub(super) async fn declare(house: &House, console: &Console) -> Result<IncidentId, Error> {
    let form: [(&str, &str); 4] = [
        ("draft[title]", "決済が遅い"),
        ("draft[summary]", "注文の確定に 10 秒以上かかる。"),
        ("draft[code]", "P2"),
        ("draft[takes_it]", "true"),
    ];
    console.call(&house.door.url, "incident_declare", &form).await?;
    let found: String = house.look(NEWEST).await?;
    let id: Option<i64> = found.trim().parse().ok();
    id.map(IncidentId).ok_or_else(|| Error::unreadable("the incident's number", &found))
}

/// Writes so many notes, one after the other.
pub(super) async fn write(house: &House, console: &Console, id: IncidentId, n_notes: usize) -> Result<(), Error> {
    let number: String = id.0.to_string();
    for at in 0..n_notes {
        let text: String = note(at);
        let form: [(&str, &str); 2] = [("note[id]", number.as_str()), ("note[text]", text.as_str())];
        console.call(&house.door.url, "incident_note", &form).await?;
    }
    Ok(())
}

fn note(at: usize) -> String {
    let said: &str = if at.is_multiple_of(LONG_EVERY) { LONG } else { SHORT };
    format!("{} {said}", at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_is_another_and_one_of_ten_is_long() {
        assert_eq!((note(0).starts_with("1 ここまで"), note(1).starts_with("2 決済")), (true, true));
        let n_long: usize = (0..100).filter(|at| note(*at).ends_with(LONG)).count();
        assert_eq!(n_long, 10);
    }
}
