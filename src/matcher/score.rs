//! The score of a post, part by part, and the sentence that explains it.
//!
//! Two halves are needed: a link to the civil service, and a partisan act or
//! statement. In each the strongest sign counts whole, the next half, the one
//! after a quarter; and each half is capped below the threshold, so that
//! neither is a finding alone. Guards take away by the same steps.

use crate::model::{Hit, Part};
use crate::rule::{Rule, Scoring, Sign};

use super::confirm::Confirmed;

/// The parts in order of weight, and their sum.
pub fn add(rules: &[Rule], confirmed: &Confirmed, scoring: Scoring) -> (Vec<Part>, f64) {
    let of = |signs: &[Sign]| -> Vec<&Rule> {
        let counted = confirmed.counted(rules).filter(|rule| signs.contains(&rule.sign));
        let mut of: Vec<&Rule> = counted.filter(|rule| rule.weight != 0.0).collect();
        of.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.id.cmp(&b.id)));
        of
    };
    let mut parts = Vec::new();
    share(&of(&[Sign::Asn]), scoring.most_asn, &mut parts);
    let (peserta, aksi) = (of(&[Sign::Peserta]), of(&[Sign::Aksi]));
    let before = parts.len();
    share(&peserta, scoring.most_act, &mut parts);
    let given: f64 = parts.get(before..).unwrap_or_default().iter().map(|part| part.weight).sum();
    share(&aksi, scoring.most_act - given, &mut parts);
    share(&of(&[Sign::Konteks]), f64::INFINITY, &mut parts);
    share(&of(&[Sign::Penjaga, Sign::Kepatuhan]), f64::INFINITY, &mut parts);
    // not `sum`: that of no parts is -0.0
    let score = parts.iter().fold(0.0, |score, part| score + part.weight);
    order(&mut parts);
    (parts, score)
}

/// Puts the parts in order of weight.
pub fn order(parts: &mut [Part]) {
    parts.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.rule.cmp(&b.rule)));
}

/// What a rule gives or takes.
pub fn part(rule: &Rule, weight: f64) -> Part {
    Part { rule: rule.id.clone(), title: rule.title.clone(), weight }
}

/// Each next rule of a half counts half of its weight, a quarter, an eighth; together at most `most`.
fn share(rules: &[&Rule], most: f64, parts: &mut Vec<Part>) {
    let mut left = most;
    let mut fraction = 1.0;
    for rule in rules {
        let weight = (rule.weight * fraction).min(left);
        fraction *= 0.5;
        left -= weight;
        let weight = (weight * 1000.0).round() / 1000.0;
        if weight != 0.0 {
            parts.push(part(rule, weight));
        }
    }
}

/// Why, in one Indonesian sentence.
pub fn reason(
    rules: &[Rule],
    confirmed: &Confirmed,
    hits: &[Hit],
    flagged: bool,
    compliance: bool,
) -> String {
    let strongest = |signs: &[Sign]| {
        let counted = confirmed.counted(rules).filter(|rule| signs.contains(&rule.sign));
        counted
            .max_by(|a, b| a.weight.abs().total_cmp(&b.weight.abs()).then_with(|| b.id.cmp(&a.id)))
    };
    let told = |rule: &Rule| {
        let words = hits.iter().find(|hit| hit.rule == rule.id).map(|hit| hit.text.as_str());
        match words {
            Some(words) if !words.is_empty() => format!("{} (“{}”)", rule.title, words.trim()),
            _ => rule.title.clone(),
        }
    };
    let asn = strongest(&[Sign::Asn]).map(told);
    let act = strongest(&[Sign::Aksi]).or_else(|| strongest(&[Sign::Peserta])).map(told);
    let guard = strongest(&[Sign::Penjaga]).map(told);
    if compliance {
        return "Peristiwa kepatuhan: satuan kerja memberitakan pembinaan netralitasnya sendiri."
            .to_owned();
    }
    match (asn, act, guard) {
        (Some(asn), Some(act), _) if flagged => format!("{asn}; {act}."),
        (_, _, Some(guard)) => format!("Tidak ditandai: {guard}."),
        (Some(asn), None, None) => {
            format!("Tidak ditandai: hanya tautan ASN ({asn}), tanpa keberpihakan.")
        }
        (None, Some(act), None) => format!("Tidak ditandai: {act}, tanpa tautan ASN."),
        (Some(asn), Some(act), None) => format!("Tidak ditandai: tanda lemah: {asn}; {act}."),
        (None, None, None) => "Tidak ditandai: tidak ada tanda.".to_owned(),
    }
}
