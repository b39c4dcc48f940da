use std::collections::BTreeSet;

use netra::cli::answer::{Format, Input, MAX_LINE_BYTES, Options, Outcome, scan};
use netra::matcher::literal::Literals;
use netra::model::Field;
use netra::rule::Lexicon;
use netra::text::Text;
use proptest::prelude::*;

use crate::kit_rules::{matcher, post};

const NDJSON: Options = Options { input: Input::Auto, format: Format::Ndjson, why: false };

fn run(input: &[u8], options: Options) -> (String, String, Outcome) {
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let outcome = scan(matcher(), "in", &mut &input[..], options, &mut out, &mut errors).unwrap();
    (String::from_utf8(out).unwrap(), String::from_utf8(errors).unwrap(), outcome)
}

#[test]
fn a_line_has_the_keys_of_the_contract_in_their_order() {
    let input = r#"{"id":"a1","kind":"comment","author":{"name":"x","handle":"","bio":"sipir"},"text":"gas 02 💪, siap menang"}"#;
    let (out, errors, outcome) = run(input.as_bytes(), NDJSON);
    assert_eq!(errors, "");
    assert_eq!(outcome, Outcome { posts: 1, flagged: 1, bad: 0 });
    let keys = [
        "schema",
        "id",
        "flagged",
        "score",
        "priority",
        "categories",
        "stage",
        "compliance",
        "hits",
        "spared_by",
        "reason",
        "ruleset",
        "stages",
        "asn_evidence",
        "skb",
    ];
    let places: Vec<usize> = keys
        .iter()
        .map(|key| out.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} in {out}")))
        .collect();
    assert!(places.is_sorted(), "{out}");
    assert!(
        out.starts_with(r#"{"schema":"netra.scan/1","id":"a1","flagged":true,"score":"#),
        "{out}"
    );
    let line: serde_json::Value = serde_json::from_str(&out).unwrap();
    let hit_keys: Vec<&String> = line["hits"][0].as_object().unwrap().keys().collect();
    assert_eq!(hit_keys.len(), 5);
    let top: BTreeSet<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(top, keys.into_iter().collect());
}

#[test]
fn flagged_is_exactly_a_score_at_or_above_the_threshold() {
    let threshold = matcher().ruleset().scoring().threshold;
    for text in [
        "coblos nomor 2 ya",
        "selamat pagi",
        "ikrar netralitas Rutan Kelas IIB Kudus",
        "dukung Anies",
        "aku ora melu kampanye",
    ] {
        for bio in ["PNS", "", "pensiunan", "Rutan Kelas IIB Kudus"] {
            let verdict = matcher().scan(&post(bio, text));
            assert_eq!(
                verdict.flagged,
                verdict.score >= threshold,
                "{bio}: {text}: {}",
                verdict.score
            );
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let input = "{\"text\":\"saya PNS dukung Anies\"}\n{\"text\":\"Rutan Kelas IIB Kudus gelar ikrar netralitas 29 Januari 2024\"}\n";
    assert_eq!(run(input.as_bytes(), NDJSON).0, run(input.as_bytes(), NDJSON).0);
}

#[test]
fn a_compliance_event_names_its_unit_and_date_and_is_not_flagged() {
    let input = "{\"kind\":\"news\",\"text\":\"Pegawai Rutan Kelas IIB Kudus membacakan ikrar netralitas, Senin (29/1/2024). ASN dilarang berkampanye.\"}";
    let line: serde_json::Value = serde_json::from_str(&run(input.as_bytes(), NDJSON).0).unwrap();
    assert_eq!(line["flagged"], false);
    assert_eq!(line["compliance"][0]["event"], "ikrar");
    assert_eq!(line["compliance"][0]["unit"], "Rutan Kelas IIB Kudus");
    assert_eq!(line["compliance"][0]["date"], "2024-01-29");
}

#[test]
fn a_bad_line_is_named_and_the_others_still_come_out() {
    let long = format!("{{\"text\":\"{}\"}}", "a".repeat(MAX_LINE_BYTES));
    let mut input = b"{\"text\":\"satu\"}\n{\"txet\":\"dua\"}\n".to_vec();
    input.extend_from_slice(long.as_bytes());
    input.extend_from_slice(b"\n{\"text\":\"\xff\"}\n{\"text\":\"lima\",\"published\":\"kemarin\"}\n\n{\"text\":\"tujuh\"}\n");
    let (out, errors, outcome) = run(&input, NDJSON);
    assert_eq!(out.lines().count(), 2);
    assert_eq!(outcome, Outcome { posts: 2, flagged: 0, bad: 4 });
    for line in ["in:2: ", "in:3: ", "in:4: ", "in:5: "] {
        assert!(errors.contains(line), "{errors}");
    }
    assert!(
        errors.contains("missing field `text`")
            && errors.contains("invalid UTF-8")
            && errors.contains("kemarin")
    );
}

#[test]
fn text_and_pages_are_one_post_each() {
    let (out, _, _) = run("Saya sipir, tetap coblos nomor 2\nsampai menang".as_bytes(), NDJSON);
    assert_eq!(out.lines().count(), 1);
    assert!(out.contains("\"flagged\":true"));
    let (out, _, _) =
        run(b"<html><body><script>coblos</script><p>Selamat pagi</p></body></html>", NDJSON);
    assert!(out.contains("\"flagged\":false") && out.contains("\"hits\":[]"), "{out}");
}

#[test]
fn the_answer_for_people_shows_line_column_parts_and_verdict() {
    let options = Options { input: Input::Text, format: Format::Text, why: true };
    let (out, _, _) = run("Rekan pegawai Lapas,\nmari dukung paslon nomor 02!".as_bytes(), options);
    assert!(out.contains("in:2:6  aksi"), "{out}");
    assert!(out.contains("FLAG") && out.contains("folded: rekan pegawai lapas"), "{out}");
}

#[test]
fn a_dated_post_is_judged_by_the_contest_of_its_day() {
    let at = |day: &str| {
        let mut post = post("PNS", "mantap Anies Baswedan, menang!");
        post.published = Some(format!("{day}T03:00:00Z").parse().unwrap());
        matcher().scan(&post).flagged
    };
    assert!(at("2024-01-10"));
    assert!(!at("2026-01-10"));
    assert!(matcher().scan(&post("PNS", "mantap Anies Baswedan, menang!")).flagged);
}

#[test]
fn the_longest_text_of_the_worst_words_is_scanned() {
    let text = "coblos nomor 2 dukung paslon tidak camat ".repeat(2_000);
    assert!(matcher().scan(&post("PNS", &text)).score.is_finite());
}

/// The slow, obvious way: every phrase at every token, compared word by word.
fn oracle(text: &str, phrases: &[&str]) -> BTreeSet<(usize, usize)> {
    let words: Vec<String> =
        text.split(' ').filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let mut found = BTreeSet::new();
    for (number, phrase) in phrases.iter().enumerate() {
        let parts: Vec<&str> = phrase.split(' ').collect();
        for (at, window) in words.windows(parts.len()).enumerate() {
            if window.iter().zip(&parts).all(|(word, part)| word == part) {
                found.insert((number, at));
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn the_one_pass_engine_agrees_with_the_obvious_way(
        words in proptest::collection::vec(proptest::sample::select(vec!["coblos", "nomor", "dua", "ayo", "Ayo", "pak", "sore", "lapas", "nomor dua"]), 0..40)
    ) {
        let phrases = ["coblos", "coblos nomor", "nomor dua", "ayo coblos nomor dua", "pak lapas", "ayo ayo"];
        let mut lexicon = Lexicon::default();
        let set = lexicon.set("@all");
        lexicon.ask(set);
        for phrase in phrases {
            lexicon.add(set, phrase, None, (None, None));
        }
        let literals = Literals::new(&lexicon);
        let post = words.join(" ");
        let text = Text::new(&post);
        let tokens = text.tokens(&lexicon.vocabulary);
        let (mut spans, mut found) = (Vec::new(), Vec::new());
        literals.spans(&tokens, &mut spans);
        literals.find(Field::Text, (&tokens, &spans, &[]), None, &mut found);
        let found: BTreeSet<(usize, usize)> = found.iter().map(|f| (f.phrase as usize, f.occurrence.first as usize)).collect();
        prop_assert_eq!(found, oracle(&post, &phrases));
    }

    #[test]
    fn any_post_is_scanned_without_a_panic(text in "\\PC{0,300}", bio in "\\PC{0,60}", name in "\\PC{0,30}") {
        let mut post = post(&bio, &text);
        post.author.handle.clone_from(&name);
        post.author.name = name;
        let verdict = matcher().scan(&post);
        prop_assert!(verdict.score.is_finite());
        for hit in &verdict.hits {
            prop_assert!(hit.start <= hit.end);
        }
    }
}
