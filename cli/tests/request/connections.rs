//! Where it connects, and why it could not.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use crate::{
    Scratch, nobody, request,
    support::{
        ALGORITHMS, Run,
        canned::{Canned, SILENCE, answer, sent},
        endpoint::Server,
        run,
        tls::TlsServer,
        with_keys,
    },
};

#[test]
fn no_answer_is_explained() {
    let server = Canned::answering(&[SILENCE]);
    for algorithm in ALGORITHMS {
        let url = nobody();
        request(&url, algorithm, &[])
            .failed(6, &["nobody listening there", &url["http://".len()..], "hint: check host"]);
        let unknown = "https://no-such-host.invalid/";
        request(unknown, algorithm, &[]).failed(6, &["no-such-host.invalid", "no address for its name", "--resolve"]);
        let start = Instant::now();
        request(&server.url, algorithm, &["--max-time", "0.3"]).failed(6, &["within 300ms", "--max-time"]);
        assert!(start.elapsed() < Duration::from_secs(5));
        let talker = Server::start(&["--style", "s3"]);
        let plain_talker = talker.url.replace("http:", "https:");
        request(&plain_talker, algorithm, &["--max-time", "5s"])
            .failed(6, &["no TLS that both sides speak", "`http://`"]);
        let asleep = TcpListener::bind("127.0.0.1:0").unwrap();
        let asleep = (format!("https://{}/", asleep.local_addr().unwrap()), asleep);
        request(&asleep.0, algorithm, &["--connect-timeout", "300ms"]).failed(6, &["no connection in time", "VPC"]);
        let broken = Canned::answering(&["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbroken"]);
        let broken = request(&broken.url, algorithm, &[]).failed(6, &["127.0.0.1", "to its end"]);
        assert_eq!(broken.stdout, "broken");
    }
    request(&server.url, "auto", &["--max-time", "0"]).failed(2, &["more than nothing"]);
    request(&server.url, "auto", &["--cacert", "/no/such/file"]).failed(4, &["the certificates from `/no/such/file`"]);
    let no_pem = Scratch::new("no-pem", b"no certificate");
    request(&server.url, "auto", &["--cacert", no_pem.path()]).failed(2, &["in PEM"]);
}

/// Linux takes up to 4 MB from who writes, and 6 MB for who reads.
const MORE_THAN_BUFFERS: usize = 32_000_000;

/// Whoever refuses early closes, with more of the body on its way; the answer may be lost with it.
#[test]
fn a_server_that_closes_early_is_no_network_that_breaks() {
    let body = Scratch::new("refused-early", &vec![b'x'; MORE_THAN_BUFFERS]);
    let data = format!("@{}", body.path());
    for algorithm in ALGORITHMS {
        for upload in [["-T", body.path()], ["--data-binary", &data]] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}/", listener.local_addr().unwrap());
            thread::spawn(move || {
                let mut stream = listener.accept().unwrap().0;
                stream.read_exact(&mut [0; 100_000]).unwrap();
            });
            let words = ["closed before the whole request was sent", "a refusal whose answer was lost", "request -I"];
            request(&url, algorithm, &upload).failed(6, &words);
        }
    }
}

/// It is looked for before each piece of the body.
#[test]
fn an_early_answer_is_the_answer() {
    let body = Scratch::new("answered-early", &vec![b'x'; MORE_THAN_BUFFERS]);
    let data = format!("@{}", body.path());
    for algorithm in ALGORITHMS {
        for upload in [["-T", body.path()], ["--data-binary", &data]] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}/", listener.local_addr().unwrap());
            let server = thread::spawn(move || {
                let mut stream = listener.accept().unwrap().0;
                stream.read_exact(&mut [0; 100_000]).unwrap();
                stream.write_all(answer("403 Forbidden", "", "no").as_bytes()).unwrap();
                // It reads on, so that nothing is reset, until the client has had its answer.
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest);
                rest.len()
            });
            assert_eq!(request(&url, algorithm, &upload).ok().stdout, "no");
            assert!(server.join().unwrap() < MORE_THAN_BUFFERS - 200_000, "the rest of the body is not sent");
        }
    }
}

#[test]
fn a_proxy_is_named_where_it_fails() {
    let target = "https://abc123.execute-api.us-east-1.amazonaws.com/prod";
    let plain = target.replace("https", "http");
    for algorithm in ALGORITHMS {
        let through = |url: &str, variable: &str, proxy: &str, more: &[&str]| {
            let mut command = with_keys(&[&["request", url, "--algorithm", algorithm], more].concat());
            Run::of(command.env(variable, proxy))
        };
        let dead = nobody().replace("://", "://user:hunter2@");
        let address = dead.replace("user:hunter2@", "");
        for (url, variable) in [(target, "https_proxy"), (target, "ALL_PROXY"), (&plain, "http_proxy")] {
            let named = format!("through the proxy {address}/ of {variable}").replace("/ of", " of");
            let run = through(url, variable, &dead, &["-v"]);
            assert!(run.stderr.contains(&format!("\n* {named}\n")), "{}", run.stderr);
            assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
            let words = ["abc123.execute-api", &named, "no proxy listening there", "NO_PROXY"];
            let run = through(url, variable, &dead, &[]).failed(6, &words);
            assert!(!run.stderr.contains("check host and port"), "{}", run.stderr);
            through(url, variable, "http://no-such-host.invalid:3128", &[])
                .failed(6, &["no address for the proxy's name", "no-such-host.invalid:3128", variable]);
            for wrong in ["nonsense::", "socks5://127.0.0.1:1", "http://user:hunter2@"] {
                let run = through(url, variable, wrong, &[]).failed(2, &["an HTTP proxy", variable]);
                assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
            }
        }
        let refusing = Canned::answering(&[&answer("403 Forbidden", "", "")]);
        through(target, "HTTPS_PROXY", &refusing.url, &[])
            .failed(6, &["a proxy that refuses to connect", "HTTPS_PROXY"]);
        // Whom it does not concern gets no error.
        let direct = Canned::answering(&[&answer("200 OK", "", "direct")]);
        let place = ["--service", "s3", "--region", "us-east-1", "--region-set", "*", "-v"];
        let mut excepted = with_keys(&[&["request", &direct.url, "--algorithm", algorithm], &place[..]].concat());
        let run = Run::of(excepted.env("http_proxy", "nonsense::").env("no_proxy", "127.0.0.1")).ok();
        assert!(run.stdout == "direct" && !run.stderr.contains("proxy"), "{}", run.stderr);
    }
}

