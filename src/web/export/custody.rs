//! The custody record: what is known of how the evidence came about and who had
//! it in hand, and what is not known, each named.
//!
//! The fields are those that the Berkeley Protocol and ISO/IEC 27037 ask for. One
//! list makes both the JSON for programs and the table for people.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::dossier::Dossier;
use crate::model::{Choice, Entry, Event, Finding};
use crate::web::{Ground, words};

/// One field.
pub(super) struct Field {
    /// Its name in the JSON.
    key: &'static str,
    /// What the table calls it.
    pub(super) label: &'static str,
    /// What is known.
    pub(super) told: Told,
}

/// What is known of a field.
pub(super) enum Told {
    /// A time, shown in the office's zone and in UTC.
    At(Timestamp),
    /// A word of a fixed list, and how the table says it.
    Word(String, String),
    /// Anything else.
    Known(Value),
    /// Not known, and why not.
    NotKnown(&'static str),
}

/// What was done with the evidence, one entry of the ledger.
pub(super) struct Step<'a> {
    /// The entry.
    pub(super) entry: &'a Entry,
    /// What was done, in words.
    pub(super) deed: String,
    /// Why, where a person said so.
    pub(super) reason: Option<&'a str>,
}

const fn known(key: &'static str, label: &'static str, value: Value) -> Field {
    Field { key, label, told: Told::Known(value) }
}

fn word(key: &'static str, label: &'static str, word: &str, shown: &str) -> Field {
    Field { key, label, told: Told::Word(word.to_owned(), shown.to_owned()) }
}

const fn unknown(key: &'static str, label: &'static str, why: &'static str) -> Field {
    Field { key, label, told: Told::NotKnown(why) }
}

fn at(key: &'static str, label: &'static str, at: Option<Timestamp>) -> Field {
    let why = "tidak disebutkan sumber";
    Field { key, label, told: at.map_or(Told::NotKnown(why), Told::At) }
}

/// A text that may be missing or empty.
fn text(key: &'static str, label: &'static str, text: Option<&str>, why: &'static str) -> Field {
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => known(key, label, text.into()),
        None => unknown(key, label, why),
    }
}

/// All fields, in the order of the table.
pub(super) fn fields(dossier: &Dossier, ground: &Ground) -> Vec<Field> {
    let versions = dossier.versions();
    let finding = versions.last().and_then(|version| version.finding.as_ref());
    let mut fields = identity(dossier, finding);
    fields.extend(times(dossier, finding));
    fields.extend(acquisition(dossier, finding));
    fields.extend(explanation(dossier, finding));
    fields.extend(people(dossier));
    fields.extend(law(dossier, ground));
    fields
}

const SILENT: &str = "tidak disebutkan sumber";
const ERASED: &str = "isi unggahan sudah dihapus";

fn identity(dossier: &Dossier, finding: Option<&Finding>) -> Vec<Field> {
    let post = finding.map(|finding| &finding.post);
    let of = |part: fn(&crate::model::Post) -> &str| post.map(part);
    let why = if post.is_some() { SILENT } else { ERASED };
    vec![
        known("evidence_id", "Pengenal bukti", dossier.state.id.to_string().into()),
        known("finding_number", "Nomor temuan", dossier.state.number.as_str().into()),
        unknown("case_id", "Nomor kasus", "Netra belum menghubungkan temuan ini dengan kasus"),
        known("source", "Sumber", dossier.state.source.as_str().into()),
        text("source_url", "Alamat unggahan", post.and_then(|it| it.address.as_deref()), why),
        unknown("canonical_url", "Alamat baku", "tidak dicatat terpisah dari alamat unggahan"),
        text("platform", "Jenis situs", of(|post| &post.platform), why),
        text("post_id", "Pengenal unggahan pada sumber", of(|post| &post.id.0), why),
        text("author_handle", "Akun", of(|post| &post.author.handle), why),
        text("author_display", "Nama akun", of(|post| &post.author.name), why),
        word("visibility", "Keterbukaan", "public", "publik: diambil tanpa masuk ke akun mana pun"),
    ]
}

