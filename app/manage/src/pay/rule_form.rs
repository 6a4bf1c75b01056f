//! The form for another version of a rule. Every field is sent as `rule[…]`.

use super::admin_reason;
use crate::report::attempt;
use crate::words::pay::{PayWords, pay_words};
use api::pay::{PayRuleForm, PayRuleSave};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::field::{Line, Tick};

/// The words of how premiums meet; the server knows the same.
pub const STACKINGS: [&str; 3] = ["max", "sum", "statutory"];
const ROUNDINGS: [&str; 3] = ["half_up", "up", "down"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const COMPANY: [&str; 3] = ["evening", "night", "holiday"];
const LAW: [&str; 4] = ["overtime", "long_overtime", "statutory_holiday", "statutory_night"];

/// A field as a refusal names it.
fn named(field: &str, label: &str) -> Named {
    Named::new(field, &format!("rule-{}", field.replace('_', "-")), label)
}

/// The same as it is sent.
fn sent(named: &Named) -> Named {
    Named { field: format!("rule[{}]", named.field), ..named.clone() }
}

fn fields(words: &PayWords) -> Vec<Named> {
    let mut fields: Vec<Named> = vec![
        named("effective_from", words.effective_from),
        named("standby_yen", words.standby_rate),
        named("worked_yen", words.worked_rate),
        named("stacking", words.stacking),
        named("night_from", words.night_from),
        named("night_until", words.night_until),
        named("statutory_weekday", words.statutory_weekday),
        named("statutory_days", words.statutory_days),
        named("rounding", words.rounding),
    ];
    fields.extend(COMPANY.iter().zip(words.company_premiums).map(|(field, label)| named(field, label)));
    fields.extend(LAW.iter().zip(words.law_premiums).map(|(field, label)| named(field, label)));
    fields
}

/// The form, filled with what counts now.
pub fn form(draft: PayRuleForm, save: ServerAction<PayRuleSave>) -> AnyView {
    let words = pay_words();
    let attempt: Attempt = attempt(save, fields(words));
    let (first, company, law) = (base(&draft, &attempt, words), company(&draft, &attempt, words), law(&draft, &attempt, words));
    let (statutory, last) = (statutory(&draft, &attempt, words), rounding(&draft, &attempt, words));
    let (role, expected): (String, String) = (draft.role, draft.expected.to_string());
    let refused: AnyView = attempt.refused();
    view! {
        <ActionForm action=save attr:class="form">
            {refused}
            <input type="hidden" name="rule[role]" value=role />
            <input type="hidden" name="rule[expected]" value=expected />
            {first}
            {company}
            {law}
            {statutory}
            {last}
            <div class="form__foot">
                <Button kind="submit" rank=Rank::Main disabled=admin_reason()>{words.save_rule}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// A line of the form.
fn line(field: &str, label: &str, value: &str, attempt: &Attempt, about: fn(Line) -> Line) -> AnyView {
    let sent: Named = sent(&named(field, label));
    attempt.line(about(Line { value: value.to_owned(), ..Line::new(&sent.id, &sent.field, &sent.label) }))
}

fn number(line: Line) -> Line {
    Line { keys: Some("decimal"), required: true, ..line }
}

fn standby(line: Line) -> Line {
    Line { hint: pay_words().standby_rate_hint.to_owned(), ..number(line) }
}

fn worked(line: Line) -> Line {
    Line { hint: pay_words().worked_rate_hint.to_owned(), ..number(line) }
}

fn clock(line: Line) -> Line {
    Line { kind: "time", required: true, ..line }
}

fn beginning(line: Line) -> Line {
    Line { kind: "date", required: true, hint: pay_words().effective_hint.to_owned(), ..line }
}

/// One of several words, as a choice.
fn select(
    field: &str,
    label: &str,
    hint: &str,
    options: &[(&'static str, &'static str)],
    current: &str,
    attempt: &Attempt,
) -> AnyView {
    let sent: Named = sent(&named(field, label));
    let chosen: String = attempt.typed.text(&sent.field, current);
    let option = |(value, word): &(&'static str, &'static str)| {
        let (value, word, is_chosen): (&'static str, &'static str, bool) = (*value, *word, *value == chosen);
        view! { <option value=value selected=is_chosen>{word}</option> }.into_any()
    };
    let options: Vec<AnyView> = options.iter().map(option).collect();
    attempt.select(sent, hint.to_owned(), options)
}

fn tick(name: &'static str, word: &'static str, current: bool, attempt: &Attempt) -> AnyView {
    let is_ticked: bool = attempt.typed.is_ticked(name, "true", current);
    view! { <p><Tick name=name checked=is_ticked>{word}</Tick></p> }.into_any()
}

fn base(draft: &PayRuleForm, attempt: &Attempt, words: &'static PayWords) -> AnyView {
    // A new version begins on a day that somebody chooses, not where the last one did.
    let from: &str = if draft.expected == 0 { &draft.effective_from } else { "" };
    let stackings: Vec<(&'static str, &'static str)> = STACKINGS.into_iter().zip(words.stackings).collect();
    view! {
        {line("effective_from", words.effective_from, from, attempt, beginning)}
        <div class="pay__pair">
            {line("standby_yen", words.standby_rate, &draft.standby_yen, attempt, standby)}
            {line("worked_yen", words.worked_rate, &draft.worked_yen, attempt, worked)}
        </div>
        {select("stacking", words.stacking, words.stacking_hint, &stackings, &draft.stacking, attempt)}
    }
    .into_any()
}

fn company(draft: &PayRuleForm, attempt: &Attempt, words: &'static PayWords) -> AnyView {
    let values: [&str; 3] = [&draft.evening, &draft.night, &draft.holiday];
    let named = COMPANY.iter().zip(words.company_premiums).zip(values);
    let lines: Vec<AnyView> = named.map(|((field, label), value)| line(field, label, value, attempt, number)).collect();
    group(words.company, words.company_hint, lines)
}

fn law(draft: &PayRuleForm, attempt: &Attempt, words: &'static PayWords) -> AnyView {
    let values: [&str; 4] = [&draft.overtime, &draft.long_overtime, &draft.statutory_holiday, &draft.statutory_night];
    let named = LAW.iter().zip(words.law_premiums).zip(values);
    let lines: Vec<AnyView> = named.map(|((field, label), value)| line(field, label, value, attempt, number)).collect();
    group(words.law, words.law_hint, lines)
}

/// Several fields under one name.
fn group(name: &'static str, hint: &'static str, lines: Vec<AnyView>) -> AnyView {
    view! {
        <fieldset class="pay__group">
            <legend class="field__label">{name}</legend>
            <p class="field__hint">{hint}</p>
            <div class="pay__pair">{lines}</div>
        </fieldset>
    }
    .into_any()
}

fn statutory(draft: &PayRuleForm, attempt: &Attempt, words: &'static PayWords) -> AnyView {
    let mut weekdays: Vec<(&'static str, &'static str)> = vec![("", words.no_weekday)];
    weekdays.extend(WEEKDAYS.into_iter().zip(words.weekdays));
    let hours: Vec<AnyView> = vec![
        line("night_from", words.night_from, &draft.night_from, attempt, clock),
        line("night_until", words.night_until, &draft.night_until, attempt, clock),
    ];
    let days: Named = sent(&named("statutory_days", words.statutory_days));
    view! {
        {group(words.night, "", hours)}
        {select("statutory_weekday", words.statutory_weekday, words.statutory_hint, &weekdays, &draft.statutory_weekday, attempt)}
        {attempt.area(days, words.statutory_days_hint.to_owned(), &draft.statutory_days)}
    }
    .into_any()
}

fn rounding(draft: &PayRuleForm, attempt: &Attempt, words: &'static PayWords) -> AnyView {
    let roundings: Vec<(&'static str, &'static str)> = ROUNDINGS.into_iter().zip(words.roundings).collect();
    view! {
        {select("rounding", words.rounding, "", &roundings, &draft.rounding, attempt)}
        {tick("rule[each_segment]", words.each_segment, draft.each_segment, attempt)}
        {tick("rule[dedup]", words.dedup, draft.dedup, attempt)}
        {tick("rule[pays_business_time]", words.pays_business_time, draft.pays_business_time, attempt)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{fields, named, sent};
    use crate::words::pay::of;
    use figures::Locale;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_that_can_be_refused_has_its_place() {
        let fields = fields(of(Locale::Ja));
        let ids: BTreeSet<&str> = fields.iter().map(|field| field.id.as_str()).collect();
        assert_eq!(ids.len(), fields.len());
        for (locale, unit) in [(Locale::Ja, "円／時"), (Locale::En, "yen per hour")] {
            let fields = super::fields(of(locale));
            let rates = fields.iter().filter(|named| named.field.ends_with("_yen"));
            assert_eq!(rates.filter(|named| named.label.contains(unit)).count(), 2, "an amount says of what it is");
        }
        let day = named("effective_from", "From");
        assert_eq!((day.id.as_str(), sent(&day).field.as_str()), ("rule-effective-from", "rule[effective_from]"));
    }
}
