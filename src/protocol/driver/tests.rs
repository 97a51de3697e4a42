//! The driver with scripted effects: what is sent, asked and waited for, in which order, without real time.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write as _;

use super::*;
use crate::games::ttcc::Ttcc;
use crate::games::ttr::Ttr;
use crate::games::{Credential, GameProtocol, LoginParameters};
use crate::protocol::{Availability, Fields, Refusal, ServerMessage, ServerStatus};

/// Effects that reply from a script and record what happens.
struct Script {
    replies: VecDeque<Result<Reply, TransportError>>,
    answers: VecDeque<Secret>,
    /// Whether an update is all that was asked for.
    only_updates: bool,
    /// How long an update takes.
    download: Duration,
    log: String,
    now: Duration,
}

impl Script {
    fn new(replies: impl IntoIterator<Item = Result<Reply, TransportError>>) -> Self {
        let replies = replies.into_iter().collect();
        Self {
            replies,
            answers: VecDeque::new(),
            only_updates: false,
            download: Duration::ZERO,
            log: String::new(),
            now: Duration::ZERO,
        }
    }

    fn answering(mut self, answers: &[&str]) -> Self {
        self.answers = answers.iter().map(|answer| Secret::new(*answer)).collect();
        self
    }

    fn note(&mut self, what: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.log, "{what}");
    }
}

impl Effects for Script {
    type Error = &'static str;

    async fn send(&mut self, request: Request) -> Result<Reply, TransportError> {
        let fields: Vec<_> = request
            .fields
            .iter()
            .map(|(name, value)| format!("{name}={}", value.reveal()))
            .collect();
        self.note(format_args!("send {} {}", request.path, fields.join(" ")));
        self.replies.pop_front().expect("a scripted reply")
    }

    async fn ask(&mut self, question: &Question) -> Result<Secret, &'static str> {
        self.note(format_args!(
            "ask {:?} again={}",
            question.kind, question.again
        ));
        self.answers.pop_front().ok_or("there is no terminal")
    }

    async fn store(&mut self, launcher_token: LauncherToken) -> Result<(), &'static str> {
        self.note(format_args!("store {}", launcher_token.token.reveal()));
        Ok(())
    }

    async fn update(&mut self, mirrors: Vec<MirrorAddress>) -> Result<bool, &'static str> {
        let bases: Vec<_> = mirrors.iter().map(|it| it.base_url.to_string()).collect();
        self.note(format_args!("update from {}", bases.join(" ")));
        self.now += self.download;
        if bases == ["https://full.example"] {
            return Err("the disk is full");
        }
        Ok(!self.only_updates)
    }

    async fn delete_token(&mut self) {
        self.note(format_args!("delete token"));
    }

    fn warn_status_unknown(&mut self, _: RequestFailure<'_>) {
        self.note(format_args!("warn: status unknown"));
    }

    async fn wait(&mut self, reason: WaitReason<'_>, pause: Duration) {
        let reason = match reason {
            WaitReason::Queue(queue) => format!("position {:?}", queue.position),
            WaitReason::PollFailed(_) => "poll failed".to_owned(),
            WaitReason::Busy => "busy".to_owned(),
            WaitReason::Unavailable(_) => "closed".to_owned(),
            WaitReason::StatusUnknown(_) => "status unknown".to_owned(),
        };
        self.note(format_args!("wait {} s: {reason}", pause.as_secs_f32()));
        self.now += pause;
    }

    fn now(&self) -> Duration {
        self.now
    }
}

type Outcome = Result<LoginOutcome, Error<&'static str>>;

/// Runs a future that never waits.
fn run_now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the driver waited for something outside the script"),
    }
}

fn run(effects: &mut Script, wait_limits: WaitLimits) -> Outcome {
    run_now(drive(
        Ttr::new(LoginParameters::with_password("alice", "pw")),
        wait_limits,
        effects,
    ))
}

#[expect(clippy::unnecessary_wraps, reason = "it stands in a list with errors")]
fn ok(body: &str) -> Result<Reply, TransportError> {
    Ok(Reply::new(200, body))
}

