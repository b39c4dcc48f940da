use std::path::{Path, PathBuf};

use netra::matcher::Matcher;
use netra::model::{AsnEvidence, CandidateStatus, Post, Verdict};
use netra::rule::RuleSet;
use netra::rule::calendar::Bearing;

use crate::kit_rules::{matcher, path, post, ruleset};
use crate::people::House;

fn on(day: &str, bio: &str, text: &str) -> Verdict {
    let mut post: Post = post(bio, text);
    post.published = Some(format!("{day}T05:00:00Z").parse().unwrap());
    matcher().scan(&post)
}

fn rows(verdict: &Verdict) -> Vec<&str> {
    verdict.skb.iter().map(|row| row.row.as_str()).collect()
}

const SUPPORT: &str = "saya dukung Anies, ayo menangkan";

#[test]
fn the_day_of_publication_tells_the_stage_of_every_running_election() {
    let verdict = on("2024-02-12", "PNS", SUPPORT);
    let stages: Vec<(&str, &str)> =
        verdict.stages.iter().map(|at| (at.election.as_str(), at.stage.as_str())).collect();
    assert_eq!(stages, [("pemilu-2024", "masa_tenang"), ("pilkada-2024", "pra")]);
    assert_eq!(verdict.stage, "masa_tenang");
    assert_eq!(on("2024-10-01", "PNS", "saya dukung Andika-Hendi").stage, "kampanye");
}

#[test]
fn without_a_date_the_words_of_the_text_tell_the_stage() {
    let verdict = matcher().scan(&post("PNS", "masa tenang, tetap dukung Anies"));
    assert_eq!(verdict.stage, "masa_tenang");
    assert!(verdict.stages.is_empty());
    assert_eq!(matcher().scan(&post("PNS", "saya suka Anies")).stage, "unspecified");
}

#[test]
fn outside_the_stages_netra_goes_on() {
    let verdict = on("2026-11-01", "PNS", "saya PNS, coblos nomor 2 ya kawan kantor");
    assert_eq!(verdict.stage, "pasca");
    assert!(verdict.stages.is_empty());
    let inside = matcher().scan(&post("PNS", "saya PNS, coblos nomor 2 ya kawan kantor"));
    assert_eq!((verdict.flagged, verdict.score), (inside.flagged, inside.score));
}

#[test]
fn the_same_act_falls_under_another_row_once_candidates_are_determined() {
    let before = on("2023-11-12", "PNS", SUPPORT);
    let after = on("2023-11-13", "PNS", SUPPORT);
    assert_eq!(before.stages[0].status, CandidateStatus::BakalCalon);
    assert_eq!(after.stages[0].status, CandidateStatus::Calon);
    assert!(rows(&before).iter().all(|row| row.starts_with('E')), "{:?}", rows(&before));
    assert!(rows(&after).iter().all(|row| row.starts_with('D')), "{:?}", rows(&after));
    assert!(rows(&after).contains(&"D6"));
    assert!(after.skb.iter().all(|row| !row.verified && !row.text.is_empty()));
}

#[test]
fn the_narrowest_determination_counts_by_contest_and_by_region() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("contoh.toml");
    std::fs::write(
        &file,
        "[election]\nid = \"contoh\"\ntitle = \"Contoh\"\nregulation = \"PKPU contoh\"\n\
         contests = [\"pilbup-*\"]\n\
         [[stage]]\nname = \"pendaftaran\"\nfrom = \"2030-01-01\"\nuntil = \"2030-12-31\"\n\
         [[determination]]\ndate = \"2030-06-01\"\n\
         [[determination]]\nregions = [\"Kudus\"]\ndate = \"2030-09-01\"\n\
         [[determination]]\ncontests = [\"pilbup-contoh\"]\ndate = \"2030-03-01\"\n",
    )
    .unwrap();
    let loaded = RuleSet::load(&[file]);
    assert_eq!(loaded.problems, []);
    let ruleset = loaded.ruleset.unwrap();
    let status = |contests: &[&str], region| {
        let day = Some("2030-07-01".parse().unwrap());
        let post = Bearing { day, cue: None, contests, region };
        ruleset.calendar().running(post)[0].status
    };
    assert_eq!(status(&[], None), CandidateStatus::Calon);
    assert_eq!(status(&[], Some("Kudus")), CandidateStatus::BakalCalon);
    assert_eq!(status(&["pilbup-contoh"], Some("Pati")), CandidateStatus::Calon);
}

