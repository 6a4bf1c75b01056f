//! Time that is told several times: standby by several schedules, work by many alerts at once.

use super::reckoning::RuleVersion;
use model::pay::{Duty, MAX_DUTIES, PayBasis};
use model::rota::{Span, spans};

/// Takes from each rule's standby what a rule before it pays.
pub(super) fn once(by_rule: &mut [(RuleVersion, Vec<Duty>)]) {
    let mut taken: Vec<Span> = Vec::new();
    for (rule, duties) in by_rule {
        let standby = duties.iter().filter(|duty| duty.basis == PayBasis::Standby).map(|duty| duty.span);
        let own: Vec<Span> = standby.collect();
        if rule.rule.dedup && !taken.is_empty() {
            let before: Vec<Duty> = std::mem::take(duties);
            *duties = before.into_iter().flat_map(|duty| left_of(duty, &taken)).collect();
        }
        taken.extend(own);
        taken = spans::merged(taken);
    }
}

fn left_of(duty: Duty, taken: &[Span]) -> Vec<Duty> {
    if duty.basis == PayBasis::Worked {
        return vec![duty];
    }
    let left: Vec<Span> = spans::without(&[duty.span], taken);
    left.into_iter().map(|span| Duty { span, ..duty.clone() }).collect()
}

/// The same duties, told by fewer where there are more than can be priced: somebody takes on thousands of alerts in a storm at once, and
/// must be paid all the same. What lies over each other becomes one, named after its first and its last.
pub(super) fn bounded(duties: Vec<Duty>) -> Vec<Duty> {
    if duties.len() <= MAX_DUTIES {
        return duties;
    }
    let mut fewer: Vec<Duty> = Vec::new();
    for basis in [PayBasis::Standby, PayBasis::Worked] {
        let mut own: Vec<&Duty> = duties.iter().filter(|duty| duty.basis == basis).collect();
        own.sort_by_key(|duty| (duty.span.start, duty.span.end));
        let mut last_of: &str = "";
        for duty in own {
            match fewer.last_mut().filter(|last| last.basis == basis && duty.span.start <= last.span.end) {
                Some(last) => last.span.end = last.span.end.max(duty.span.end),
                None => fewer.push(duty.clone()),
            }
            last_of = &duty.source;
        }
        if let Some(last) = fewer.last_mut().filter(|last| last.basis == basis && last.source != last_of) {
            last.source = format!("{} … {last_of}", last.source);
        }
    }
    fewer
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;

    fn duty(n: i64, basis: PayBasis) -> Duty {
        Duty { span: Span::new(Time(n), Time(n + 1_000)), basis, source: format!("A-{n}") }
    }

    #[test]
    fn thousands_of_answers_at_once_are_one_stretch() {
        let n = i64::try_from(MAX_DUTIES).unwrap() + 1;
        let mut duties: Vec<Duty> = (0..n).map(|n| duty(n, PayBasis::Worked)).collect();
        duties.push(duty(0, PayBasis::Standby));
        let fewer: Vec<Duty> = bounded(duties);
        let spans: Vec<(PayBasis, i64)> = fewer.iter().map(|duty| (duty.basis, duty.span.length_ms())).collect();
        assert_eq!(spans, [(PayBasis::Standby, 1_000), (PayBasis::Worked, n - 1 + 1_000)]);
        assert_eq!(fewer[1].source, format!("A-0 … A-{}", n - 1));
    }

    #[test]
    fn what_can_be_priced_is_left_as_it_is() {
        let duties: Vec<Duty> = vec![duty(0, PayBasis::Worked), duty(10, PayBasis::Worked)];
        assert_eq!(bounded(duties.clone()), duties);
    }
}
