use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use netra::matcher::{Matcher, parity, prove};
use netra::model::Post;
use netra::rule::{RuleSet, codes, files, format, schema};
use proptest::prelude::*;

use crate::kit_rules::{labelled, path, post, ruleset};

fn netra(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netra"));
    command.args(args).env("NO_COLOR", "1").env_remove("NETRA_CONFIG").env_remove("NETRA_LOG");
    command
}

fn output(args: &[&str]) -> Output {
    netra(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with these files.
fn folder(content: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in content {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// A rule with this head and these conditions, and four examples.
fn rule(id: &str, head: &str, when: &str) -> String {
    let example = |hit| format!("[[test]]\ntext = \"contoh\"\nhit = {hit}\n");
    let (hit, miss) = (example(true), example(false));
    format!(
        "id = \"{id}\"\ntitle = \"Contoh\"\ndasar = \"Pedoman\"\nsign = \"aksi\"\nweight = 1.0\n\
         state = \"live\"\n{head}\n[when]\n{when}\n{hit}{hit}{miss}{miss}"
    )
}

fn loaded(folder: &Path) -> Matcher {
    let loaded = RuleSet::load(&[folder.to_owned()]);
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    Matcher::new(&loaded.ruleset.unwrap_or_else(|| panic!("{}", problems.join("\n"))))
}

fn holds(matcher: &Matcher, rule: &str, post: &Post) -> bool {
    matcher.why(post).holds.iter().any(|id| id == rule)
}

/// The shipped rule files, lists and contests.
fn shipped() -> Vec<PathBuf> {
    let mut all = Vec::new();
    files(&path("rules"), &mut all).unwrap();
    all
}

// ── codes

/// Codes are written in the loader and the clauses as `word-word` literals; a few are one word.
fn codes_in_use() -> BTreeSet<String> {
    let mut sources = Vec::new();
    let mut open = vec![path("src/rule/load"), path("src/rule/clause")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            sources.push(std::fs::read_to_string(entry.unwrap().path()).unwrap());
        }
    }
    for file in ["unit", "calendar", "skb"] {
        sources.push(std::fs::read_to_string(path(&format!("src/rule/{file}.rs"))).unwrap());
    }
    let sources: Vec<&str> =
        sources.iter().filter_map(|s| s.split("#[cfg(test)]").next()).collect();
    let literals = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let is_code = |word: &&str| {
        let parts: Vec<&str> = word.split('-').collect();
        (parts.len() > 1 || matches!(*word, "circle" | "unreadable"))
            && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase()))
    };
    literals.filter(is_code).map(str::to_owned).collect()
}

#[test]
fn every_code_is_explained_and_every_explained_code_is_in_use() {
    let mut explained: BTreeSet<String> =
        codes::CODES.iter().map(|code| code.code.to_owned()).collect();
    assert!(codes::CODES.is_sorted_by_key(|code| code.code));
    // those two are about verdicts, and told by `rules test` and `rules parity`
    assert!(explained.remove("example-fails") && explained.remove("uneven-verdict"));
    assert_eq!(codes_in_use(), explained);
}

#[test]
fn every_code_has_a_broken_file_that_shows_its_message() {
    let mut told = String::new();
    for entry in std::fs::read_dir(path("fixtures/rules")).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|e| e == "txt") {
            told += &std::fs::read_to_string(file).unwrap();
        }
    }
    // the two bounds are shown below: a fixture of five thousand files is none
    for code in
        codes_in_use().iter().filter(|c| !matches!(c.as_str(), "too-large" | "too-many-files"))
    {
        assert!(told.contains(&format!(": {code}: ")), "no broken file shows `{code}`");
    }
}

#[test]
fn a_folder_given_by_mistake_is_refused_and_not_read_whole() {
    let large = folder(&[("besar.toml", &"#".repeat(1024 * 1024 + 1))]);
    assert_eq!(RuleSet::load(&[large.path().to_owned()]).problems[0].code, "too-large");
    let many = tempfile::tempdir().unwrap();
    for number in 0..5_001 {
        std::fs::write(many.path().join(format!("{number}.toml")), "[list]\n").unwrap();
    }
    assert_eq!(RuleSet::load(&[many.path().to_owned()]).problems[0].code, "too-many-files");
}

