//! The PINs that were issued.

use std::collections::HashMap;
use std::time::Duration;

use crate::stand_in::digits;

/// The minimum time between two requests for an address.
const REQUEST_INTERVAL: Duration = Duration::from_mins(1);
/// How long a PIN is valid.
const LIFETIME: Duration = Duration::from_mins(10);
/// How many wrong PINs are accepted for a request.
const MAX_TRIES: u32 = 3;

/// The latest request for each address.
#[derive(Debug, Default)]
pub(super) struct Pins {
    requests: HashMap<String, PinRequest>,
}

#[derive(Debug)]
struct PinRequest {
    pin: String,
    game: String,
    requested: Duration,
    /// The number of requests for the address, including this one.
    number: u32,
    wrong: u32,
    used: bool,
}

/// Why a PIN is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PinError {
    /// The PIN is wrong, as a player may type it.
    Incorrect,
    /// The client should not have sent it.
    Violation(&'static str),
}

impl Pins {
    /// Issues a PIN, which replaces the previous one.
    ///
    /// # Errors
    /// The violation, when the previous request is less than a minute old.
    pub(super) fn request(
        &mut self,
        email: &str,
        game: &str,
        now: Duration,
    ) -> Result<String, String> {
        let last = self.requests.get(email);
        let number = last.map_or(0, |last| last.number) + 1;
        if last.is_some_and(|last| now.saturating_sub(last.requested) < REQUEST_INTERVAL) {
            return Err(format!(
                "request {number} for a PIN came within a minute of the last"
            ));
        }
        let request = PinRequest {
            pin: digits(),
            game: game.to_owned(),
            requested: now,
            number,
            wrong: 0,
            used: false,
        };
        let pin = request.pin.clone();
        self.requests.insert(email.to_owned(), request);
        Ok(pin)
    }

    /// Checks a PIN and returns the game that it was requested for. The PIN stays valid; a wrong one is counted.
    pub(super) fn check(
        &mut self,
        email: &str,
        pin: &str,
        now: Duration,
    ) -> Result<String, PinError> {
        if pin.len() != 6 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PinError::Violation("a PIN was not six digits"));
        }
        let Some(request) = self.requests.get_mut(email) else {
            return Err(PinError::Violation(
                "a PIN was sent for an address without a request",
            ));
        };
        if request.wrong >= MAX_TRIES {
            return Err(PinError::Violation(
                "a PIN was tried more often than three times",
            ));
        }
        let late = now.saturating_sub(request.requested) > LIFETIME;
        if request.pin != pin || request.used || late {
            request.wrong += 1;
            return Err(PinError::Incorrect);
        }
        Ok(request.game.clone())
    }

    /// Marks the PIN of an address as used.
    pub(super) fn mark_used(&mut self, email: &str) {
        if let Some(request) = self.requests.get_mut(email) {
            request.used = true;
        }
    }
}
