use std::path::PathBuf;

use netra::matcher::Matcher;
use netra::rule::RuleSet;

use crate::kit_rules::{path, post};

/// The rules by this head and these conditions that hold of a text, with the shipped lists of function words.
fn matcher(rules: &[(&str, &str, &str)]) -> Matcher {
    let bahasa = std::fs::read_to_string(path("rules/lexicon/bahasa.toml")).unwrap();
    let mut files = vec![(PathBuf::from("bahasa.toml"), bahasa)];
    for (id, head, when) in rules {
        let examples = [true, true, false, false]
            .map(|hit| format!("[[test]]\ntext = \"contoh\"\nhit = {hit}\n"))
            .concat();
        let rule = format!(
            "id = \"{id}\"\ntitle = \"Contoh\"\ndasar = \"Pedoman\"\nsign = \"konteks\"\nstate = \"live\"\n\
             {head}\n[when]\n{when}\n{examples}"
        );
        files.push((PathBuf::from(format!("{id}.toml")), rule));
    }
    let loaded = RuleSet::of_texts(files);
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    Matcher::new(&loaded.ruleset.unwrap_or_else(|| panic!("{}", problems.join("\n"))))
}

fn holds(matcher: &Matcher, text: &str) -> Vec<String> {
    matcher.why(&post("", text)).holds
}

#[test]
fn a_rule_may_ask_for_what_would_be_and_for_what_others_said() {
    let when = "any = [\"dukung~\"]";
    let matcher = matcher(&[
        ("andai", "scope = \"conditional\"", when),
        ("lapor", "scope = \"reported\"", when),
        ("tegas", "scope = \"asserted\"", when),
    ]);
    let holds = |text: &str| holds(&matcher, text);
    assert_eq!(holds("saya dukung dia"), ["tegas"]);
    assert_eq!(holds("kalau saya dukung dia, kamu marah"), ["andai", "tegas"]);
    assert_eq!(holds("seandainya hujan, saya tetap dukung dia"), ["tegas"]);
    assert_eq!(holds("nek aku dukung dheweke"), ["andai", "tegas"]);
    assert_eq!(holds("Camat mengimbau ASN, guru dan bidan mendukung dia"), ["lapor", "tegas"]);
    assert_eq!(holds("Kami dukung dia, ujar Camat."), ["lapor", "tegas"]);
    assert_eq!(holds("Camat mengimbau warga. Saya dukung dia"), ["tegas"]);
    assert_eq!(holds("Menurut saya biasa saja, tapi saya dukung dia"), ["tegas"]);
}

#[test]
fn a_quotation_has_its_speaker_beside_it() {
    let matcher = matcher(&[(
        "kutip",
        "",
        "quoted = { what = [\"ayo coblos\", \"dukung~\"], by = [\"camat\", \"pak lurah\"] }",
    )]);
    let is_said = |text: &str| !holds(&matcher, text).is_empty();
    assert!(is_said("Camat berkata: \"Ayo coblos nomor dua, warga!\""));
    assert!(is_said("\u{201c}Ayo coblos nomor dua, warga!\u{201d} ujar Camat."));
    assert!(is_said("Camat membuka acara. \"Mari kita ayo coblos semua.\" Hadirin diam."));
    assert!(is_said("\"Mari. Saya dukung dia. Sampai menang. Ya!\" tutup Pak Lurah."));
    assert!(!is_said("Camat berkata ayo coblos nomor dua"), "no marks, no quotation");
    assert!(
        !is_said("\"Ayo coblos bersama camat nomor dua\" kata adik"),
        "the speaker stands outside"
    );
    assert!(
        !is_said("Camat hadir. Acara mulai. Lalu: \"ayo coblos nomor dua\""),
        "two sentences away"
    );
    assert!(
        !is_said("\"Netral itu wajib ya\", ujar camat. Ayo coblos"),
        "what is said stands inside"
    );
}

#[test]
fn both_the_words_and_the_speaker_are_marked() {
    let matcher =
        matcher(&[("kutip", "", "quoted = { what = [\"ayo coblos\"], by = [\"camat\"] }")]);
    let verdict = matcher.scan(&post("", "\"Ayo coblos nomor dua\", ujar Camat. Camat pulang."));
    let words: Vec<&str> = verdict.hits.iter().map(|hit| hit.text.as_str()).collect();
    assert_eq!(words, ["Ayo coblos", "Camat"]);
}

#[test]
fn the_clause_is_said_in_words() {
    let matcher =
        matcher(&[("kutip", "", "quoted = { what = [\"ayo coblos\"], by = [\"camat\"] }")]);
    let said = &matcher.ruleset().rules()[0].said[0][0];
    assert_eq!(
        said,
        "any of “ayo coblos” between quotation marks, and any of “camat” outside them as the speaker, at most a sentence away"
    );
}
