//! Serves a stand-in server over HTTP/1.1 on loopback.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{
    AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, IF_RANGE, ORIGIN, RANGE, USER_AGENT,
};
use hyper::http::uri::Authority;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::response_body::ResponseBody;
use super::{ServerRequest, ServerResponse, StandIn};
use crate::base::clock;

/// The size of the largest request body that is accepted.
const MAX_BODY: usize = 64 * 1024;
/// The pause after a connection that could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A stand-in server that its connections share.
#[derive(Debug)]
pub struct SharedServer<S> {
    stand_in: Arc<Mutex<S>>,
    port: u16,
}

impl<S> Clone for SharedServer<S> {
    fn clone(&self) -> Self {
        Self {
            stand_in: Arc::clone(&self.stand_in),
            port: self.port,
        }
    }
}

impl<S: StandIn> SharedServer<S> {
    /// Shares a stand-in server that listens at `port`.
    pub fn new(stand_in: S, port: u16) -> Self {
        Self {
            stand_in: Arc::new(Mutex::new(stand_in)),
            port,
        }
    }

    /// Returns what was wrong with the requests so far.
    pub fn violations(&self) -> Vec<String> {
        self.lock().violations().to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, S> {
        self.stand_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers the requests of a connection, which may be encrypted, until it ends.
    pub async fn serve(self, connection: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let service = service_fn(move |request| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.respond(request).await) }
        });
        // An error means that the client closed the connection, which is no failure of the server.
        let _ = http1::Builder::new()
            .serve_connection(TokioIo::new(connection), service)
            .await;
    }

    /// Returns whether a browser may have sent the request for a page: it has one of the headers that only browsers send, or
    /// its `Host` is not this server, since a site may give this machine a name of its own.
    fn is_foreign(&self, request: &Request<Incoming>) -> bool {
        const HTTP_PORT: u16 = 80;
        let host = request.headers().get(HOST);
        let host = host.and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
        let is_own = host.is_some_and(|host| {
            ["127.0.0.1", "localhost"].contains(&host.host())
                && host.port_u16().unwrap_or(HTTP_PORT) == self.port
        });
        let is_of_browser = |name: &str| request.headers().contains_key(name);
        !is_own || is_of_browser(ORIGIN.as_str()) || is_of_browser("sec-fetch-site")
    }

    async fn respond(&self, request: Request<Incoming>) -> Response<ResponseBody> {
        let answer = if self.is_foreign(&request) {
            ServerResponse::error(
                403,
                "only requests of programs on this machine are answered",
            )
        } else {
            match receive(request).await {
                Some(received) => self.lock().answer(&received, clock::monotonic()),
                None => ServerResponse::error(413, "the request is too large"),
            }
        };
        let status =
            StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = answer
            .content
            .as_ref()
            .map(|content| content.headers.clone());
        let headers =
            headers.unwrap_or_else(|| vec![("content-type", "application/json".to_owned())]);
        let mut response = Response::new(ResponseBody::new(answer));
        *response.status_mut() = status;
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response
                    .headers_mut()
                    .insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

async fn receive(request: Request<Incoming>) -> Option<ServerRequest> {
    let (head, body) = request.into_parts();
    let header = |name: HeaderName| {
        let value = head.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (content_type, user_agent) = (header(CONTENT_TYPE), header(USER_AGENT));
    let (range, if_range) = (header(RANGE), header(IF_RANGE));
    let (authorization, realm) = (
        header(AUTHORIZATION),
        header(HeaderName::from_static("x-realm")),
    );
    let body = Limited::new(body, MAX_BODY)
        .collect()
        .await
        .ok()?
        .to_bytes();
    Some(ServerRequest {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        content_type,
        user_agent,
        authorization,
        realm,
        range,
        if_range,
        fields: fields(&body),
    })
}

/// Returns the fields of a form or of a JSON object of strings.
fn fields(body: &[u8]) -> Vec<(String, String)> {
    match serde_json::from_slice::<BTreeMap<String, String>>(body) {
        Ok(object) => object.into_iter().collect(),
        Err(_) => form_urlencoded::parse(body).into_owned().collect(),
    }
}

/// Listens on 127.0.0.1 at a port; 0 means any free port.
///
/// # Errors
/// When the port is in use.
pub async fn listen(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Accepts connections for ever.
pub async fn accept<S: StandIn>(listener: TcpListener, server: SharedServer<S>) {
    loop {
        match listener.accept().await {
            Ok((connection, _)) => drop(tokio::spawn(server.clone().serve(connection))),
            // There may be no descriptor left until a connection ends.
            Err(_) => clock::sleep(ACCEPT_PAUSE).await,
        }
    }
}
