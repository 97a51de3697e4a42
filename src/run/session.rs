//! The world as a login sees it: the real network, the real terminal, the real clock.

use std::rc::Rc;
use std::time::Duration;

use super::codes::Codes;
use super::parting::Parting;
use super::wire;
use crate::clock;
use crate::drive::{Loss, Pause, World};
use crate::event::{Subject, What};
use crate::exit::{Failure, Reason};
use crate::game::Game;
use crate::http::{self, Client};
use crate::login::{self, Keepsake, Question, Reply, Request, Wanted, Words};
use crate::secret::Secret;
use crate::terminal::Terminal;

/// One login of one account.
#[derive(Debug)]
pub(super) struct Session<'a> {
    terminal: &'a Terminal,
    game: &'static Game,
    subject: &'a Subject,
    client: Rc<Client>,
    codes: Codes,
    parting: &'a mut Parting,
    /// What was typed, to be masked in whatever a server says.
    typed: Vec<Secret>,
    /// The place in line that was told last.
    place: Option<(Option<u64>, Option<u64>)>,
}

impl<'a> Session<'a> {
    /// A session that has sent nothing yet.
    pub(super) fn new(
        terminal: &'a Terminal,
        game: &'static Game,
        subject: &'a Subject,
        client: Rc<Client>,
        codes: Codes,
        password: Secret,
        parting: &'a mut Parting,
    ) -> Self {
        parting.through(Rc::clone(&client));
        Self {
            terminal,
            game,
            subject,
            client,
            codes,
            parting,
            typed: vec![password],
            place: None,
        }
    }

    /// What was typed, to be masked in whatever a server says.
    pub(super) fn typed(&self) -> &[Secret] {
        &self.typed
    }

    /// A server's words without what was typed.
    fn quote(&self, words: &Words) -> Option<String> {
        words.quote(&self.typed)
    }

    fn tell_waiting(&self, reason: Reason, why: String, pause: Duration) {
        self.tell(What::Waiting {
            reason: reason.name(),
            retry_in: pause.as_secs_f64(),
            why,
        });
    }

    fn tell(&self, what: What) {
        self.terminal.event(&self.subject.event(what));
    }
}

impl World for Session<'_> {
    type Refusal = Failure;

    async fn send(&mut self, request: Request) -> Result<Reply, http::Error> {
        wire::send(self.terminal, &self.client, &request, &self.typed).await
    }

    async fn ask(&mut self, question: &Question) -> Result<Secret, Failure> {
        let kind = match question.wanted {
            Wanted::Code => "code",
            Wanted::Password => "password",
            Wanted::Pin => "pin",
        };
        let words = Words::new(self.quote(&question.words).as_deref());
        self.tell(What::Question {
            kind,
            text: words.get().unwrap_or_default().to_owned(),
        });
        let question = Question {
            words,
            ..question.clone()
        };
        let answer = self
            .codes
            .answer(&question, self.terminal, self.game)
            .await?;
        self.typed.push(answer.clone());
        // The place in line after it is news, even when it is the one before.
        self.place = None;
        Ok(answer)
    }

    async fn keep(&mut self, keepsake: Keepsake) -> Result<bool, Failure> {
        self.parting.owe(keepsake.farewell);
        Ok(false)
    }

    async fn forget(&mut self) {}

    async fn wait(&mut self, why: Pause<'_>, pause: Duration) {
        match why {
            Pause::Turn(queue) => {
                let place = (queue.position, queue.eta);
                if self.place.replace(place) != Some(place) {
                    self.tell(What::Queued {
                        position: queue.position,
                        eta: queue.eta,
                    });
                }
            }
            Pause::Busy => {
                self.tell_waiting(
                    Reason::TryLater,
                    "too many players want in at once".to_owned(),
                    pause,
                );
            }
            Pause::LostPoll(loss) => self.come_back(&loss, "the place in line is kept", pause),
            Pause::NoAnswer(loss) => {
                self.come_back(&loss, "it is not known whether the game is open", pause);
            }
            Pause::Closed(error) => {
                // The login starts anew after this, so a token of this one would be left behind.
                self.parting.say(self.terminal).await;
                let (reason, words) = match error {
                    login::Error::Closed(words) => (Reason::Closed, self.quote(words)),
                    _ => (Reason::TryLater, None),
                };
                let said = words
                    .map(|words| format!(" (\"{words}\")"))
                    .unwrap_or_default();
                self.tell_waiting(reason, format!("{}{said}", reason.meaning()), pause);
            }
        }
        clock::sleep(pause).await;
    }

    fn now(&self) -> Duration {
        clock::monotonic()
    }
}

impl Session<'_> {
    fn come_back(&mut self, loss: &Loss<'_>, so: &str, pause: Duration) {
        let (reason, what) = match loss {
            Loss::Connection(error) => (Reason::Network, error.to_string()),
            Loss::Status(429) => (Reason::TryLater, "too many requests".to_owned()),
            Loss::Status(status) => (
                Reason::ServerError,
                format!("the server failed, HTTP {status}"),
            ),
        };
        // The next place in line is news again.
        self.place = None;
        self.tell_waiting(reason, format!("{what}; {so}"), pause);
    }
}