#[test]
fn one_slip_of_the_pen_in_the_shipped_rules_is_one_problem() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    assert!(
        Command::new("cp").arg("-r").arg(path("rules")).arg(&rules).status().unwrap().success()
    );
    for file in ["peserta/peserta-nama.toml", "lexicon/aksi.toml", "lexicon/pemilu.toml"] {
        let file = rules.join(file);
        let whole = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, whole.replacen(" = ", " ", 1)).unwrap();
        let problems = RuleSet::load(std::slice::from_ref(&rules)).problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].file, file);
        std::fs::write(&file, whole).unwrap();
    }
}

// ── schema

#[test]
fn every_shipped_file_is_as_its_schema_says() {
    let of = |name| {
        let schema: serde_json::Value = serde_json::from_str(&schema::text(name).unwrap()).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    };
    let (rule, lexicon, contest) = (of("rule"), of("lexicon"), of("contest"));
    let (units, calendar) = (of("units"), of("calendar"));
    let mut counts = [0, 0, 0, 0, 0];
    for file in shipped() {
        let table: toml::Table = toml::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let (schema, count) = if table.contains_key("id") {
            (&rule, 0)
        } else if table.contains_key("list") {
            (&lexicon, 1)
        } else if table.contains_key("contestant") || table.contains_key("party") {
            (&contest, 2)
        } else if ["kind", "unit", "region", "places"].iter().any(|key| table.contains_key(*key)) {
            (&units, 3)
        } else if table.contains_key("election") {
            (&calendar, 4)
        } else {
            continue;
        };
        counts[count] += 1;
        let value = serde_json::to_value(table).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {}", file.display(), errors.join("\n"));
    }
    assert!(counts[0] > 50 && counts[1] > 5 && counts[2] > 10, "{counts:?}");
    assert!(counts[3] > 3 && counts[4] > 2, "{counts:?}");
}

#[test]
fn the_schema_refuses_what_the_loader_refuses() {
    let schema: serde_json::Value = serde_json::from_str(&schema::text("rule").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for name in [
        "unknown-key",
        "unknown-clause",
        "unknown-value",
        "near-key",
        "near-words",
        "wrong-shape",
        "missing-key",
        "unknown-kind",
        "unknown-scope",
        "unknown-field",
        "unknown-stage-clause",
        "unknown-stage-head",
        "field-in",
        "no-list-here",
        "empty-list",
        "bad-id",
        "near-sentence",
        "quoted-key",
    ] {
        let text = std::fs::read_to_string(path(&format!("fixtures/rules/{name}.toml"))).unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap();
        assert!(
            !validator.is_valid(&serde_json::to_value(table).unwrap()),
            "{name} is let through"
        );
    }
}

#[test]
fn the_schemas_of_units_and_calendars_refuse_what_the_loader_refuses() {
    for (name, text) in [
        ("units", "[[kind]]\nname = \"Lapas\"\nalias = [\"lapas\"]\n"),
        ("units", "[[kind]]\nname = \"Lapas\"\nis = [\"lonely\"]\n"),
        ("units", "[[region]]\naliases = [\"jateng\"]\n"),
        ("calendar", "[election]\nid = \"pilkada\"\ntitle = \"Pilkada\"\n"),
        (
            "calendar",
            "[election]\nid = \"p\"\ntitle = \"P\"\nregulation = \"\"\n[[stage]]\nname = \"tenang\"\nfrom = \"2024-11-24\"\nuntil = \"2024-11-26\"\n",
        ),
    ] {
        let schema: serde_json::Value = serde_json::from_str(&schema::text(name).unwrap()).unwrap();
        let table: toml::Table = toml::from_str(text).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(!validator.is_valid(&serde_json::to_value(table).unwrap()), "{text}");
        let file = folder(&[("berkas.toml", text)]);
        assert!(!RuleSet::load(&[file.path().to_owned()]).problems.is_empty(), "{text}");
    }
}

// ── style

/// Space, blank lines and comments as careless hands leave them.
fn careless(text: &str, seed: u64) -> String {
    let mut state = seed | 1;
    let mut chance = |of: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.is_multiple_of(of)
    };
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let opens_a_pair = !line.contains('"') || line.split('"').next().unwrap().contains(" = ");
        let line = match line.split_once(" = ") {
            Some((key, value)) if opens_a_pair && chance(3) => format!("{key}  ={value}  "),
            _ => line.to_owned(),
        };
        if !line.starts_with([' ', ']']) && chance(4) {
            out += &format!("\n\n  # catatan {number}\n");
        }
        out += &line;
        out += if chance(5) { "  \n" } else { "\n" };
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn styling_keeps_meaning_and_comments_and_is_done_once(which in any::<prop::sample::Index>(), seed in any::<u64>()) {
        let all = shipped();
        let text = careless(&std::fs::read_to_string(which.get(&all)).unwrap(), seed);
        let styled = format::format(&text).unwrap();
        prop_assert_eq!(&format::format(&styled).unwrap(), &styled);
        let (before, after): (toml::Table, toml::Table) = (toml::from_str(&text).unwrap(), toml::from_str(&styled).unwrap());
        prop_assert_eq!(before, after);
        let comments = |text: &str| {
            let mut all: Vec<String> = text.lines().filter_map(|l| l.trim().strip_prefix('#').map(str::to_owned)).collect();
            all.sort();
            all
        };
        prop_assert_eq!(comments(&text), comments(&styled));
    }
}

