//! How well the shipped rules judge the labelled sets. `-- figures:: --nocapture`
//! prints what `docs/measurements.md` keeps; the floors below it hold what was reached.

use std::collections::BTreeMap;
use std::path::PathBuf;

use netra::model::Verdict;

use crate::kit_rules::{Labelled, labelled, matcher};

/// Sets whose errors nobody has read, and from which nothing is learned.
const UNSEEN: &[&str] =
    &["unseen", "unseen2", "unseen3", "unseen4", "unseen5", "unseen6", "unseen7"];

/// A labelled post and what became of it.
struct Judged {
    gold: Labelled,
    verdict: Verdict,
}

impl Judged {
    fn is(&self, label: &str) -> bool {
        self.gold.label.as_deref() == Some(label)
    }
}

struct Figures {
    precision: f64,
    recall: f64,
    average_precision: f64,
    events: usize,
    events_found: usize,
    events_flagged: usize,
    units_right: usize,
    citizens: usize,
    citizens_flagged: usize,
    categories_right: f64,
    categories_first_or_later: f64,
}

fn judge(posts: Vec<Labelled>, with_bio: bool) -> Vec<Judged> {
    let judged = posts.into_iter().map(|gold| {
        let mut post = gold.post();
        if !with_bio {
            post.author.bio.clear();
        }
        Judged { verdict: matcher().scan(&post), gold }
    });
    judged.collect()
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Ties count as one block, so that no order inside them can help.
fn average_precision(judged: &[Judged]) -> f64 {
    let mut order: Vec<&Judged> = judged.iter().collect();
    order.sort_by(|a, b| b.verdict.score.total_cmp(&a.verdict.score));
    let violations = judged.iter().filter(|one| one.is("violation")).count();
    let (mut seen, mut found, mut sum) = (0, 0, 0.0);
    for block in order.chunk_by(|a, b| a.verdict.score.total_cmp(&b.verdict.score).is_eq()) {
        let right = block.iter().filter(|one| one.is("violation")).count();
        seen += block.len();
        found += right;
        sum += share(right, violations) * share(found, seen);
    }
    sum
}

/// A unit is right when its name says what the label says, the class left out or in.
fn same_unit(found: &str, gold: &str) -> bool {
    let plain = |name: &str| {
        let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        let mut kept = Vec::new();
        let mut skip = false;
        for word in words {
            if word == "kelas" {
                skip = true;
            } else if !std::mem::take(&mut skip) {
                kept.push(word);
            }
        }
        kept.join(" ")
    };
    found.eq_ignore_ascii_case(gold) || plain(found) == plain(gold)
}

fn figures(judged: &[Judged]) -> Figures {
    let count = |keep: &dyn Fn(&Judged) -> bool| judged.iter().filter(|one| keep(one)).count();
    let flagged = count(&|one| one.verdict.flagged);
    let hits = count(&|one| one.verdict.flagged && one.is("violation"));
    let is_event = |one: &Judged| one.is("compliance_event");
    let is_citizen = |one: &Judged| {
        one.is("not_violation") && one.gold.asn_evidence == "none" && !one.gold.target.is_empty()
    };
    let category = |one: &Judged, at: usize| {
        let named = one.verdict.categories.iter().map(|c| serde_json::to_value(c).unwrap());
        named.take(at).any(|c| c.as_str() == Some(one.gold.category.as_str()))
    };
    let right =
        |at: usize| count(&|one| one.verdict.flagged && one.is("violation") && category(one, at));
    Figures {
        precision: share(hits, flagged),
        recall: share(hits, count(&|one| one.is("violation"))),
        average_precision: average_precision(judged),
        events: count(&is_event),
        events_found: count(&|one| is_event(one) && !one.verdict.compliance.is_empty()),
        events_flagged: count(&|one| is_event(one) && one.verdict.flagged),
        units_right: count(&|one| {
            let found = one.verdict.compliance.first().and_then(|event| event.unit.as_deref());
            is_event(one) && found.is_some_and(|unit| same_unit(unit, &one.gold.unit))
        }),
        citizens: count(&is_citizen),
        citizens_flagged: count(&|one| is_citizen(one) && one.verdict.flagged),
        categories_right: share(right(1), hits),
        categories_first_or_later: share(right(usize::MAX), hits),
    }
}

fn print(name: &str, judged: &[Judged]) -> Figures {
    let f = figures(judged);
    println!(
        "{name}: n {} P {:.3} R {:.3} AP {:.3}, events {}/{} found, {} flagged, units {}, \
         citizens flagged {}/{}, category first {:.2} any {:.2}",
        judged.len(),
        f.precision,
        f.recall,
        f.average_precision,
        f.events_found,
        f.events,
        f.events_flagged,
        f.units_right,
        f.citizens_flagged,
        f.citizens,
        f.categories_right,
        f.categories_first_or_later,
    );
    f
}

fn print_by_trick(judged: &[Judged]) {
    let mut by: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in judged.iter().filter(|one| one.is("violation")) {
        let entry = by.entry(one.gold.trick.as_str()).or_default();
        entry.0 += 1;
        entry.1 += usize::from(one.verdict.flagged);
    }
    let each: Vec<String> =
        by.iter().map(|(trick, (all, found))| format!("{trick} {found}/{all}")).collect();
    println!("  recall by trick: {}", each.join(", "));
}

fn report(name: &str, file: &str) -> Figures {
    let judged = judge(labelled(file), true);
    assert!(!judged.is_empty(), "{file} holds no labelled post");
    let figures = print(name, &judged);
    print_by_trick(&judged);
    print(&format!("{name}, without profile"), &judge(labelled(file), false));
    figures
}

#[test]
fn the_posts_the_rules_were_tuned_on() {
    let f = report("tuned", "fixtures/posts/tuned.jsonl");
    assert!(f.precision >= 0.94, "precision {:.3}", f.precision);
    assert!(f.recall >= 0.80, "recall {:.3}", f.recall);
    assert!(f.average_precision >= 0.90, "average precision {:.3}", f.average_precision);
    assert_eq!(f.events_flagged, 0);
}

#[test]
fn the_posts_that_were_unseen_once() {
    let f = report("tuned, unseen once", "fixtures/posts/tuned2.jsonl");
    assert!(f.precision >= 0.92, "precision {:.3}", f.precision);
    assert!(f.recall >= 0.77, "recall {:.3}", f.recall);
    assert!(f.average_precision >= 0.87, "average precision {:.3}", f.average_precision);
    assert_eq!(f.events_flagged, 0);
}

#[test]
fn the_posts_nobody_had_seen_when_the_rules_were_written() {
    let mut all = Vec::new();
    for name in UNSEEN {
        let file = format!("fixtures/posts/{name}.jsonl");
        report(name, &file);
        all.extend(judge(labelled(&file), true));
    }
    let f = print("unseen, together", &all);
    print_by_trick(&all);
    assert!(f.precision >= 0.89, "precision {:.3}", f.precision);
    assert!(f.recall >= 0.83, "recall {:.3}", f.recall);
    assert!(f.average_precision >= 0.92, "average precision {:.3}", f.average_precision);
    assert!(f.events_found * 100 >= f.events * 95, "{} of {}", f.events_found, f.events);
    assert!(f.events_flagged * 100 <= f.events, "{} events flagged", f.events_flagged);
    assert!(f.citizens_flagged * 100 <= f.citizens * 3, "{} citizens flagged", f.citizens_flagged);
}

#[test]
fn the_posts_the_weights_were_learned_from() {
    for name in ["tuned3", "tuned4"] {
        let f = report(&format!("{name}, learned from"), &format!("fixtures/posts/{name}.jsonl"));
        assert!(f.precision >= 0.92, "precision {:.3}", f.precision);
        assert!(f.recall >= 0.85, "recall {:.3}", f.recall);
        assert_eq!(f.events_flagged, 0);
    }
}

#[test]
fn a_plain_call_by_a_civil_servant_is_flagged() {
    for (bio, text) in [
        ("", "Kami pegawai lapas, mari coblos paslon nomor 2!"),
        ("PNS", "dukung Anies"),
        ("guru SD negeri", "Ayo pilih Ganjar"),
        ("staf kecamatan", "coblos nomor 3 ya"),
        ("", "Saya ASN, dukung paslon 1"),
        ("petugas lapas", "Menangkan Prabowo"),
        ("PNS Rutan Kelas IIB Kudus", "Pilih calon nomor 2"),
        ("", "Kami ASN siap coblos 02"),
        ("guru SMPN", "Jangan pilih Prabowo"),
        ("", "Pak camat kampanye untuk paslon nomor 1"),
    ] {
        let verdict = matcher().scan(&crate::kit_rules::post(bio, text));
        assert!(verdict.flagged, "{bio}: {text}: {:?}", verdict.parts);
    }
}

/// Most of what civil servants write has nothing to do with an election.
#[test]
fn what_civil_servants_write_every_day_is_hardly_ever_flagged() {
    let everyday: Vec<&str> = include_str!("../../fixtures/posts/everyday.txt").lines().collect();
    assert!(everyday.len() >= 40);
    let profiles =
        ["PNS", "guru SD negeri", "staf kecamatan Banyumas", "petugas lapas", "ASN RSUD"];
    let all = everyday.iter().flat_map(|text| profiles.map(|bio| (bio, *text)));
    let flagged: Vec<(&str, &str)> = (all.clone())
        .filter(|(bio, text)| matcher().scan(&crate::kit_rules::post(bio, text)).flagged)
        .collect();
    println!("everyday: {} of {} flagged", flagged.len(), all.clone().count());
    assert!(flagged.len() * 100 <= all.count(), "{flagged:?}");
}

#[test]
fn citizens_of_the_demo_may_campaign() {
    let posts: Vec<Labelled> = ["fixtures/demo/social.jsonl", "fixtures/demo/news.jsonl"]
        .iter()
        .flat_map(|file| labelled(file))
        .collect();
    let f = print("demo", &judge(posts, true));
    assert!(f.citizens >= 30, "{} citizens", f.citizens);
    assert!(share(f.citizens_flagged, f.citizens) <= 0.03, "{} flagged", f.citizens_flagged);
}

/// The set that lies beside the foreign suites, if `NETRA_SUITES` says where.
#[test]
fn the_shared_set() {
    let Some(suites) = std::env::var_os("NETRA_SUITES") else {
        println!("SKIPPED 150 labelled posts: set NETRA_SUITES to the folder of suites");
        return;
    };
    let file = PathBuf::from(suites).join("../matching/dev.jsonl");
    let f = report("shared", file.to_str().unwrap());
    assert!(f.precision >= 0.95 && f.recall >= 0.93, "{:.3} {:.3}", f.precision, f.recall);
    assert!(f.average_precision >= 0.95, "average precision {:.3}", f.average_precision);
    assert_eq!(f.events_flagged, 0);
    assert!(f.events_found * 100 >= f.events * 95);
    assert!(f.units_right * 10 >= f.events * 9, "{} of {}", f.units_right, f.events);
}
