//! One style for all files under `rules/`: what a review shows is what changed.
//!
//! Comments, the grouping of entries into lines and the way strings are quoted
//! are the author's and stay. What is evened out is space, blank lines, commas
//! at the end, and the order of the keys in a rule's head. The meaning is
//! compared before and after: a file that would mean something else is refused.

use thiserror::Error;
use toml_edit::{Array, Decor, DocumentMut, InlineTable, Item, RawString, Table, Value};

use super::load::{FileKind, kind_of};

/// Why a file cannot be brought into the style.
#[derive(Debug, Error)]
pub enum FormatError {
    /// It is no TOML.
    #[error("it is no TOML: {0}")]
    Toml(String),
    /// The styled file would mean something else: a bug.
    #[error("the styled text would mean something else; the file is left as it is")]
    Meaning,
}

/// The keys of a rule's head in the order in which they are written.
const HEAD: &[&str] = &[
    "id", "title", "dasar", "sign", "weight", "stage", "evidence", "state", "category", "event",
    "field", "scope", "lead", "when", "test",
];

/// The text of a file in the style.
pub fn format(text: &str) -> Result<String, FormatError> {
    let wrong = |error: &dyn std::fmt::Display| FormatError::Toml(error.to_string());
    let before: toml::Table = toml::from_str(text).map_err(|error| wrong(&error.message()))?;
    let mut document: DocumentMut = text.parse().map_err(|error| wrong(&error))?;
    if kind_of(&before) == FileKind::Rule {
        // what stands at the top of the file stays there, whichever key comes first
        let top = swap_top(&mut document, String::new());
        let place = |key: &str| HEAD.iter().position(|head| *head == key).unwrap_or(HEAD.len());
        document.sort_values_by(|a, _, b, _| place(a.get()).cmp(&place(b.get())));
        let first = swap_top(&mut document, top.clone());
        swap_top(&mut document, top + &first);
    }
    let trailing = lines(document.trailing().as_str().unwrap_or_default(), true);
    let mut first = true;
    table(document.as_table_mut(), &mut first);
    document.set_trailing(trailing.trim_end());
    let mut styled = document.to_string().trim().to_owned();
    styled.push('\n');
    let after: toml::Table = toml::from_str(&styled).map_err(|_| FormatError::Meaning)?;
    if before == after { Ok(styled) } else { Err(FormatError::Meaning) }
}

/// Puts this before the first key and tells what stood there.
fn swap_top(document: &mut DocumentMut, new: String) -> String {
    let Some((mut key, Item::Value(_))) = document.iter_mut().next() else { return String::new() };
    let old = prefix(key.leaf_decor());
    key.leaf_decor_mut().set_prefix(new);
    old
}

/// The comments of what stands before a key or a header; runs of blank lines
/// become one, and with `may_begin_blank` one may stand at the beginning.
fn lines(raw: &str, may_begin_blank: bool) -> String {
    let mut out = String::new();
    let mut blank = false;
    let mut all: Vec<&str> = raw.split('\n').map(str::trim).collect();
    all.pop();
    for line in all {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if blank && (may_begin_blank || !out.is_empty()) {
            out.push('\n');
        }
        blank = false;
        out.push_str(line);
        out.push('\n');
    }
    if blank && (may_begin_blank || !out.is_empty()) {
        out.push('\n');
    }
    out
}

fn prefix(decor: &Decor) -> String {
    decor.prefix().and_then(RawString::as_str).unwrap_or_default().to_owned()
}

fn suffix(decor: &Decor) -> String {
    decor.suffix().and_then(RawString::as_str).unwrap_or_default().to_owned()
}

/// A comment behind a value, one space away from it.
fn behind(decor: &Decor) -> String {
    match suffix(decor).trim() {
        "" => String::new(),
        comment => format!(" {comment}"),
    }
}