fn copied(from: &Path, to: &Path, without: &str) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name.to_string_lossy() == without {
            continue;
        }
        if entry.path().is_dir() {
            copied(&entry.path(), &to.join(name), without);
        } else {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

#[test]
fn without_the_decree_and_the_calendar_every_score_and_flag_stays() {
    let dir = tempfile::tempdir().unwrap();
    let rules: PathBuf = dir.path().join("rules");
    copied(&path("rules"), &rules, "skb.toml");
    std::fs::remove_dir_all(rules.join("calendar")).unwrap();
    let loaded = RuleSet::load(&[rules, path("fixtures/demo/contest.toml")]);
    let bare = Matcher::new(&loaded.ruleset.unwrap());
    let mut with_rows = 0;
    for labelled in crate::kit_rules::labelled("fixtures/posts/posts.jsonl") {
        let post = labelled.post();
        let (with, without) = (matcher().scan(&post), bare.scan(&post));
        with_rows += usize::from(!with.skb.is_empty());
        assert!(without.skb.is_empty() && without.stages.is_empty());
        assert_eq!((with.flagged, with.score), (without.flagged, without.score), "{}", post.text);
    }
    assert!(with_rows > 10);
}

#[test]
fn every_category_of_a_finding_has_a_row_at_every_time() {
    use netra::model::Category;
    let all = [
        Category::MoneyBansos,
        Category::FavouringDecision,
        Category::MobiliseSubordinates,
        Category::BacalegPartyMembership,
        Category::ApproachParty,
        Category::UseStateFacility,
        Category::DeclareSupportAlatPeraga,
        Category::Other,
        Category::AttendCampaign,
        Category::FotoBersamaSimbolJari,
        Category::Smear,
        Category::MedsosSupport,
    ];
    let times =
        [CandidateStatus::BakalCalon, CandidateStatus::Calon, CandidateStatus::DiLuarTahapan];
    for category in all {
        for time in times {
            let rows = ruleset().skb().rows(&[category], &[time]);
            assert!(!rows.is_empty(), "{category:?} {time:?}");
        }
    }
}

#[test]
fn the_link_to_the_civil_service_is_told_by_how_plain_it_is() {
    assert_eq!(matcher().scan(&post("PNS", SUPPORT)).asn_evidence, AsnEvidence::Explicit);
    assert_eq!(matcher().scan(&post("", SUPPORT)).asn_evidence, AsnEvidence::None);
    let implied = matcher().scan(&post("", "habis apel pagi lanjut SPJ, dukung Anies dong"));
    assert_eq!(implied.asn_evidence, AsnEvidence::Implicit);
}

#[test]
fn why_tells_rows_stages_and_what_the_unit_stood_below() {
    use netra::cli::answer::{Options, scan};
    let told = |text: &str| {
        let options = Options { why: true, ..Options::default() };
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        let line = serde_json::json!({
            "author": { "bio": "PNS Rutan Kelas IIB Kudus" }, "text": text, "published": "2024-01-29",
        });
        let line = line.to_string();
        scan(matcher(), "in", &mut line.as_bytes(), options, &mut out, &mut errors).unwrap();
        String::from_utf8(out).unwrap()
    };
    let told = told(SUPPORT);
    for line in [
        "asn: explicit",
        "stage: pemilu-2024 kampanye, calon",
        "(belum diperiksa terhadap naskah resmi)",
        "unit: Rutan Kelas IIB Kudus, below Kanwil Kemenkumham Jawa Tengah",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
}

#[test]
fn a_compliance_event_tells_how_many_took_part() {
    let told = "Sebanyak 87 pegawai Rutan Kelas IIB Kudus menandatangani ikrar netralitas.";
    let verdict = matcher().scan(&post("", told));
    assert_eq!(verdict.compliance[0].signers, Some(87));
    // an entry from before the field was there
    let before: netra::model::Compliance =
        serde_json::from_str(r#"{"event":"ikrar","unit":"Rutan Kudus","date":null}"#).unwrap();
    assert_eq!(before.signers, None);
}

#[test]
fn the_shipped_calendars_name_their_regulation_and_leave_the_next_election_open() {
    let elections = ruleset().calendar().elections();
    let regulation = |id: &str| {
        let of = elections.iter().find(|file| file.election.id.as_ref() == id).unwrap();
        of.election.regulation.as_str()
    };
    assert_eq!(regulation("pemilu-2024"), "PKPU Nomor 3 Tahun 2022");
    assert_eq!(regulation("pilkada-2024"), "PKPU Nomor 2 Tahun 2024");
    assert!(elections.iter().any(|file| file.stage.is_empty()));
}

#[tokio::test]
async fn the_page_of_a_finding_shows_the_rows_and_that_they_are_unchecked() {
    let house = House::with_one().await;
    let mut dewi = house.visitor("dewi").await;
    let list = dewi.get("/antrean").await;
    let page = list.attribute("a[href^='/temuan/']", "href").unwrap();
    let seen = dewi.get(&page).await;
    assert_eq!(
        seen.texts("ul.skb li"),
        ["D6 Membuat unggahan bagi calon. (belum diperiksa terhadap naskah resmi)"]
    );
    assert!(seen.body.contains("Tautan dengan pegawai negara: tersurat."), "{}", seen.body);
    assert!(seen.body.contains("tidak memengaruhi skor"));
}
