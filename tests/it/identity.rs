//! NIP and NIK: in no answer, whatever is asked; in one, for a reason that is an entry.

use std::path::Path;
use std::process::{Command, Output};

use jiff::Timestamp;
use netra::model::{Event, Role};
use netra::store::{Settings, Store};
use netra::web::access;
use serde_json::json;

use super::people::{House, Seen, Told, flag};

const T1: &str = "T-2026-00001";
const NIP: &str = "198609262015051001";
const NIK: &str = "3201014507900001";
const REASON: &str = "Mencocokkan nama dengan daftar pegawai.";

/// A finding that has a NIP and a NIK wherever there is room for words. A rule
/// found words that are a part of one.
fn everywhere() -> Told {
    Told {
        text: format!(
            "Rekan pegawai Rutan NIP 19860926 201505 1 001, mari dukung paslon nomor 02! NIK {NIK}"
        ),
        title: format!("SK {NIP} dan {NIK}"),
        author: format!("Joko {NIP} {NIK}"),
        handle: format!("@joko{NIP}_{NIK}"),
        bio: "ASN, NIP １９８６０９２６ ２０１５０５ １ ００１, NIK 32.01.01.450790.0001".into(),
        unit: format!("Rutan {NIP} {NIK}"),
        found: "201505 1".into(),
        address: format!("https://linimasa.example/s/{NIP}/{NIK}?nik={NIK}"),
        source: format!("linimasa-{NIP}-{NIK}"),
        ..Told::default()
    }
}

/// Whether a text holds one of the numbers, however it is written and wherever
/// elements cut it.
fn tells(text: &str) -> bool {
    let mut seen = String::new();
    let mut raw = String::new();
    let mut is_tag = false;
    let no_notes =
        text.split("<sup>").map(|piece| piece.split_once("</sup>").map_or(piece, |it| it.1));
    for c in no_notes.collect::<String>().chars() {
        let digit = match u32::from(c) {
            it @ 0xff10..=0xff19 => char::from_digit(it - 0xff10, 10),
            _ => Some(c).filter(char::is_ascii_digit),
        };
        is_tag = c == '<' || (is_tag && c != '>');
        raw.extend(digit);
        seen.extend(digit.filter(|_| !is_tag));
    }
    [NIP, NIK].iter().any(|number| seen.contains(number) || raw.contains(number))
}

#[test]
fn the_search_of_this_test_finds_what_it_must() {
    for text in [
        "NIP 198609262015051001",
        "<p>1986 <mark class=\"x\">0926<sup>1,2</sup></mark> 201505 1 001",
        "<a href=\"/x/3201014507900001\">",
        "１９８６０９２６ ２０１５０５ １ ００１",
    ] {
        assert!(tells(text), "{text}");
    }
    assert!(!tells("19860926 •••••• • •••"));
}

fn hides(what: &str, seen: &Seen) {
    assert!(!tells(&seen.body), "{what}: {}", seen.body);
    assert!(!tells(&format!("{:?}", seen.headers)), "{what}: {:?}", seen.headers);
}

#[tokio::test]
async fn no_page_and_no_json_shows_a_number() {
    let house = House::with(&[everywhere()]).await;
    let source = format!("linimasa-{NIP}-{NIK}");
    let mut asked = 0;
    for person in &house.demo.people {
        let mut visitor = house.visitor(&person.user).await;
        for access in access().iter().filter(|it| it.method == "GET") {
            let path = access.path.replace("{number}", T1).replace("{period}", "2026-S2");
            let path = path.replace("{token}", NIP).replace("{id}", "0");
            for query in
                ["", "?status=semua", &format!("?sumber={source}&status=semua"), "?periksa=1"]
            {
                hides(&path, &visitor.get(&format!("{path}{query}")).await);
                asked += 1;
            }
        }
        let finding = visitor.get(&format!("/temuan/{T1}")).await;
        if finding.status == 200 {
            assert!(finding.body.contains("••••••••"), "the numbers' places are shown");
        }
        for (path, fields) in forms() {
            hides(path, &visitor.post(path, &fields).await);
            asked += 1;
        }
    }
    println!("NIP and NIK searched for in {asked} answers to {} people", house.demo.people.len());
}

