//! What an export tells, and to whom; what is recorded before it is given.

use std::io::Read as _;

use netra::model::{Digest, Draft, Event};
use netra::store::payload::{name, pack};
use serde_json::Value;

use super::{EXPORT, Files, REASON, T1, WHY, agreed, dugaan, export_as, text, unpacked};
use crate::people::{House, Told};

/// Words that stand nowhere else: whoever sees them sees the first one's reason.
const SECRET: &str = "Rahasia penilai pertama: zamrud kuning.";

/// All that an export says, captures unpacked.
fn everything(files: &Files) -> String {
    let mut told = String::new();
    for (path, bytes) in files {
        let mut plain = bytes.clone();
        if path.contains("captures/") {
            plain.clear();
            flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
        }
        told.push_str(&String::from_utf8_lossy(&plain));
    }
    told
}

fn json(files: &Files, path: &str) -> Value {
    serde_json::from_slice(&files[path]).unwrap()
}

#[tokio::test]
async fn an_export_is_an_entry_with_the_digest_of_what_was_given() {
    let house = agreed().await;
    let before = house.store.size();
    let files = unpacked(&export_as(&house, "seno").await);
    // whoever opens the page to ask for it is an entry before
    let entry = house.store.entry(before + 1).unwrap().unwrap();
    let Event::Exported { finding, manifest } = &entry.event else { panic!("{entry:?}") };
    assert_eq!(*manifest, Digest::of(&files["manifest-sha256.txt"]));
    let flagged = house.store.entry(1).unwrap().unwrap();
    assert!(matches!(flagged.event, Event::Flagged { finding: of, .. } if of == *finding));
    assert_eq!(entry.by.0, "seno");
    let payload = house.store.payload(entry.payload.unwrap()).unwrap();
    assert_eq!(payload["reason"], REASON);
    assert_eq!(json(&files, "export/entry.json"), serde_json::to_value(&entry).unwrap());
    assert_eq!(house.store.size(), before + 2);
    // the next one tells of this one
    let files = unpacked(&export_as(&house, "pandu").await);
    let custody = json(&files, "data/custody.json");
    let deeds: Vec<_> =
        custody["custody"].as_array().unwrap().iter().map(|it| it["action"].clone()).collect();
    assert_eq!(deeds, ["flagged", "decided", "decided", "seen", "exported", "seen"]);
    assert_eq!(custody["custody"][4]["reason"], REASON);
}

#[tokio::test]
async fn without_a_reason_or_a_right_nothing_is_given_and_nothing_recorded() {
    let house = agreed().await;
    let mut kartika = house.visitor("kartika").await;
    let page = kartika.get(&format!("/temuan/{T1}")).await;
    let mut dewi = house.visitor("dewi").await;
    assert!(dewi.get(&format!("/temuan/{T1}")).await.texts("#ekspor").is_empty());
    let before = house.store.size();
    assert_eq!(page.texts("#ekspor details:not([open]) button"), ["Unduh berkas bukti"]);
    for reason in ["", "                         x", "Terlalu pendek", &"x".repeat(4_001)] {
        let seen = kartika.post(EXPORT, &[("alasan", reason)]).await;
        assert_eq!(seen.status, 422, "{reason}");
        assert!(seen.texts(".galat a").concat().contains("siapa yang meminta"), "{}", seen.body);
        assert_eq!(seen.attribute(".galat a", "href").unwrap(), "#alasan-ekspor");
        assert_eq!(seen.texts("#ekspor details[open] button"), ["Unduh berkas bukti"]);
    }
    let forged = [("csrf", "x"), ("alasan", REASON)];
    let same = [("sec-fetch-site", "same-origin")];
    assert_eq!(kartika.post_raw(EXPORT, &forged, &same).await.status, 403);
    assert_eq!(dewi.post(EXPORT, &[("alasan", REASON)]).await.status, 403);
    // who owns the data may not hand it out by that alone
    let api = format!("/api{EXPORT}");
    let body = serde_json::json!({ "reason": REASON });
    assert_eq!(house.call("owner", "POST", &api, &body).await.0, 401);
    let gone = "/api/temuan/T-2026-00099/ekspor";
    assert_eq!(house.call("kartika-unix", "POST", gone, &body).await.0, 404);
    assert_eq!(house.store.size(), before);
}

