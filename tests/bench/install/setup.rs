//! The games, the servers, the directories and the commands of the benchmark.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::delay_proxy;
use crate::games::Games;
use crate::harness::Home;
use crate::server::Server;
use crate::tools::{Missing, tool};
use crate::{DECODE, FETCH, REQUEST};

/// A script that fetches, decodes and hashes one file. Its arguments are a root and a name.
const PIPE: &str = r#"curl -sSf "$0/patches/$1.bz2" | bzip2 -d | tee "$1" | sha1sum"#;
/// The round trip of the remote server.
const ROUND_TRIP: Duration = Duration::from_millis(20);
const TOOLS: [&str; 8] = [
    "nginx", "curl", "bzip2", "tee", "sha1sum", "xargs", "sync", "time",
];

/// The distance of the server.
#[derive(Clone, Copy)]
pub(crate) enum Distance {
    /// A server on loopback.
    Local,
    /// A server with a round trip of 20 ms.
    Remote,
}

/// The games, the servers and the directories.
pub(crate) struct Setup {
    games: Games,
    server: Server,
    remote: SocketAddr,
    home: Home,
    /// The folder in which games are installed. Unlike the home, it is on a disk and not in memory.
    target: tempfile::TempDir,
}

impl Setup {
    /// Generates the games and starts the server.
    ///
    /// # Errors
    /// Fails with the first missing tool.
    pub(crate) fn new() -> Result<Self, Missing> {
        for name in TOOLS {
            tool(name)?;
        }
        let (games, home) = (Games::new(), Home::new());
        let server = Server::new(&tool("nginx")?, &home, games.root());
        let target = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"));
        let setup = Self {
            remote: delay_proxy::start(server.address(), ROUND_TRIP),
            games,
            server,
            home,
            target: target.expect("a folder"),
        };
        // Read all files once, so that they are in the page cache.
        setup.baseline().status().expect("the baseline");
        Ok(setup)
    }

    /// Returns `ttr update` of a game.
    pub(crate) fn update(&self, game: &str, distance: Distance, more: &[&str]) -> Command {
        let directory = self.directory(game);
        let directory = directory.to_str().expect("UTF-8");
        let root = self.root(game, distance);
        let words = ["ttr", "update", "--api", &root, "--game-dir", directory];
        let program = self.home.program(&[&words[..], more].concat());
        program
            .env("SSL_CERT_FILE", self.server.bundle())
            .into_command()
    }

    /// Returns the same with common tools on all cores.
    pub(crate) fn pipeline(&self, game: &str, distance: Distance) -> Command {
        let mut command = self.parallel("xargs", game);
        command.arg("-a").arg(self.games.names(game));
        command
            .args(["-n1", "sh", "-c", PIPE])
            .arg(self.root(game, distance));
        command
    }

    /// Returns the baseline of an installation, which decodes local files on all cores.
    pub(crate) fn baseline(&self) -> Command {
        let mut command = self.this_program(DECODE);
        command.arg(self.games.packed("all"));
        command
    }

    /// Returns a command that decodes the one large file on one core.
    pub(crate) fn decoding_one(&self) -> Command {
        let mut command = self.command(Path::new("bzip2"));
        command
            .arg("-dkc")
            .arg(self.games.packed("one").join(self.one_name()));
        command
    }

    /// Returns a command that hashes all files of an installed game on all cores.
    pub(crate) fn hashing(&self, game: &str) -> Command {
        let mut command = self.parallel("xargs", game);
        command.arg("-a").arg(self.games.names(game));
        command.args(["-n1", "sha1sum"]);
        command
    }

    /// Returns a command that only fetches the one compressed file with the program's HTTP client.
    pub(crate) fn fetch(&self, distance: Distance) -> Command {
        let mut command = self.this_program(FETCH);
        command.args([self.root("one", distance), self.one()]);
        command
    }

    /// Returns the same with curl.
    pub(crate) fn curl(&self, distance: Distance) -> Command {
        let mut command = self.command(Path::new("curl"));
        command.args(["-sSf", "-o", "/dev/null"]);
        command.arg(self.root("one", distance) + &self.one());
        command
    }

    /// Returns a command that requests a game's list.
    pub(crate) fn request(&self, game: &str) -> Command {
        let mut command = self.this_program(REQUEST);
        command.arg(self.server.address().port().to_string());
        command.arg(format!("/{game}/content/patchmanifest.txt"));
        command
    }

    /// Empties the directory of a game and flushes the disk.
    pub(crate) fn clear(&self, game: &str) {
        let directory = self.directory(game);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).expect("a folder");
        let status = Command::new("sync").status().expect("sync starts");
        assert!(status.success(), "sync: {status}");
    }

    fn directory(&self, game: &str) -> PathBuf {
        self.target.path().join(game)
    }

    fn root(&self, game: &str, distance: Distance) -> String {
        let port = match distance {
            Distance::Local => self.server.address().port(),
            Distance::Remote => self.remote.port(),
        };
        format!("https://localhost:{port}/{game}")
    }

    /// Returns the path of the one file.
    fn one(&self) -> String {
        format!("/patches/{}", self.one_name())
    }

    /// Returns the name of the one file as it is published.
    fn one_name(&self) -> String {
        let names = fs::read_to_string(self.games.names("one")).expect("its name");
        format!("{}.bz2", names.trim_end())
    }

    /// Returns an `xargs` command in a game's directory that runs one process per core.
    fn parallel(&self, xargs: &str, game: &str) -> Command {
        let mut command = self.command(Path::new(xargs));
        command.arg(format!("-P{}", crate::cores()));
        command.current_dir(self.directory(game));
        command
    }

    /// Returns this program with another first argument.
    fn this_program(&self, argument: &str) -> Command {
        let mut command = self.command(&std::env::current_exe().expect("this program"));
        command.arg(argument);
        command
    }

    /// Returns a program in the environment of the measured one, with the same certificates.
    fn command(&self, program: &Path) -> Command {
        let like = self.home.program(&[]).into_command();
        let mut command = Command::new(program);
        let set = |(name, value): (_, Option<_>)| value.map(|value| (name, value));
        command.env_clear().envs(like.get_envs().filter_map(set));
        command.current_dir(self.home.path());
        command.env("SSL_CERT_FILE", self.server.bundle());
        command.env("CURL_CA_BUNDLE", self.server.bundle());
        command
    }
}
