//! The least that a login or a look can be: one request written by hand, and the same game, or the answer as it is.

use std::process::Command;

use serde_json::Value;

use crate::request::{exchange, get, sender};
use crate::stage::{DISTRICTS, form};

/// The first argument that makes this program the floor; the port of the server follows, and the game of a login.
pub(crate) const ARGUMENT: &str = "floor";

/// Logs in with the password on standard input, starts the game, and waits for it.
pub(crate) fn log_in_and_start(port: &str, game: &str) {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .expect("a password");
    let form = form(password.trim_end());
    let request = format!(
        "POST /api/login?format=json HTTP/1.1\r\n{}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        sender(port),
        form.len()
    );
    let answer: Value = serde_json::from_slice(&exchange(port, &request)).expect("JSON");
    let text = |key: &str| answer[key].as_str().expect("a text").to_owned();
    let status = Command::new(game)
        .env("TTR_GAMESERVER", text("gameserver"))
        .env("TTR_PLAYCOOKIE", text("cookie"))
        .status()
        .expect("the game starts");
    assert!(status.success(), "{status}");
}

/// Asks for the districts, and prints the answer as it came.
pub(crate) fn look(port: &str) {
    get(port, DISTRICTS);
}