#[tokio::test]
async fn whoever_must_still_judge_blind_is_not_told_by_an_export() {
    let house = House::with_one().await;
    house.visitor("dewi").await.get(&format!("/temuan/{T1}")).await;
    dugaan(&house, "dewi", SECRET).await;
    for user in ["kartika", "seno", "pandu"] {
        let files = unpacked(&export_as(&house, user).await);
        let told = everything(&files);
        assert!(!told.contains(SECRET) && !told.contains("dewi"), "{user}");
        assert!(!told.contains("\"decided\"") && !told.contains("menunggu_kedua"), "{user}");
        assert!(text(&files, "data/temuan.html").contains("Menunggu tinjauan"), "{user}");
        assert!(text(&files, "BACA-SAYA.txt").contains("belum selesai ditinjau"), "{user}");
        let entries = files.keys().filter(|path| path.starts_with("data/ledger/entry/")).count();
        let exports = told.matches("\"event\":\"exported\"").count();
        assert_eq!(entries, exports, "one flagged, and all exports but the last: {user}");
    }
    dugaan(&house, "bayu", WHY).await;
    let files = unpacked(&export_as(&house, "kartika").await);
    let told = everything(&files);
    assert!(told.contains(SECRET) && told.contains("dewi") && told.contains("bayu"));
    assert!(text(&files, "data/temuan.html").contains("Dugaan disetujui"));
    assert!(!text(&files, "BACA-SAYA.txt").contains("belum selesai ditinjau"));
}

#[tokio::test]
async fn a_finding_nobody_judged_is_told_as_one_whose_first_judgement_is_hidden() {
    let (untouched, judged) = (House::with_one().await, House::with_one().await);
    dugaan(&judged, "dewi", SECRET).await;
    let pages = [&untouched, &judged].map(|house| async {
        let files = unpacked(&export_as(house, "kartika").await);
        let page = text(&files, "data/temuan.html");
        // the checkpoint is of the whole ledger, and payloads are salted
        page.split("<h2>Keutuhan").next().unwrap().to_owned()
    });
    let [one, two] = pages;
    let (one, two) = (one.await, two.await);
    let plain = |page: &str| {
        let mut words = Vec::new();
        for word in page.split(|c: char| !c.is_ascii_alphanumeric()) {
            words.push(if word.len() == 64 { "digest" } else { word }.to_owned());
        }
        words.join(" ")
    };
    assert!(one.contains("Riwayat penguasaan"));
    assert_eq!(plain(&one), plain(&two));
}

