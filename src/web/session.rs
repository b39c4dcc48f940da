//! Sessions: who is signed in, kept by the server; the browser holds a token only.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::model::Digest;

/// After this long without a request a session ends.
pub(super) const IDLE: SignedDuration = SignedDuration::from_mins(60);

/// After this long a session ends, used or not: a working day.
pub(super) const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);

/// The most sessions kept; the oldest ends when one more begins.
const MOST: usize = 10_000;

/// 256 bits from the system, in hex: for sessions and one-time links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token(pub(super) String);

impl Token {
    /// A new one. Fails only when the system gives no random bytes.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(Digest(bytes).to_string()))
    }

    /// What forms of this session carry to show that the session's own page sent them.
    pub(super) fn form_token(&self) -> String {
        Digest::of_parts(&[b"netra form", self.0.as_bytes()]).to_string()
    }
}

#[derive(Clone, Debug)]
struct Session {
    user: String,
    began: Timestamp,
    used: Timestamp,
}

/// The sessions of this process, by the digest of their token: who reads the
/// memory or a dump of it finds no token that opens.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<Digest, Session>>);

impl Sessions {
    /// Begins a session and gives its token.
    pub(super) fn begin(&self, user: &str, now: Timestamp) -> Result<Token, getrandom::Error> {
        let token = Token::new()?;
        let mut all = self.lock();
        all.retain(|_, session| is_good(session, now));
        if all.len() >= MOST
            && let Some(oldest) = all.iter().min_by_key(|(_, it)| it.used).map(|(key, _)| *key)
        {
            all.remove(&oldest);
        }
        let session = Session { user: user.to_owned(), began: now, used: now };
        all.insert(Digest::of(token.0.as_bytes()), session);
        Ok(token)
    }

    /// The user of this token, whose session goes on; none when it ended.
    pub(super) fn user(&self, token: &Token, now: Timestamp) -> Option<String> {
        let key = Digest::of(token.0.as_bytes());
        let mut all = self.lock();
        let session = all.get_mut(&key)?;
        if !is_good(session, now) {
            all.remove(&key);
            return None;
        }
        session.used = session.used.max(now);
        Some(session.user.clone())
    }

    /// Ends a session.
    pub(super) fn end(&self, token: &Token) {
        self.lock().remove(&Digest::of(token.0.as_bytes()));
    }

    /// Ends all sessions of a user.
    pub(super) fn end_all(&self, user: &str) {
        self.lock().retain(|_, session| session.user != user);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_good(session: &Session, now: Timestamp) -> bool {
    now.duration_since(session.used) <= IDLE && now.duration_since(session.began) <= ABSOLUTE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + 60 * minute).unwrap()
    }

    #[test]
    fn a_session_ends_after_an_hour_without_use() {
        let sessions = Sessions::default();
        let token = sessions.begin("dewi", at(0)).unwrap();
        assert_eq!(sessions.user(&token, at(60)).as_deref(), Some("dewi"));
        assert_eq!(sessions.user(&token, at(120)).as_deref(), Some("dewi"));
        assert_eq!(sessions.user(&token, at(181)), None);
        assert_eq!(sessions.user(&token, at(120)), None);
    }

    #[test]
    fn a_session_ends_after_twelve_hours_of_use() {
        let sessions = Sessions::default();
        let token = sessions.begin("dewi", at(0)).unwrap();
        assert!((0..=24).all(|half| sessions.user(&token, at(30 * half)).is_some()));
        assert_eq!(sessions.user(&token, at(721)), None);
    }

    #[test]
    fn every_sign_in_has_its_own_token_and_ends_alone() {
        let sessions = Sessions::default();
        let [one, two] = [0, 1].map(|minute| sessions.begin("dewi", at(minute)).unwrap());
        assert_ne!(one, two);
        assert_ne!(one.form_token(), two.form_token());
        sessions.end(&one);
        assert_eq!(sessions.user(&one, at(2)), None);
        assert!(sessions.user(&two, at(2)).is_some());
        sessions.end_all("dewi");
        assert_eq!(sessions.user(&two, at(2)), None);
    }
}
