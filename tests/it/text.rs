use std::collections::BTreeSet;

use netra::matcher::literal::Literals;
use netra::model::{Author, Post, PostId, PostKind};
use netra::rule::Lexicon;
use netra::text::{Text, Vocabulary, stem};
use proptest::prelude::*;

use crate::kit_rules::matcher;

/// A vocabulary with a few words of each kind.
fn vocabulary() -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for word in ["dukung~", "coblos~", "kampanye", "partai", "2", "02", "dua", "teman", "pihak~"] {
        vocabulary.word(word);
    }
    vocabulary
}

fn known(text: &str) -> Vec<String> {
    let vocabulary = vocabulary();
    let text = Text::new(text);
    let tokens = text.tokens(&vocabulary);
    let words = tokens.iter().filter(|token| token.form != 0);
    words.map(|token| text.original()[text.original_bytes(token.range())].to_owned()).collect()
}

#[test]
fn a_disguised_word_is_found_as_the_author_wrote_it() {
    for (text, words) in [
        ("ayo DUKUUUNG", vec!["DUKUUUNG"]),
        ("c0bl0s d*a", vec!["c0bl0s", "d*a"]),
        ("c**blos $atu coblo$", vec!["c**blos", "coblo$"]),
        ("p a r t a i", vec!["p a r t a i"]),
        ("d u k u n g 2", vec!["d u k u n g", "2"]),
        ("k.a.m.p.a.n.y.e k_a_m_p_a_n_y_e", vec!["k.a.m.p.a.n.y.e", "k_a_m_p_a_n_y_e"]),
        ("c 0 b l 0 s", vec!["c 0 b l 0 s"]),
        ("di udara adaa", vec![]),
        ("🇨🇴🇧🇱🇴🇸 ya 🇮🇩", vec!["🇨🇴🇧🇱🇴🇸"]),
        ("co-blos ber-kampanye kam.pa.nye", vec!["co-blos", "kampanye", "kam.pa.nye"]),
        ("kаmpаnye", vec!["kаmpаnye"]),
        ("𝐤𝐚𝐦𝐩𝐚𝐧𝐲𝐞 ya", vec!["𝐤𝐚𝐦𝐩𝐚𝐧𝐲𝐞"]),
        ("ｃｏｂｌｏｓ 02", vec!["ｃｏｂｌｏｓ", "02"]),
        ("c\u{301}oblos co\u{336}blos", vec!["c\u{301}oblos", "co\u{336}blos"]),
        ("coblos ② ❷", vec!["coblos", "②", "❷"]),
        ("teman2 mendukungnya", vec!["teman", "2", "mendukungnya"]),
        ("teman²nya", vec!["teman²nya"]),
        ("#DukungPartai #𝐃𝐮𝐤𝐮𝐧𝐠𝐃𝐮𝐚", vec!["Dukung", "Partai", "𝐃𝐮𝐤𝐮𝐧𝐠", "𝐃𝐮𝐚"]),
        ("#dukungpartai #dukungx", vec!["dukung", "partai"]),
        ("co\u{200b}blos", vec!["co\u{200b}blos"]),
        ("keberpihakan", vec!["keberpihakan"]),
    ] {
        assert_eq!(known(text), words, "{text}");
    }
}

#[test]
fn an_ordinary_code_or_name_is_no_word_in_disguise() {
    let lexicon = ["1", "2", "3", "4", "19", "dua", "coblos~", "dukung~", "noi", "be"];
    for text in [
        "Covid19 P3K SMAN1",
        "4G mp3 H2O B3",
        "AB1234CD",
        "a@b.id",
        "0812-3456-7890",
        "jam 19.00, skor 2-1, 3/4",
        "duk0000ng",
    ] {
        let digits_apart = text.starts_with("4G");
        let found = phrases(&lexicon, text);
        assert!(found.is_empty() || digits_apart && found == [3], "{text}: {found:?}");
    }
}

/// The phrases that stand in a text, by number.
fn phrases(phrases: &[&str], text: &str) -> Vec<usize> {
    let mut lexicon = Lexicon::default();
    let set = lexicon.set("@all");
    lexicon.ask(set);
    for phrase in phrases {
        lexicon.add(set, phrase, None, (None, None));
    }
    let text = Text::new(text);
    let tokens = text.tokens(&lexicon.vocabulary);
    let mut spans = Vec::new();
    Literals::new(&lexicon).spans(&tokens, &mut spans);
    let mut found: Vec<usize> = spans.iter().map(|span| span.phrase as usize).collect();
    found.sort_unstable();
    found
}