#[test]
fn it_connects_where_it_is_told_to() {
    let server = Server::start(&["--style", "api-gateway"]);
    let (_, port) = server.url.rsplit_once(':').unwrap();
    let api = ["--service", "execute-api", "--region", "us-east-1", "--region-set", "us-east-1"];
    for algorithm in ALGORITHMS {
        let told =
            |url: &str, more: &[&str]| run(&[&["request", url, "--algorithm", algorithm], &api[..], more].concat());
        let plain = "http://abc123.execute-api.us-east-1.amazonaws.com/prod";
        for route in [
            format!("::127.0.0.1:{port}"),
            format!("abc123.execute-api.us-east-1.amazonaws.com:80:127.0.0.1:{port}"),
            format!(":80:localhost:{port}"),
        ] {
            let run = told(plain, &["-v", "--connect-to", &route]).ok();
            assert!(run.stdout.contains("\"access_key_id\":\"AKIDEXAMPLE\""), "{}", run.stdout);
            assert!(run.stderr.contains("\n> host: abc123.execute-api.us-east-1.amazonaws.com\n"), "{}", run.stderr);
        }
        let with_port = format!("http://api.example.com:{port}/prod");
        told(&with_port, &["--resolve", &format!("api.example.com:{port}:127.0.0.1"), "-f"]).ok();
        // Signed for another host than the one that is dialled.
        let tunnelled = told(&format!("{}/prod", server.url), &["-v", "--host", "api.example.com", "-f"]).ok();
        assert!(tunnelled.stderr.contains("\n> host: api.example.com\n"), "{}", tunnelled.stderr);
        told(&format!("{}/prod", server.url), &["-H", "Host: api.example.com", "-f"]).ok();

        let proxy = Canned::answering(&[&answer("200 OK", "", "by proxy")]);
        let through = [&["request", plain, "--algorithm", algorithm], &api[..]].concat();
        let run = Run::of(with_keys(&through).env("http_proxy", &proxy.url)).ok();
        assert_eq!(run.stdout, "by proxy");
        let asked = proxy.requests().remove(0);
        assert!(asked.starts_with(&format!("GET {plain} HTTP/1.1\r\n")), "{asked}");
        assert_eq!(sent(&asked, "host"), Some("abc123.execute-api.us-east-1.amazonaws.com"));
        let route = format!("::127.0.0.1:{port}");
        let around = [&through[..], &["--connect-to", &route]].concat();
        assert!(Run::of(with_keys(&around).env("http_proxy", &proxy.url)).ok().stdout.contains("AKIDEXAMPLE"));
        assert_eq!(proxy.requests().len(), 1);

        told(&with_port, &["--connect-to", "::127.0.0.1:1"]).failed(2, &["expected the port of the URL", "--host"]);
        told(&server.url, &["--connect-to", "::127.0.0.1:"]).failed(2, &["expected the name of a host", "--host"]);
        told(plain, &["--connect-to", "::no-such-host.invalid:"]).failed(6, &["no address for its name"]);
        told(plain, &["--connect-to", "localhost"]).failed(2, &["HOST:PORT:HOST2:PORT2"]);
        told(plain, &["--resolve", "a:80:b"]).failed(2, &["HOST:PORT:ADDRESS"]);
    }
}

#[test]
fn certificates_are_checked() {
    let TlsServer { port, pem } = TlsServer::start();
    let authority = Scratch::new("authority", pem.as_bytes());
    let url = format!("https://localhost:{port}/");
    for algorithm in ALGORITHMS {
        let trusted = request(&url, algorithm, &["-v", "--cacert", authority.path()]).ok();
        assert_eq!(trusted.stdout, format!("HTTP/2.0 localhost:{port} -"));
        assert!(trusted.stderr.contains("\n> GET /\n"), "the version is agreed on later: {}", trusted.stderr);
        request(&url, algorithm, &["--retry", "3"]).failed(6, &["a certificate that is not trusted", "--cacert"]);
        // HTTP/2 has one host, that of the URL: for another one it is not spoken.
        let other = ["-i", "--cacert", authority.path(), "--host", "api.example.com"];
        let other = request(&url, algorithm, &other).ok().stdout;
        assert!(
            other.starts_with("HTTP/1.1 200 OK\r\n") && other.ends_with("\r\n\r\nHTTP/1.1 - api.example.com"),
            "{other}"
        );
        // The name is that of the URL, wherever it leads.
        let resolve = format!("api.example.com:{port}:127.0.0.1");
        let other = ["--cacert", authority.path(), "--resolve", &resolve];
        request(&format!("https://api.example.com:{port}/"), algorithm, &other)
            .failed(6, &["a certificate that is not"]);
    }
}
