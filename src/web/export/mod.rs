//! Hands the evidence of one finding out as one file that a stranger can check.
//!
//! The life of an export: the dossier is read from one state of the ledger and
//! packed; the time-stamping authority, if one is set, confirms that state; the
//! export is written into the ledger with the digest of what was packed; only
//! then is the file finished, with that entry and its proof, and given.
//! `docs/evidence.md` has the format.

mod custody;
mod dossier;
mod page;
mod readme;

use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Form, Json};
use maud::{Markup, html};

use self::dossier::not_given;
use super::App;
use super::desk::{self, at_desk};
use super::failure::Failure;
use super::guard::Visitor;
use super::reasoned::{self, Deed, Wanted};
use crate::fetch::timestamp::{Token, timestamp};
use crate::model::{Actor, Digest, Draft, Event, FindingId, FindingState};
use crate::review::{self, Reviewer};
use crate::store::bag::{Bag, BagError};
use crate::store::extract::Snapshot;
use crate::text::identity::{mask, mask_json};

/// The field of the reason.
const FIELD: &str = "alasan-ekspor";
/// The header that names the entry that records the export.
const ENTRY: HeaderName = HeaderName::from_static("x-netra-entry");
/// The header that says what became of the timestamp: `none`, `failed: …` or its time.
const TIMESTAMP: HeaderName = HeaderName::from_static("x-netra-timestamp");

/// What became of the timestamp.
#[derive(Debug)]
enum Stamp {
    /// No authority is set.
    NotSet,
    /// The authority gave none: why, in English.
    Failed(String),
    /// The authority confirmed the checkpoint.
    Granted { token: Token, authority: String },
}

/// A finished export.
struct Export {
    file: Vec<u8>,
    entry: u64,
    stamp: Stamp,
}

/// What was packed before the export was recorded.
struct Packed {
    bag: Bag,
    finding: FindingId,
    snapshot: Snapshot,
    is_open: bool,
}

/// POST /temuan/{number}/ekspor
pub(super) async fn download(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Failure> {
    match make(&app, &number, &visitor, &wanted).await {
        Err(failure) => reasoned::again(&app, number, &visitor, failure, FIELD).await,
        Ok(made) => Ok(given(made, &number)),
    }
}

/// POST /api/temuan/{number}/ekspor
pub(super) async fn answer(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
    Json(wanted): Json<Wanted>,
) -> Result<Response, Failure> {
    Ok(given(make(&app, &number, &visitor, &wanted).await?, &number))
}

/// The form that hands the evidence out.
pub(super) fn form(
    visitor: &Visitor,
    state: &FindingState,
    faults: &[(String, &'static str)],
) -> Markup {
    let deed = Deed {
        action: format!("/temuan/{}/ekspor", state.number),
        field: FIELD,
        summary: "Unduh untuk pihak lain",
        label: "Alasan (wajib, minimal 20 karakter)",
        help: "Tulis siapa yang meminta bukti ini dan untuk apa.",
        button: "Unduh berkas bukti",
    };
    html! {
        section #ekspor {
            h2 { "Berkas bukti" }
            p { "Satu berkas ZIP yang dapat diperiksa pihak lain tanpa Netra. Setiap pengunduhan dicatat dalam buku bukti." }
            (deed.form(visitor, faults))
        }
    }
}

fn given(export: Export, number: &str) -> Response {
    let stamp = match export.stamp {
        Stamp::NotSet => "none".to_owned(),
        Stamp::Failed(why) => format!("failed: {why}"),
        Stamp::Granted { token, .. } => token.at.to_string(),
    };
    let stamp: String = stamp.chars().filter(|c| c.is_ascii() && !c.is_control()).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{number}.zip\"")),
        (ENTRY, export.entry.to_string()),
        (TIMESTAMP, stamp),
    ];
    (headers, export.file).into_response()
}

async fn make(
    app: &App,
    number: &str,
    visitor: &Visitor,
    wanted: &Wanted,
) -> Result<Export, Failure> {
    let reason = review::export_reason(&wanted.reason())
        .map(ToOwned::to_owned)
        .map_err(|refusal| Failure::Refused(vec![refusal]))?;
    let _one_at_a_time = app.0.exporting.lock().await;
    let (reviewer, name) = (visitor.reviewer(), number.to_owned());
    let packed = at_desk(app, move |app| pack(app, &name, &reviewer)).await?;
    let stamp = stamp(app, &packed.snapshot).await;
    let (by, name) = (Actor(visitor.user.name.clone()), number.to_owned());
    at_desk(app, move |app| finish(app, packed, stamp, &name, &by, &reason)).await
}

