//! Takes a decision, or takes one back: POST, then 303 to what comes next.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::desk::{self, at_desk};
use super::failure::Failure;
use super::finding::{self, Asked};
use super::form::Filled;
use super::guard::Visitor;
use super::{App, layout, words};
use crate::model::Choice;
use crate::review::{self, Refusal};

/// POST /temuan/{number}/keputusan
pub(super) async fn decide(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
    Form(filled): Form<Filled>,
) -> Result<Response, Failure> {
    if !filled.ubah.is_empty() {
        return again(&app, number, &visitor, &filled, &Failure::Refused(vec![])).await;
    }
    let Some(decision) = filled.decision()? else {
        let sight = finding::look(&app, number, Asked::default(), &visitor).await?;
        let faults = [("Pilih satu keputusan.".to_owned(), "p-dugaan")];
        let page = finding::show(&app, &visitor, &sight, &filled, layout::TO_MEND, &faults);
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let needs_a_second_look = decision.choice == Choice::Dugaan && filled.pasti.is_empty();
    let (reviewer, name, token) = (visitor.reviewer(), number.clone(), filled.keadaan.clone());
    let done = at_desk(&app, move |app| {
        if needs_a_second_look {
            let state = desk::state(app, &name)?;
            let permitted = review::decide(&state, &decision, &reviewer);
            return permitted.map(|_| None).map_err(Failure::Refused);
        }
        let token = Some(token.as_str()).filter(|token| !token.is_empty());
        desk::decide(app, &name, &decision, &reviewer, token)?;
        desk::next(app, &reviewer).map(Some)
    })
    .await;
    match done {
        Ok(None) => {
            let sight = finding::look(&app, number.clone(), Asked::default(), &visitor).await?;
            Ok(finding::check_again(&app, &visitor, &number, &filled, &sight).into_response())
        }
        Ok(Some(next)) => {
            let next = next.filter(|_| !filled.lanjut.is_empty());
            let next = match next {
                Some(next) => format!("/temuan/{}?disimpan={number}", next.number),
                None if filled.lanjut.is_empty() => format!("/temuan/{number}?disimpan={number}"),
                None => format!("/antrean?disimpan={number}"),
            };
            Ok(Redirect::to(&next).into_response())
        }
        Err(failure @ (Failure::Refused(_) | Failure::Changed)) => {
            again(&app, number, &visitor, &filled, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// The finding's page with what was filled in, and what stood in the way.
async fn again(
    app: &App,
    number: String,
    visitor: &Visitor,
    filled: &Filled,
    failure: &Failure,
) -> Result<Response, Failure> {
    let sight = finding::look(app, number, Asked::default(), visitor).await?;
    let faults: Vec<_> = match failure {
        Failure::Refused(refusals) => {
            refusals.iter().map(|it| (words::refusal(it, app), field(it))).collect()
        }
        _ => vec![(
            "Temuan ini berubah sejak Anda membukanya. Isian Anda belum disimpan; \
             periksa keadaannya, lalu simpan lagi."
                .to_owned(),
            "keputusan",
        )],
    };
    let page = finding::show(app, visitor, &sight, filled, heading(failure), &faults);
    let status = if faults.is_empty() { axum::http::StatusCode::OK } else { failure.status() };
    Ok((status, page).into_response())
}

/// What stands over the faults.
fn heading(failure: &Failure) -> &'static str {
    match failure {
        Failure::Refused(refusals) => match refusals.first() {
            Some(Refusal::Settled { .. }) => "Temuan sudah diputuskan",
            Some(refusal) if !refusal.is_about_the_form() => "Langkah ini tidak dapat dilakukan",
            _ => layout::TO_MEND,
        },
        _ => "Temuan sudah berubah",
    }
}

/// The field to mend.
const fn field(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ReasonTooShort { .. } | Refusal::ReasonTooLong { .. } => "alasan",
        Refusal::CodeMissing => "kode",
        Refusal::CategoryMissing => "jenis",
        Refusal::UnitUnfit { .. } => "unit",
        _ => "keputusan",
    }
}

/// POST /temuan/{number}/batalkan
pub(super) async fn undo(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let (reviewer, name) = (visitor.reviewer(), number.clone());
    at_desk(&app, move |app| desk::undo(app, &name, &reviewer)).await?;
    Ok(Redirect::to(&format!("/temuan/{number}")).into_response())
}
