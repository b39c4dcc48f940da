use std::collections::BTreeMap;

use crate::kit_rules::{Labelled, labelled, matcher};

/// What became of a labelled set.
#[derive(Debug, Default)]
struct Counts {
    flagged_violations: usize,
    violations: usize,
    flagged_others: usize,
    others: usize,
    events: usize,
    events_found: usize,
    events_flagged: usize,
    units_right: usize,
}

fn count(posts: &[Labelled]) -> Counts {
    let mut counts = Counts::default();
    for labelled in posts {
        let verdict = matcher().scan(&labelled.post());
        match labelled.label.as_deref() {
            Some("violation") => {
                counts.violations += 1;
                counts.flagged_violations += usize::from(verdict.flagged);
            }
            Some("compliance_event") => {
                counts.events += 1;
                counts.events_flagged += usize::from(verdict.flagged);
                counts.events_found += usize::from(!verdict.compliance.is_empty());
                let unit = verdict
                    .compliance
                    .first()
                    .and_then(|event| event.unit.clone())
                    .unwrap_or_default();
                counts.units_right += usize::from(unit.eq_ignore_ascii_case(&labelled.unit));
            }
            _ => {
                counts.others += 1;
                counts.flagged_others += usize::from(verdict.flagged);
            }
        }
    }
    counts
}

impl Counts {
    fn precision(&self) -> f64 {
        self.flagged_violations as f64
            / (self.flagged_violations + self.flagged_others + self.events_flagged).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.flagged_violations as f64 / self.violations.max(1) as f64
    }
}

#[test]
fn the_posts_of_the_fixtures_are_judged_as_labelled() {
    let counts = count(&labelled("fixtures/posts/posts.jsonl"));
    assert!(counts.violations >= 30 && counts.others >= 30, "{counts:?}");
    assert!(counts.precision() >= 0.95, "{counts:?}");
    assert!(counts.recall() >= 0.95, "{counts:?}");
    assert_eq!(counts.events_flagged, 0);
    assert_eq!(counts.events_found, counts.events);
    assert!(counts.units_right * 10 >= counts.events * 9, "{counts:?}");
}

#[test]
fn the_posts_of_the_demo_are_mostly_judged_as_labelled() {
    let posts: Vec<Labelled> = ["fixtures/demo/social.jsonl", "fixtures/demo/news.jsonl"]
        .iter()
        .flat_map(|file| labelled(file))
        .collect();
    let counts = count(&posts);
    println!("{counts:?} precision {:.3} recall {:.3}", counts.precision(), counts.recall());
    assert!(counts.precision() >= 0.85, "{counts:?}");
    assert!(counts.recall() >= 0.80, "{counts:?}");
    assert_eq!(counts.events_flagged, 0);
    assert!(counts.events_found * 100 >= counts.events * 95, "{counts:?}");
}

#[test]
fn no_two_labelled_posts_share_an_id() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for post in labelled("fixtures/posts/posts.jsonl") {
        *seen.entry(post.id).or_default() += 1;
    }
    assert!(seen.values().all(|count| *count == 1));
}
