//! Where it connects, and why it could not.

use std::{
    net::TcpListener,
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
