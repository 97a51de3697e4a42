//! Checks the codes of an authenticator that is set up with the public two-factor secret.

use std::collections::HashMap;
use std::time::Duration;

use super::CODE_SECRET;
use crate::base::secret::Secret;
use crate::totp::Totp;

/// Checks the codes of one game's players, and remembers used ones.
#[derive(Debug)]
pub(super) struct Authenticator {
    totp: Option<Totp>,
    /// The time steps whose codes a player has used and which are still accepted.
    used: HashMap<String, Vec<u64>>,
}

impl Authenticator {
    /// Creates an authenticator without used codes.
    pub(super) fn new() -> Self {
        Self {
            // A test checks that the secret is valid.
            totp: Totp::parse(&Secret::new(CODE_SECRET)).ok(),
            used: HashMap::new(),
        }
    }

    /// Accepts a code once, if it is that of the time step at `now` (time since the Unix epoch) or of the step before or
    /// after it (RFC 6238, section 5.2). Returns whether the code was accepted.
    pub(super) fn accept(&mut self, username: &str, code: &str, now: Duration) -> bool {
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
    fn the_public_secret_is_valid_for_every_authenticator() {
        let totp = Totp::parse(&Secret::new(CODE_SECRET)).expect("a code secret");
        assert_eq!(totp.canonical().reveal(), CODE_SECRET);
        // Computed with Python's hmac from the secret and step 10000.
        assert_eq!(code(10_000), "730210");
    }

    #[test]
    fn a_code_of_this_step_or_an_adjacent_one_is_accepted_once() {
        let mut authenticator = Authenticator::new();
        for step in [10_000, 9_999, 10_001] {
            assert!(authenticator.accept("alice", &code(step), NOW), "{step}");
            assert!(!authenticator.accept("alice", &code(step), NOW), "{step}");
        }
        for step in [9_998, 10_002] {
            assert!(!authenticator.accept("alice", &code(step), NOW), "{step}");
        }
        assert!(authenticator.accept("bob", &code(10_000), NOW));
    }

    #[test]
    fn a_used_code_is_refused_as_long_as_its_step_is_accepted() {
        let mut authenticator = Authenticator::new();
        assert!(authenticator.accept("alice", &code(10_001), NOW));
        for later in [0, 30, 60] {
            let now = NOW + Duration::from_secs(later);
            assert!(
                !authenticator.accept("alice", &code(10_001), now),
                "{later}"
            );
        }
    }

    #[test]
    fn other_texts_are_not_accepted() {
        let mut authenticator = Authenticator::new();
        for code in ["", "no", "０００００１", CODE_SECRET] {
            assert!(!authenticator.accept("alice", code, NOW), "{code}");
        }
    }
}
