//! Failure: what a page could not do, told to a person in Indonesian and to a
//! program as JSON. The cause of a fault of ours goes to the log only, under
//! the number that the page shows.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::access::Who;
use crate::review::Refusal;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// Nobody is signed in.
    SignInFirst,
    /// The role may not: who may.
    NotPermitted(Who),
    /// The form was not sent by one of our pages.
    Forged,
    /// There is no such page or finding.
    NotFound,
    /// A finding's state stands in the way, or what was filled in.
    Refused(Vec<Refusal>),
    /// The finding changed since the form was shown.
    Changed,
    /// Something that was sent cannot be understood: what, in English, for programs.
    Unreadable(String),
    /// What a user or a period would be called is refused by those who keep it.
    Conflict(String),
    /// The evidence is more than one file takes: what to do instead, in English, for programs.
    TooLarge(String),
    /// Evidence is not as it was written; the log has what, under this number.
    Damaged(String),
    /// A fault of ours, by its number.
    Ours(String),
}

impl Failure {
    /// A fault of ours: logs the cause and gives it a number to ask for.
    pub(super) fn ours(deed: &str, cause: &dyn std::error::Error) -> Self {
        let mut bytes = [0; 3];
        // without random bytes all faults share a number, which is still true
        let number = match getrandom::fill(&mut bytes) {
            Ok(()) => format!("N-{:02X}{:02X}{:02X}", bytes[0], bytes[1], bytes[2]),
            Err(_) => "N-000000".to_owned(),
        };
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(deeper) = source {
            chain = format!("{chain}: {deeper}");
            source = deeper.source();
        }
        tracing::error!(number, deed, cause = chain, "a request failed");
        Self::Ours(number)
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::SignInFirst => StatusCode::UNAUTHORIZED,
            Self::NotPermitted(_) | Self::Forged => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Refused(refusals) => match refusals.first() {
                Some(first) if first.is_conflict() => StatusCode::CONFLICT,
                Some(first) if first.is_about_the_form() => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::FORBIDDEN,
            },
            Self::Changed | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Damaged(_) | Self::Ours(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The word that programs ask for.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::SignInFirst => "sign_in_first",
            Self::NotPermitted(_) => "not_permitted",
            Self::Forged => "forged",
            Self::NotFound => "not_found",
            Self::Refused(_) => "refused",
            Self::Changed => "changed",
            Self::Unreadable(_) => "unreadable",
            Self::Conflict(_) => "conflict",
            Self::TooLarge(_) => "too_large",
            Self::Damaged(_) => "damaged",
            Self::Ours(_) => "internal",
        }
    }

    /// The sentence for programs and their operators, in English.
    pub(super) fn message(&self) -> String {
        match self {
            Self::SignInFirst => "nobody is signed in: this Unix user stands for no Netra user; \
                 have one added with `netra user add NAME --unix USER`"
                .into(),
            Self::NotPermitted(_) => "your role may not do this".into(),
            Self::Forged => "the form was not sent by one of these pages".into(),
            Self::NotFound => "there is no such finding or page".into(),
            Self::Refused(refusals) => {
                refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
            }
            Self::Changed => "the finding changed since you looked: look again".into(),
            Self::Unreadable(what) | Self::Conflict(what) | Self::TooLarge(what) => what.clone(),
            Self::Damaged(number) => format!(
                "the evidence is not as it was written, so it is not given: `netra evidence verify` \
                 says what is damaged; the log has the cause under {number}"
            ),
            Self::Ours(number) => {
                format!("an internal error; the log has the cause under {number}")
            }
        }
    }
}

impl IntoResponse for Failure {
    /// Without words: [`super::guard::frame`] writes them as page or as JSON.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
