//! Passwords: hashed with argon2id. Slow on purpose, so never on the async threads.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

/// The fewest characters of a password; longer is better than odder (NIST SP 800-63B).
pub(super) const MIN_CHARS: usize = 12;

/// The most bytes of a password: a bound on what is hashed, far above any phrase.
pub(super) const MAX_BYTES: usize = 1_024;

/// Each hash takes 19 MiB; so many at once are enough for an office.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// What a wrong user name is checked against, so that it takes as long as a wrong password.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub(super) enum PasswordError {
    /// The hash failed or the system gave no salt.
    #[error("cannot hash the password: {cause}")]
    Hash {
        /// Why.
        cause: String,
    },
    /// The hashing thread ended early.
    #[error("hashing the password was cut off")]
    Cut(#[from] tokio::task::JoinError),
    /// The process is ending.
    #[error("the server is stopping")]
    Stopping(#[from] tokio::sync::AcquireError),
}

/// The hash of a password, as text.
pub(super) async fn hash(password: String) -> Result<String, PasswordError> {
    let _place = AT_ONCE.acquire().await?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await?
}

/// Whether this is the password of this hash. Without a hash (no such user, no
/// password yet) it takes as long and is wrong.
pub(super) async fn is_right(
    password: String,
    hash: Option<String>,
) -> Result<bool, PasswordError> {
    let _place = AT_ONCE.acquire().await?;
    let check = move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok() && known
    };
    Ok(tokio::task::spawn_blocking(check).await?)
}

fn hash_now(password: &str) -> Result<String, PasswordError> {
    let failed = |cause: String| PasswordError::Hash { cause };
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| failed(error.to_string()))?;
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only() {
        let hash = hash("kata sandi yang panjang".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(is_right("kata sandi yang panjang".into(), Some(hash.clone())).await.unwrap());
        assert!(!is_right("kata sandi yang Panjang".into(), Some(hash)).await.unwrap());
        assert!(!is_right("nobody has this password".into(), None).await.unwrap());
    }
}