#[test]
fn styling_all_rules_gives_the_same_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    assert!(
        Command::new("cp").arg("-r").arg(path("rules")).arg(&rules).status().unwrap().success()
    );
    let mut all = Vec::new();
    files(&rules, &mut all).unwrap();
    for (seed, file) in (1..).zip(&all) {
        let text = careless(&std::fs::read_to_string(file).unwrap(), seed);
        std::fs::write(file, format::format(&text).unwrap()).unwrap();
    }
    let styled = RuleSet::load(&[rules]).ruleset.unwrap();
    let shipped = RuleSet::load(&[path("rules")]).ruleset.unwrap();
    let (styled, shipped) = (Matcher::new(&styled), Matcher::new(&shipped));
    for labelled in labelled("fixtures/posts/posts.jsonl") {
        let post = labelled.post();
        let (mut here, there) = (styled.scan(&post), shipped.scan(&post));
        here.ruleset.clone_from(&there.ruleset);
        assert_eq!(here, there, "{}", labelled.id);
    }
}

#[test]
fn the_style_is_as_shown() {
    let careless = "#:schema ../schema/rule.schema.json\nstate=\"live\"   # sudah\nid = \"contoh\"\n\n\n\n# syarat\n[when]\nany=[ \"satu\",\n\"dua\", # dua kata\n \"tiga\"]\nnear={a=[\"x\"],b=[ \"y\" ]}\n[[test]]\nhit=true\n\n# akhir\n";
    insta::assert_snapshot!(format::format(careless).unwrap());
}

// ── entries on terms

#[test]
fn an_ambiguous_entry_counts_only_in_company() {
    let folder = folder(&[
        (
            "kata.toml",
            "[list]\nlambang = [{ text = \"banteng\", ambiguous = true }, \"nomor urut 3\"]\n",
        ),
        ("pemilu.toml", "[list]\numum = [\"pilkada\", { text = \"banteng\", ambiguous = true }]\n"),
        ("contoh.toml", &rule("contoh", "", "any = [\"@kata.lambang\"]")),
    ]);
    let matcher = loaded(folder.path());
    let holds = |text: &str| holds(&matcher, "contoh", &post("", text));
    assert!(!holds("banteng lewat di ladang"));
    assert!(!holds("banteng banteng"), "a marked entry is no company, not for itself either");
    assert!(holds("banteng di pilkada nanti"));
    assert!(holds("nomor urut 3 saja"), "an unmarked entry needs none");
    let mut elsewhere = post("", "banteng lewat");
    elsewhere.title = "Pilkada".to_owned();
    assert!(self::holds(&matcher, "contoh", &elsewhere), "company may stand in another field");
}

