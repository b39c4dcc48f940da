//! The difference of two texts, word by word: what went, what came.

use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};

use super::marks::visible;

/// As many words of each text are compared; comparing takes their product.
const MOST_WORDS: usize = 4_000;

/// Words that are shown around a difference.
const AROUND: usize = 12;

/// What stands in one text and not in the other.
pub(super) fn difference(before: &str, now: &str) -> Markup {
    let (before, is_cut) = first_words(before);
    let (now, is_cut_too) = first_words(now);
    let runs = runs(before, now);
    let last = runs.len().saturating_sub(1);
    html! {
        div .isi.beda {
            @for (place, (tag, text)) in runs.iter().enumerate() {
                @match tag {
                    ChangeTag::Equal => (visible(&shortened(text, place > 0, place < last))),
                    ChangeTag::Delete => del { (visible(text)) },
                    ChangeTag::Insert => ins { (visible(text)) },
                }
            }
        }
        @if is_cut || is_cut_too {
            p .catatan { "Hanya " (MOST_WORDS) " kata pertama yang dibandingkan." }
        }
    }
}

/// Stretches that stayed, went or came. A blank between two changed words has
/// changed with them, so that neighbours are one stretch.
fn runs(before: &str, now: &str) -> Vec<(ChangeTag, String)> {
    let diff = TextDiff::from_words(before, now);
    let changes: Vec<_> = diff.iter_all_changes().map(|it| (it.tag(), it.value())).collect();
    let is_change =
        |place: usize| changes.get(place).is_some_and(|(tag, _)| *tag != ChangeTag::Equal);
    let mut runs = Vec::new();
    let [mut stayed, mut went, mut came] = [const { String::new() }; 3];
    for (place, (tag, text)) in changes.iter().enumerate() {
        let is_within = place > 0 && is_change(place - 1) && is_change(place + 1);
        match tag {
            ChangeTag::Delete => went.push_str(text),
            ChangeTag::Insert => came.push_str(text),
            ChangeTag::Equal if is_within && text.trim().is_empty() => {
                went.push_str(text);
                came.push_str(text);
            }
            ChangeTag::Equal => {
                take(&mut runs, ChangeTag::Delete, &mut went);
                take(&mut runs, ChangeTag::Insert, &mut came);
                stayed.push_str(text);
                continue;
            }
        }
        take(&mut runs, ChangeTag::Equal, &mut stayed);
    }
    take(&mut runs, ChangeTag::Delete, &mut went);
    take(&mut runs, ChangeTag::Insert, &mut came);
    take(&mut runs, ChangeTag::Equal, &mut stayed);
    runs
}

fn take(runs: &mut Vec<(ChangeTag, String)>, tag: ChangeTag, text: &mut String) {
    if !text.is_empty() {
        runs.push((tag, std::mem::take(text)));
    }
}

/// The beginning of a text, and whether that is not all of it.
fn first_words(text: &str) -> (&str, bool) {
    let mut is_blank = true;
    let mut words = 0;
    for (at, c) in text.char_indices() {
        words += usize::from(is_blank && !c.is_whitespace());
        is_blank = c.is_whitespace();
        if words > MOST_WORDS {
            return (text.get(..at).unwrap_or_default(), true);
        }
    }
    (text, false)
}

/// Words that stayed: those near a difference before or behind them.
fn shortened(text: &str, behind_one: bool, before_one: bool) -> String {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let [mut head, tail] = [behind_one, before_one].map(|is_near| if is_near { AROUND } else { 0 });
    // the blank behind a difference is no word
    head += usize::from(head > 0 && text.starts_with(char::is_whitespace));
    if words.len() <= head + tail + 1 {
        return text.to_owned();
    }
    let head = words.get(..head).unwrap_or_default().concat();
    let tail = words.get(words.len() - tail..).unwrap_or_default().concat();
    format!("{head} … {tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(before: &str, now: &str) -> String {
        difference(before, now).into_string()
    }

    #[test]
    fn what_went_and_what_came_is_marked() {
        assert_eq!(
            show("mari dukung paslon dua", "mari pilih paslon dua"),
            "<div class=\"isi beda\">mari <del>dukung</del><ins>pilih</ins> paslon dua</div>"
        );
    }

    #[test]
    fn neighbours_that_changed_are_one_stretch() {
        assert_eq!(
            show("kami dukung nomor dua", "kami jaga netralitas penuh dua"),
            "<div class=\"isi beda\">kami <del>dukung nomor</del><ins>jaga netralitas penuh</ins> dua</div>"
        );
        assert_eq!(show("a", "a b c"), "<div class=\"isi beda\">a<ins> b c</ins></div>");
    }

    #[test]
    fn what_stayed_is_shown_around_a_difference_only() {
        let stayed = "kata ".repeat(100);
        let html = show(&format!("{stayed}lama {stayed}"), &format!("{stayed}baru {stayed}"));
        assert_eq!(html.matches("kata").count(), 2 * AROUND, "{html}");
        assert!(html.contains("<del>lama</del><ins>baru</ins>"), "{html}");
    }

    #[test]
    fn both_texts_are_inert() {
        let html = show("<script>a</script> b", "<img src=x onerror=a> b\u{202E}");
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(html.contains("[U+202E]"), "{html}");
    }

    #[test]
    fn very_long_texts_are_compared_at_their_beginning() {
        let [one, other] = ["a ", "b "].map(|word| word.repeat(10 * MOST_WORDS));
        assert!(show(&one, &other).contains("Hanya 4000 kata pertama"));
        assert!(!show("a", "b").contains("kata pertama"));
    }
}
