//! What [`VerifyLayer`] costs a local axum server with one GET route: requests per second with and without it.
//!
//! The client sends the same bytes again and again over a few connections that stay open, and only counts what comes back:
//! the requests were signed beforehand, and the server's clock stands still. Server and client share the machine, so a
//! rate says little; the difference between two says what the layer costs. Servers take turns.

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use sigv4a::{Provider, Region, Service, StaticKeys, Verifier, tower::VerifyLayer};
use tokio::{net::TcpListener, runtime};

use crate::{
    Outcome, ours, ours_verify,
    request::{self, Job, REGION, Request, Scheme},
    rounds::Effort,
    template,
};

/// For each server the rates of the rounds, without the layer first: none, if each is only to be tried.
pub(crate) fn measure(effort: Effort) -> Outcome<Vec<(&'static str, Vec<f64>)>> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (sigv4, sigv4a) = (template(Scheme::SigV4, Job::Verify)?, template(Scheme::SigV4a, Job::Verify)?);
    let servers = [
        ("without", open(), &sigv4),
        ("sigv4", open().layer(layer(Scheme::SigV4)?), &sigv4),
        ("sigv4a", open().layer(layer(Scheme::SigV4a)?), &sigv4a),
    ];
    let mut clients = Vec::new();
    for (name, router, request) in servers {
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        runtime.spawn(async move { axum::serve(listener, router).await });
        // Who lets pass what nobody signed would do no work.
        let refused = Connection::open(address, &request::altered(request)?)?.exchange();
        if refused.is_ok() != (name == "without") {
            return Err(format!("{name}: with a header altered the outcome is {refused:?}").into());
        }
        clients.push((name, Client::connect(address, request)?, Vec::new()));
    }
    let (rounds, time) = match effort {
        Effort::Smoke => (0, Duration::ZERO),
        Effort::Quick => (5, Duration::from_millis(200)),
        Effort::Full => (15, Duration::from_millis(500)),
    };
    for _ in 0..rounds {
        for (_, client, rates) in &mut clients {
            rates.push(client.rate(time)?);
        }
    }
    Ok(clients.into_iter().map(|(name, _, rates)| (name, rates)).collect())
}

fn open() -> Router {
    Router::new().route("/photos/{*key}", get(|| async { ANSWER }))
}

fn layer(scheme: Scheme) -> Outcome<VerifyLayer<StaticKeys>> {
    let key = ours_verify::key(scheme, Provider::default())?;
    let (verifier, now) = (Verifier::new(Service::S3, Region::new(REGION)?), ours::time()?);
    Ok(VerifyLayer::new(verifier, StaticKeys::new().with(key)).with_clock(move || Ok(now)))
}

/// Enough connections for the server to have always something to do.
const CONNECTIONS: usize = 8;

struct Client(Vec<Connection>);

impl Client {
    fn connect(address: SocketAddr, request: &Request) -> Outcome<Self> {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut connection = Connection::open(address, request)?;
            connection.exchange()?;
            connections.push(connection);
        }
        Ok(Self(connections))
    }

    /// Requests per second.
    fn rate(&mut self, time: Duration) -> Outcome<f64> {
        let start = Instant::now();
        let answers: Result<Vec<u32>, String> = thread::scope(|scope| {
            let count = |connection: &mut Connection| {
                let mut answers = 0;
                while start.elapsed() < time {
                    connection.exchange()?;
                    answers += 1;
                }
                Ok(answers)
            };
            let threads: Vec<_> = self.0.iter_mut().map(|own| scope.spawn(move || count(own))).collect();
            threads.into_iter().map(|thread| thread.join().map_err(|_| "a client panicked".to_owned())?).collect()
        });
        Ok(answers?.into_iter().map(f64::from).sum::<f64>() / start.elapsed().as_secs_f64())
    }
}

const ANSWER: &str = "one photo";

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: [u8; 1024],
}

impl Connection {
    fn open(address: SocketAddr, request: &Request) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut text = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri());
        for (name, value) in request.headers() {
            write!(text, "{name}: {}\r\n", value.to_str()?)?;
        }
        text += "\r\n";
        Ok(Self { stream, request: text.into_bytes(), answer: [0; 1024] })
    }

    /// Sends the request and reads the answer, which must be the one of the route.
    fn exchange(&mut self) -> Result<(), String> {
        self.stream.write_all(&self.request).map_err(|error| error.to_string())?;
        let mut length = 0;
        loop {
            let room = self.answer.get_mut(length..).unwrap_or_default();
            length += match self.stream.read(room) {
                Ok(0) => return Err("the connection was closed".to_owned()),
                Ok(count) => count,
                Err(error) => return Err(error.to_string()),
            };
            let answer = self.answer.get(..length).unwrap_or_default();
            match (answer.starts_with(b"HTTP/1.1 200"), answer.ends_with(ANSWER.as_bytes())) {
                (true, true) => return Ok(()),
                (true, false) => {}
                (false, _) => return Err("another status than 200".to_owned()),
            }
        }
    }
}