#[test]
fn a_word_that_can_be_read_in_several_ways_has_them_all() {
    let lexicon = ["coblos dua", "doa bersama", "nomor 2", "teman kerja", "2", "coblos~", "kedua"];
    for (text, found) in [
        ("coblos d*a", vec![0, 5]),
        ("d*a bersama", vec![1]),
        ("nomor2", vec![2]),
        // the number in `teman2` is a doubling for the phrase, and no ballot number
        ("teman2 kerja", vec![3]),
        ("anak2", vec![]),
        ("nyoblos2", vec![4, 5]),
        ("paslon ke2", vec![6]),
    ] {
        assert_eq!(phrases(&lexicon, text), found, "{text}");
    }
}

/// A line of the suite of stems.
#[derive(serde::Deserialize)]
struct Pair {
    word: String,
    root: String,
}

#[test]
fn the_stemmer_finds_the_root_of_the_suite_with_its_roots() {
    let Some(suites) = std::env::var_os("NETRA_SUITES") else {
        println!("SKIPPED: NETRA_SUITES is not set; 166 stems were not tried");
        return;
    };
    let file = std::path::Path::new(&suites).join("indonesian/sastrawi_stem_pairs.jsonl");
    let lines = std::fs::read_to_string(file).unwrap();
    let pairs: Vec<Pair> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let roots: BTreeSet<&str> = pairs.iter().flat_map(|pair| pair.root.split(' ')).collect();
    let stemmed = |word: &str| {
        let words = word.split(' ');
        let root = |word: &str| stem::root(word, &|root| roots.contains(root));
        words.map(|word| root(word).unwrap_or_default()).collect::<Vec<_>>().join(" ")
    };
    let wrong: Vec<String> = pairs
        .iter()
        .filter(|pair| stemmed(&pair.word) != pair.root)
        .map(|pair| format!("{}: {}, not {}", pair.word, pair.root, stemmed(&pair.word)))
        .collect();
    println!("stems: {} of {} right; {wrong:?}", pairs.len() - wrong.len(), pairs.len());
    assert!(pairs.len() >= 166 && pairs.len() - wrong.len() >= 150, "{wrong:?}");
}

proptest! {
    #[test]
    fn spans_fall_on_characters_and_words_come_in_order(text in "\\PC{0,200}") {
        let vocabulary = vocabulary();
        let text = Text::new(&text);
        let mut last = 0;
        for token in text.tokens(&vocabulary) {
            prop_assert!(text.folded().get(token.range()).is_some());
            prop_assert!(token.range().start >= last);
            last = token.range().start;
            prop_assert!(text.original().get(text.original_bytes(token.range())).is_some());
        }
    }

    #[test]
    fn a_planted_word_is_found_in_any_text(before in "\\PC{0,60}", after in "\\PC{0,60}") {
        let vocabulary = vocabulary();
        let whole = format!("{before}\nkampanye\n{after}");
        let text = Text::new(&whole);
        let found = text.tokens(&vocabulary).iter().any(|token| &text.original()[text.original_bytes(token.range())] == "kampanye" && token.form != 0);
        prop_assert!(found);
    }

    #[test]
    fn the_offsets_of_a_hit_point_at_its_words(before in "\\PC{0,80}", after in "\\PC{0,80}") {
        let text = format!("{before}\nayo coblos nomor 2 bersama Anies\n{after}");
        let post = Post {
            id: PostId("p".into()), source: "s".into(), kind: PostKind::Post, platform: String::new(), address: None,
            author: Author { bio: "PNS".into(), ..Author::default() }, title: String::new(), text: text.clone(), published: None,
        };
        let verdict = matcher().scan(&post);
        prop_assert!(!verdict.hits.is_empty());
        for hit in verdict.hits.iter().filter(|hit| hit.field == netra::model::Field::Text) {
            let words: String = text.chars().skip(hit.start as usize).take((hit.end - hit.start) as usize).collect();
            prop_assert_eq!(&words, &hit.text);
        }
    }
}

#[test]
fn a_very_long_text_is_read_up_to_its_bound() {
    let long = "coblos nomor 2 ".repeat(100_000);
    assert_eq!(Text::new(&long).original().len(), netra::text::MAX_FIELD_BYTES);
}
