//! Deciding, over a real socket: reasons, undo, the second person who judges
//! blind, two people at once.

use netra::model::{Digest, Event};
use netra::web::{Who, access};

use serde_json::json;

use super::people::{House, Told, Visitor};

const T1: &str = "T-2026-00001";
const DECIDE: &str = "/temuan/T-2026-00001/keputusan";
const REASON: &str = "Ajakan memilih dari akun yang memuat nama unit.";
/// Words that stand nowhere else: whoever sees them sees the first one's reason.
const SECRET: &str = "Rahasia penilai pertama: zamrud kuning.";

fn dugaan(reason: &str) -> Vec<(&'static str, &str)> {
    vec![("pilihan", "dugaan"), ("jenis", "medsos_support"), ("alasan", reason), ("pasti", "1")]
}

fn bukan(reason: &str) -> Vec<(&'static str, &str)> {
    vec![("pilihan", "bukan"), ("kode", "berita"), ("alasan", reason)]
}

async fn status(visitor: &mut Visitor) -> String {
    let body = visitor.get(&format!("/api/temuan/{T1}")).await.body;
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    value["status"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

#[tokio::test]
async fn the_page_of_a_finding_marks_the_right_words_and_says_why() {
    let house = House::with_one().await;
    let seen = house.visitor("dewi").await.get(&format!("/temuan/{T1}")).await;
    assert_eq!(seen.texts(".isi mark"), ["pegawai Rutan1", "dukung2", "paslon nomor 023"]);
    assert_eq!(seen.texts(".isi mark.aksi"), ["dukung2"]);
    let page = seen.texts("main").concat();
    for words in [
        "Skor 8 (batas 6)",
        "Berbentuk pertanyaan",
        "https://linimasa.example/s/1",
        "21 November 2026 pukul 06.21 WIB",
        "41.200 bita",
        "Rutan Kelas IIB Randukuning",
    ] {
        assert!(page.contains(words) || seen.body.contains(words), "{words}: {page}");
    }
    assert_eq!(seen.attribute("a[href^='https://linimasa']", "href"), None);
}

/// Who opened the finding, as the ledger tells it.
fn opened(house: &House) -> Vec<String> {
    let entries = house.store.entries(0).map(Result::unwrap);
    let seen = entries.filter(|entry| matches!(entry.event, Event::Seen { .. }));
    seen.map(|entry| entry.by.0).collect()
}

#[tokio::test]
async fn who_opened_a_finding_is_an_entry_once_for_each_person_and_version() {
    let house = House::with_one().await;
    let mut dewi = house.visitor("dewi").await;
    dewi.get("/temuan").await;
    assert!(opened(&house).is_empty(), "a list opens no finding");
    dewi.get(&format!("/temuan/{T1}")).await;
    dewi.get(&format!("/temuan/{T1}")).await;
    assert_eq!(opened(&house), ["dewi"]);
    let mut kartika = house.visitor("kartika").await;
    kartika.get(&format!("/api/temuan/{T1}")).await;
    assert_eq!(opened(&house), ["dewi", "kartika"]);
    let mut flagged = house.store.entry(1).unwrap().unwrap();
    if let Event::Flagged { version, .. } = &mut flagged.event {
        *version = Digest::of(b"another text");
    }
    house.store.append(&flagged.by, house.clock.now(), vec![flagged.event.into()]).unwrap();
    dewi.get(&format!("/temuan/{T1}")).await;
    assert_eq!(opened(&house), ["dewi", "kartika", "dewi"]);
}

#[tokio::test]
async fn a_decision_without_a_reason_comes_back_with_what_was_filled_in() {
    let house = House::with_one().await;
    let mut dewi = house.visitor("dewi").await;
    let seen = dewi.post(DECIDE, &[("pilihan", "bukan"), ("alasan", "Terlalu pendek")]).await;
    assert_eq!(seen.status, 422);
    assert!(seen.texts("title")[0].starts_with("Kesalahan: "));
    assert_eq!(
        seen.texts(".galat a"),
        [
            "Pilih satu alasan singkat.",
            "Tulis alasan paling sedikit 20 karakter; sekarang 14 karakter."
        ]
    );
    assert_eq!(seen.texts("#alasan"), ["Terlalu pendek"]);
    assert!(seen.attribute("#p-bukan", "checked").is_some());
    assert_eq!(status(&mut dewi).await, "baru");
    let seen = dewi.post(DECIDE, &[("alasan", REASON)]).await;
    assert_eq!(seen.texts(".galat a"), ["Pilih satu keputusan."]);
}

#[tokio::test]
async fn a_decision_is_saved_and_can_be_taken_back_for_ten_minutes() {
    let house = House::with_one().await;
    let mut dewi = house.visitor("dewi").await;
    let seen = dewi.post(DECIDE, &bukan(REASON)).await;
    assert_eq!(
        (seen.status, seen.location.as_str()),
        (303, "/temuan/T-2026-00001?disimpan=T-2026-00001")
    );
    let seen = dewi.get(&seen.location).await;
    assert!(seen.texts(".kabar").concat().contains("disimpan"), "{}", seen.body);
    assert!(seen.body.contains("08.31 WIB"));
    assert_eq!(status(&mut dewi).await, "bukan");
    let undo = format!("/temuan/{T1}/batalkan");
    assert_eq!(house.visitor("bayu").await.post(&undo, &[]).await.status, 409);
    assert_eq!(dewi.post(&undo, &[]).await.status, 303);
    assert_eq!(status(&mut dewi).await, "baru");
    dewi.post(DECIDE, &bukan(REASON)).await;
    house.clock.forward(11);
    let seen = dewi.post(&undo, &[]).await;
    assert_eq!(seen.status, 409);
    assert!(seen.body.contains("membuka kembali"), "{}", seen.body);
}

#[tokio::test]
async fn saving_and_going_on_leads_to_the_next_finding() {
    let house =
        House::with(&[Told::default(), Told { text: "dukung".into(), ..Told::default() }]).await;
    let mut dewi = house.visitor("dewi").await;
    let mut fields = bukan(REASON);
    fields.push(("lanjut", "1"));
    let seen = dewi.post(DECIDE, &fields).await;
    assert_eq!(seen.location, "/temuan/T-2026-00002?disimpan=T-2026-00001");
    let seen = dewi.post("/temuan/T-2026-00002/keputusan", &fields).await;
    assert_eq!(seen.location, "/antrean?disimpan=T-2026-00002");
}

#[tokio::test]
async fn a_dugaan_is_looked_at_once_more_before_it_is_saved() {
    let house = House::with_one().await;
    let mut dewi = house.visitor("dewi").await;
    let fields = &dugaan(REASON)[..3];
    let seen = dewi.post(DECIDE, fields).await;
    assert_eq!(seen.texts("h1"), ["Periksa kembali"]);
    assert_eq!(seen.attribute("input[name=alasan]", "value").unwrap(), REASON);
    assert_eq!(status(&mut dewi).await, "baru");
    let seen = dewi.post(DECIDE, &[fields, &[("ubah", "1")]].concat()).await;
    assert_eq!(seen.texts("#alasan"), [REASON]);
    assert_eq!(dewi.post(DECIDE, &dugaan(REASON)).await.status, 303);
    assert_eq!(status(&mut dewi).await, "menunggu_kedua");
}

#[tokio::test]
async fn a_dugaan_needs_a_second_person() {
    let house = House::with_one().await;
    let mut dewi = house.visitor("dewi").await;
    dewi.post(DECIDE, &dugaan(REASON)).await;
    let seen = dewi.post(DECIDE, &dugaan(REASON)).await;
    assert_eq!(seen.status, 403);
    assert!(seen.body.contains("Persetujuan harus oleh anggota lain."));
    let mut bayu = house.visitor("bayu").await;
    assert_eq!(bayu.post(DECIDE, &dugaan(REASON)).await.status, 303);
    for user in ["dewi", "bayu", "kartika", "seno"] {
        assert_eq!(status(&mut house.visitor(user).await).await, "dugaan");
    }
}

#[tokio::test]
async fn a_difference_goes_to_the_ketua() {
    let house = House::with_one().await;
    house.visitor("dewi").await.post(DECIDE, &dugaan(REASON)).await;
    let mut bayu = house.visitor("bayu").await;
    bayu.post(DECIDE, &bukan(REASON)).await;
    assert_eq!(status(&mut bayu).await, "eskalasi");
    let page = bayu.get(&format!("/temuan/{T1}")).await;
    assert!(page.texts(".riwayat").concat().contains("Dewi Contoh memilih dugaan pelanggaran"));
    let mut kartika = house.visitor("kartika").await;
    assert!(kartika.get("/antrean").await.texts(".nomor").contains(&T1.to_owned()));
    assert_eq!(kartika.get(&format!("/temuan/{T1}")).await.texts("#p-eskalasi"), [""; 0]);
    let seen = kartika.post(DECIDE, &dugaan(REASON)[..3]).await;
    assert!(seen.body.contains("dugaan langsung berlaku"), "{}", seen.body);
    assert_eq!(kartika.post(DECIDE, &dugaan(REASON)).await.status, 303);
    assert_eq!(status(&mut bayu).await, "dugaan");
}

#[tokio::test]
async fn the_page_offers_to_take_back_and_says_what_that_costs() {
    let house = House::with_one().await;
    let (mut dewi, mut bayu) = (house.visitor("dewi").await, house.visitor("bayu").await);
    let page = format!("/temuan/{T1}");
    dewi.post(DECIDE, &dugaan(REASON)).await;
    let own = dewi.get(&page).await.texts(".batal").concat();
    assert!(own.contains("sampai pukul 08.31 WIB") && !own.contains("menilai lagi"), "{own}");
    assert_eq!(bayu.get(&page).await.texts(".batal"), [""; 0]);
    bayu.post(DECIDE, &dugaan(REASON)).await;
    assert_eq!(dewi.get(&page).await.texts(".batal"), [""; 0]);
    let own = bayu.get(&page).await.texts(".batal").concat();
    assert!(own.contains("tidak dapat menilai lagi"), "{own}");
    bayu.post(&format!("{page}/batalkan"), &[]).await;
    let seen = bayu.get(&page).await.texts("#keputusan").concat();
    assert!(seen.contains("jadi orang lain harus menilai."), "{seen}");
    dewi.get(&page).await;
    house.clock.forward(11);
    assert_eq!(dewi.get(&page).await.texts(".batal"), [""; 0]);
}

/// Every address that shows anything, requested by this person.
async fn everything(house: &House, visitor: &mut Visitor) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for access in access().iter().filter(|it| it.who != Who::Anyone) {
        let path = access.path.replace("{number}", T1).replace("{period}", "2026-S2");
        if access.method == "GET" {
            for query in [
                "",
                "?status=semua",
                "?status=baru",
                "?status=menunggu_kedua",
                "?periksa=1",
                "?disimpan=T-2026-00001",
            ] {
                let path = format!("{path}{query}");
                seen.push((path.clone(), visitor.get(&path).await.body));
            }
        }
    }
    for format in ["html", "csv"] {
        let body =
            visitor.post("/laporan", &[("periode", "2026-S2"), ("format", format)]).await.body;
        seen.push((format!("/laporan {format}"), body));
    }
    // refusals and half-filled forms tell nothing either
    for (path, fields) in [
        (DECIDE, vec![("pilihan", "dugaan")]),
        (DECIDE, vec![("pilihan", "bukan")]),
        (DECIDE, vec![]),
        (DECIDE, dugaan(REASON)[..3].to_vec()),
        ("/temuan/T-2026-00001/batalkan", vec![]),
    ] {
        seen.push((path.to_owned(), visitor.post(path, &fields).await.body));
    }
    assert!(seen.len() > 40, "{}", seen.len());
    // the token of each form differs by session; what remains must not differ
    let token = visitor.token.clone();
    let _ = house;
    seen.into_iter().map(|(path, body)| (path, body.replace(&token, "TOKEN"))).collect()
}

#[tokio::test]
async fn the_second_person_is_given_nothing_of_the_first_judgement_on_any_page() {
    let before = House::with_one().await;
    let after = House::with_one().await;
    after.visitor("dewi").await.post(DECIDE, &dugaan(SECRET)).await;
    for user in ["bayu", "kartika", "seno", "pandu"] {
        let old = everything(&before, &mut before.visitor(user).await).await;
        let new = everything(&after, &mut after.visitor(user).await).await;
        for ((path, old), (_, new)) in old.iter().zip(&new) {
            for word in ["zamrud", "Rahasia penilai", "Dewi", "dewi"] {
                assert!(!new.contains(word), "{path} tells `{word}` to {user}");
            }
            // the report names the ledger's length and checkpoint, which grow with any entry
            if !path.contains("laporan") {
                assert_eq!(old, new, "{path} looks different to {user}");
            }
        }
    }
}

#[tokio::test]
async fn when_both_have_judged_both_see_both() {
    let house = House::with_one().await;
    house.visitor("dewi").await.post(DECIDE, &dugaan(SECRET)).await;
    let mut bayu = house.visitor("bayu").await;
    bayu.post(DECIDE, &dugaan(REASON)).await;
    let seen = bayu.get(&format!("/temuan/{T1}")).await;
    assert!(seen.body.contains(SECRET) && seen.body.contains(REASON));
}

#[tokio::test]
async fn of_two_people_at_once_one_wins_and_the_other_keeps_his_text() {
    let house = House::with_one().await;
    let (mut dewi, mut bayu) = (house.visitor("dewi").await, house.visitor("bayu").await);
    let (one, two) =
        (bukan("Alasan dewi yang cukup panjang."), bukan("Alasan bayu yang cukup panjang."));
    let (one, two) = tokio::join!(dewi.post(DECIDE, &one), bayu.post(DECIDE, &two));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let (loser, text) = if one.status == 409 { (one, "Alasan dewi") } else { (two, "Alasan bayu") };
    assert!(loser.texts("textarea").concat().contains(text), "{}", loser.body);
    assert!(loser.body.contains("sudah diputuskan oleh"));
    assert!(loser.body.contains(" Contoh pada "), "{}", loser.body);
    assert_eq!(loser.texts(".galat h2"), ["Temuan sudah diputuskan"]);
}

#[tokio::test]
async fn a_form_that_is_older_than_the_finding_is_not_taken() {
    let house = House::with_one().await;
    let (mut dewi, mut bayu) = (house.visitor("dewi").await, house.visitor("bayu").await);
    let page = bayu.get(&format!("/temuan/{T1}")).await;
    let state = page.attribute("input[name=keadaan]", "value").unwrap();
    dewi.post(DECIDE, &[("pilihan", "tunda"), ("alasan", REASON)]).await;
    let fields =
        [bukan("Alasan bayu yang cukup panjang."), vec![("keadaan", state.as_str())]].concat();
    let seen = bayu.post(DECIDE, &fields).await;
    assert_eq!(seen.status, 409);
    assert_eq!(seen.texts("#alasan"), ["Alasan bayu yang cukup panjang."]);
}

#[tokio::test]
async fn only_words_that_exist_are_taken() {
    let house = House::with_one().await;
    let mut dewi = house.visitor("dewi").await;
    for (name, value) in [("pilihan", "<b>"), ("kode", "x"), ("jenis", "x")] {
        let mut fields = bukan(REASON);
        fields.retain(|(field, _)| *field != name);
        fields.push((name, value));
        assert_eq!(dewi.post(DECIDE, &fields).await.status, 422, "{name}");
    }
    assert_eq!(status(&mut dewi).await, "baru");
}

#[tokio::test]
async fn four_eyes_are_not_one_person_by_two_ways() {
    let house = House::with_one().await;
    house.visitor("kartika").await.post(DECIDE, &dugaan(REASON)).await;
    let body = json!({ "choice": "dugaan", "category": "medsos_support", "reason": REASON });
    let path = format!("/api/temuan/{T1}/keputusan");
    let (status, answer) = house.call("kartika-unix", "POST", &path, &body).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("refused")), "{answer}");
}

