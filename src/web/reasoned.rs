//! Deeds about a finding that need a reason and decide nothing.

use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::failure::Failure;
use super::finding::{self, Asked};
use super::form::Filled;
use super::guard::Visitor;
use super::{App, layout, words};

/// What the form or the command line sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// Why it is wanted.
    #[serde(alias = "reason")]
    alasan: String,
}

impl Wanted {
    /// The reason, its lines ended as everywhere.
    pub(super) fn reason(&self) -> String {
        self.alasan.replace("\r\n", "\n")
    }
}

/// The form of such a deed.
pub(super) struct Deed {
    /// Where it is sent.
    pub(super) action: String,
    /// The id of the field of the reason.
    pub(super) field: &'static str,
    /// What unfolds it.
    pub(super) summary: &'static str,
    /// What is asked.
    pub(super) label: &'static str,
    /// What becomes of the answer.
    pub(super) help: &'static str,
    /// What sends it.
    pub(super) button: &'static str,
}

impl Deed {
    /// The form, folded up so that who judges comes to the decision first, unless
    /// its reason is to be mended.
    pub(super) fn form(&self, visitor: &Visitor, faults: &[(String, &'static str)]) -> Markup {
        let Self { action, field, summary, label, help, button } = self;
        let help_id = format!("bantuan-{field}");
        html! {
            details open[faults.iter().any(|(_, at)| at == field)] {
                summary { (summary) }
                form method="post" action=(action) {
                    (layout::form_token(visitor))
                    label for=(field) { (label) }
                    p .catatan id=(help_id) { (help) }
                    textarea id=(field) name="alasan" rows="3" maxlength="4000" required aria-describedby=(help_id) {}
                    button { (button) }
                }
            }
        }
    }
}

/// The finding's page with what is wrong with a reason that was refused, told
/// at its `field`; any other failure stays one.
pub(super) async fn again(
    app: &App,
    number: String,
    visitor: &Visitor,
    failure: Failure,
    field: &'static str,
) -> Result<Response, Failure> {
    let Failure::Refused(refusals) = &failure else { return Err(failure) };
    let faults: Vec<_> = refusals.iter().map(|it| (words::refusal(it, app), field)).collect();
    let sight = finding::look(app, number, Asked::default(), visitor).await?;
    let page = finding::show(app, visitor, &sight, &Filled::default(), layout::TO_MEND, &faults);
    Ok((failure.status(), page).into_response())
}
