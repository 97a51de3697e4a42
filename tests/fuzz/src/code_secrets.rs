//! Parsing any two-factor secret: nothing panics, and each code is as long as the secret says.

use playcookie::base::secret::Secret;
use playcookie::totp::Totp;

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(totp) = Totp::parse(&Secret::new(text)) else {
        return;
    };
    for step in [0, 1, u64::MAX] {
        let code = totp.code(step);
        assert!((6..=8).contains(&code.reveal().len()));
        assert!(code.reveal().bytes().all(|byte| byte.is_ascii_digit()));
    }
}
