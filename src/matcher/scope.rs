//! How far a negation, a prohibition or a warning reaches.
//!
//! The words come from the lists `@bahasa.ingkar` (negations),
//! `@bahasa.larang` (prohibitions), `@bahasa.ajak` (*jangan lupa*, *ojo lali*:
//! an appeal, no negation) and `@bahasa.lepas` (*tapi*, *cuma*: ends a reach).

use crate::rule::Lexicon;
use crate::rule::lexicon::SetId;
use crate::text::{Flags, Token};

use super::literal::{Literals, Span};

/// How many words a negation reaches. Five covers *saya tidak akan pernah ikut mendukung*.
const NEGATION_WORDS: usize = 5;

/// How many words a prohibition reaches: rule lists are long.
const PROHIBITION_WORDS: usize = 24;

/// The lists that open and close scopes.
#[derive(Debug)]
pub struct Scopes {
    negation: Option<SetId>,
    prohibition: Option<SetId>,
    appeal: Option<SetId>,
    release: Option<SetId>,
}

impl Scopes {
    /// The lists of a lexicon, where it has them.
    pub fn new(lexicon: &Lexicon) -> Self {
        Self {
            negation: lexicon.find("@bahasa.ingkar"),
            prohibition: lexicon.find("@bahasa.larang"),
            appeal: lexicon.find("@bahasa.ajak"),
            release: lexicon.find("@bahasa.lepas"),
        }
    }

    /// Marks the tokens within reach; `spans` are the phrases that stand among them.
    pub fn mark(&self, literals: &Literals, spans: &[Span], tokens: &mut [Token]) {
        let mut openers: Vec<(usize, usize, Flags)> = Vec::new();
        let mut appeals: Vec<usize> = Vec::new();
        let mut releases: Vec<usize> = Vec::new();
        for span in spans {
            let (first, after) = (span.first as usize, span.after as usize);
            for set in literals.sets(span.phrase) {
                let set = Some(*set);
                if set == self.negation {
                    openers.push((first, after, Flags::NEGATED));
                } else if set == self.prohibition {
                    openers.push((first, after, Flags::FORBIDDEN));
                } else if set == self.appeal {
                    appeals.push(first);
                } else if set == self.release {
                    releases.push(first);
                }
            }
        }
        for (first, after, flag) in openers {
            if appeals.binary_search(&first).is_ok() {
                continue;
            }
            let Some(opener) = tokens.get(first).copied() else { continue };
            let reach = if flag == Flags::NEGATED { NEGATION_WORDS } else { PROHIBITION_WORDS };
            // spans come in order of their first word
            let end = releases.get(releases.partition_point(|at| *at < after));
            let end = end.copied().unwrap_or(usize::MAX);
            let reached = tokens.iter_mut().enumerate().skip(after).take(reach);
            for (at, token) in reached {
                let apart = flag == Flags::NEGATED && token.clause != opener.clause;
                if token.sentence != opener.sentence || apart || at >= end {
                    break;
                }
                token.flags = token.flags.with(flag);
            }
        }
    }
}