fn times(dossier: &Dossier, finding: Option<&Finding>) -> Vec<Field> {
    let first = dossier.leaves.first().map(|leaf| leaf.entry.at);
    let captured = finding.map(|finding| finding.captured);
    let captured = captured.or_else(|| dossier.acquired().map(|acquired| acquired.at));
    let stage = dossier.leaves.iter().rev().find_map(|leaf| match &leaf.entry.event {
        Event::Flagged { stage, .. } => Some(stage.as_str()),
        _ => None,
    });
    let stage = stage.filter(|stage| *stage != "unspecified");
    vec![
        at("posted_at", "Terbit (menurut sumber)", dossier.state.published),
        at("captured_at", "Diambil (menurut jam mesin Netra)", captured),
        at("first_seen_at", "Pertama kali ditandai", first),
        at("flagged_at", "Versi terakhir ditandai", Some(dossier.state.at)),
        match stage {
            Some(stage) => word("stage_at_post", "Tahapan saat terbit", stage, words::stage(stage)),
            None => unknown("stage_at_post", "Tahapan saat terbit", "tidak dapat ditentukan"),
        },
        unknown("clock_source", "Sumber jam", "Netra tidak mencatat apakah jam mesin diselaraskan"),
    ]
}

fn acquisition(dossier: &Dossier, finding: Option<&Finding>) -> Vec<Field> {
    let acquired = dossier.acquired();
    let lost = "rekaman tidak ada lagi pada penyimpanan";
    let or_lost = |key, label, value: Option<Value>| match value {
        Some(value) => known(key, label, value),
        None => unknown(key, label, lost),
    };
    let headers = |acquired: &super::dossier::Acquired| {
        let lines = acquired.headers.iter().map(|(name, value)| format!("{name}: {value}").into());
        Value::Array(lines.collect())
    };
    let payload = dossier.state.payload.map(|id| id.to_string());
    vec![
        or_lost(
            "requested_url",
            "Alamat yang diminta",
            acquired.map(|it| it.asked.as_str().into()),
        ),
        or_lost(
            "final_url",
            "Alamat yang menjawab",
            acquired.map(|it| it.answered.as_str().into()),
        ),
        or_lost("http_status", "Status HTTP", acquired.map(|it| it.status.into())),
        or_lost("response_headers", "Kepala jawaban", acquired.map(headers)),
        unknown("server_ip", "Alamat IP server", "tidak dicatat"),
        unknown("tls", "Sertifikat dan versi TLS", "tidak dicatat"),
        text(
            "user_agent",
            "Program yang mengambil",
            acquired.and_then(|it| it.agent.as_deref()),
            lost,
        ),
        unknown("config_sha256", "Sidik digital pengaturan", "tidak dicatat"),
        known(
            "warc_sha256",
            "SHA-256 berkas rekaman (WARC)",
            dossier.state.capture.to_string().into(),
        ),
        or_lost(
            "body_sha256",
            "SHA-256 jawaban sumber",
            acquired
                .map(|it| it.body.to_string().into())
                .or_else(|| finding.map(|finding| finding.body.to_string().into())),
        ),
        or_lost("body_bytes", "Ukuran jawaban (bita)", acquired.map(|it| it.bytes.into())),
        unknown("screenshot", "Tangkapan layar", "tidak dibuat; Netra tidak memeriksa gambar"),
        text("extracted_text", "Teks yang dibaca (berkas payload)", payload.as_deref(), ERASED),
        unknown(
            "extractor_version",
            "Versi pembaca teks",
            "tidak dicatat terpisah dari versi Netra",
        ),
    ]
}

fn explanation(dossier: &Dossier, finding: Option<&Finding>) -> Vec<Field> {
    let ruleset = dossier.leaves.iter().rev().find_map(|leaf| match &leaf.entry.event {
        Event::Flagged { ruleset, .. } => Some(ruleset.as_str()),
        _ => None,
    });
    let spans = finding.map(|finding| {
        let span = |hit: &crate::model::Hit| {
            json!({
                "field": hit.field, "start": hit.start, "end": hit.end,
                "text": hit.text, "rule": hit.rule,
            })
        };
        Value::Array(finding.verdict.hits.iter().map(span).collect())
    });
    vec![
        known("rule_ids", "Aturan", json!(dossier.state.rules)),
        text("ruleset", "Sidik digital himpunan aturan", ruleset, "tidak dicatat"),
        match spans {
            Some(spans) => known("matched_spans", "Kata yang ditandai", spans),
            None => unknown("matched_spans", "Kata yang ditandai", ERASED),
        },
        known("score", "Skor", json!(dossier.state.score)),
        unknown(
            "normalisation",
            "Langkah penyeragaman teks",
            "tidak dicatat; kata ditunjuk pada teks asli",
        ),
    ]
}