#[test]
fn an_entry_of_a_region_counts_where_the_region_is_named() {
    let folder = folder(&[
        (
            "kata.toml",
            "[list]\nsebutan = [{ text = \"mas wali\", region = \"Kota Contoh\" }, { text = \"pak lik\", region = \"@wilayah.jateng\" }]\n",
        ),
        ("wilayah.toml", "[list]\njateng = [\"jawa tengah\", \"jateng\"]\n"),
        ("contoh.toml", &rule("contoh", "", "any = [\"@kata.sebutan\"]")),
    ]);
    let matcher = loaded(folder.path());
    assert!(!holds(&matcher, "contoh", &post("", "siap mas wali")));
    assert!(!holds(&matcher, "contoh", &post("warga jateng", "siap mas wali")));
    assert!(holds(&matcher, "contoh", &post("warga Kota Contoh", "siap mas wali")));
    assert!(holds(&matcher, "contoh", &post("warga jateng", "siap pak lik")));
}

#[test]
fn the_same_words_may_count_in_two_lists_on_two_terms() {
    let folder = folder(&[
        (
            "kata.toml",
            "[list]\nlama = [{ text = \"pak bupati\", until = \"2024-11-27\" }]\nbaru = [{ text = \"pak bupati\", from = \"2025-02-20\" }]\n",
        ),
        ("lama.toml", &rule("lama", "", "any = [\"@kata.lama\"]")),
        ("baru.toml", &rule("baru", "", "any = [\"@kata.baru\"]")),
    ]);
    let matcher = loaded(folder.path());
    let mut dated = post("", "siap pak bupati");
    dated.published = Some("2025-06-01T00:00:00Z".parse().unwrap());
    assert_eq!(matcher.why(&dated).holds, ["baru"]);
    dated.published = Some("2024-06-01T00:00:00Z".parse().unwrap());
    assert_eq!(matcher.why(&dated).holds, ["lama"]);
}

// ── clauses

#[test]
fn the_clauses_phrase_field_stage_and_near_in_a_sentence_do_as_they_say() {
    let folder = folder(&[
        ("frasa.toml", &rule("frasa", "", "phrase = [\"coblos nomor dua\"]")),
        ("judul.toml", &rule("judul", "", "field = { in = [\"title\"], any = [\"coblos\"] }")),
        (
            "dekat.toml",
            &rule(
                "dekat",
                "",
                "near = { a = [\"satu\"], b = [\"dua\"], words = 9, sentence = true }",
            ),
        ),
        ("tenang.toml", &rule("tenang", "stage = \"masa_tenang\"", "any = [\"masa tenang\"]")),
        (
            "tahap.toml",
            &rule("tahap", "", "any = [\"coblos\"]\nstage = [\"masa_tenang\", \"pemungutan\"]"),
        ),
    ]);
    let matcher = loaded(folder.path());
    let why = |text: &str| matcher.why(&post("", text)).holds;
    assert_eq!(why("ayo coblos nomor dua"), ["frasa"]);
    assert!(why("coblos saja nomor dua").is_empty());
    assert_eq!(why("satu lalu dua"), ["dekat"]);
    assert!(why("ini satu. itu dua").is_empty());
    assert_eq!(why("coblos di masa tenang"), ["tenang", "tahap"]);
    let mut titled = post("", "pagi");
    titled.title = "Ayo coblos".to_owned();
    assert_eq!(matcher.why(&titled).holds, ["judul"]);
}

// ── parity

/// All examples and labelled posts.
fn all_posts() -> Vec<(String, Post)> {
    let tests = ruleset().rules().iter().flat_map(|rule| {
        rule.tests.iter().map(|test| (format!("rule {}", rule.id), prove::post(test)))
    });
    let files = [
        "fixtures/posts/posts.jsonl",
        "fixtures/posts/tuned2.jsonl",
        "fixtures/posts/unseen.jsonl",
        "fixtures/demo/social.jsonl",
        "fixtures/demo/news.jsonl",
    ];
    let fixtures = files.into_iter().flat_map(|file| {
        labelled(file).into_iter().map(move |l| (format!("{file} {}", l.id), l.post()))
    });
    tests.chain(fixtures).collect()
}

