//! The conversation with pinentry.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdout};
use zeroize::Zeroizing;

use super::assuan::{MAX_LINE, ReplyLine, command};
use super::{MAX_ANSWER, PromptError};
use crate::base::clock;
use crate::launch::shell::EXIT_TIMEOUT;

/// How many bytes of the reply to one command are read at most.
const MAX_REPLY: usize = 64 * 1024;

/// Returns the commands that ask for a hidden line. The last line of the text is the prompt, those before it explain it.
pub(super) fn ask(title: &str, text: &str) -> Vec<String> {
    let (description, prompt) = text.rsplit_once('\n').unwrap_or(("", text));
    vec![
        command("SETTITLE", title),
        command("SETDESC", description),
        command("SETPROMPT", prompt),
        "GETPIN\n".to_owned(),
    ]
}

/// Returns the commands that ask for yes or no.
pub(super) fn confirm(title: &str, text: &str) -> Vec<String> {
    vec![
        command("SETTITLE", title),
        command("SETDESC", text),
        command("SETOK", "Yes"),
        command("SETCANCEL", "No"),
        "CONFIRM\n".to_owned(),
    ]
}

/// Returns the commands that show an error.
pub(super) fn error(title: &str, text: &str) -> Vec<String> {
    vec![
        command("SETTITLE", title),
        command("SETDESC", text),
        "MESSAGE\n".to_owned(),
        "BYE\n".to_owned(),
    ]
}

/// Returns the commands that say where and in which encoding to ask. `terminal` is for a pinentry without windows.
pub(super) fn options(terminal: Option<&str>) -> Vec<String> {
    let option = |name: &str, value: &str| command("OPTION", &format!("{name}={value}"));
    let mut options = vec![option("lc-ctype", "C.UTF-8")];
    if let Some(terminal) = terminal {
        let kind = std::env::var("TERM").unwrap_or_default();
        options.extend([option("ttyname", terminal), option("ttytype", &kind)]);
    }
    options
}

/// Sends the options, whose failure is ignored, and the commands. Returns the data of the last reply.
pub(super) async fn converse(
    child: &mut Child,
    options: &[String],
    commands: &[String],
) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    let output = child.stdout.take().ok_or(PromptError::Unusable)?;
    let mut input = child.stdin.take().ok_or(PromptError::Unusable)?;
    let mut replies = Replies {
        output,
        text: Zeroizing::new(Vec::with_capacity(4096)),
    };
    let mut answer = replies.next().await?;
    for (index, line) in options.iter().chain(commands).enumerate() {
        let sent = input.write_all(line.as_bytes()).await;
        sent.map_err(|_| PromptError::Unusable)?;
        match replies.next().await {
            Err(PromptError::Unusable) if index < options.len() => {}
            reply => answer = reply?,
        }
    }
    // It exits on its own; what it does not do in time, dropping it does.
    let _ = input.write_all(b"BYE\n").await;
    clock::timeout(EXIT_TIMEOUT, child.wait()).await;
    Ok(answer)
}

/// Reads the replies of pinentry.
struct Replies {
    output: ChildStdout,
    text: Zeroizing<Vec<u8>>,
}

impl Replies {
    /// Returns the data of the next reply.
    async fn next(&mut self) -> Result<Zeroizing<Vec<u8>>, PromptError> {
        let mut data = Zeroizing::new(Vec::with_capacity(MAX_ANSWER + MAX_LINE));
        let mut length = 0;
        loop {
            let line = self.line().await.ok_or(PromptError::Unusable)?;
            length += line.len() + 1;
            match ReplyLine::read(&line).ok_or(PromptError::Unusable)? {
                ReplyLine::Data(more) => data.extend_from_slice(&more),
                ReplyLine::Done => return Ok(data),
                ReplyLine::Refused => return Err(PromptError::Refused),
                ReplyLine::Failed => return Err(PromptError::Unusable),
                ReplyLine::Other => {}
            }
            if data.len() > MAX_ANSWER {
                return Err(PromptError::TooLong);
            }
            if length > MAX_REPLY {
                return Err(PromptError::Unusable);
            }
        }
    }

    /// Returns the next line; none at the end and when it is too long.
    async fn line(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        loop {
            if let Some(end) = self.text.iter().position(|byte| *byte == b'\n') {
                let line = self.text.get(..end)?.to_vec();
                self.text.drain(..=end);
                return Some(Zeroizing::new(line));
            }
            if self.text.len() > MAX_LINE {
                return None;
            }
            if matches!(self.output.read_buf(&mut *self.text).await, Ok(0) | Err(_)) {
                return None;
            }
        }
    }
}