fn table(table: &mut Table, first: &mut bool) {
    if !table.is_implicit() && !table.is_dotted() && table.position().is_some() {
        header(table, first);
    }
    // only the first key of a table loses the blank line before it
    let mut leading = true;
    for (mut key, item) in table.iter_mut() {
        match item {
            Item::Value(value) => {
                let before = lines(&prefix(key.leaf_decor()), !leading && !*first);
                key.leaf_decor_mut().set_prefix(before);
                key.leaf_decor_mut().set_suffix(" ");
                let comment = behind(value.decor());
                self::value(value, 0);
                value.decor_mut().set_prefix(" ");
                value.decor_mut().set_suffix(comment);
                (leading, *first) = (false, false);
            }
            Item::Table(inner) => self::table(inner, first),
            Item::ArrayOfTables(inner) => {
                inner.iter_mut().for_each(|inner| self::table(inner, first));
            }
            Item::None => {}
        }
    }
}

/// One blank line before the comments of a header.
fn header(table: &mut Table, first: &mut bool) {
    let before = lines(&prefix(table.decor()), false);
    let blank = if *first { "" } else { "\n" };
    let comment = behind(table.decor());
    table.decor_mut().set_prefix(format!("{blank}{before}"));
    table.decor_mut().set_suffix(comment);
    *first = false;
}

fn value(value: &mut Value, depth: usize) {
    match value {
        Value::Array(array) => self::array(array, depth),
        Value::InlineTable(table) => inline(table, depth),
        _ => {}
    }
}

/// An array on one line stays on one; the lines of another keep their entries.
fn array(array: &mut Array, depth: usize) {
    let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
    let broken = |decor: &Decor| prefix(decor).contains('\n') || suffix(decor).contains('\n');
    let is_long = trailing.contains('\n') || array.iter().any(|entry| broken(entry.decor()));
    let indent = "  ".repeat(depth + 1);
    for (at, entry) in array.iter_mut().enumerate() {
        let (before, after) = (prefix(entry.decor()), suffix(entry.decor()));
        value(entry, depth + 1);
        let before = match (at, is_long) {
            (0, false) => String::new(),
            (_, false) => " ".to_owned(),
            (0, true) => on_lines(&before, &indent, true),
            (_, true) => on_lines(&before, &indent, false),
        };
        entry.decor_mut().set_prefix(before);
        let after = if after.contains('#') { after } else { String::new() };
        entry.decor_mut().set_suffix(after);
    }
    array.set_trailing_comma(is_long && !array.is_empty());
    if is_long {
        let outer = "  ".repeat(depth);
        let kept = on_lines(&trailing, &indent, true);
        let kept = kept.trim_end().to_owned();
        array.set_trailing(format!("{kept}\n{outer}"));
    } else {
        array.set_trailing("");
    }
}

/// What stands before an entry of a long array: comments, then the line's indent.
fn on_lines(raw: &str, indent: &str, must_break: bool) -> String {
    let Some((same_line, rest)) = raw.split_once('\n') else {
        return if must_break { format!("\n{indent}") } else { " ".to_owned() };
    };
    let mut out = match same_line.trim() {
        "" => String::new(),
        comment => format!(" {comment}"),
    };
    for comment in rest.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        out.push('\n');
        out.push_str(indent);
        out.push_str(comment);
    }
    format!("{out}\n{indent}")
}

fn inline(table: &mut InlineTable, depth: usize) {
    let raw = table.to_string();
    // a table over several lines with comments is its author's
    if raw.contains('\n') && raw.contains('#') {
        return;
    }
    let last = table.len().saturating_sub(1);
    for (at, (mut key, entry)) in table.iter_mut().enumerate() {
        key.leaf_decor_mut().set_prefix(" ");
        key.leaf_decor_mut().set_suffix(" ");
        value(entry, depth + 1);
        entry.decor_mut().set_prefix(" ");
        entry.decor_mut().set_suffix(if at == last { " " } else { "" });
    }
    table.set_trailing_comma(false);
    table.set_trailing("");
}
