//! Everything that a run needs: the games, a server near and far, directories to install in, and the commands themselves.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::distance::away;
use crate::goods::Goods;
use crate::harness::Home;
use crate::server::Server;
use crate::tools::{Missing, tool};
use crate::{DECODE, FETCH, REQUEST};

/// Fetches, unpacks and hashes the file that is named behind a root.
const PIPE: &str = r#"curl -sSf "$0/patches/$1.bz2" | bzip2 -d | tee "$1" | sha1sum"#;
/// The round trip of what is far away.
const DISTANCE: Duration = Duration::from_millis(20);
const TOOLS: [&str; 8] = [
    "nginx", "curl", "bzip2", "tee", "sha1sum", "xargs", "sync", "time",
];

/// How far the server is away.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// On this machine.
    Here,
    /// 20 ms there and back.
    Away,
}

/// What is run, and what it is run against.
pub(crate) struct Ground {
    goods: Goods,
    server: Server,
    away: SocketAddr,
    home: Home,
    /// Where games are installed: on a real disk, which the home may not be.
    games: tempfile::TempDir,
}

impl Ground {
    /// Makes the games, and starts the server.
    ///
    /// # Errors
    /// The first tool that is not there.
    pub(crate) fn new() -> Result<Self, Missing> {
        for name in TOOLS {
            tool(name)?;
        }
        let (goods, home) = (Goods::new(), Home::new());
        let server = Server::new(&tool("nginx")?, &home, goods.root());
        let games = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"));
        let ground = Self {
            away: away(server.address(), DISTANCE),
            goods,
            server,
            home,
            games: games.expect("a folder"),
        };
        // Nobody is to wait for the disk to read them.
        ground.floor().status().expect("the floor");
        Ok(ground)
    }

    /// `ttr update` of a game.
    pub(crate) fn update(&self, game: &str, place: Place, more: &[&str]) -> Command {
        let directory = self.directory(game);
        let directory = directory.to_str().expect("UTF-8");
        let root = self.root(game, place);
        let words = ["ttr", "update", "--api", &root, "--game-dir", directory];
        let program = self.home.program(&[&words[..], more].concat());
        program
            .env("SSL_CERT_FILE", self.server.bundle())
            .into_command()
    }

    /// The same with the tools of every system, on all cores.
    pub(crate) fn pipeline(&self, game: &str, place: Place) -> Command {
        let mut command = self.shared("xargs", game);
        command.arg("-a").arg(self.goods.names(game));
        command
            .args(["-n1", "sh", "-c", PIPE])
            .arg(self.root(game, place));
        command
    }

    /// The least that installing can take: decoding what is here, on all cores.
    pub(crate) fn floor(&self) -> Command {
        let mut command = self.own(DECODE);
        command.arg(self.goods.packed("all"));
        command
    }

    /// Hashes all files of an installed game, on all cores.
    pub(crate) fn hashing(&self, game: &str) -> Command {
        let mut command = self.shared("xargs", game);
        command.arg("-a").arg(self.goods.names(game));
        command.args(["-n1", "sha1sum"]);
        command
    }

    /// Fetches the one packed file as the program does, and nothing else.
    pub(crate) fn fetch(&self, place: Place) -> Command {
        let mut command = self.own(FETCH);
        command.args([self.root("one", place), self.one()]);
        command
    }

    /// The same with curl.
    pub(crate) fn curl(&self, place: Place) -> Command {
        let mut command = self.command(Path::new("curl"));
        command.args(["-sSf", "-o", "/dev/null"]);
        command.arg(self.root("one", place) + &self.one());
        command
    }

    /// Asks for a game's list.
    pub(crate) fn request(&self, game: &str) -> Command {
        let mut command = self.own(REQUEST);
        command.arg(self.server.address().port().to_string());
        command.arg(format!("/{game}/content/patchmanifest.txt"));
        command
    }

    /// Empties the directory of a game, and waits until the disk has nothing left to do.
    pub(crate) fn clear(&self, game: &str) {
        let directory = self.directory(game);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).expect("a folder");
        let status = Command::new("sync").status().expect("sync starts");
        assert!(status.success(), "sync: {status}");
    }

    fn directory(&self, game: &str) -> PathBuf {
        self.games.path().join(game)
    }

    fn root(&self, game: &str, place: Place) -> String {
        let port = match place {
            Place::Here => self.server.address().port(),
            Place::Away => self.away.port(),
        };
        format!("https://localhost:{port}/{game}")
    }

    /// Where the one file is below its root.
    fn one(&self) -> String {
        let names = fs::read_to_string(self.goods.names("one")).expect("its name");
        format!("/patches/{}.bz2", names.trim_end())
    }

    /// A program that `xargs` starts once for each file, in a game's directory, as many at once as there are cores.
    fn shared(&self, xargs: &str, game: &str) -> Command {
        let mut command = self.command(Path::new(xargs));
        command.arg(format!("-P{}", crate::cores()));
        command.current_dir(self.directory(game));
        command
    }

    /// This program, as something else.
    fn own(&self, argument: &str) -> Command {
        let mut command = self.command(&std::env::current_exe().expect("this program"));
        command.arg(argument);
        command
    }

    /// A program in the same bare environment as the one that is measured, which trusts the same.
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
