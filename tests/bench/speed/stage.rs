//! Everything that a run needs: servers, a game, somebody to trust, and the commands themselves.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use playcookie::stand_in::{CombinedServer, Scenario, ServerRequest, ServerResponse, StandIn};
use serde_json::json;

use crate::floor;
use crate::harness::tls::Authority;
use crate::harness::{Home, StandInServer};
use crate::request::USER_AGENT;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "hunter2-pw";
/// Where Corporate Clash tells its districts.
pub(crate) const DISTRICTS: &str = "/api/v1/districts.js";
/// As long as those of real systems, so that reading it is part of what is measured.
const SYSTEM_BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Says that it is there, and stays until nobody listens any more: by then the pipe is full.
const GAME: &str = "use std::io::Write;
fn main() {
    let mut output = std::io::stdout().lock();
    while output.write_all(&[b'\\n'; 4096]).and_then(|()| output.flush()).is_ok() {}
}";

/// Servers on loopback, and what is run against them.
pub(crate) struct Stage {
    home: Home,
    direct: StandInServer,
    delaying: StandInServer,
    telling: StandInServer,
    bundle: PathBuf,
    empty: PathBuf,
    game: PathBuf,
}

impl Stage {
    /// Compiles the game and an empty program, and opens the servers.
    pub(crate) fn new() -> Self {
        let (home, authority) = (Home::new(), Authority::new());
        let server = |queue| {
            let scenario = Scenario {
                queue,
                ..Scenario::default()
            };
            StandInServer::secure(scenario, authority.acceptor(&["127.0.0.1"]))
        };
        let mut bundle = std::fs::read(SYSTEM_BUNDLE).unwrap_or_default();
        bundle.extend(std::fs::read(authority.file(&home)).expect("an authority"));
        Self {
            direct: server(None),
            delaying: server(Some(0)),
            telling: StandInServer::with(
                |_| CombinedServer::new(vec![Box::new(Telling)]),
                Some(authority.acceptor(&["127.0.0.1"])),
            ),
            bundle: home.write("bundle.pem", bundle),
            empty: compile(&home, "empty", "fn main() {}"),
            game: compile(&home, "game", GAME),
            home,
        }
    }

    /// A file that vanishes with the stage.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The program with these arguments.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        self.home.program(arguments).into_command()
    }

    /// A program that does nothing.
    pub(crate) fn empty(&self) -> Command {
        self.command(&self.empty)
    }

    /// From a login to the game, with one request.
    pub(crate) fn play(&self) -> Command {
        self.play_at(&self.direct)
    }

    /// The same, put in line first with nobody in front.
    pub(crate) fn play_delayed(&self) -> Command {
        self.play_at(&self.delaying)
    }

    fn play_at(&self, server: &StandInServer) -> Command {
        let more = ["--no-update", "--exe", text(&self.game)];
        let program = self.home.ttr("play", &server.root(), &more);
        program.env("SSL_CERT_FILE", &self.bundle).into_command()
    }

    /// The same job, written for nothing else.
    pub(crate) fn floor(&self) -> Command {
        let mut command = self.floor_at(&self.direct);
        command.arg(&self.game);
        command
    }

    /// A look at the districts.
    pub(crate) fn districts(&self) -> Command {
        let root = self.telling.root();
        let program = self.home.program(&["ttcc", "districts", "--api", &root]);
        program.env("SSL_CERT_FILE", &self.bundle).into_command()
    }

    /// The same job, written for nothing else.
    pub(crate) fn floor_districts(&self) -> Command {
        self.floor_at(&self.telling)
    }

    fn floor_at(&self, server: &StandInServer) -> Command {
        let mut command = self.command(&std::env::current_exe().expect("this program"));
        let address = server.gameserver();
        let port = address.rsplit(':').next().expect("a port");
        command.args([floor::ARGUMENT, port]);
        command.env("SSL_CERT_FILE", &self.bundle);
        command
    }

    /// The same request.
    pub(crate) fn curl(&self) -> Command {
        let mut command = self.command(Path::new("curl"));
        command.args(["--silent", "--show-error", "--fail"]);
        command.args(["--user-agent", USER_AGENT, "--data", &form(PASSWORD)]);
        command.arg("--cacert").arg(&self.bundle);
        command.arg(format!("{}/api/login?format=json", self.direct.root()));
        command
    }

    /// A program in the same bare environment as the one that is measured.
    fn command(&self, program: &Path) -> Command {
        like(program, &self.program(&[]))
    }
}

/// Tells the districts of Corporate Clash, as often as somebody asks.
struct Telling;

impl StandIn for Telling {
    fn serves(&self, path: &str) -> bool {
        path == DISTRICTS
    }

    fn answer(&mut self, _: &ServerRequest, _: Duration) -> ServerResponse {
        let district = |number: u32| {
            let is_invaded = number.is_multiple_of(5);
            json!({
                "name": format!("District {number}"),
                "online": true,
                "population": 10 * number,
                "invasion_online": is_invaded,
                "last_update": 1_651_361_858,
                "cogs_attacking": if is_invaded { "Middleman" } else { "None" },
                "count_defeated": 180,
                "count_total": 4_913,
                "remaining_time": 60 * number,
            })
        };
        ServerResponse::json(&(1..=14).map(district).collect())
    }

    fn violations(&self) -> &[String] {
        &[]
    }
}

/// The fields of a login, as a form.
pub(crate) fn form(password: &str) -> String {
    format!("username=alice&password={password}")
}

/// The command behind other words, in its environment and directory.
pub(crate) fn behind<const N: usize>(words: [&OsStr; N], command: &Command) -> Command {
    let mut words = words.into_iter();
    let mut wrapped = like(Path::new(words.next().expect("a program")), command);
    wrapped.args(words).arg(command.get_program());
    wrapped.args(command.get_args());
    wrapped
}

/// A program in the environment and directory of a command.
fn like(program: &Path, command: &Command) -> Command {
    let mut other = Command::new(program);
    let set = |(name, value): (_, Option<_>)| value.map(|value| (name, value));
    other.env_clear().envs(command.get_envs().filter_map(set));
    other.current_dir(command.get_current_dir().expect("a directory"));
    other
}

fn compile(home: &Home, name: &str, source: &str) -> PathBuf {
    let program = home.path().join(format!("{name}{EXE_SUFFIX}"));
    let source = home.write(&format!("{name}.rs"), source);
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc
        .args(["-O", "-C", "strip=symbols", "-o"])
        .arg(&program)
        .arg(source);
    let status = rustc.status().expect("rustc starts");
    assert!(status.success(), "rustc: {status}");
    program
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