fn people(dossier: &Dossier) -> Vec<Field> {
    let review = dossier.judged.iter().filter(|judged| !judged.undone).map(|judged| {
        json!({
            "entry": judged.seq, "at": judged.at, "by": judged.by, "choice": judged.choice,
            "category": judged.category, "reason": dossier.reason(judged.payload),
        })
    });
    let review: Vec<_> = review.collect();
    vec![
        word("status", "Kedudukan temuan", dossier.status.as_str(), words::status(dossier.status)),
        known("review", "Penilaian yang berlaku", Value::Array(review)),
        unknown(
            "identity_confidence",
            "Kepastian identitas pemilik akun",
            "Netra tidak memeriksa siapa pemilik akun",
        ),
        unknown(
            "authenticity_checked_by",
            "Pemeriksa keaslian akun",
            "di luar Netra: akun tiruan dan akun yang diretas harus disingkirkan dahulu",
        ),
        unknown("subject_statement", "Keterangan pihak yang disebut", "di luar Netra"),
    ]
}

fn law(dossier: &Dossier, ground: &Ground) -> Vec<Field> {
    let unset = "tidak ditulis dalam pengaturan";
    let erased = dossier.payloads.iter().filter(|(_, file)| file.is_none());
    let erased: Vec<Value> = erased.map(|(id, _)| id.to_string().into()).collect();
    vec![
        text("legal_basis", "Dasar pemantauan", Some(&ground.decree), unset),
        text("purpose", "Tujuan pemantauan", Some(&ground.purpose), unset),
        text("controller", "Penanggung jawab", Some(&ground.answerable), unset),
        unknown("retention_until", "Disimpan sampai", "tidak dicatat di Netra"),
        unknown("legal_hold", "Penahanan untuk proses hukum", "tidak dicatat di Netra"),
        known("erased_payloads", "Isi yang sudah dihapus", Value::Array(erased)),
        unknown(
            "time_anchor",
            "Jangkar waktu dari luar",
            "bila ada, terletak dalam folder timestamp di samping folder data",
        ),
    ]
}

/// What was done with the evidence, oldest first.
pub(super) fn steps(dossier: &Dossier) -> Vec<Step<'_>> {
    let step = |leaf: &'_ crate::store::extract::Leaf| leaf.entry.payload;
    let steps = dossier.leaves.iter().map(|leaf| Step {
        entry: &leaf.entry,
        deed: deed(&leaf.entry.event),
        reason: dossier.reason(step(leaf)),
    });
    steps.collect()
}

fn deed(event: &Event) -> String {
    match event {
        Event::Flagged { .. } => "Diambil dan ditandai oleh aturan".into(),
        Event::Seen { .. } => "Dibuka".into(),
        Event::Decided { choice, .. } => format!("Diputuskan: {}", within(*choice)),
        Event::Undone { decision, .. } => {
            format!("Keputusan pada nomor urut {decision} dibatalkan")
        }
        Event::Exported { .. } => "Diekspor sebagai berkas bukti".into(),
        Event::Rechecked { fate, .. } => format!("Halaman diperiksa ulang: {}", words::fate(*fate)),
        Event::IdentityShown { .. } => "NIP dan NIK ditampilkan".into(),
        other => name_of(other),
    }
}

fn within(choice: Choice) -> String {
    crate::web::finding::within(words::choice(choice))
}

/// The event's name in the ledger.
fn name_of(event: &Event) -> String {
    let value = serde_json::to_value(event).unwrap_or_default();
    value.get("event").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The record for programs.
pub(super) fn record(dossier: &Dossier, ground: &Ground) -> Value {
    let mut told = Map::new();
    let mut not_known = Map::new();
    for field in fields(dossier, ground) {
        let value = match field.told {
            Told::At(at) => at.to_string().into(),
            Told::Word(word, _) => word.into(),
            Told::Known(value) => value,
            Told::NotKnown(why) => {
                not_known.insert(field.key.into(), why.into());
                Value::Null
            }
        };
        told.insert(field.key.into(), value);
    }
    let custody: Vec<_> = dossier
        .leaves
        .iter()
        .zip(steps(dossier))
        .map(|(leaf, step)| {
            json!({
                "seq": step.entry.seq, "at": step.entry.at, "actor": step.entry.by,
                // the ledger names who, not in which role
                "role": null, "action": name_of(&step.entry.event), "reason": step.reason,
                "payload": step.entry.payload, "leaf_sha256": leaf.hash(),
            })
        })
        .collect();
    json!({
        "schema": "netra.custody/1",
        "fields": told,
        "not_known": not_known,
        "custody": custody,
        "may_lack_judgements": dossier.is_open(),
        "ledger": { "origin": dossier.snapshot.key.name(), "size": dossier.snapshot.checkpoint.size },
    })
}
