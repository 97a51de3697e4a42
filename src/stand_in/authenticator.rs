//! The codes that the stand-in servers take from an authenticator which is set up with the published secret.

use std::collections::HashMap;
use std::time::Duration;

use super::CODE_SECRET;
use crate::base::secret::Secret;
use crate::totp::Totp;

/// One game's memory of the codes that were used.
#[derive(Debug)]
pub(super) struct Authenticator {
    totp: Option<Totp>,
    /// The steps whose codes each player has used, as far as they could be used again.
    used: HashMap<String, Vec<u64>>,
}

impl Authenticator {
    /// One where no code was used.
    pub(super) fn new() -> Self {
        Self {
            // A test sees to it that there is one.
            totp: Totp::parse(&Secret::new(CODE_SECRET)).ok(),
            used: HashMap::new(),
        }
    }

    /// Whether a code is that of the step at `now` (time since the Unix epoch), or of the one before or after (RFC
    /// 6238, section 5.2, and clocks that differ), and this player's first use of it.
    pub(super) fn takes(&mut self, username: &str, code: &str, now: Duration) -> bool {
        let Some(totp) = &self.totp else { return false };
        let current = now.as_secs() / totp.period();
        let steps = current.saturating_sub(1)..=current.saturating_add(1);
        let used = self.used.entry(username.to_owned()).or_default();
        used.retain(|step| steps.contains(step));

        let mut unused = steps.filter(|step| !used.contains(step));
        let step = unused.find(|step| totp.code(*step).reveal() == code);
        used.extend(step);
        step.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(300_005);

    fn code(step: u64) -> String {
        let totp = Totp::parse(&Secret::new(CODE_SECRET)).expect("a code secret");
        totp.code(step).reveal().to_owned()
    }

    #[test]
    fn the_published_secret_is_one_that_every_authenticator_takes() {
        let totp = Totp::parse(&Secret::new(CODE_SECRET)).expect("a code secret");
        assert_eq!(totp.canonical().reveal(), CODE_SECRET);
        // Computed with another program: Python's hmac, with the secret and step 10000.
        assert_eq!(code(10_000), "730210");
    }

    #[test]
    fn a_code_of_this_step_or_one_beside_it_is_taken_once() {
        let mut authenticator = Authenticator::new();
        for step in [10_000, 9_999, 10_001] {
            assert!(authenticator.takes("alice", &code(step), NOW), "{step}");
            assert!(!authenticator.takes("alice", &code(step), NOW), "{step}");
        }
        for step in [9_998, 10_002] {
            assert!(!authenticator.takes("alice", &code(step), NOW), "{step}");
        }
        assert!(authenticator.takes("bob", &code(10_000), NOW));
    }

    #[test]
    fn a_used_code_stays_used_as_long_as_it_could_be_taken() {
        let mut authenticator = Authenticator::new();
        assert!(authenticator.takes("alice", &code(10_001), NOW));
        for later in [0, 30, 60] {
            let now = NOW + Duration::from_secs(later);
            assert!(!authenticator.takes("alice", &code(10_001), now), "{later}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_taken() {
        let mut authenticator = Authenticator::new();
        for code in ["", "no", "０００００１", CODE_SECRET] {
            assert!(!authenticator.takes("alice", code, NOW), "{code}");
        }
    }
}
