//! Marks: the matched words in the original text, cut where they overlap.

use maud::{Markup, html};

use super::words;
use crate::model::{Field, Hit};

/// The signs that have a colour and an underline of their own, strongest first:
/// where spans overlap the first one gives the look, all give their number.
const SIGNS: [&str; 4] = ["peserta", "aksi", "asn", "konteks"];

/// The most characters of a field that a page shows.
const MOST_CHARS: usize = 100_000;

/// A hit with the number that text and explanation share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbered<'a> {
    /// From 1.
    pub(super) number: usize,
    /// The hit.
    pub(super) hit: &'a Hit,
}

/// A stretch of text under the same hits.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    numbers: Vec<usize>,
    sign: Option<&'static str>,
}

/// The hits, numbered in the order in which a reader meets them; the same
/// words found by several rules have one number.
pub(super) fn numbered(hits: &[Hit]) -> Vec<Numbered<'_>> {
    let place = |hit: &Hit| (field_order(hit.field), hit.start, hit.end);
    let mut sorted: Vec<_> = hits.iter().collect();
    sorted.sort_by_key(|hit| place(hit));
    let groups = sorted.chunk_by(|one, two| place(one) == place(two)).zip(1..);
    groups
        .flat_map(|(group, number)| group.iter().map(move |hit| Numbered { number, hit }))
        .collect()
}

/// The field's text with its hits marked.
pub(super) fn marked(text: &str, field: Field, hits: &[Numbered<'_>]) -> Markup {
    let pieces = pieces(text, field, hits);
    html! {
        @for piece in &pieces {
            @if let Some(sign) = piece.sign {
                mark class=(sign) {
                    (visible(&piece.text))
                    @if !piece.text.trim().is_empty() { sup { (numbers(&piece.numbers)) } }
                }
            } @else {
                (visible(&piece.text))
            }
        }
        @if text.chars().nth(MOST_CHARS).is_some() {
            span .catatan { " … (teks selanjutnya tidak ditampilkan)" }
        }
    }
}

/// About `chars` characters around the first hit, the hits in bold.
pub(super) fn excerpt(text: &str, field: Field, hits: &[Numbered<'_>], chars: usize) -> Markup {
    let first = hits.iter().filter(|it| it.hit.field == field).map(|it| it.hit.start).min();
    let from = (first.unwrap_or_default() as usize).saturating_sub(chars / 3);
    let from = word_start(text, from);
    let to = from + chars;
    let mut at = 0;
    html! {
        @if from > 0 { "… " }
        @for piece in pieces(text, field, hits) {
            @let start = at;
            @let end = { at += piece.text.chars().count(); at };
            @if end > from && start < to {
                @let skip = from.saturating_sub(start);
                @let shown: String = piece.text.chars().skip(skip).take(to - start.max(from)).collect();
                @if piece.sign.is_some() { b { (visible(&shown)) } } @else { (visible(&shown)) }
            }
        }
        @if at > to { " …" }
    }
}

/// The start of the next word, if one is near; a long word is cut where it is.
fn word_start(text: &str, from: usize) -> usize {
    let mut near = text.chars().skip(from.saturating_sub(1)).take(20);
    match near.position(char::is_whitespace) {
        Some(blank) if from > 0 => from + blank,
        _ => from,
    }
}

/// Text with what cannot be seen made visible: a reader must not be misled by
/// characters that turn the direction of writing or hide between letters.
pub(super) fn visible(text: &str) -> Markup {
    html! {
        @for stretch in text.split_inclusive(is_hidden) {
            @let hidden = stretch.chars().next_back().filter(|last| is_hidden(*last));
            (stretch.trim_end_matches(is_hidden))
            @if let Some(hidden) = hidden {
                span .tak-tampak title="karakter tak tampak" { (format!("[U+{:04X}]", u32::from(hidden))) }
            }
        }
    }
}

/// Text without hidden characters, for places that take no markup.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

/// Direction marks, zero-width spaces and control characters. The joiners of
/// emoji and of other scripts stay as they are.
const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{200E}' | '\u{200F}' | '\u{061C}'
            | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}'
            | '\u{0000}'..='\u{0008}' | '\u{000B}'..='\u{000C}' | '\u{000E}'..='\u{001F}'
            | '\u{007F}'..='\u{009F}'
    )
}

