//! The stand-in game: shows the variables that it found, and goes to the game server with the play cookie.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::sanitize::clean;
use crate::secret::{MASK, Secret};

/// How long the game server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the stand-in game found and how it went.
#[derive(Debug)]
pub struct Played {
    /// Lines for people; the play cookie is not in them.
    pub lines: String,
    /// The exit status: 0 when the game server let the player in.
    pub status: i32,
}

/// Plays: `server` and `cookie` are the names of the game's two variables, `find` looks one up.
pub fn play(
    server: &str,
    cookie: &str,
    arguments: &[OsString],
    find: impl Fn(&str) -> Option<String>,
) -> Played {
    let mut lines = String::from("The stand-in game found:\n");
    let gameserver = find(server);
    let secret = find(cookie).map(Secret::new);
    let shown = gameserver
        .as_deref()
        .map_or_else(|| "nothing".to_owned(), clean);
    let _ = writeln!(lines, "  {server}={shown}");
    let _ = match &secret {
        Some(secret) => writeln!(
            lines,
            "  {cookie}={MASK} ({} characters)",
            secret.reveal().chars().count()
        ),
        None => writeln!(lines, "  {cookie}=nothing"),
    };
    for argument in arguments {
        let _ = writeln!(lines, "  argument {}", clean(&argument.to_string_lossy()));
    }
    match enter(gameserver.as_deref().unwrap_or_default(), secret.as_ref()) {
        Ok(player) => {
            let _ = writeln!(
                lines,
                "The game server let {player} in. The game ends here; that was the whole way."
            );
            Played { lines, status: 0 }
        }
        Err(why) => {
            let _ = writeln!(lines, "The game server did not let the player in: {why}.");
            Played { lines, status: 1 }
        }
    }
}

/// Shows the play cookie to the game server on this machine, and gives the player's name.
fn enter(gameserver: &str, cookie: Option<&Secret>) -> Result<String, String> {
    let address: SocketAddr = gameserver
        .parse()
        .map_err(|_| "its address is not one of a rehearsal")?;
    if !address.ip().is_loopback() {
        return Err("its address is not on this machine".to_owned());
    }
    let cookie = cookie.map(Secret::reveal).unwrap_or_default();
    let answer = exchange(address, cookie).map_err(|error| error.to_string())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("it answered nothing")?;
    let answer: serde_json::Value =
        serde_json::from_str(body).map_err(|_| "it did not answer in JSON")?;
    let word = |key| {
        answer
            .get(key)
            .and_then(serde_json::Value::as_str)
            .map(clean)
    };
    if head.contains(" 200 ") {
        word("welcome")
    } else {
        None
    }
    .ok_or_else(|| word("error").unwrap_or_else(|| "it did not say why".to_owned()))
}

fn exchange(address: SocketAddr, cookie: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("cookie", cookie)
        .finish();
    let length = body.len();
    write!(
        connection,
        "POST /gameserver/enter HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    connection.take(64 * 1024).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(server: Option<&str>, cookie: Option<&str>) -> Played {
        play("SERVER", "COOKIE", &["-x".into()], |name| {
            if name == "SERVER" { server } else { cookie }.map(ToOwned::to_owned)
        })
    }

    #[test]
    fn the_play_cookie_is_not_shown() {
        let played = played(Some("127.0.0.1:1"), Some("deadbeef"));
        assert!(
            !played.lines.contains("deadbeef")
                && played.lines.contains("COOKIE=••• (8 characters)")
        );
    }

    #[test]
    fn a_game_without_its_variables_does_not_get_in() {
        for server in [
            None,
            Some("gameserver.example.com"),
            Some("10.0.0.1:80"),
            Some("127.0.0.1:1"),
        ] {
            assert_eq!(played(server, None).status, 1, "{server:?}");
        }
    }
}
