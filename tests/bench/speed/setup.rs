//! The servers, the game, the certificates and the commands of the benchmark.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use playcookie::stand_in::{CombinedServer, Scenario, ServerRequest, ServerResponse, StandIn};
use serde_json::json;

use crate::baseline;
use crate::harness::accounts::account;
use crate::harness::tls::Authority;
use crate::harness::{Home, StandInServer};
use crate::request::USER_AGENT;

/// The password of all logins.
pub(crate) const PASSWORD: &str = "hunter2-pw";
/// The path of the districts of Corporate Clash.
pub(crate) const DISTRICTS: &str = "/api/v1/districts.js";
/// The certificates of the system, so that reading a bundle of normal size is measured.
const SYSTEM_BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A game that prints until its output is closed.
const GAME: &str = "use std::io::Write;
fn main() {
    let mut output = std::io::stdout().lock();
    while output.write_all(&[b'\\n'; 4096]).and_then(|()| output.flush()).is_ok() {}
}";

/// Servers on loopback and programs that use them.
pub(crate) struct Setup {
    home: Home,
    direct: StandInServer,
    queued: StandInServer,
    districts: StandInServer,
    bundle: PathBuf,
    empty: PathBuf,
    game: PathBuf,
}

impl Setup {
    /// Compiles the game and an empty program and starts the servers.
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
            queued: server(Some(0)),
            districts: StandInServer::with(
                |_| CombinedServer::new(vec![Box::new(DistrictServer)]),
                Some(authority.acceptor(&["127.0.0.1"])),
            ),
            bundle: home.write("bundle.pem", bundle),
            empty: compile(&home, "empty", "fn main() {}"),
            game: compile(&home, "game", GAME),
            home,
        }
    }

    /// Returns the path of a temporary file.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Returns the program with these arguments.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        self.home.program(arguments).into_command()
    }

    /// Returns the program as a shell runs it to complete one of 200 accounts.
    pub(crate) fn complete(&self) -> Command {
        let account = |number| account(&format!("alice{number}"), "ttr", "alice", "");
        let accounts: String = (0..200).map(account).collect();
        let file = self.home.write("accounts.toml", accounts);
        let mut command = self.program(&["--", "playcookie", "ttr", "login", "alice1"]);
        command
            .env("PLAYCOOKIE_COMPLETE", "fish")
            .env("PLAYCOOKIE_CONFIG", file);
        command
    }

    /// Returns the plan of a game that is found in the last of 50 prefixes, or that is named.
    pub(crate) fn plan(&self, is_named: bool) -> Command {
        let game = "drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe";
        for number in 10..35 {
            let steams = format!(".local/share/Steam/steamapps/compatdata/{number}/pfx/drive_c/x");
            let wines = format!(".local/share/wineprefixes/{number}/drive_c/x");
            self.home.write(&steams, "");
            self.home.write(&wines, "");
        }
        let exe = format!(".local/share/wineprefixes/34/{game}");
        let exe = self.home.write(&exe, "");
        let named = ["--exe", text(&exe), "--runner", "wine"];
        let named = if is_named { &named[..] } else { &[] };
        let words = ["ttr", "--dry-run", "--wine", text(&self.empty)];
        self.program(&[&words, named].concat())
    }

    /// Returns the plan of several accounts.
    pub(crate) fn plan_group(&self, accounts: usize) -> Command {
        self.group(accounts, &["--exe", text(&self.game), "--dry-run"])
    }

    /// Returns the logins of several accounts, whose games end at once.
    pub(crate) fn play_group(&self, accounts: usize) -> Command {
        let mut command = self.group(accounts, &["--exe", text(&self.empty), "--no-update"]);
        command.env("SSL_CERT_FILE", &self.bundle);
        command
    }

    fn group(&self, accounts: usize, more: &[&str]) -> Command {
        let names: Vec<_> = (0..accounts)
            .map(|number| format!("alice{number}"))
            .collect();
        let api = self.direct.root();
        let lines = format!("password-command = \"echo x\"\napi = \"{api}\"");
        let tables = names.iter().map(|name| account(name, "ttr", name, &lines));
        let file = format!("group{accounts}.toml");
        let file = self.home.write(&file, tables.collect::<String>());
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let mut command = self.program(&[&["ttr"], &names[..], more].concat());
        command.env("PLAYCOOKIE_CONFIG", file);
        command
    }

    /// Returns the login of an account in `file`.
    pub(crate) fn login(&self, file: &Path, more: &[&str]) -> Command {
        let mut command = self.program(&[&["ttr", "login", "alice"], more].concat());
        command
            .env("PLAYCOOKIE_CONFIG", file)
            .env("SSL_CERT_FILE", &self.bundle);
        command
    }

    /// Writes a file with an account whose logins are answered.
    pub(crate) fn account(&self) -> PathBuf {
        let api = format!("api = \"{}\"", self.direct.root());
        let text = account("alice", "ttr", "alice", &api);
        self.home.write("account.toml", text)
    }

    /// Returns a program that does nothing.
    pub(crate) fn empty(&self) -> Command {
        self.command(&self.empty)
    }

    /// Returns `play` with one request.
    pub(crate) fn play(&self) -> Command {
        self.play_at(&self.direct)
    }

    /// Returns `play` with an empty queue.
    pub(crate) fn play_queued(&self) -> Command {
        self.play_at(&self.queued)
    }

    fn play_at(&self, server: &StandInServer) -> Command {
        let more = ["--no-update", "--exe", text(&self.game)];
        let program = self.home.ttr("play", &server.root(), &more);
        program.env("SSL_CERT_FILE", &self.bundle).into_command()
    }

    /// Returns the baseline of `play`.
    pub(crate) fn baseline(&self) -> Command {
        let mut command = self.baseline_at(&self.direct);
        command.arg(&self.game);
        command
    }

    /// Returns `districts`.
    pub(crate) fn districts(&self) -> Command {
        let root = self.districts.root();
        let program = self.home.program(&["ttcc", "districts", "--api", &root]);
        program.env("SSL_CERT_FILE", &self.bundle).into_command()
    }

    /// Returns the baseline of `districts`.
    pub(crate) fn baseline_districts(&self) -> Command {
        self.baseline_at(&self.districts)
    }

    fn baseline_at(&self, server: &StandInServer) -> Command {
        let mut command = self.command(&std::env::current_exe().expect("this program"));
        let address = server.gameserver();
        let port = address.rsplit(':').next().expect("a port");
        command.args([baseline::ARGUMENT, port]);
        command.env("SSL_CERT_FILE", &self.bundle);
        command
    }

    /// Returns the login request with curl.
    pub(crate) fn curl(&self) -> Command {
        let mut command = self.command(Path::new("curl"));
        command.args(["--silent", "--show-error", "--fail"]);
        command.args(["--user-agent", USER_AGENT, "--data", &form(PASSWORD)]);
        command.arg("--cacert").arg(&self.bundle);
        command.arg(format!("{}/api/login?format=json", self.direct.root()));
        command
    }

    /// Returns a program in the environment of the measured one.
    pub(crate) fn command(&self, program: &Path) -> Command {
        in_environment_of(program, &self.program(&[]))
    }
}

/// A server for the districts of Corporate Clash without rate limit.
struct DistrictServer;

impl StandIn for DistrictServer {
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

/// Returns the form of a login.
pub(crate) fn form(password: &str) -> String {
    format!("username=alice&password={password}")
}

/// Returns the command with `words` before it, in its environment and directory.
pub(crate) fn wrapped<const N: usize>(words: [&OsStr; N], command: &Command) -> Command {
    let mut words = words.into_iter();
    let mut wrapped = in_environment_of(Path::new(words.next().expect("a program")), command);
    wrapped.args(words).arg(command.get_program());
    wrapped.args(command.get_args());
    wrapped
}

/// Returns a program in the environment and directory of a command.
fn in_environment_of(program: &Path, command: &Command) -> Command {
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
