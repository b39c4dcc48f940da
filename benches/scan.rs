//! The whole scan (fold, match, scopes, guards, score) with the shipped rules,
//! one thread, against a bare aho-corasick DFA pass for the same literals over
//! the same bytes in the same run.
//!
//! The posts are generated: most are daily life, eight in a hundred political,
//! one in a hundred disguised, a fifth with characters beyond ASCII.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

use std::path::Path;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use netra::matcher::Matcher;
use netra::model::{Author, Post, PostId, PostKind};
use netra::rule::RuleSet;

fn main() {
    divan::main();
}

const POSTS: usize = 10_000;

/// A linear congruential generator with a fixed seed (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn pick<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }
}

const DAILY: &[&str] = &[
    "pagi",
    "hujan",
    "macet",
    "lagi",
    "anak",
    "sekolah",
    "makan",
    "bakso",
    "enak",
    "banget",
    "nanti",
    "malam",
    "nonton",
    "film",
    "sama",
    "teman",
    "kerja",
    "capek",
    "libur",
    "besok",
    "pasar",
    "harga",
    "beras",
    "naik",
    "motor",
    "bensin",
    "rumah",
    "ibu",
    "bapak",
    "adik",
    "lucu",
    "kucing",
    "foto",
    "senja",
    "kopi",
    "warung",
    "jalan",
    "rusak",
    "lampu",
    "mati",
    "air",
    "bola",
    "gol",
    "skor",
    "hari",
    "ini",
    "itu",
    "yang",
    "dan",
    "di",
    "ke",
    "dari",
    "untuk",
    "sudah",
    "belum",
    "mau",
    "bisa",
    "saja",
    "juga",
    "kalau",
    "https://contoh.id/a1",
    "sarapan",
    "berangkat",
    "pulang",
    "belanja",
    "masak",
    "sayur",
    "ikan",
    "kolam",
    "hobi",
    "lari",
    "sepeda",
    "gunung",
    "pantai",
];
const POLITICAL: &[&str] = &[
    "coblos nomor 2",
    "dukung paslon",
    "debat capres",
    "kampanye akbar",
    "harga mati",
    "satu putaran",
    "tim sukses",
    "pilih nomor 1",
    "baliho caleg",
    "relawan",
    "partai",
    "siap menang",
    "netralitas ASN",
    "Bawaslu periksa camat",
    "jangan golput",
    "surat suara",
];
const DISGUISED: &[&str] = &[
    "c0bl0s",
    "duk*ng",
    "k.a.m.p.a.n.y.e",
    "menaaang",
    "p@slon",
    "ｃｏｂｌｏｓ",
    "dukуng",
    "n0m0r 2️⃣",
];
const BEYOND: &[&str] = &["😂", "🙏", "❤️", "é", "“oke”", "…", "👍", "✌️"];
const BIOS: &[&str] = &[
    "",
    "",
    "",
    "ibu rumah tangga",
    "pedagang",
    "mahasiswa",
    "PNS Dinas Sosial",
    "guru",
    "petani",
];

fn posts() -> Vec<Post> {
    let mut dice = Dice(7);
    (0..POSTS)
        .map(|number| {
            let (political, disguised, beyond) =
                (dice.below(100) < 8, dice.below(100) < 1, dice.below(100) < 19);
            let mut words: Vec<&str> = (0..15 + dice.below(20)).map(|_| dice.pick(DAILY)).collect();
            for (wanted, from) in [(political, POLITICAL), (disguised, DISGUISED), (beyond, BEYOND)]
            {
                if wanted {
                    let at = dice.below(words.len());
                    words.insert(at, dice.pick(from));
                }
            }
            let bio = dice.pick(BIOS).to_owned();
            Post {
                id: PostId(number.to_string()),
                source: "bench".to_owned(),
                kind: PostKind::Post,
                platform: String::new(),
                address: None,
                author: Author { name: "warga".to_owned(), handle: String::new(), bio },
                title: String::new(),
                text: words.join(" "),
                published: None,
            }
        })
        .collect()
}

fn bytes(posts: &[Post]) -> usize {
    posts.iter().map(|post| post.text.len() + post.author.bio.len() + post.author.name.len()).sum()
}

/// All entries of all word lists, as plain strings.
fn literals() -> Vec<String> {
    fn strings(value: &toml::Value, out: &mut Vec<String>) {
        match value {
            toml::Value::String(text) if !text.starts_with('@') => {
                out.push(text.trim_end_matches(['~', '*']).to_lowercase());
            }
            toml::Value::Array(values) => values.iter().for_each(|value| strings(value, out)),
            toml::Value::Table(table) => table.values().for_each(|value| strings(value, out)),
            _ => {}
        }
    }
    fn walk(folder: &Path, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else {
                let table: toml::Table =
                    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
                strings(&toml::Value::Table(table), out);
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/lexicon"), &mut out);
    out.sort_unstable();
    out.dedup();
    out.retain(|literal| literal.len() > 1);
    out
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn whole_scan(bencher: Bencher<'_, '_>) {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let matcher = Matcher::new(&RuleSet::load(&[rules]).ruleset.unwrap());
    let posts = posts();
    bencher
        .counter(BytesCount::new(bytes(&posts)))
        .counter(ItemsCount::new(posts.len()))
        .bench_local(|| posts.iter().filter(|post| black_box(matcher.scan(post)).flagged).count());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn bare_aho_corasick_dfa(bencher: Bencher<'_, '_>) {
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(literals())
        .unwrap();
    let posts = posts();
    bencher
        .counter(BytesCount::new(bytes(&posts)))
        .counter(ItemsCount::new(posts.len()))
        .bench_local(|| {
            let mut hits = 0;
            for post in &posts {
                for text in [&post.text, &post.author.bio, &post.author.name] {
                    hits += automaton.find_overlapping_iter(text.as_str()).count();
                }
            }
            black_box(hits)
        });
}