#[test]
fn no_verdict_hangs_on_which_contestant_is_meant() {
    // the shipped contests: the invented one has the colour of an inked finger
    let shipped = Matcher::new(&RuleSet::load(&[path("rules")]).ruleset.unwrap());
    let parity = parity::check(&shipped, &all_posts());
    let told: Vec<String> = parity
        .differences
        .iter()
        .map(|d| format!("{}: {} -> {}: {:?}", d.origin, d.from, d.to, d.parts))
        .collect();
    println!("{} of {} exchanges differ\n{}", told.len(), parity.compared, told.join("\n"));
    assert!(parity.compared > 2_000, "{}", parity.compared);
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn a_rule_that_names_a_contestant_is_found_by_its_uneven_verdicts() {
    let folder = folder(&[(
        "curang.toml",
        &rule(
            "curang",
            "",
            "pattern = { regex = 'danang kertapati|nomor 2|pfk', start = [\"dukung\", \"coblos\"] }",
        ),
    )]);
    let rules = [path("fixtures/demo/contest.toml"), folder.path().to_owned()];
    let matcher = Matcher::new(&RuleSet::load(&rules).ruleset.unwrap());
    for text in ["dukung Bramantya Suwirya", "coblos nomor 1", "dukung PTNB"] {
        let parity = parity::check(&matcher, &[("teks".to_owned(), post("PNS", text))]);
        let named =
            parity.differences.iter().any(|d| d.parts.iter().any(|(rule, ..)| rule == "curang"));
        assert!(named, "{text}: {parity:?}");
    }
}

// ── the verbs

#[test]
fn check_answers_in_four_formats_with_the_exit_code_of_its_answer() {
    let broken = path("fixtures/rules/unknown-key.toml");
    let broken = broken.to_str().unwrap();
    let check = output(&["rules", "check", broken]);
    assert_eq!(check.status.code(), Some(1));
    let told = text(&check.stdout);
    assert!(
        told.contains("error[unknown-key]") && told.contains("^^^") && told.contains("= help"),
        "{told}"
    );
    assert!(text(&check.stderr).contains("next: netra rules explain unknown-key"));
    assert_eq!(output(&["rules", "check", broken, "--exit-zero"]).status.code(), Some(0));
    assert_eq!(output(&["rules", "check", "tidak/ada"]).status.code(), Some(66));
    assert_eq!(output(&["rules", "check", broken, "--format", "yaml"]).status.code(), Some(2));

    let json: serde_json::Value =
        serde_json::from_slice(&output(&["rules", "check", broken, "--format", "json"]).stdout)
            .unwrap();
    assert_eq!(json["schema"], "netra.rules-check/1");
    assert_eq!(json["problems"][0]["code"], "unknown-key");
    assert!(json["problems"][0]["end_column"].as_u64() > json["problems"][0]["column"].as_u64());

    let sarif: serde_json::Value =
        serde_json::from_slice(&output(&["rules", "check", broken, "--format", "sarif"]).stdout)
            .unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "unknown-key");
    assert_eq!(
        result["locations"][0]["physicalLocation"]["region"]["startLine"],
        json["problems"][0]["line"]
    );
    let known = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(known.iter().any(|rule| rule["id"] == "unknown-key"));

    let github = text(&output(&["rules", "check", broken, "--format", "github"]).stdout);
    assert!(
        github.starts_with("::error file=") && github.contains("title=unknown-key::"),
        "{github}"
    );
    assert_eq!(github.lines().count(), 1);
}

#[test]
fn test_names_the_failing_example_at_its_place() {
    let folder = folder(&[("contoh.toml", &rule("contoh", "", "any = [\"contoh\"]"))]);
    let test = output(&["rules", "test", folder.path().to_str().unwrap()]);
    assert_eq!(test.status.code(), Some(1));
    let told = text(&test.stdout);
    assert!(
        told.contains("error[example-fails]: contoh: the rule must not hold, but does"),
        "{told}"
    );
    assert!(told.contains("4 examples: 2 fail"), "{told}");
    let mut fine = rule("contoh", "", "any = [\"contoh\"]");
    fine = fine.replace("\"contoh\"\nhit = false", "\"lain\"\nhit = false");
    std::fs::write(folder.path().join("contoh.toml"), fine).unwrap();
    let fine = output(&["rules", "test", folder.path().to_str().unwrap()]);
    assert_eq!(fine.status.code(), Some(0), "{}", text(&fine.stdout));
    assert!(text(&fine.stderr).contains("next: netra rules parity"));
}

