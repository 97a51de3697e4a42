//! Runs of the binary with a cleared environment in a temporary home.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::wait::TIMEOUT;

/// A temporary home directory.
pub(crate) struct Home(tempfile::TempDir);

impl Home {
    /// Creates an empty home.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for a home"))
    }

    /// Returns the path of the home.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file below the home, creates its folders and returns its path.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// Returns the program with these arguments, in this home.
    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        Program::new(self, arguments)
    }

    /// Returns `playcookie ttr VERB -u alice --password-stdin --api ROOT …` with "hunter2-pw" as the password.
    pub(crate) fn ttr(&self, verb: &str, root: &str, more: &[&str]) -> Program {
        self.game("ttr", verb, root, more)
    }

    /// Returns the same for any game.
    pub(crate) fn game(&self, game: &str, verb: &str, root: &str, more: &[&str]) -> Program {
        let arguments = [game, verb, "-u", "alice", "--password-stdin", "--api", root];
        self.program(&[&arguments[..], more].concat())
            .stdin("hunter2-pw\n")
    }
}

/// A run before its start.
pub(crate) struct Program {
    command: Command,
    stdin: Option<Vec<u8>>,
}

impl Program {
    fn new(home: &Home, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_playcookie"));
        command.args(arguments).current_dir(home.path()).env_clear();
        // The systems need these to start any program.
        for name in [
            "PATH",
            "SYSTEMROOT",
            "PATHEXT",
            "COMSPEC",
            "WINEPREFIX",
            "WINEDEBUG",
            "TEMP",
            "TMP",
        ] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", home.path())
            .env("USERPROFILE", home.path());
        if cfg!(windows) {
            // Windows does not derive these from the profile.
            command
                .env("APPDATA", home.path().join("AppData").join("Roaming"))
                .env("LOCALAPPDATA", home.path().join("AppData").join("Local"));
        }
        Self {
            command,
            stdin: None,
        }
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the group, which needs a superuser.
    #[cfg(target_os = "linux")]
    pub(crate) fn in_group(mut self, id: u32) -> Self {
        std::os::unix::process::CommandExt::gid(&mut self.command, id);
        self
    }

    /// Sets the working directory.
    pub(crate) fn directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Sets these variables unless they are set already.
    #[cfg(unix)]
    pub(super) fn or_env(mut self, variables: &[(&str, &str)]) -> Self {
        for (name, value) in variables {
            if !self.command.get_envs().any(|(known, _)| known == *name) {
                self.command.env(name, value);
            }
        }
        self
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets the content of standard input, which is empty by default.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Returns the command.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs the program in a script of the POSIX shell, where the command is `"$@"`.
    #[cfg(unix)]
    pub(crate) fn through_a_shell(self, script: &str) -> Self {
        let run = self.command;
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", script, "sh"])
            .arg(run.get_program())
            .args(run.get_args())
            .env_clear()
            .envs(
                run.get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .current_dir(run.get_current_dir().expect("a home"));
        Self { command, ..self }
    }

    /// Starts the program and collects its output.
    pub(crate) fn start(mut self) -> Run {
        let input = self.stdin.take().unwrap_or_default();
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let line = format!("{:?}", self.command.get_args().collect::<Vec<_>>());
        let mut child = self.command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("its input");
        // The program may exit without reading.
        std::thread::spawn(move || stdin.write_all(&input).ok());
        let stdout = collect(child.stdout.take().expect("its output"));
        let stderr = collect(child.stderr.take().expect("its errors"));
        Run {
            child,
            line,
            stdout,
            stderr,
        }
    }

    /// Starts the program and waits for it to exit.
    #[track_caller]
    pub(crate) fn run(self) -> RunOutput {
        self.start().wait()
    }
}

fn collect(mut stream: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("output can be read");
        bytes
    })
}

/// A running program.
pub(crate) struct Run {
    child: Child,
    line: String,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<Vec<u8>>,
}

/// A run that can be sent signals.
#[cfg(unix)]
pub(crate) trait SendSignal {
    /// Returns the process id.
    fn pid(&self) -> u32;

    /// Sends a signal to this process only.
    fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.pid()).expect("a process id");
        let pid = rustix::process::Pid::from_raw(pid).expect("a process id");
        rustix::process::kill_process(pid, signal).expect("it still runs");
    }
}

#[cfg(unix)]
impl SendSignal for Run {
    fn pid(&self) -> u32 {
        self.pid()
    }
}