/// Forms whose answer gives back what was typed or what the post says.
fn forms() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    const DECISION: &str = "/temuan/T-2026-00001/keputusan";
    const TYPED: &str = "NIP orang ini 198609262015051001, NIK 3201014507900001.";
    vec![
        (DECISION, vec![("pilihan", "dugaan"), ("alasan", TYPED)]),
        (
            DECISION,
            vec![
                ("pilihan", "dugaan"),
                ("jenis", "medsos_support"),
                ("unit", "Rutan 198609262015051001"),
                ("alasan", TYPED),
            ],
        ),
        (DECISION, vec![("pilihan", "198609262015051001"), ("alasan", TYPED)]),
        (DECISION, vec![("pilihan", "tunda"), ("alasan", TYPED)]),
        ("/temuan/T-2026-00001/identitas", vec![("alasan", "198609262015051001")]),
        ("/laporan", vec![("periode", "2026-S2"), ("format", "csv")]),
        ("/laporan", vec![("periode", "2026-S2"), ("format", "html")]),
        ("/laporan", vec![("periode", "198609262015051001"), ("format", "csv")]),
    ]
}

#[tokio::test]
async fn no_answer_to_the_command_line_shows_a_number() {
    let house = House::with(&[everywhere()]).await;
    for path in access().iter().filter(|it| it.path.starts_with("/api/")) {
        let asked = path.path.replace("{number}", T1).replace("{name}", NIP).replace("{id}", "0");
        for body in [
            json!({}),
            json!({ "choice": "tunda", "reason": format!("NIP orang ini {NIP}, NIK {NIK}.") }),
            json!({ "choice": NIP, "reason": NIK, "change": NIP, "name": NIP, "role": NIK }),
        ] {
            let gives = ["/identitas", "/ekspor"].iter().any(|end| path.path.ends_with(end));
            if gives && body["reason"].is_string() && body["choice"] == "tunda" {
                // the one that shows them, see below; the other's pages are read by `export`
                continue;
            }
            let (_, answer) = house.call("kartika-unix", path.method, &asked, &body).await;
            assert!(!tells(&answer.to_string()), "{asked}: {answer}");
        }
    }
    let (_, shown) =
        house.call("kartika-unix", "GET", &format!("/api/temuan/{T1}"), &json!({})).await;
    let hit = |hit: &serde_json::Value| hit["text"].as_str().map(str::to_owned);
    let hits: Vec<_> =
        shown["verdict"]["hits"].as_array().unwrap().iter().filter_map(hit).collect();
    assert!(hits.contains(&"•••••• •".to_owned()), "words within a number are hidden: {hits:?}");
    assert!(hits.contains(&"paslon nomor 02".to_owned()), "other marks stay: {hits:?}");
}

#[tokio::test]
async fn marks_stay_where_they_were() {
    let house = House::with(&[everywhere()]).await;
    let seen = house.visitor("dewi").await.get(&format!("/temuan/{T1}")).await;
    let marks = seen.texts(".isi mark");
    let expected = ["pegawai Rutan1", "•••••• •2", "dukung3", "paslon nomor 024"];
    assert_eq!(marks, expected);
}

#[tokio::test]
async fn numbers_are_shown_once_for_a_reason_that_is_an_entry_first() {
    let house = House::with(&[everywhere()]).await;
    let mut dewi = house.visitor("dewi").await;
    let path = format!("/temuan/{T1}/identitas");
    let page = dewi.get(&format!("/temuan/{T1}")).await;
    assert!(page.body.contains("action=\"/temuan/T-2026-00001/identitas\""), "the page offers it");
    let entries = house.store.size();

    let short = dewi.post(&path, &[("alasan", "perlu")]).await;
    assert_eq!(short.status, 422);
    assert!(short.body.contains("#alasan-identitas") && !tells(&short.body));
    assert_eq!(short.texts("#identitas details[open] button"), ["Tampilkan satu kali"]);
    assert_eq!(house.store.size(), entries, "without a reason nothing is shown or written");

    let shown = dewi.post(&path, &[("alasan", REASON)]).await;
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("19860926 20150") || tells(&shown.body), "{}", shown.body);
    assert_eq!(shown.headers["cache-control"], "no-store");
    let entry = house.store.entry(entries).unwrap().unwrap();
    assert!(matches!(entry.event, Event::IdentityShown { .. }), "{entry:?}");
    assert_eq!(entry.by.0, "dewi");
    let payload = house.store.payload(entry.payload.unwrap()).unwrap();
    assert_eq!(payload, json!({ "reason": REASON }));
    let again = dewi.get(&format!("/temuan/{T1}")).await;
    assert!(!tells(&again.body), "the next answer hides them again");

    for user in ["seno", "pandu", "ani", "opi"] {
        let Some(_) = house.demo.people.iter().find(|it| it.user == user) else { continue };
        let mut visitor = house.visitor(user).await;
        let refused = visitor.post(&path, &[("alasan", REASON)]).await;
        assert_eq!(refused.status, 403, "{user}");
        assert!(!tells(&refused.body), "{user}");
    }
    assert_eq!(house.store.size(), entries + 1);
}

