//! The PINs that were given out.

use std::collections::HashMap;
use std::time::Duration;

use super::mint;

/// A client that asks an address for another PIN sooner than this is rude.
const BETWEEN_REQUESTS: Duration = Duration::from_mins(1);
/// How long a PIN is good.
const LIFETIME: Duration = Duration::from_mins(10);
/// A client that guesses more often than this is worse.
const TRIES: u32 = 3;

/// The newest request of each address.
#[derive(Debug, Default)]
pub(super) struct Pins {
    requests: HashMap<String, PinRequest>,
}

#[derive(Debug)]
struct PinRequest {
    pin: String,
    game: String,
    asked: Duration,
    /// How many requests there were for the address, with this one.
    number: u32,
    wrong: u32,
    used: bool,
}

/// Why a PIN is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// A player may have typed it wrong.
    Incorrect,
    /// A polite client would not have sent it.
    Rude(&'static str),
}

impl Pins {
    /// A new PIN, which makes the last one worthless; or what is rude about wanting one.
    pub(super) fn request(
        &mut self,
        email: &str,
        game: &str,
        now: Duration,
    ) -> Result<String, String> {
        let last = self.requests.get(email);
        let number = last.map_or(0, |last| last.number) + 1;
        if last.is_some_and(|last| now.saturating_sub(last.asked) < BETWEEN_REQUESTS) {
            return Err(format!(
                "request {number} for a PIN came within a minute of the last"
            ));
        }
        let request = PinRequest {
            pin: mint::pin(),
            game: game.to_owned(),
            asked: now,
            number,
            wrong: 0,
            used: false,
        };
        let pin = request.pin.clone();
        self.requests.insert(email.to_owned(), request);
        Ok(pin)
    }

    /// The game that a PIN was requested for. A right one survives this, a wrong one counts.
    pub(super) fn check(
        &mut self,
        email: &str,
        pin: &str,
        now: Duration,
    ) -> Result<String, Refused> {
        if pin.len() != 6 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refused::Rude("a PIN was not six digits"));
        }
        let Some(request) = self.requests.get_mut(email) else {
            return Err(Refused::Rude(
                "a PIN came for an address that none was requested for",
            ));
        };
        if request.wrong >= TRIES {
            return Err(Refused::Rude("a PIN was tried more often than three times"));
        }
        let late = now.saturating_sub(request.asked) > LIFETIME;
        if request.pin != pin || request.used || late {
            request.wrong += 1;
            return Err(Refused::Incorrect);
        }
        Ok(request.game.clone())
    }

    /// The PIN of an address was traded for tokens.
    pub(super) fn used(&mut self, email: &str) {
        if let Some(request) = self.requests.get_mut(email) {
            request.used = true;
        }
    }
}