/// Everything that depends on nothing but the ledger and the office's settings.
fn pack(app: &App, number: &str, reviewer: &Reviewer) -> Result<Packed, Failure> {
    let parts = app.parts();
    let dossier = dossier::read(app, number, reviewer)?;
    let office = page::Office { unit: &parts.unit, zone: &parts.zone, ground: &parts.ground };
    let mut record = custody::record(&dossier, &parts.ground);
    mask_json(&mut record);
    let record = serde_json::to_string_pretty(&record)
        .map_err(|error| Failure::ours("write a custody record", &error))?;
    let proofs = parts.store.prove(&dossier.leaves, &dossier.snapshot).map_err(not_given)?;
    let mut bag = Bag::new(vec![
        ("Source-Organization", parts.unit.clone()),
        ("External-Identifier", number.to_owned()),
        ("Bag-Software-Agent", concat!("netra/", env!("CARGO_PKG_VERSION")).to_owned()),
    ]);
    let is_open = dossier.is_open();
    put(&mut bag, "temuan.html", mask(&page::write(&dossier, &office)).into_owned())?;
    put(&mut bag, "custody.json", record + "\n")?;
    let snapshot = dossier.snapshot;
    put(&mut bag, "ledger/checkpoint", snapshot.note.clone())?;
    put(&mut bag, "ledger/key.pub", snapshot.key.to_text())?;
    put(&mut bag, "ledger/key.pem", snapshot.key.to_pem())?;
    for (leaf, proof) in dossier.leaves.into_iter().zip(proofs) {
        let seq = leaf.entry.seq;
        put(&mut bag, &format!("ledger/entry/{seq:09}.json"), leaf.bytes)?;
        put(&mut bag, &format!("ledger/proof/{seq:09}.tlog-proof"), proof)?;
    }
    for (id, file) in dossier.payloads {
        if let Some(file) = file {
            put(&mut bag, &format!("payload/{id}"), file)?;
        }
    }
    for (id, capture) in dossier.captures {
        if let Some((file, _)) = capture {
            put(&mut bag, &format!("captures/{id}.warc.gz"), file)?;
        }
    }
    Ok(Packed { bag, finding: dossier.state.id, snapshot, is_open })
}

/// Has the checkpoint confirmed: so the time holds for every entry below it,
/// and the authority learns a digest and nothing of the finding.
async fn stamp(app: &App, snapshot: &Snapshot) -> Stamp {
    let Some(authority) = &app.parts().authority else { return Stamp::NotSet };
    let digest = Digest::of(snapshot.note.as_bytes());
    match timestamp(&authority.gate, &authority.address, digest).await {
        Ok(token) => Stamp::Granted { token, authority: authority.address.to_string() },
        Err(error) => {
            let why = std::error::Error::source(&error)
                .map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
            tracing::warn!(why, "an export goes on without a timestamp");
            Stamp::Failed(why)
        }
    }
}

/// Records the export, and only then makes the file.
fn finish(
    app: &App,
    packed: Packed,
    stamp: Stamp,
    number: &str,
    by: &Actor,
    reason: &str,
) -> Result<Export, Failure> {
    let store = &app.parts().store;
    let Packed { mut bag, finding, is_open, .. } = packed;
    let event = Event::Exported { finding, manifest: Digest::of(bag.manifest().as_bytes()) };
    let payload = Some(serde_json::json!({ "reason": reason }));
    let entry = desk::append(app, by, Draft { event, payload })?;
    let (seq, payload) = (entry.seq, entry.payload);
    let after = store.snapshot().map_err(not_given)?;
    let leaf = store.leaf(entry).map_err(not_given)?;
    let proof = store.prove(std::slice::from_ref(&leaf), &after).map_err(not_given)?;
    tag(&mut bag, "export/entry.json", leaf.bytes)?;
    tag(&mut bag, "export/entry.tlog-proof", proof.concat())?;
    if let Some(id) = payload {
        let payload = store.payload_bytes(id).map_err(not_given)?;
        tag(&mut bag, &format!("export/payload/{id}"), payload)?;
    }
    if let Stamp::Granted { token, .. } = &stamp {
        tag(&mut bag, "timestamp/checkpoint.tsr", token.answer.clone())?;
    }
    let origin = after.key.name();
    let about = readme::About { number, origin, entry: seq, is_open, stamp: &stamp };
    tag(&mut bag, "BACA-SAYA.txt", readme::write(&about))?;
    let file = bag.zip(number).map_err(unpacked)?;
    Ok(Export { file, entry: seq, stamp })
}

fn put(bag: &mut Bag, path: &str, content: impl Into<Vec<u8>>) -> Result<(), Failure> {
    bag.put(path, content.into()).map_err(unpacked)
}

fn tag(bag: &mut Bag, path: &str, content: impl Into<Vec<u8>>) -> Result<(), Failure> {
    bag.tag(path, content.into()).map_err(unpacked)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn unpacked(error: BagError) -> Failure {
    match error {
        BagError::TooLarge { .. } => Failure::TooLarge(error.to_string()),
        BagError::Zip(_) => Failure::ours("pack an export", &error),
    }
}
