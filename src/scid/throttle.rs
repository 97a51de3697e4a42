//! How often a code may be requested and a PIN be tried: remembered for every process of this user.

use std::cell::RefCell;

use super::kept::unremembered;
use crate::base::failure::Failure;
use crate::games::scid::pacing::Pacing;
use crate::state::StateDirectory;

/// The state file. Addresses and times are in it, no PIN.
const FILE: &str = "scid-requests.json";

/// Where it is remembered.
#[derive(Debug)]
pub(crate) enum Pace {
    /// In the state directory.
    Kept,
    /// For this run only: a rehearsal leaves nothing behind.
    Forgotten(RefCell<Pacing>),
}

impl Pace {
    /// What was requested lately.
    pub(crate) fn known(&self) -> Pacing {
        match self {
            Self::Kept => StateDirectory::user()
                .read(FILE)
                .map(|file| Pacing::parse(&file))
                .unwrap_or_default(),
            Self::Forgotten(pacing) => pacing.borrow().clone(),
        }
    }

    /// Changes what is known of requests.
    pub(crate) fn change(&self, change: impl Fn(&mut Pacing)) -> Result<(), Failure> {
        match self {
            Self::Forgotten(pacing) => {
                change(&mut pacing.borrow_mut());
                Ok(())
            }
            Self::Kept => StateDirectory::user()
                .update(FILE, |file| {
                    let mut pacing = file.map(Pacing::parse).unwrap_or_default();
                    change(&mut pacing);
                    pacing.to_json().into_bytes()
                })
                .map_err(|error| unremembered(&error)),
        }
    }
}