#[test]
fn new_begins_a_rule_that_loads_is_styled_and_knows_its_schema() {
    let home = tempfile::tempdir().unwrap();
    assert!(output(&["init", "--dir", home.path().to_str().unwrap()]).status.success());
    let rules = home.path().join("rules");
    for schema in schema::SCHEMAS {
        let file = rules.join(format!("schema/{schema}.schema.json"));
        assert_eq!(std::fs::read_to_string(file).ok(), schema::text(schema));
    }
    let rules = rules.to_str().unwrap();
    for sign in ["asn", "peserta", "aksi", "konteks", "penjaga", "kepatuhan"] {
        let id = format!("rancangan-{sign}");
        let new = output(&["rules", "new", &id, "--sign", sign, "--dir", rules]);
        assert_eq!(new.status.code(), Some(0), "{}", text(&new.stderr));
        let written =
            std::fs::read_to_string(home.path().join(format!("rules/{id}.toml"))).unwrap();
        assert!(written.starts_with("#:schema schema/rule.schema.json\n"), "{written}");
        assert_eq!(format::format(&written).unwrap(), written);
    }
    assert_eq!(output(&["rules", "new", "rancangan-aksi", "--dir", rules]).status.code(), Some(73));
    assert_eq!(output(&["rules", "new", "Dua Kata", "--dir", rules]).status.code(), Some(2));
    let check = output(&["rules", "check", rules]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
}

#[test]
fn explain_tells_a_rule_a_list_and_a_code_and_the_nearest_name() {
    let rules = path("rules");
    let explain =
        |what: &str| output(&["rules", "explain", what, "--rules", rules.to_str().unwrap()]);
    let rule = text(&explain("aksi-dukung").stdout);
    for part in [
        "dasar",
        "weight",
        "state     live",
        "medsos_support",
        "holds if",
        "@aksi.dukung (",
        " more",
        "hit   saya dukung Anies",
        "miss ",
    ] {
        assert!(rule.contains(part), "{part} in {rule}");
    }
    assert!(text(&explain("@aksi.memilih").stdout).contains("pilih, milih, "));
    for code in codes::CODES {
        let told = text(&explain(code.code).stdout);
        assert!(told.contains(code.meaning) && told.contains("what to do:"), "{told}");
    }
    let unknown = explain("aksi-dukun");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        text(&unknown.stderr).contains("did you mean `aksi-dukung`?"),
        "{}",
        text(&unknown.stderr)
    );
}

#[test]
fn fmt_writes_once_and_check_only_tells() {
    let folder =
        folder(&[("contoh.toml", "state=\"draft\"\nid=\"contoh\"\n"), ("rusak.toml", "id = \n")]);
    let dir = folder.path().to_str().unwrap();
    let file = folder.path().join("contoh.toml");
    let check = output(&["rules", "fmt", "--check", dir]);
    assert_eq!(check.status.code(), Some(1));
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("state=\"draft\""));
    let wrote = output(&["rules", "fmt", dir]);
    assert_eq!(wrote.status.code(), Some(1), "a file that is no TOML is left and told");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "id = \"contoh\"\nstate = \"draft\"\n");
    assert_eq!(std::fs::read_to_string(folder.path().join("rusak.toml")).unwrap(), "id = \n");
    std::fs::remove_file(folder.path().join("rusak.toml")).unwrap();
    assert_eq!(output(&["rules", "fmt", "--check", dir]).status.code(), Some(0));
}