fn granted() -> Result<Reply, TransportError> {
    ok(r#"{"success":"true","gameserver":"g","cookie":"c"}"#)
}

fn delayed(position: u64, token: &str) -> Result<Reply, TransportError> {
    ok(&format!(
        r#"{{"success":"delayed","eta":"60","position":"{position}","queueToken":"{token}"}}"#
    ))
}

fn partial(token: &str) -> Result<Reply, TransportError> {
    ok(&format!(
        r#"{{"success":"partial","banner":"code?","responseToken":"{token}"}}"#
    ))
}

fn lost() -> Result<Reply, TransportError> {
    Err(TransportError::ConnectionLost)
}

fn is_ticket(outcome: &Outcome) -> bool {
    matches!(outcome, Ok(LoginOutcome::Ticket(ticket)) if ticket.variables.len() == 2)
}

const BEGIN: &str = "send /api/login?format=json username=alice password=pw\n";

#[test]
fn without_a_queue_it_is_exactly_one_request() {
    let mut effects = Script::new([granted()]);
    assert!(is_ticket(&run(&mut effects, WaitLimits::default())));
    assert_eq!(effects.log, BEGIN);
}

#[test]
fn codes_and_polls_use_the_newest_token() {
    let mut effects = Script::new([
        partial("r1"),
        partial("r2"),
        delayed(2, "q1"),
        delayed(1, "q2"),
        granted(),
    ])
    .answering(&["111", "222"]);
    assert!(is_ticket(&run(&mut effects, WaitLimits::default())));
    let expected = [
        BEGIN.trim_end(),
        "ask Code again=false",
        "send /api/login?format=json appToken=111 authToken=r1",
        "ask Code again=true",
        "send /api/login?format=json appToken=222 authToken=r2",
        "wait 0.4 s: position Some(2)",
        "send /api/login?format=json queueToken=q1",
        "wait 1 s: position Some(1)",
        "send /api/login?format=json queueToken=q2",
    ];
    assert_eq!(effects.log.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_question_without_an_answer_ends_the_login() {
    let mut effects = Script::new([partial("r1")]);
    assert_eq!(
        run(&mut effects, WaitLimits::default()),
        Err(Error::Effect("there is no terminal"))
    );
    assert_eq!(effects.log.matches("send").count(), 1);
}

#[test]
fn a_first_request_that_fails_is_not_sent_again() {
    let mut effects = Script::new([lost()]);
    assert_eq!(
        run(&mut effects, WaitLimits::default()),
        Err(Error::Request(TransportError::ConnectionLost))
    );
    assert_eq!(effects.log, BEGIN);
}

#[test]
fn a_code_whose_request_fails_is_not_sent_again() {
    let mut effects = Script::new([partial("r1"), lost()]).answering(&["111"]);
    assert_eq!(
        run(&mut effects, WaitLimits::default()),
        Err(Error::Request(TransportError::ConnectionLost))
    );
}

#[test]
fn nine_polls_in_a_row_may_fail() {
    let mut replies = vec![delayed(3, "q1")];
    replies.extend((0..9).map(|count| {
        if count % 2 == 0 {
            lost()
        } else {
            Ok(Reply::new(503, "<html>"))
        }
    }));
    replies.push(granted());
    let mut effects = Script::new(replies);
    assert!(is_ticket(&run(&mut effects, WaitLimits::default())));
    assert_eq!(effects.log.matches("queueToken=q1").count(), 10);
    let pauses: Vec<_> = effects
        .log
        .lines()
        .filter(|line| line.ends_with("poll failed"))
        .collect();
    let seconds = [1, 2, 4, 8, 16, 30, 30, 30, 30];
    assert_eq!(
        pauses,
        seconds.map(|pause| format!("wait {pause} s: poll failed"))
    );
}

#[test]
fn ten_failed_polls_in_a_row_end_the_wait() {
    let mut effects = Script::new(
        [delayed(3, "q1")]
            .into_iter()
            .chain((0..10).map(|_| lost())),
    );
    assert_eq!(
        run(&mut effects, WaitLimits::default()),
        Err(Error::QueueLost)
    );
    assert!(
        effects.log.ends_with("queueToken=q1\n"),
        "no pause after the last poll"
    );
}

#[test]
fn failed_polls_count_only_when_they_are_consecutive() {
    let row = || (0..9).map(|_| lost());
    let replies = [delayed(3, "q1")]
        .into_iter()
        .chain(row())
        .chain([delayed(2, "q2")])
        .chain(row())
        .chain([granted()]);
    assert!(is_ticket(&run(
        &mut Script::new(replies),
        WaitLimits::default()
    )));
}

#[test]
fn too_many_requests_while_queued_keeps_the_position_and_waits_as_asked() {
    let busy = Reply::new(429, "").retry_after(Some(Duration::from_secs(20)));
    let mut effects = Script::new([delayed(3, "q1"), Ok(busy), granted()]);
    assert!(is_ticket(&run(&mut effects, WaitLimits::default())));
    assert!(
        effects.log.contains("wait 20 s: poll failed"),
        "{}",
        effects.log
    );
}

#[test]
fn a_very_long_retry_after_ends_the_wait() {
    let pause = Some(Duration::from_hours(1));
    let mut effects = Script::new([delayed(3, "q1"), Ok(Reply::new(429, "").retry_after(pause))]);
    let error = protocol::Error::TryLater {
        retry_after: pause,
        message: ServerMessage::default(),
    };
    assert_eq!(
        run(&mut effects, WaitLimits::default()),
        Err(Error::Login(error))
    );
}

#[test]
fn an_oversized_reply_while_queued_ends_the_wait() {
    let mut effects = Script::new([delayed(3, "q1"), Err(TransportError::TooLarge(1))]);
    assert_eq!(
        run(&mut effects, WaitLimits::default()),
        Err(Error::Request(TransportError::TooLarge(1)))
    );
}

#[test]
fn a_refusal_while_queued_ends_the_wait() {
    let mut effects = Script::new([delayed(3, "q1"), ok(r#"{"success":"false"}"#)]);
    let refused = protocol::Error::Refused(Refusal::Credentials, ServerMessage::default());
    assert_eq!(
        run(&mut effects, WaitLimits::default()),
        Err(Error::Login(refused))
    );
}

#[test]
fn the_wait_in_the_queue_ends_exactly_at_its_limit() {
    let wait_limits = WaitLimits {
        queue: Some(Duration::from_secs(3)),
        server: None,
    };
    let mut effects = Script::new((0..9).map(|_| delayed(3, "q")));
    assert_eq!(run(&mut effects, wait_limits), Err(Error::QueueTimeout));
    assert_eq!(effects.now, Duration::from_secs(3));
    assert_eq!(effects.log.matches("queueToken").count(), 2);
}

const OPEN: &str = r#"{"open":true}"#;
const SHUT: &str = r#"{"open":false,"banner":"Back at noon."}"#;
const CLOSED: &str = r#"{"success":"false","banner":"Toontown is closed."}"#;

fn waiting(minutes: u64) -> WaitLimits {
    WaitLimits {
        queue: None,
        server: Some(Duration::from_secs(minutes * 60)),
    }
}

#[test]
fn the_password_is_not_sent_while_the_game_is_closed() {
    let mut effects = Script::new([
        ok(SHUT),
        lost(),
        Ok(Reply::new(503, "")),
        ok(OPEN),
        granted(),
    ]);
    assert!(is_ticket(&run(&mut effects, waiting(60))));
    let expected = [
        "send /api/status ",
        "wait 5 s: closed",
        "send /api/status ",
        "wait 10 s: status unknown",
        "send /api/status ",
        "wait 20 s: status unknown",
        "send /api/status ",
        BEGIN.trim_end(),
    ];
    assert_eq!(effects.log.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_login_that_finds_the_game_closed_waits_again() {
    let mut effects = Script::new([ok(OPEN), ok(CLOSED), ok(OPEN), granted()]);
    assert!(is_ticket(&run(&mut effects, waiting(60))));
    assert_eq!(effects.log.matches("/api/status").count(), 2);
}

#[test]
fn at_most_three_logins_find_a_game_closed_whose_status_is_open() {
    let mut effects = Script::new((0..9).flat_map(|_| [ok(OPEN), ok(CLOSED)]));
    let closed = protocol::Error::Closed(ServerMessage::new(Some("Toontown is closed.")));
    assert_eq!(run(&mut effects, waiting(60)), Err(Error::Login(closed)));
    assert_eq!(effects.log.matches("password=pw").count(), 3);
}

#[test]
fn a_login_with_too_many_requests_waits_as_asked() {
    let busy = Reply::new(429, "").retry_after(Some(Duration::from_mins(5)));
    let mut effects = Script::new([ok(OPEN), Ok(busy), ok(OPEN), granted()]);
    assert!(is_ticket(&run(&mut effects, waiting(60))));
    assert!(effects.log.contains("wait 300 s"), "{}", effects.log);
}

#[test]
fn the_wait_for_the_server_ends_with_the_last_error() {
    let mut effects = Script::new((0..9).map(|_| ok(SHUT)));
    let closed = protocol::Error::Closed(ServerMessage::new(Some("Back at noon.")));
    assert_eq!(run(&mut effects, waiting(1)), Err(Error::Login(closed)));
    assert_eq!(effects.now, Duration::from_mins(1));
}

#[test]
fn waiting_for_the_server_does_not_retry_a_wrong_password() {
    let mut effects = Script::new([ok(OPEN), ok(r#"{"success":"false"}"#)]);
    let refused = protocol::Error::Refused(Refusal::Credentials, ServerMessage::default());
    assert_eq!(run(&mut effects, waiting(60)), Err(Error::Login(refused)));
}

/// A protocol that stores a token and repeats a request.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TokenLogin(&'static str);

impl Login for TokenLogin {
    type Sent = bool;
    type Asked = ();
    type Queued = ();
    type Storing = ();
    type Updating = Infallible;

    fn begin(self) -> (Request, bool) {
        (
            Request::json("/register", vec![("token", Secret::new(self.0))]),
            false,
        )
    }

    fn reply(sent: bool, reply: &Reply) -> Result<Step<Self>, protocol::Error> {
        let token = String::from_utf8_lossy(reply.bytes()).into_owned();
        Ok(match (sent, token.as_str()) {
            (true, _) => Step::Done(Ticket::new(Fields::new())),
            (false, "again") => Step::Send(Request::get("/again"), false),
            (false, _) => Step::Store(
                LauncherToken {
                    token: Secret::new(token),
                    revocation: Request::get("/revoke"),
                },
                (),
            ),
        })
    }

    fn answer((): (), _: Secret) -> (Request, bool) {
        (Request::get("/answer"), true)
    }

    fn poll((): ()) -> (Request, bool) {
        (Request::get("/poll"), true)
    }

    fn stored((): ()) -> (Request, bool) {
        (Request::get("/stored"), true)
    }

    fn updated(updating: Infallible) -> (Request, bool) {
        match updating {}
    }

    fn status_request() -> Request {
        Request::get("/open")
    }

    fn read_status(_: &Reply) -> Result<ServerStatus, protocol::Error> {
        Ok(ServerStatus {
            availability: Availability::Open,
            message: ServerMessage::default(),
            population: None,
            details: None,
        })
    }
}

#[test]
fn a_token_is_stored_before_the_next_request() {
    let mut effects = Script::new([ok("again"), ok("welcome"), ok("")]);
    let outcome = run_now(drive(TokenLogin("t"), WaitLimits::default(), &mut effects));
    assert_eq!(
        outcome,
        Ok(LoginOutcome::Ticket(Ticket::new(Fields::new())))
    );
    assert_eq!(
        effects.log,
        "send /register token=t\nsend /again \nstore welcome\nsend /stored \n"
    );
}

/// Runs a Corporate Clash login whose server is busy `busy` times.
fn busy_login(busy: usize, wait_limits: WaitLimits) -> (Outcome, Script) {
    let open = wait_limits
        .server
        .map(|_| ok(r#"{"production_closed":false}"#));
    let registered = ok(r#"{"status":true,"token":"welcome"}"#);
    let too_busy = ok(r#"{"status":false,"message":"A lot of Toons are here."}"#);
    let granted = ok(r#"{"status":true,"token":"c"}"#);
    let replies = open.into_iter().chain([registered, ok("{}")]);
    let replies = replies
        .chain(std::iter::repeat_n(too_busy, busy))
        .chain([granted]);
    let mut effects = Script::new(replies);
    let login = Ttcc::new(LoginParameters::with_password("alice", "pw"));
    let outcome = run_now(drive(login, wait_limits, &mut effects));
    (outcome, effects)
}

fn waits(effects: &Script) -> Vec<&str> {
    let lines = effects.log.lines();
    lines.filter(|line| line.starts_with("wait")).collect()
}

#[test]
fn a_busy_server_is_asked_three_more_times_with_growing_pauses() {
    let growing = ["wait 2 s: busy", "wait 4 s: busy", "wait 8 s: busy"];
    let (outcome, effects) = busy_login(3, WaitLimits::default());
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(waits(&effects), growing);
    let (outcome, effects) = busy_login(4, WaitLimits::default());
    let later = protocol::Error::TryLater {
        retry_after: None,
        message: ServerMessage::new(Some("A lot of Toons are here.")),
    };
    assert_eq!(outcome, Err(Error::Login(later)));
    assert_eq!(waits(&effects), growing);
    assert_eq!(effects.log.matches("password=").count(), 1);
}

#[test]
fn a_busy_server_is_asked_until_the_limit_for_servers() {
    let (outcome, effects) = busy_login(7, waiting(600));
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(waits(&effects).last(), Some(&"wait 60 s: busy"));
    assert_eq!(waits(&effects).len(), 7);
    assert_eq!(effects.log.matches("password=").count(), 1);
}

#[test]
fn an_invalid_token_is_deleted_before_the_password_is_asked_for() {
    let mut effects = Script::new([
        ok(r#"{"bad_token":true}"#),
        ok(r#"{"status":true,"token":"welcome"}"#),
        ok("{}"),
        ok(r#"{"status":true,"token":"cookie"}"#),
    ])
    .answering(&["pw"]);
    let player = LoginParameters {
        credential: Credential::Token(Secret::new("old")),
        ..LoginParameters::with_password("alice", "")
    };
    let outcome = run_now(drive(
        Ttcc::new(player),
        WaitLimits::default(),
        &mut effects,
    ));
    assert!(outcome.is_ok());
    let expected = [
        "send /api/launcher/v1/metadata ",
        "delete token",
        "ask Password again=false",
        "send /api/launcher/v1/register username=alice password=pw friendly=playcookie-0a1b2c3d",
        "store welcome",
        "send /api/launcher/v1/metadata ",
        "send /api/launcher/v1/login ",
    ];
    assert_eq!(effects.log.lines().collect::<Vec<_>>(), expected);
}

const REGISTERED: &str = r#"{"status":true,"token":"welcome"}"#;
const COOKIE: &str = r#"{"status":true,"token":"cookie"}"#;

/// Metadata with a game server and a download server.
fn metadata(download: &str) -> Result<Reply, TransportError> {
    ok(&format!(
        r#"{{"realms":[{{"slug":"production","hostname":"g","downloadservers":[{{"name":"a","base_url":"{download}"}}]}}]}}"#
    ))
}

/// Runs a Corporate Clash login with an update.
fn updating(effects: &mut Script, wait_limits: WaitLimits) -> Outcome {
    let player = LoginParameters {
        wants_update: true,
        ..LoginParameters::with_password("alice", "pw")
    };
    run_now(drive(Ttcc::new(player), wait_limits, effects))
}

/// The log after the request for the metadata.
fn after_the_metadata(effects: &Script) -> Vec<&str> {
    let lines = effects.log.lines();
    lines
        .skip_while(|line| !line.ends_with("metadata "))
        .skip(1)
        .collect()
}

#[test]
fn files_are_updated_between_the_metadata_and_the_login() {
    let mut effects = Script::new([ok(REGISTERED), metadata("https://d.example/"), ok(COOKIE)]);
    let outcome = updating(&mut effects, WaitLimits::default());
    assert!(
        matches!(outcome, Ok(LoginOutcome::Ticket(_))),
        "{outcome:?}"
    );
    let expected = [
        "update from https://d.example",
        "send /api/launcher/v1/login ",
    ];
    assert_eq!(after_the_metadata(&effects), expected);
}

#[test]
fn a_login_for_an_update_only_ends_after_it() {
    let mut effects = Script::new([ok(REGISTERED), metadata("https://d.example/")]);
    effects.only_updates = true;
    let outcome = updating(&mut effects, WaitLimits::default());
    assert_eq!(outcome, Ok(LoginOutcome::Updated));
    assert_eq!(
        after_the_metadata(&effects),
        ["update from https://d.example"]
    );
}

#[test]
fn a_failed_update_ends_a_login_that_waits_for_the_server() {
    let open = ok(r#"{"production_closed":false}"#);
    let mut effects = Script::new([open, ok(REGISTERED), metadata("https://full.example/")]);
    assert_eq!(
        updating(&mut effects, waiting(60)),
        Err(Error::Effect("the disk is full"))
    );
    assert_eq!(
        after_the_metadata(&effects),
        ["update from https://full.example"]
    );
}

#[test]
fn a_long_download_does_not_count_as_waiting_for_the_server() {
    let too_busy = ok(r#"{"status":false,"message":"A lot of Toons are here."}"#);
    let mut effects = Script::new([
        ok(r#"{"production_closed":false}"#),
        ok(REGISTERED),
        metadata("https://d.example/"),
        too_busy,
        ok(COOKIE),
    ]);
    effects.download = Duration::from_hours(2);
    let outcome = updating(&mut effects, waiting(60));
    assert!(
        matches!(outcome, Ok(LoginOutcome::Ticket(_))),
        "{outcome:?}"
    );
    assert_eq!(waits(&effects), ["wait 2 s: busy"]);
}
