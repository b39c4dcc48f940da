//! NIP and NIK: hidden in every answer, shown in one that gives the reason.
//!
//! Two layers, so that no page has to think of it. What the desk hands out of
//! the store is masked where it is read, field by field, so that marks stay
//! where they are. Whatever an answer holds besides (what was typed, an address,
//! a name, a failure) is masked in [`hide`], which every answer passes.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::Value;

use super::desk::{self, Identity, at_desk};
use super::failure::Failure;
use super::finding::{self, Asked};
use super::form::Filled;
use super::guard::Visitor;
use super::reasoned::{self, Deed, Wanted};
use super::{App, api};
use crate::model::FindingState;
use crate::text::identity::{mask, mask_json};

/// The field of the reason.
const FIELD: &str = "alasan-identitas";

/// Marks an answer that [`hide`] leaves as it is: the numbers were asked for
/// and are an entry of the ledger, or it is a report, which hides them itself
/// and prints that of who signs.
#[derive(Clone, Copy, Debug)]
pub(super) struct AsItIs;

/// The answer without NIP and NIK.
pub(super) async fn hide(response: Response) -> Response {
    if response.extensions().get::<AsItIs>().is_some() {
        return response;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.starts_with("application/json"));
    if !is_json && !kind.is_some_and(|kind| kind.starts_with("text/")) {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let masked = if is_json { masked_json(&bytes) } else { masked_text(&bytes) };
    Response::from_parts(head, masked.map_or_else(|| Body::from(bytes), Body::from))
}

/// The JSON with its texts masked; none if there is nothing to mask.
fn masked_json(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    if mask_json(&mut value) { serde_json::to_vec(&value).ok() } else { None }
}

fn masked_text(bytes: &[u8]) -> Option<Vec<u8>> {
    match mask(std::str::from_utf8(bytes).ok()?) {
        std::borrow::Cow::Owned(text) => Some(text.into_bytes()),
        std::borrow::Cow::Borrowed(_) => None,
    }
}

/// POST /temuan/{number}/identitas
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Failure> {
    let (name, person) = (number.clone(), visitor.clone());
    let reason = wanted.reason();
    let shown = at_desk(&app, move |app| {
        let case = desk::identified(app, &name, &reason, &person.reviewer())?;
        finding::sight(app, case, Asked::default(), &person)
    })
    .await;
    match shown {
        Ok(sight) => {
            let page = finding::show(&app, &visitor, &sight, &Filled::default(), "", &[]);
            Ok(as_it_is(page.into_response()))
        }
        Err(failure) => reasoned::again(&app, number, &visitor, failure, FIELD).await,
    }
}

/// POST /api/temuan/{number}/identitas
pub(super) async fn tell(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
    Json(wanted): Json<Wanted>,
) -> Result<Response, Failure> {
    let told = at_desk(&app, move |app| {
        let mut case = desk::identified(app, &number, &wanted.reason(), &visitor.reviewer())?;
        Ok(Json(api::whole(app, &mut case, &visitor)))
    });
    Ok(as_it_is(told.await?.into_response()))
}

fn as_it_is(mut response: Response) -> Response {
    response.extensions_mut().insert(AsItIs);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn deed(state: &FindingState) -> Deed {
    Deed {
        action: format!("/temuan/{}/identitas", state.number),
        field: FIELD,
        summary: "Tampilkan nomor",
        label: "Untuk apa nomor diperlukan (wajib, minimal 20 karakter)",
        help: "Nama Anda, waktu, dan alasan dicatat dalam buku bukti.",
        button: "Tampilkan satu kali",
    }
}

/// What the finding's page says of hidden numbers, and how to see them.
pub(super) fn section(
    visitor: &Visitor,
    state: &FindingState,
    identity: Identity,
    faults: &[(String, &'static str)],
) -> Markup {
    html! {
        @match identity {
            Identity::None => {},
            Identity::Shown => section #identitas {
                h2 { "Nomor identitas" }
                p role="status" {
                    "NIP dan NIK ditampilkan pada halaman ini saja. "
                    "Penampilan ini dan alasan Anda dicatat dalam buku bukti."
                }
                p { a href=(format!("/temuan/{}", state.number)) { "Samarkan lagi" } }
            },
            Identity::Hidden => section #identitas {
                h2 { "Nomor identitas" }
                p { "NIP atau NIK pada unggahan ini disamarkan dengan tanda •." }
                @if visitor.user.role.decides() { (deed(state).form(visitor, faults)) }
            },
        }
    }
}