#[test]
fn parity_tells_the_rule_the_forms_and_the_parts_that_differ() {
    let curang = folder(&[(
        "curang.toml",
        &rule("curang", "", "pattern = { regex = 'danang kertapati', start = [\"dukung\"] }"),
    )]);
    let text_file = curang.path().join("teks.txt");
    std::fs::write(&text_file, "Saya ASN, dukung Bramantya Suwirya\n").unwrap();
    let contest = path("fixtures/demo/contest.toml");
    let args = [
        "rules",
        "parity",
        contest.to_str().unwrap(),
        curang.path().to_str().unwrap(),
        "--text",
        text_file.to_str().unwrap(),
        "--format",
        "json",
    ]
    .map(str::to_owned);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let parity = output(&args);
    assert_eq!(parity.status.code(), Some(1), "{}", text(&parity.stderr));
    let json: serde_json::Value = serde_json::from_slice(&parity.stdout).unwrap();
    assert_eq!(json["schema"], "netra.rules-parity/1");
    let differences = json["differences"].as_array().unwrap();
    let given =
        differences.iter().find(|d| d["origin"].as_str().unwrap().contains("teks.txt:1")).unwrap();
    assert_eq!(given["forms"][0][0], "Bramantya Suwirya");
    assert_eq!(given["forms"][0][1], "Danang Kertapati");
    assert_eq!(given["parts"][0]["rule"], "curang");
}

/// What a watching program says, line by line.
#[test]
fn watch_checks_again_when_a_file_is_saved_and_ends_with_ctrl_c() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;
    let folder = folder(&[("contoh.toml", &rule("contoh", "", "any = [\"contoh\"]"))]);
    let mut child = netra(&["rules", "check", folder.path().to_str().unwrap(), "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut notes = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut until =
        |what: &str| answers.find(|line| line.as_ref().unwrap().contains(what)).is_some();
    assert!(until("1 rules: fine"));
    assert!(notes.any(|line| line.unwrap().contains("Ctrl-C to stop")));
    let file = folder.path().join("contoh.toml");
    std::fs::write(&file, rule("contoh", "", "aney = [\"contoh\"]")).unwrap();
    assert!(until("error[unknown-clause]"));
    std::fs::write(&file, rule("contoh", "", "any = [\"contoh\", \"lagi\"]")).unwrap();
    assert!(until("1 rules: fine"));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert!(!child.wait().unwrap().success());
}

// ── why

fn scanned(input: &[u8], args: &[&str]) -> (String, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    let rules = path("rules");
    let mut command = netra(&["scan", "-", "--rules", rules.to_str().unwrap()]);
    let mut child = command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn nearly_is_a_rule_whose_words_stand_there_and_that_lacked_one_clause() {
    let folder = folder(&[
        ("dua.toml", &rule("dua", "", "any = [\"dukung\"]\nnone = [\"timnas\"]")),
        ("tiga.toml", &rule("tiga", "", "all = [\"kampanye\", \"akbar\"]\nkind = [\"post\"]")),
        ("jenis.toml", &rule("jenis", "", "any = [\"baliho\"]\nkind = [\"post\"]")),
    ]);
    let matcher = loaded(folder.path());
    let nearly = |text: &str| matcher.why(&post("", text)).nearly;
    let missing = |rule: &str, what: &str| vec![(rule.to_owned(), what.to_owned())];
    assert_eq!(nearly("kami dukung timnas"), missing("dua", "none of “timnas”"));
    assert!(nearly("pagi semua").is_empty(), "that the kind fits is not nearly a sign");
    assert!(nearly("dukung saja").is_empty(), "what holds did not nearly hold");
}

#[test]
fn why_names_the_guard_its_words_and_the_folded_form() {
    let (out, errors) =
        scanned("Penertiban baliho semua partai oleh Satpol PP".as_bytes(), &["--why"]);
    assert!(out.contains("spared by: jaga-tugas at \"Penertiban"), "{out}");
    assert!(out.contains("folded: penertiban baliho"), "{out}");
    assert_eq!(errors, "");
}

#[test]
fn what_is_clean_is_named_and_what_is_hardly_a_text_is_told() {
    let (out, errors) = scanned(b"selamat pagi", &[]);
    assert!(out.starts_with("<stdin>: no sign\nscore 0 < "), "{out}");
    assert_eq!(errors, "");
    let (out, errors) = scanned(b"", &[]);
    assert!(
        out.contains("<stdin>: no sign") && errors.contains("<stdin>: warning: there is no text"),
        "{out}{errors}"
    );
    let (out, errors) = scanned(b"selamat \xff pagi", &[]);
    assert!(
        out.contains("no sign") && errors.contains("warning: invalid UTF-8 at byte 8"),
        "{out}{errors}"
    );
}
