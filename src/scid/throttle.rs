//! How often a code may be requested and a PIN be tried: remembered for every process of this user.

use std::cell::RefCell;

use super::kept::unremembered;
use crate::base::failure::Failure;
use crate::games::scid::pin_throttle::PinThrottle;
use crate::state::State;

/// The state file. Addresses and times are in it, no PIN.
const FILE: &str = "scid-requests.json";

/// Where it is remembered.
#[derive(Debug)]
pub(crate) enum Pace {
    /// In the state directory.
    Kept,
    /// For this run only: a rehearsal leaves nothing behind.
    Forgotten(RefCell<PinThrottle>),
}

impl Pace {
    /// What was requested lately.
    pub(crate) fn known(&self) -> PinThrottle {
        match self {
            Self::Kept => State::here()
                .read(FILE)
                .map(|file| PinThrottle::parse(&file))
                .unwrap_or_default(),
            Self::Forgotten(throttle) => throttle.borrow().clone(),
        }
    }

    /// Changes what is known of requests.
    pub(crate) fn change(&self, change: impl Fn(&mut PinThrottle)) -> Result<(), Failure> {
        match self {
            Self::Forgotten(throttle) => {
                change(&mut throttle.borrow_mut());
                Ok(())
            }
            Self::Kept => State::here()
                .update(FILE, |file| {
                    let mut throttle = file.map(PinThrottle::parse).unwrap_or_default();
                    change(&mut throttle);
                    throttle.to_json().into_bytes()
                })
                .map_err(|error| unremembered(&error)),
        }
    }
}
