//! An axum server and a client of another make.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use axum::{
    Extension, Router,
    body::Bytes,
    routing::{any, get},
};
use http::Request;
use sigv4a::{Algorithm, ExpiresIn, Service, SignerExt as _, Verified, tower::BodyCheck};
use tower::ServiceBuilder;

use crate::support::{ALGORITHMS, KEY_ID, Server, credentials, forged, layer, send, signed_by, signer, time};

/// Tells who sent what.
async fn hello(Extension(verified): Extension<Verified>, body: Bytes) -> String {
    format!("{} {} {body:?}", verified.access_key_id(), verified.algorithm())
}

fn server(service: Service) -> Server {
    Server::start(Router::new().route("/hello/{name}", any(hello)).layer(layer(service)))
}

fn request(server: &Server, method: &str, body: &'static str) -> Request<&'static str> {
    let url = server.url("/hello/J%C3%BCrgen?greeting=good%20day&greeting=Hi&empty");
    Request::builder().method(method).uri(url).header("content-type", "text/plain").body(body).unwrap()
}

#[test]
fn signed_requests_pass() {
    for service in [Service::EXECUTE_API, Service::S3] {
        let server = server(service.clone());
        for (algorithm, method, body) in
            ALGORITHMS.into_iter().flat_map(|algorithm| [(algorithm, "GET", ""), (algorithm, "POST", "{\"a\": 1}")])
        {
            let signer = signer(algorithm, service.clone(), credentials());
            let answer = send(signed_by(&signer, request(&server, method, body)));
            let expected = format!("{KEY_ID} {algorithm} {:?}", Bytes::from_static(body.as_bytes()));
            assert_eq!((answer.status, answer.text), (200, expected), "{service:?} {method}");
        }
    }
}

#[test]
fn presigned_requests_pass_until_they_end() {
    let server = server(Service::S3);
    let url = server.url("/hello/presigned?a=b");
    for algorithm in ALGORITHMS {
        let signer = signer(algorithm, Service::S3, credentials());
        let presign = |at: &str| {
            let at = time(at);
            signer.presign_url("GET", &url, ExpiresIn::from_secs(60).unwrap(), at).unwrap().url().to_owned()
        };
        let get = |url: &str| send(Request::get(url).body("").unwrap());
        assert_eq!(get(&presign("20150830T115900Z")).text, format!("{KEY_ID} {algorithm} b\"\""));
        let late = get(&presign("20150830T115859Z"));
        assert_eq!(late.status, 403);
        assert!(late.text.contains("<Code>AccessDenied</Code><Message>Request has expired</Message>"), "{}", late.text);
    }
}

#[test]
fn unsigned_and_forged_requests_do_not() {
    let server = server(Service::EXECUTE_API);
    let unsigned = send(request(&server, "GET", ""));
    assert_eq!(unsigned.status, 403);
    assert_eq!(unsigned.header("x-amzn-errortype"), "MissingAuthenticationTokenException");
    assert_eq!(unsigned.header("content-type"), "application/json");
    assert_eq!(unsigned.text, r#"{"message":"Missing Authentication Token"}"#);
    for algorithm in ALGORITHMS {
        let forger = signer(algorithm, Service::EXECUTE_API, forged());
        let answer = send(signed_by(&forger, request(&server, "GET", "")));
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("x-amzn-errortype"), "InvalidSignatureException");

        let signer = signer(algorithm, Service::EXECUTE_API, credentials());
        let other = signed_by(&signer, request(&server, "POST", "mine")).map(|_| "yours");
        assert_eq!(send(other).header("x-amzn-errortype"), "InvalidSignatureException");
    }
}

/// The layer may be around routes, around one route, or one of a stack.
#[test]
fn every_way_to_put_it_there() {
    let layer = || layer(Service::EXECUTE_API);
    let open = || Router::new().route("/open", get(|| async { "open" }));
    let own = || Router::new().route("/hello/{name}", any(hello));
    let stack = ServiceBuilder::new().layer(layer()).layer(Extension("of the stack"));
    let routers = [
        ("route_layer", own().route_layer(layer()).merge(open())),
        ("method router", Router::new().route("/hello/{name}", any(hello).layer(layer())).merge(open())),
        ("ServiceBuilder", own().layer(stack).merge(open())),
    ];
    let signer = signer(Algorithm::SigV4a, Service::EXECUTE_API, credentials());
    for (name, router) in routers {
        let server = Server::start(router);
        assert_eq!(send(request(&server, "GET", "")).status, 403, "{name}");
        assert_eq!(send(signed_by(&signer, request(&server, "GET", ""))).status, 200, "{name}");
        assert_eq!(send(Request::get(server.url("/open")).body("").unwrap()).text, "open", "{name}");
    }
    // `layer` covers what has no route too, `route_layer` does not: so it is in axum.
    let everything = Server::start(own().layer(layer()));
    assert_eq!(send(Request::get(everything.url("/nowhere")).body("").unwrap()).status, 403);
    let routes = Server::start(own().route_layer(layer()));
    assert_eq!(send(Request::get(routes.url("/nowhere")).body("").unwrap()).status, 404);
}

/// What the documentation warns of: inside of `nest` the path is another one.
#[test]
fn inside_of_nest_no_signature_is_right() {
    let inside = Server::start(Router::new().nest("/hello", Router::new().fallback(hello).layer(layer(Service::S3))));
    let outside = Server::start(Router::new().nest("/hello", Router::new().fallback(hello)).layer(layer(Service::S3)));
    let signer = signer(Algorithm::SigV4, Service::S3, credentials());
    assert_eq!(send(signed_by(&signer, request(&inside, "GET", ""))).status, 403);
    assert_eq!(send(signed_by(&signer, request(&outside, "GET", ""))).status, 200);
}

/// A client that asks first never has to send what nobody wants, and one that breaks off gets nothing accepted.
#[test]
fn a_body_that_is_refused_or_never_comes() {
    for check in [BodyCheck::First, BodyCheck::AtItsEnd] {
        let layer = layer(Service::S3).with_body_limit(100).with_body_check(check);
        let server = Server::start(Router::new().route("/hello/{name}", any(hello)).layer(layer));
        let signer = signer(Algorithm::SigV4, Service::S3, credentials());
        let right = signed_by(&signer, request(&server, "PUT", "12345"));
        let wrong = signed_by(&signer_of_another(), request(&server, "PUT", "12345"));

        let answer = raw(&server, &right, &["content-length: 5", "expect: 100-continue"], "12345");
        assert!(answer.starts_with("HTTP/1.1 100 Continue") && answer.contains("HTTP/1.1 200 OK"), "{answer}");
        let answer = raw(&server, &wrong, &["content-length: 5", "expect: 100-continue"], "");
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden"), "{answer}");
        let answer = raw(&server, &right, &["content-length: 101", "expect: 100-continue"], "");
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request") && answer.contains("EntityTooLarge"), "{answer}");
        let answer = raw(&server, &right, &["transfer-encoding: chunked"], &format!("65\r\n{:0>101}\r\n0\r\n\r\n", 0));
        // Whether the refusal is read depends on who closes first.
        assert!(!answer.contains("200 OK"), "{answer}");
        let answer = raw(&server, &right, &["transfer-encoding: chunked"], "2\r\n12\r\n3\r\n345\r\n0\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        for cut in ["12345", "1234"] {
            let answer = raw(&server, &right, &BROKEN_OFF, cut);
            assert!(!answer.contains("200 OK"), "{answer}");
        }
    }
}

fn signer_of_another() -> Box<dyn sigv4a::Signer> {
    signer(Algorithm::SigV4, Service::S3, forged())
}

/// Says that there is more to come, and closes the connection for writing.
const BROKEN_OFF: [&str; 1] = ["content-length: 6"];

/// What a server answers to a request written by hand.
fn raw(server: &Server, request: &Request<&str>, framing: &[&str], body: &str) -> String {
    let mut connection = TcpStream::connect(server.address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let target = request.uri().path_and_query().unwrap();
    let mut head = format!("{} {target} HTTP/1.1\r\nhost: {}\r\n", request.method(), server.address);
    for (name, value) in request.headers() {
        head += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    head += &format!("connection: close\r\n{}\r\n\r\n", framing.join("\r\n"));
    connection.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    if framing.contains(&"expect: 100-continue") && !body.is_empty() {
        let mut chunk = [0; 64];
        let length = connection.read(&mut chunk).unwrap();
        answer.extend_from_slice(&chunk[..length]);
    }
    connection.write_all(body.as_bytes()).unwrap();
    if framing == BROKEN_OFF {
        connection.shutdown(Shutdown::Write).unwrap();
    }
    // Closing a connection with bytes unread resets it: what came before that counts.
    let _ = connection.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}
