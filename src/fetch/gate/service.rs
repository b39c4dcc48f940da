//! A question to a service that the operator named, such as a time-stamping
//! authority: guarded, paced and bounded as a page is.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use url::Url;

use super::exchange::{self, Asked, Bounds, exchange, host};
use super::{Gate, wait_for};
use crate::fetch::FetchError;

/// How long a service may take in all: a person waits for it.
const MOST_FOR_A_SERVICE: Duration = Duration::from_secs(30);

impl Gate {
    /// Sends a question to a service that the operator named, and reads its
    /// answer of at most so many bytes. The kinds are those of question and
    /// answer. No redirect is followed, and robots.txt is not asked: it speaks
    /// to those who follow links.
    pub async fn post(
        &self,
        address: &Url,
        (kind, accepted): (&'static str, &'static str),
        question: Vec<u8>,
        most: u64,
    ) -> Result<Vec<u8>, FetchError> {
        self.guard.check(address)?;
        let state = self.state(address);
        let _turn = state.turn.lock().await;
        self.is_awake(address, &state)?;
        self.check_port(address).await?;
        wait_for(&state.pace).await;
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(kind)),
            (ACCEPT, HeaderValue::from_static(accepted)),
        ];
        let bounds = self.settings.bounds();
        let bounds = Bounds { body: most, total: bounds.total.min(MOST_FOR_A_SERVICE), ..bounds };
        let asked = Asked { url: address, headers: &headers, content: Some(question) };
        let answer = exchange(&self.client, asked, &bounds).await?;
        let host = host(address);
        match answer.status {
            200 => Ok(answer.body),
            301 | 302 | 303 | 307 | 308 => Err(FetchError::Redirects { host, hops: 0 }),
            status => {
                let retry_after = exchange::retry_after(&answer.headers, self.clock.now());
                Err(FetchError::Status { host, status, retry_after })
            }
        }
    }
}
