//! Reading the claims of any token of Supercell ID: nothing panics, and what is shown has no control characters.

use playcookie::base::secret::Secret;
use playcookie::games::scid::jwt::Claims;

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(claims) = Claims::decode(&Secret::new(text)) {
        let _ = claims.player();
        let json = serde_json::to_string(&claims).expect("JSON");
        // The JSON escapes control characters of ASCII.
        assert!(
            !json.contains("\\u00") && !json.contains(char::is_control),
            "{json:?}"
        );
    }
}