#[tokio::test]
async fn a_finding_without_a_number_offers_none() {
    let house = House::with_one().await;
    let seen = house.visitor("dewi").await.get(&format!("/temuan/{T1}")).await;
    assert!(!seen.body.contains("/identitas") && !seen.body.contains('•'));
}

#[tokio::test]
async fn the_ledger_holds_no_number_in_clear_and_the_payload_stays_as_it_was() {
    let house = House::with(&[everywhere()]).await;
    for entry in house.store.entries(0).map(Result::unwrap) {
        assert!(!tells(&serde_json::to_string(&entry).unwrap()), "{entry:?}");
        if let (Event::Flagged { .. }, Some(payload)) = (&entry.event, entry.payload) {
            assert!(tells(&house.store.payload(payload).unwrap().to_string()));
        }
    }
}

fn netra(folder: &Path, args: &[&str], input: &str) -> Output {
    use std::io::Write as _;
    let mut command = Command::new(env!("CARGO_BIN_EXE_netra"));
    command.args(args).arg("-c").arg(folder.join("netra.toml"));
    command.env("NO_COLOR", "1").env("NETRA_LOG", "debug");
    for pipe in [Command::stdin, Command::stdout, Command::stderr] {
        pipe(&mut command, std::process::Stdio::piped());
    }
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn no_command_prints_a_number_but_the_one_that_gives_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let config = format!("[rules]\nfolders = [{:?}]\n", rules.to_str().unwrap());
    std::fs::write(folder.join("netra.toml"), config).unwrap();
    let at = Timestamp::from_second(1_795_000_000).unwrap();
    let store = Store::create(&folder.join("data"), &Settings::default(), at).unwrap();
    flag(&store, at, &everywhere());
    drop(store);
    let me = Command::new("id").arg("-un").output().unwrap();
    let me = String::from_utf8(me.stdout).unwrap();
    let add = ["user", "add", "kartika", "--role", Role::Ketua.as_str(), "--unix", me.trim()];
    assert!(netra(folder, &add, "").status.success());

    let line = json!({
        "id": "satu", "title": format!("SK {NIP}"), "url": format!("https://a.example/{NIK}"),
        "author": { "name": format!("Joko {NIK}"), "handle": format!("@{NIP}"), "bio": NIK },
        "text": format!("Kami pegawai lapas NIP {NIP}, NIK {NIK}, mari coblos paslon nomor 2!"),
    });
    let wrong = json!({ "text": "x", "published": format!("{NIP} {NIK}") });
    let posts = format!("{line}\n{wrong}\n");
    let typed = format!("NIP orang ini {NIP}, NIK {NIK}.");
    let decide = ["review", "decide", T1, "--choice", "tunda", "--reason", &typed];
    let out = folder.join("laporan");
    let out = out.to_str().unwrap();
    for (args, input) in [
        (&["review", "show", T1][..], ""),
        (&["review", "show", T1, "--format", "json"], ""),
        (&["review", "show", NIP], ""),
        (&["review", "show", T1, "--identity", "--reason", NIP], ""),
        (&["review", "list", "--status", "semua"], ""),
        (&["review", "list", "--status", "semua", "--format", "json"], ""),
        (&decide, ""),
        (&["review", "show", T1], ""),
        (&["queue", "list"], ""),
        (&["queue", "show", NIP], ""),
        (&["report", "build", "--period", "2026-S2", "--out", out], ""),
        (&["scan", "-", "--why"], &posts),
        (&["scan", "-", "--why", "--format", "ndjson"], &posts),
    ] {
        let said = said(&netra(folder, args, input));
        assert!(!said.is_empty() && !tells(&said), "netra {args:?}: {said}");
    }
    for file in std::fs::read_dir(out).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!tells(&text) && text.contains('•'), "{text}");
    }
    let show = ["review", "show", T1, "--identity", "--reason", REASON];
    assert!(tells(&said(&netra(folder, &show, ""))));
    assert!(!netra(folder, &["review", "show", T1, "--identity"], "").status.success());
}
