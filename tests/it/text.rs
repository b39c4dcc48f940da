use netra::model::{Author, Post, PostId, PostKind};
use netra::text::{Text, Vocabulary};
use proptest::prelude::*;

use crate::kit_rules::matcher;

/// A vocabulary with a few words of each kind.
fn vocabulary() -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for word in ["dukung~", "coblos~", "kampanye", "partai", "2", "02", "dua", "teman"] {
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
        ("p a r t a i", vec!["p a r t a i"]),
        ("kаmpаnye", vec!["kаmpаnye"]),
        ("𝐤𝐚𝐦𝐩𝐚𝐧𝐲𝐞 ya", vec!["𝐤𝐚𝐦𝐩𝐚𝐧𝐲𝐞"]),
        ("ｃｏｂｌｏｓ 02", vec!["ｃｏｂｌｏｓ", "02"]),
        ("teman2 mendukungnya", vec!["teman2", "mendukungnya"]),
        ("#DukungPartai", vec!["Dukung", "Partai"]),
        ("co\u{200b}blos", vec!["co\u{200b}blos"]),
    ] {
        assert_eq!(known(text), words, "{text}");
    }
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