fn pieces(text: &str, field: Field, hits: &[Numbered<'_>]) -> Vec<Piece> {
    let hits: Vec<_> = hits.iter().filter(|it| it.hit.field == field).collect();
    let mut edges: Vec<usize> =
        hits.iter().flat_map(|it| [it.hit.start as usize, it.hit.end as usize]).collect();
    edges.push(0);
    edges.push(MOST_CHARS);
    edges.retain(|edge| *edge <= MOST_CHARS);
    edges.sort_unstable();
    edges.dedup();
    let mut chars = text.chars();
    let mut pieces = Vec::new();
    for (start, end) in edges.iter().zip(edges.iter().skip(1)) {
        let text: String = chars.by_ref().take(end - start).collect();
        if text.is_empty() {
            break;
        }
        let over =
            hits.iter().filter(|it| it.hit.start as usize <= *start && *end <= it.hit.end as usize);
        let over: Vec<_> = over.collect();
        let sign = SIGNS.into_iter().find(|sign| over.iter().any(|it| sign_of(it.hit) == *sign));
        let mut numbers: Vec<_> = over.iter().map(|it| it.number).collect();
        numbers.dedup();
        pieces.push(Piece { text, numbers, sign });
    }
    pieces
}

/// The sign that decides the look; an unknown one is context.
pub(super) fn sign_of(hit: &Hit) -> &'static str {
    SIGNS.into_iter().find(|sign| *sign == hit.sign).unwrap_or("konteks")
}

/// The kinds of marks, each shown as it looks.
pub(super) fn legend() -> Markup {
    html! {
        p .legenda {
            "Tanda: "
            @for sign in SIGNS { mark class=(sign) { (words::sign(sign)) } " " }
        }
    }
}

const fn field_order(field: Field) -> u8 {
    match field {
        Field::Title => 0,
        Field::Text => 1,
        Field::AuthorName => 2,
        Field::AuthorHandle => 3,
        Field::AuthorBio => 4,
    }
}

fn numbers(numbers: &[usize]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(sign: &str, start: u32, end: u32) -> Hit {
        Hit {
            rule: "r".into(),
            sign: sign.into(),
            field: Field::Text,
            start,
            end,
            text: String::new(),
        }
    }

    fn show(text: &str, hits: &[Hit]) -> String {
        marked(text, Field::Text, &numbered(hits)).into_string()
    }

    #[test]
    fn overlapping_spans_are_split_and_numbered() {
        let html = show("mari dukung paslon dua", &[hit("aksi", 5, 18), hit("peserta", 12, 22)]);
        assert_eq!(
            html,
            "mari <mark class=\"aksi\">dukung <sup>1</sup></mark>\
             <mark class=\"peserta\">paslon<sup>1,2</sup></mark>\
             <mark class=\"peserta\"> dua<sup>2</sup></mark>"
        );
    }

    #[test]
    fn the_same_words_found_by_two_rules_have_one_number() {
        let html = show("mari dukung", &[hit("aksi", 5, 11), hit("peserta", 5, 11)]);
        assert_eq!(html, "mari <mark class=\"peserta\">dukung<sup>1</sup></mark>");
    }

    #[test]
    fn spans_count_characters_not_bytes() {
        let html = show("é👍 dukung", &[hit("aksi", 3, 9)]);
        assert_eq!(html, "é👍 <mark class=\"aksi\">dukung<sup>1</sup></mark>");
    }

    #[test]
    fn post_text_is_inert() {
        let html = show("<script>alert(1)</script>", &[hit("aksi", 1, 7)]);
        assert!(!html.contains("<script"), "{html}");
    }

    #[test]
    fn what_turns_the_direction_of_writing_is_shown() {
        assert!(show("a\u{202E}b", &[]).contains("[U+202E]"));
        assert!(!show("a\u{202E}b", &[]).contains('\u{202E}'));
    }

    #[test]
    fn spans_beyond_the_text_do_no_harm() {
        assert_eq!(show("ab", &[hit("aksi", 7, 9)]), "ab");
        assert_eq!(show("ab", &[hit("x", 1, 99)]), "a<mark class=\"konteks\">b<sup>1</sup></mark>");
    }

    #[test]
    fn an_excerpt_begins_near_the_first_hit() {
        let text = format!("{} dukung paslon {}", "x".repeat(300), "y".repeat(300));
        let html =
            excerpt(&text, Field::Text, &numbered(&[hit("aksi", 301, 307)]), 60).into_string();
        assert!(html.contains("<b>dukung</b>"), "{html}");
        assert!(html.chars().count() < 90, "{html}");
    }
}
