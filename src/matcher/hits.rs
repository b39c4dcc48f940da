//! The words that rules found, as a page marks them.

use crate::model::{Field, Hit};
use crate::rule::Sign;
use crate::rule::seen::Mark;

use super::weigh::{self, Weighed};
use super::{Matcher, Read};

impl Matcher {
    /// What the rules that hold found, and the words that gave most, in order of place.
    pub(super) fn hits(&self, read: &Read<'_>, weighed: Option<&Weighed>) -> Vec<Hit> {
        let rules = self.ruleset.rules();
        let sign = |rule: &usize| {
            rules.get(*rule).map_or((weigh::ID, Sign::Konteks), |rule| (&rule.id, rule.sign))
        };
        let mut marks: Vec<(Mark, usize)> =
            read.confirmed.marks.iter().map(|(rule, mark)| (*mark, *rule)).collect();
        let weighed = weighed.into_iter().flat_map(Weighed::marks);
        marks.extend(weighed.map(|mark| (mark, usize::MAX)));
        marks.sort_unstable();
        marks.dedup();
        let mut hits: Vec<Hit> = Vec::with_capacity(marks.len());
        let mut counted = Ruler::default();
        for (mark, rule) in marks {
            let Some(text) = read.texts.get(mark.field as usize) else { continue };
            let (rule, sign) = sign(&rule);
            let bytes = text.original_bytes(mark.start as usize..mark.end as usize);
            let words = text.original().get(bytes.clone()).unwrap_or_default();
            let start = counted.chars(mark.field, text.original(), bytes.start);
            hits.push(Hit {
                rule: rule.to_owned(),
                sign: sign.mark().to_owned(),
                field: mark.field,
                start,
                end: start + count(words),
                text: words.to_owned(),
            });
        }
        hits.sort_by(|a, b| {
            (a.field, a.start, a.end, &a.rule).cmp(&(b.field, b.start, b.end, &b.rule))
        });
        hits.dedup();
        hits
    }
}

/// Counts characters from one mark to the next, so that many marks in a long
/// text do not each count from its beginning.
#[derive(Default)]
struct Ruler {
    field: Option<Field>,
    bytes: usize,
    chars: u32,
}

impl Ruler {
    /// How many characters stand before this byte.
    fn chars(&mut self, field: Field, text: &str, byte: usize) -> u32 {
        if self.field != Some(field) || byte < self.bytes {
            *self = Self { field: Some(field), bytes: 0, chars: 0 };
        }
        self.chars += count(text.get(self.bytes..byte).unwrap_or_default());
        self.bytes = byte;
        self.chars
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
