//! Stop: the word to end, said once, heard by all.

use tokio::sync::watch;

/// Says the word to end. Dropping it says so too.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Hears the word to end.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stopper {
    /// A stopper and the ear that belongs to it.
    pub fn new() -> (Self, Stop) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), Stop(receiver))
    }

    /// Says the word.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether the word was said.
    pub fn is_said(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for the word.
    pub async fn said(&mut self) {
        // An error means the stopper is gone, which says the word as well.
        if self.0.wait_for(|said| *said).await.is_err() {
            tracing::debug!("nobody is left to say stop: stopping");
        }
    }
}
