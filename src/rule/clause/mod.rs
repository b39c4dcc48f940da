//! The kinds of clause. One kind is one file and one line in [`KINDS`].

pub mod shape;
pub mod any;
pub mod phrase;
pub mod field;
pub mod stage;
pub mod near;
pub mod ordered;
pub mod count;
pub mod pattern;
pub mod name;
pub mod quoted;
pub mod author;
pub mod kind;
pub mod other;

use std::collections::BTreeSet;
use std::fmt::Debug;

use toml::Value;

use super::lexicon::{Lexicon, SetId};
use super::seen::{Mark, Places, Seen};
use crate::model::PostKind;
#[cfg(doc)]
use crate::text::Flags;
pub use shape::Shape;

/// A condition of a rule.
pub trait Clause: Debug + Send + Sync {
    /// Whether it holds, and where: the marks are put into `marks` only if it does.
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool;

    /// What it cannot hold without, all of it, so that it is not asked in
    /// vain; nothing if it can hold in any post.
    fn needs(&self) -> Vec<Need<'_>> {
        Vec::new()
    }
}

/// What a clause cannot hold without.
#[derive(Clone, Copy, Debug)]
pub enum Need<'c> {
    /// One of these lists stands in these places of the post.
    List(&'c [SetId], Places),
    /// One of these rules holds.
    Rule(&'c [usize]),
    /// The post is of one of these kinds.
    Kind(&'c [PostKind]),
    /// A word that may be a name stands in one of these fields ([`Flags::NAME`]).
    Name([bool; 5]),
    /// Two such words joined by a hyphen do.
    Pair([bool; 5]),
}

/// What is wrong with a clause, and what would be right.
#[derive(Debug)]
pub struct Wrong {
    /// The code of the problem.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The word that is wrong, to find its place in the file.
    pub word: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Wrong {
    /// A value of another shape than the clause wants.
    pub fn shape(wants: &str, value: &Value) -> Self {
        let message = format!("this is {}, but {wants} is wanted", named(value));
        Self { code: "wrong-shape", message, word: None, help: None }
    }
}

fn named(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}

/// What a clause is built with.
pub struct Builder<'b> {
    /// The lists; strings of a clause become a list of their own.
    pub lexicon: &'b mut Lexicon,
    /// Where the rule looks.
    pub places: Places,
    /// The ids of all rules, in the order in which they are asked.
    pub rules: &'b [String],
    /// Of those, which name a stage: the stage and the number of the rule.
    pub stages: &'b [(String, usize)],
    /// Ids and lists of files that could not be read: what asks for them is not to blame.
    pub lost: &'b BTreeSet<String>,
    /// The rule being built.
    pub rule: &'b str,
}

type Build = fn(&Value, &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong>;

/// One kind of clause.
pub struct Kind {
    /// The key in the rule file.
    pub key: &'static str,
    /// What it asks for.
    pub caption: &'static str,
    /// The shape of its value.
    pub shape: Shape,
    /// The clause of a rule in words.
    pub said: fn(&Value) -> String,
    pub(super) build: Build,
}

/// The kinds: key in the rule file, caption, shape, wording, builder.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    Kind { key: "any", caption: "at least one of these stands there", shape: Shape::Phrases, said: any::said_any, build: any::any },
    Kind { key: "all", caption: "each of these lists stands there", shape: Shape::Phrases, said: any::said_all, build: any::all },
    Kind { key: "none", caption: "none of these stands there", shape: Shape::Phrases, said: any::said_none, build: any::none },
    Kind { key: "phrase", caption: "one of these phrases stands there word for word; no lists", shape: Shape::Bare, said: phrase::said, build: phrase::build },
    Kind { key: "near", caption: "one of `a` within `words` words of one of `b`, or in its sentence", shape: near::SHAPE, said: near::said, build: near::build },
    Kind { key: "ordered", caption: "one of each step, in this order, at most `words` words apart", shape: ordered::SHAPE, said: ordered::said, build: ordered::build },
    Kind { key: "count", caption: "at least `least` different ones of `of`", shape: count::SHAPE, said: count::said, build: count::build },
    Kind { key: "pattern", caption: "a regular expression, tried where one of `start` stands", shape: pattern::SHAPE, said: pattern::said, build: pattern::build },
    Kind { key: "name", caption: "an unknown person's name beside one of these, or an unknown pair", shape: name::SHAPE, said: name::said, build: name::build },
    Kind { key: "quoted", caption: "one of `what` between quotation marks, and beside them, as the speaker, one of `by`", shape: quoted::SHAPE, said: quoted::said, build: quoted::build },
    Kind { key: "field", caption: "one of `any` in the fields `in`, wherever else the rule looks", shape: field::SHAPE, said: field::said, build: field::build },
    Kind { key: "author", caption: "one of these in name, handle or profile", shape: Shape::Phrases, said: author::said_some, build: author::some },
    Kind { key: "not_author", caption: "none of these in name, handle or profile", shape: Shape::Phrases, said: author::said_none, build: author::none },
    Kind { key: "kind", caption: "the post is one of these kinds", shape: kind::SHAPE, said: kind::said, build: kind::build },
    Kind { key: "stage", caption: "the post speaks of one of these stages: a rule that names it holds", shape: stage::SHAPE, said: stage::said, build: stage::build },
    Kind { key: "rule", caption: "one of these rules holds", shape: Shape::Rules, said: other::said_some, build: other::some },
    Kind { key: "rules", caption: "each of these rules holds", shape: Shape::Rules, said: other::said_all, build: other::all },
    Kind { key: "no_rule", caption: "none of these rules holds", shape: Shape::Rules, said: other::said_none, build: other::none },
];

/// The kind of this key.
pub fn kind_of(key: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.key == key)
}

impl Builder<'_> {
    /// The lists that an array of `@list` and phrases means.
    pub fn sets(&mut self, value: &Value) -> Result<Vec<SetId>, Wrong> {
        let Value::Array(entries) = value else {
            return Err(Wrong::shape("a list of phrases and `@lists`", value));
        };
        let mut sets = Vec::new();
        let mut own = None;
        for entry in entries {
            let Value::String(entry) = entry else {
                return Err(Wrong::shape("a list of strings", entry));
            };
            if entry.starts_with('@') {
                let set = self.list(entry)?;
                self.lexicon.ask(set);
                sets.push(set);
                continue;
            }
            let set = if let Some(set) = own {
                set
            } else {
                let set = self.lexicon.set(&format!("{}#{}", self.rule, self.lexicon.len()));
                self.lexicon.ask(set);
                own = Some(set);
                sets.push(set);
                set
            };
            if let Some(form) = self.lexicon.names_contestant(entry) {
                return Err(Wrong {
                    code: "names-contestant",
                    message: format!("`{entry}` holds `{form}`, a form of a contestant or party"),
                    word: Some(entry.clone()),
                    help: Some(
                        "say what holds for every contestant: `@peserta.short`, `@partai.short` \
                         beside other words"
                            .into(),
                    ),
                });
            }
            if !self.lexicon.add(set, entry, None, (None, None)) {
                let message = format!("`{entry}` holds no word, or more than twelve");
                return Err(Wrong {
                    code: "empty-phrase",
                    message,
                    word: Some(entry.clone()),
                    help: None,
                });
            }
        }
        if sets.is_empty() {
            return Err(Wrong {
                code: "empty-list",
                message: "the list is empty: the clause can never hold".into(),
                word: None,
                help: None,
            });
        }
        Ok(sets)
    }

    fn list(&mut self, name: &str) -> Result<SetId, Wrong> {
        let file = name.trim_start_matches('@').split('.').next().unwrap_or_default();
        if self.lost.contains(file) {
            return Ok(self.lexicon.set(name));
        }
        self.lexicon.find(name).ok_or_else(|| Wrong {
            code: "unknown-list",
            message: format!("there is no list `{name}`"),
            word: Some(name.to_owned()),
            help: super::problem::nearest(name, self.lexicon.names())
                .map(|near| format!("did you mean `{near}`?")),
        })
    }

    /// The numbers of rules named in an array.
    pub fn rules(&self, value: &Value) -> Result<Vec<usize>, Wrong> {
        strings(value)?
            .into_iter()
            .filter(|id| !self.lost.contains(*id))
            .map(|id| {
                self.rules.iter().position(|rule| rule == id).ok_or_else(|| Wrong {
                    code: "unknown-rule",
                    message: format!("there is no rule `{id}` that is asked before this one"),
                    word: Some(id.to_owned()),
                    help: super::problem::nearest(id, self.rules.iter().map(String::as_str))
                        .map(|near| format!("did you mean `{near}`?")),
                })
            })
            .collect()
    }
}

