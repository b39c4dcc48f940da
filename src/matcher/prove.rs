//! Runs the examples written in the rules.

use std::fmt;

use crate::model::{Author, Post, PostId};
use crate::rule::{Rule, RuleSet, State, Test};

use super::Matcher;

/// An example that does not do what its rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The rule.
    pub rule: String,
    /// The example's text.
    pub text: String,
    /// What was wanted and what came.
    pub message: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.rule, self.message, self.text)
    }
}

/// What came of running all examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// How many there are.
    pub examples: usize,
    /// Those that do not do what their rules say.
    pub failures: Vec<Broken>,
}

/// Runs the examples of all rules that are asked.
pub fn prove(ruleset: &RuleSet) -> Proof {
    let asked =
        ruleset.rules().iter().filter(|rule| matches!(rule.state, State::Live | State::Shadow));
    let examples = asked.map(|rule| rule.tests.len()).sum();
    Proof { examples, failures: examples_of(&Matcher::new(ruleset)) }
}

/// The post of an example.
pub fn post(test: &Test) -> Post {
    Post {
        id: PostId("example".to_owned()),
        source: "example".to_owned(),
        kind: test.kind,
        platform: String::new(),
        address: None,
        author: Author {
            name: test.name.clone(),
            handle: test.handle.clone(),
            bio: test.bio.clone(),
        },
        title: test.title.clone(),
        text: test.text.clone(),
        published: None,
    }
}

/// The examples of all rules that are asked which do not hold.
fn examples_of(matcher: &Matcher) -> Vec<Broken> {
    let asked = |rule: &&Rule| matches!(rule.state, State::Live | State::Shadow);
    let rules = matcher.ruleset().rules().iter().filter(asked);
    rules
        .flat_map(|rule| rule.tests.iter().filter_map(move |test| example(matcher, rule, test)))
        .collect()
}

fn example(matcher: &Matcher, rule: &Rule, test: &Test) -> Option<Broken> {
    let post = post(test);
    let held = matcher.why(&post).holds.contains(&rule.id);
    let verdict = matcher.scan(&post);
    let broken = |message: &str| {
        Some(Broken { rule: rule.id.clone(), text: test.text.clone(), message: message.to_owned() })
    };
    if held != test.hit {
        return broken(if test.hit {
            "the rule must hold, but does not"
        } else {
            "the rule must not hold, but does"
        });
    }
    match test.flag {
        Some(true) if !verdict.flagged => broken("the post must be flagged, but is not"),
        Some(false) if verdict.flagged => broken("the post must not be flagged, but is"),
        _ => None,
    }
}