#[tokio::test]
async fn the_command_line_decides_and_takes_back_as_the_user_it_stands_for() {
    let house = House::with_one().await;
    let body = json!({ "choice": "bukan", "code": "berita", "reason": REASON });
    let path = format!("/api/temuan/{T1}");
    let (status, answer) =
        house.call("kartika-unix", "POST", &format!("{path}/keputusan"), &body).await;
    assert_eq!(
        (status, &answer["by"], &answer["status"]),
        (200, &json!("kartika"), &json!("bukan"))
    );
    let (_, shown) = house.call("kartika-unix", "GET", &path, &json!(null)).await;
    assert_eq!(shown["history"][0]["reason"], REASON);
    let (status, _) =
        house.call("kartika-unix", "POST", &format!("{path}/batalkan"), &json!({})).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn who_owns_the_data_manages_users_and_builds_reports_and_judges_nothing() {
    let house = House::with_one().await;
    let new = json!({ "name": "wulan", "role": "anggota" });
    let (status, user) = house.call("owner", "POST", "/api/pengguna", &new).await;
    assert_eq!(status, 200, "{user}");
    assert!(user["link"].as_str().unwrap().contains("/aktivasi/"), "{user}");
    assert_eq!(house.call("owner", "POST", "/api/pengguna", &new).await.0, 409);
    let (status, change) =
        house.call("owner", "POST", "/api/pengguna/wulan", &json!({ "change": "disable" })).await;
    assert_eq!((status, &change["disabled"]), (200, &json!(true)));
    let (status, report) =
        house.call("owner", "POST", "/api/laporan?period=2026-S2", &json!(null)).await;
    assert_eq!((status, report["files"].as_array().map(Vec::len)), (200, Some(2)), "{report}");
    assert_eq!(house.call("owner", "GET", "/api/temuan", &json!(null)).await.0, 401);
    assert_eq!(house.call("stranger", "GET", "/api/pengguna", &json!(null)).await.0, 401);
}