/// The strings of an array.
pub fn strings(value: &Value) -> Result<Vec<&str>, Wrong> {
    let Value::Array(entries) = value else { return Err(Wrong::shape("a list of strings", value)) };
    entries
        .iter()
        .map(|entry| entry.as_str().ok_or_else(|| Wrong::shape("a string", entry)))
        .collect()
}

/// A key of a table that a clause must have.
pub fn key<'v>(value: &'v Value, name: &str) -> Result<&'v Value, Wrong> {
    value.get(name).ok_or_else(|| Wrong {
        code: "missing-key",
        message: format!("the key `{name}` is missing"),
        word: None,
        help: None,
    })
}

/// A table without other keys than these.
pub fn only_keys(value: &Value, allowed: &[&str]) -> Result<(), Wrong> {
    let Value::Table(table) = value else { return Err(Wrong::shape("a table", value)) };
    match table.keys().find(|k| !allowed.contains(&k.as_str())) {
        None => Ok(()),
        Some(wrong) => Err(Wrong {
            code: "unknown-key",
            message: format!("`{wrong}` is no key of this clause; it has {}", allowed.join(", ")),
            word: Some(wrong.clone()),
            help: super::problem::nearest(wrong, allowed.iter().copied())
                .map(|near| format!("did you mean `{near}`?")),
        }),
    }
}

/// A key that is `true` or `false`; false if it is not there.
pub fn flag(value: &Value, name: &str) -> Result<bool, Wrong> {
    match value.get(name) {
        None => Ok(false),
        Some(flag) => flag.as_bool().ok_or_else(|| Wrong {
            word: Some(name.to_owned()),
            ..Wrong::shape("true or false", flag)
        }),
    }
}

/// A number of words: 0 to 60, so that a clause stays about one passage.
pub fn words(value: &Value, otherwise: u32) -> Result<u32, Wrong> {
    match value.get("words") {
        None => Ok(otherwise),
        Some(number) => number
            .as_integer()
            .and_then(|n| u32::try_from(n).ok())
            .filter(|n| (0..=60).contains(n))
            .ok_or_else(|| Wrong {
                code: "out-of-range",
                message: "`words` is a number from 0 to 60".into(),
                word: None,
                help: None,
            }),
    }
}
