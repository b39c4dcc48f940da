//! `pattern`: a regular expression, tried only in sentences where one of its
//! `start` phrases stands.

use regex::{Regex, RegexBuilder};
use toml::Value;

use super::{Builder, Clause, Need, Shape, Wrong, key, only_keys, shape};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Mark, Places, Seen};

/// How many bytes behind a `start` phrase the expression may look at.
const WINDOW_BYTES: usize = 160;

/// How large a compiled expression may be, in bytes.
const MAX_COMPILED_BYTES: usize = 256 * 1024;

/// At how many places of one post an expression is tried at most.
const MAX_PLACES: usize = 32;

#[derive(Debug)]
struct Pattern {
    regex: Regex,
    start: Vec<SetId>,
    places: Places,
}

impl Clause for Pattern {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let before = marks.len();
        for occurrence in seen.all(&self.start, self.places).into_iter().take(MAX_PLACES) {
            let Some(cut) = seen.fields.iter().find(|cut| cut.field == occurrence.mark.field)
            else {
                continue;
            };
            let from = occurrence.mark.start as usize;
            let to =
                (from + WINDOW_BYTES..cut.folded.len()).find(|at| cut.folded.is_char_boundary(*at));
            let window = cut.folded.get(from..to.unwrap_or(cut.folded.len())).unwrap_or_default();
            if let Some(found) = self.regex.find(window) {
                let place = |at: usize| u32::try_from(from + at).unwrap_or(u32::MAX);
                marks.push(Mark {
                    field: cut.field,
                    start: place(found.start()),
                    end: place(found.end()),
                });
            }
        }
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::List(&self.start, self.places)]
    }
}

/// `pattern = { regex = '…', start = […] }`. Case is ignored unless the
/// expression says `(?-i)`; it is tried on the folded text from the start
/// phrase on, 160 bytes far.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["regex", "start"])?;
    let source = key(value, "regex")?;
    let source = source.as_str().ok_or_else(|| Wrong::shape("a string", source))?;
    let regex =
        RegexBuilder::new(source).case_insensitive(true).size_limit(MAX_COMPILED_BYTES).build();
    let regex = regex.map_err(|error| Wrong {
        code: "bad-pattern",
        message: error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
        word: Some(source.to_owned()),
        help: Some("see docs.rs/regex for what an expression may hold".into()),
    })?;
    let start = builder.sets(key(value, "start")?)?;
    Ok(Box::new(Pattern { regex, start, places: builder.places }))
}

/// Its shape.
pub const SHAPE: Shape =
    Shape::Table(&[("regex", Shape::Regex, true), ("start", Shape::Phrases, true)]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    let regex = value.get("regex").and_then(Value::as_str).unwrap_or_default();
    format!("the pattern {regex} from {} on", shape::any_of(value, "start"))
}