impl Run {
    /// Returns the process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the program to exit. A program that hangs is killed and fails the test.
    #[track_caller]
    pub(crate) fn wait(mut self) -> RunOutput {
        let deadline = Instant::now() + TIMEOUT;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                break status;
            }
            if Instant::now() > deadline {
                self.child.kill().ok();
                panic!("{} hangs", self.line);
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        RunOutput {
            status,
            line: self.line,
            stdout: String::from_utf8(self.stdout.join().expect("output")).expect("UTF-8"),
            stderr: String::from_utf8(self.stderr.join().expect("errors")).expect("UTF-8"),
        }
    }
}

/// The exit status and the output of a run.
#[derive(Debug)]
pub(crate) struct RunOutput {
    pub(crate) status: ExitStatus,
    #[expect(dead_code, reason = "a failing test prints it")]
    line: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl RunOutput {
    /// Creates the result of a run on a terminal, whose two output streams are one.
    #[cfg(unix)]
    pub(super) fn on_a_terminal(status: ExitStatus, line: String, screen: String) -> Self {
        Self {
            status,
            line,
            stdout: String::new(),
            stderr: screen,
        }
    }

    /// Asserts that a signal killed the program.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn dies_of(self, signal: rustix::process::Signal) -> Self {
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(self.status.signal(), Some(signal.as_raw()), "{self:#?}");
        self
    }

    /// Asserts the exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status.code(), Some(status), "{self:#?}");
        self
    }

    /// Asserts the exit status, and an error that contains `words` with a hint.
    #[track_caller]
    pub(crate) fn fails(self, status: i32, words: &str) -> Self {
        let ended = self.exits(status);
        let error = ended.error();
        assert!(
            error.contains(words),
            "{words:?} is not in {error:?}: {ended:#?}"
        );
        ended
    }

    /// Returns the one error at the end of standard error as its `error` event has it: the sentence, and the hint or the rest of
    /// clap's message.
    #[track_caller]
    pub(crate) fn error_and_hint(&self) -> (String, String) {
        let marked = |mark: &str| {
            let lines = self.stderr.lines();
            lines.filter(|line| line.starts_with(mark)).count()
        };
        let help = "For more information, try '--help'.";
        let one_of_each = (1, 1) == (marked("error: "), marked("hint: ") + marked(help));
        let line = format!("\n{}", self.stderr);
        let said = line.split_once("\nerror: ").filter(|_| one_of_each);
        let parts = said.and_then(|(_, said)| {
            let hint = said.split_once("\nhint: ");
            let claps = said.ends_with(&format!("{help}\n"));
            let parts = if claps { said.split_once("\n\n") } else { hint };
            let lines =
                |(error, hint): &(&str, &str)| (error.lines().count(), hint.lines().count());
            parts.filter(|parts| claps || lines(parts) == (1, 1))
        });
        let Some((error, hint)) = parts else {
            panic!("the error and its hint are not the end: {self:#?}");
        };
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        (words(error), words(hint))
    }

    /// Returns the sentence of the one error.
    #[track_caller]
    pub(crate) fn error(&self) -> String {
        let (error, _) = self.error_and_hint();
        error
    }

    /// Returns the hint of the one error.
    #[track_caller]
    pub(crate) fn hint(&self) -> String {
        let (_, hint) = self.error_and_hint();
        hint
    }

    /// Asserts that the output has no control characters and no characters that reorder or hide others.
    #[track_caller]
    pub(crate) fn prints_plain_text(self) -> Self {
        let is_unsafe = |character: char| {
            (character.is_control() && character != '\n')
                || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        for stream in [&self.stdout, &self.stderr] {
            assert!(!stream.contains(is_unsafe), "{self:#?}");
        }
        self
    }

    /// Asserts that none of these were printed, plain or form-encoded.
    #[track_caller]
    pub(crate) fn hides(self, secrets: &[&str]) -> Self {
        for secret in secrets {
            let encoded = form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
            for stream in [&self.stdout, &self.stderr] {
                assert!(
                    !stream.contains(secret) && !stream.contains(&encoded),
                    "{secret:?} was printed: {self:#?}"
                );
            }
        }
        self
    }

    /// Returns the lines of standard output as JSON.
    #[track_caller]
    pub(crate) fn events(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|_| panic!("{line:?} is not JSON"))
            })
            .collect()
    }

    /// Returns the names of the events in order.
    #[track_caller]
    pub(crate) fn event_names(&self) -> Vec<String> {
        self.events()
            .iter()
            .map(|event| event["event"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Returns the `error` event. Asserts that it is the last one.
    #[track_caller]
    pub(crate) fn error_event(&self) -> Value {
        let last = self.events().pop().unwrap_or_default();
        assert_eq!(last["event"], "error", "{self:#?}");
        last
    }
}