#[tokio::test]
async fn the_custody_record_names_what_is_not_known() {
    let house = agreed().await;
    let files = unpacked(&export_as(&house, "kartika").await);
    let custody = json(&files, "data/custody.json");
    let fields = custody["fields"].as_object().unwrap();
    for (key, value) in fields {
        assert_eq!(value.is_null(), custody["not_known"].get(key).is_some(), "{key}");
    }
    for (key, value) in [
        ("source_url", "https://linimasa.example/s/1"),
        ("final_url", "https://linimasa.example/umpan.xml"),
        ("author_handle", "@joko"),
        ("user_agent", "Netra/0.1.0 (+satgas@netra.example)"),
        ("legal_basis", "SK-1/2026"),
        ("captured_at", "2026-11-20T23:21:00Z"),
        ("status", "dugaan"),
        ("visibility", "public"),
    ] {
        assert_eq!(fields[key], value, "{key}");
    }
    for key in ["case_id", "server_ip", "tls", "screenshot", "identity_confidence", "legal_hold"] {
        assert!(custody["not_known"][key].is_string(), "{key}");
    }
    assert_eq!(custody["custody"][1]["actor"], "dewi");
    assert_eq!(custody["custody"][1]["reason"], WHY);
    let page = text(&files, "data/temuan.html");
    for words in [
        "21 November 2026 pukul 06.21 WIB (2026-11-20T23:21:00Z)",
        "publik: diambil tanpa masuk",
        "Tidak diketahui: Netra tidak memeriksa siapa pemilik akun.",
        "Ajakan memilih dari akun",
        "Menyebut peserta pemilihan",
        "Skor <b>8</b>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// Texts that would do harm if they were taken for markup.
const HOSTILE: [&str; 5] = [
    "</style><script>alert(1)</script>",
    "\"><img src=https://evil.example/x onerror=alert(1)>",
    "</pre></td></table><iframe src=//evil.example>",
    "\u{202E}gnp.exe\u{202C}",
    "&lt;script&gt;",
];

#[tokio::test]
async fn the_page_is_inert_and_needs_nothing_from_elsewhere() {
    let text_of = HOSTILE.join(" dukung ");
    let told = Told {
        text: text_of.clone(),
        title: text_of.clone(),
        author: text_of.clone(),
        address: text_of.clone(),
        source: text_of,
        ..Told::default()
    };
    let house = House::with(&[told]).await;
    dugaan(&house, "dewi", HOSTILE[0]).await;
    dugaan(&house, "bayu", &HOSTILE.concat()).await;
    let files = unpacked(&export_as(&house, "kartika").await);
    let page = text(&files, "data/temuan.html");
    assert!(!page.contains('\u{202E}'));
    let document = scraper::Html::parse_document(&page);
    let every = scraper::Selector::parse("*").unwrap();
    for element in document.select(&every).map(|it| it.value()) {
        let is_plain =
            !["script", "img", "iframe", "object", "embed", "link", "base", "form", "a", "svg"]
                .contains(&element.name());
        assert!(is_plain, "{}", element.name());
        for (name, _) in element.attrs() {
            assert!(!name.starts_with("on") && !["src", "href", "style"].contains(&name), "{name}");
        }
    }
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
}

#[tokio::test]
async fn what_was_erased_is_told_and_what_is_damaged_is_not_given() {
    let house = agreed().await;
    let decided = house.store.entry(2).unwrap().unwrap().payload.unwrap().to_string();
    let first = pack::find(house.store.folder(), 2).unwrap();
    let mut payloads = pack::read(house.store.folder(), first).unwrap();
    payloads.retain(|payload| name(payload).to_string() != decided);
    pack::write(house.store.folder(), first, &payloads).unwrap();
    let files = unpacked(&export_as(&house, "kartika").await);
    assert_eq!(json(&files, "data/custody.json")["fields"]["erased_payloads"][0], *decided);
    assert!(text(&files, "data/temuan.html").contains("Alasannya sudah dihapus."));
    assert!(!files.contains_key(&format!("data/payload/{decided}")));
    let before = house.store.size();
    let path = house.store.folder().join(pack::path(first));
    let kept = std::fs::read(&path).unwrap();
    std::fs::write(&path, [&kept[..], b"x"].concat()).unwrap();
    let mut kartika = house.visitor("kartika").await;
    let seen = kartika.post(EXPORT, &[("alasan", REASON)]).await;
    assert_eq!((seen.status, &seen.texts("h1")[0][..]), (500, "Bukti rusak dan tidak diberikan"));
    let body = serde_json::json!({ "reason": REASON });
    let (_, told) = house.call("kartika-unix", "POST", &format!("/api{EXPORT}"), &body).await;
    assert_eq!(told["code"], "damaged", "{told}");
    assert_eq!(house.store.size(), before, "nothing was handed out, so nothing is recorded");
}

#[tokio::test]
async fn every_version_is_there_with_its_own_capture() {
    let house = House::with_one().await;
    dugaan(&house, "dewi", SECRET).await;
    let first = house.store.entry(1).unwrap().unwrap();
    let mut payload = house.store.payload(first.payload.unwrap()).unwrap();
    payload["post"]["text"] = "Teks yang diubah kemudian.".into();
    payload["verdict"]["hits"] = Value::Array(Vec::new());
    let Event::Flagged { capture, .. } = first.event else { panic!("{first:?}") };
    let (mut answer, posts) = house.store.capture(capture).unwrap();
    answer.body = b"Teks yang diubah kemudian.".to_vec();
    let again = house.store.keep(&answer, &posts).unwrap();
    let mut event = first.event;
    if let Event::Flagged { version, capture, .. } = &mut event {
        (*version, *capture) = (Digest::of(b"2"), again);
    }
    let draft = Draft { event, payload: Some(payload) };
    house.store.append(&first.by, house.clock.now(), vec![draft]).unwrap();
    let files = unpacked(&export_as(&house, "kartika").await);
    for name in [capture, again] {
        assert!(files.contains_key(&format!("data/captures/{name}.warc.gz")), "{name}");
    }
    let page = text(&files, "data/temuan.html");
    for words in ["Versi ke-1 dari 2", "Versi ke-2 dari 2", "Teks yang diubah kemudian."] {
        assert!(page.contains(words), "{words}");
    }
    // the judgement of the earlier text stays hidden, since another one may follow
    assert!(!everything(&files).contains(SECRET));
}

#[tokio::test]
async fn nip_and_nik_are_masked_for_readers_and_stay_in_what_is_proved() {
    const NIP: &str = "198609262015051001";
    let told = Told {
        text: format!("NIP {NIP}, mari dukung paslon nomor 02!"),
        address: format!("https://linimasa.example/s/{NIP}"),
        ..Told::default()
    };
    let house = House::with(&[told]).await;
    dugaan(&house, "dewi", &format!("Akun memuat NIP {NIP} dan mengajak memilih.")).await;
    // a version in which a rule found a part of the number
    let first = house.store.entry(1).unwrap().unwrap();
    let mut payload = house.store.payload(first.payload.unwrap()).unwrap();
    let hit = serde_json::json!({
        "rule": "r", "sign": "aksi", "field": "text", "start": 12, "end": 16, "text": "2015",
    });
    payload["verdict"]["hits"] = Value::Array(vec![hit]);
    let mut event = first.event;
    if let Event::Flagged { version, .. } = &mut event {
        *version = Digest::of(b"2");
    }
    let draft = Draft { event, payload: Some(payload) };
    house.store.append(&first.by, house.clock.now(), vec![draft]).unwrap();
    let files = unpacked(&export_as(&house, "kartika").await);
    for path in ["data/temuan.html", "data/custody.json", "BACA-SAYA.txt"] {
        assert!(!text(&files, path).contains(NIP), "{path}");
    }
    let page = text(&files, "data/temuan.html");
    assert!(
        page.contains("NIP ••••••••<mark class=\"aksi\">••••<sup>1</sup></mark>••••••,"),
        "{page}"
    );
    assert!(!page.contains("19860926") && !text(&files, "data/custody.json").contains("\"2015\""));
    assert!(everything(&files).contains(NIP));
}
