//! `sign --jsonl`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test panics where the command must not"
)]

mod support;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::Stdio,
    sync::mpsc,
    thread,
    time::Duration,
};

use serde_json::Value;
use support::{API, MRAP, Run, TIME, command, fed, run, with_keys};

fn lines(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn line(id: u32, url: &str) -> String {
    format!("{{\"id\":{id},\"method\":\"GET\",\"url\":\"{url}\",\"time\":\"{TIME}\"}}\n")
}

#[test]
fn good_lines_are_signed_with_either_algorithm() {
    let input = line(1, API) + &line(2, MRAP);
    let file = std::env::temp_dir().join(format!("sigv4a-cli-jsonl-{}", std::process::id()));
    std::fs::write(&file, &input).unwrap();
    let path = file.display().to_string();
    for answered in [
        fed(with_keys(&["sign", "--jsonl"]), input.as_bytes()),
        fed(with_keys(&["sign", "--jsonl", "-"]), input.as_bytes()),
        // The last line may lack its end.
        fed(with_keys(&["sign", "--jsonl"]), input.trim_end().as_bytes()),
        fed(with_keys(&["sign", "--jsonl"]), input.replace('\n', "\r\n").as_bytes()),
        run(&["sign", "--jsonl", &path]),
    ] {
        let answered = answered.ok();
        let answers = lines(&answered);
        assert_eq!(answers.len(), 2);
        assert_eq!((&answers[0]["id"], &answers[0]["algorithm"]), (&1.into(), &"sigv4".into()));
        assert_eq!((&answers[1]["id"], &answers[1]["algorithm"]), (&2.into(), &"sigv4a".into()));
        assert_eq!(answered.stderr, "");
    }
    std::fs::remove_file(file).unwrap();
    let nothing = fed(with_keys(&["sign", "--jsonl"]), b"").ok();
    assert_eq!(nothing.stdout, "");
}

#[test]
fn a_bad_line_answers_an_error_and_the_next_goes_on() {
    let mut input = line(1, API).into_bytes();
    input.extend(b"\n   \n\r\nnonsense\n{\"id\":\"x\",\"method\":\"GET\",\"uri\":\"\"}\nabc\xff\xfe\n");
    input.extend(line(5, "https://api.example.com/").bytes());
    input.extend(line(6, MRAP).bytes());
    let answered = fed(with_keys(&["sign", "--jsonl"]), &input);
    assert_eq!(answered.code, 1);
    let answers = lines(&answered);
    let kinds: Vec<_> = answers.iter().map(|answer| answer["error"]["kind"].as_str().unwrap_or("")).collect();
    let expected = ["", "invalid_description", "invalid_description", "invalid_description", "missing_service", ""];
    assert_eq!(kinds, expected);
    assert_eq!(answers[2]["id"], "x");
    // Without an `id`, the line says which it is; empty ones count too.
    let number_of = |text: &str| {
        let mut all = input.split(|byte| *byte == b'\n');
        all.position(|line| line.starts_with(text.as_bytes())).unwrap() + 1
    };
    for (answer, text) in [(&answers[1], "nonsense"), (&answers[3], "abc")] {
        let told = format!("line {}: expected ", number_of(text));
        assert!(answer["error"]["message"].as_str().unwrap().starts_with(&told), "{told}{answer}");
    }
    assert!(!answers[2]["error"]["message"].as_str().unwrap().starts_with("line "), "{}", answers[2]);
    let verdict = fed(with_keys(&["verify", "--jsonl"]), b"\nnonsense\n");
    assert!(lines(&verdict)[0]["error"]["message"].as_str().unwrap().starts_with("line 2: expected "));
    assert!(answers[3]["error"]["message"].as_str().unwrap().contains("UTF-8"), "{}", answers[3]);
    assert!(answers[3]["error"]["message"].as_str().unwrap().ends_with("at 3"));
    assert!(answers[5]["signature"].is_string());
}

#[test]
fn an_interactive_line_is_answered_at_once() {
    let mut child = with_keys(&["sign", "--jsonl"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, answers) = mpsc::channel();
    // In a thread of its own, so that an answer that never comes fails the test and does not hang it.
    let reader = thread::spawn(move || output.lines().try_for_each(|line| sender.send(line.unwrap())));
    for id in 0..3 {
        input.write_all(line(id, API).as_bytes()).unwrap();
        let answer = answers.recv_timeout(Duration::from_secs(20)).expect("an answer before the next line");
        assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["id"], id);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    reader.join().unwrap().unwrap();
}

#[test]
fn a_broken_pipe_ends_quietly() {
    let mut child = with_keys(&["sign", "--jsonl"]).stdin(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    let text = line(1, API);
    // Ours breaks too when the command has gone.
    while input.write_all(text.as_bytes()).is_ok() {}
    drop(input);
    let ended = Run::from(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.stderr.as_str()), (141, ""));

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = Run::of(with_keys(&["explain", API]).stdout(writer));
    assert_eq!((ended.code, ended.stderr.as_str()), (141, ""));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(Run::of(command(&["--help"]).stdout(writer)).code, 0);
}

#[test]
fn descriptions_bring_their_own_credentials_or_need_ambient_ones() {
    let own = format!(
        "{{\"method\":\"GET\",\"url\":\"{API}\",\"access_key_id\":\"AKOWN\",\"secret_access_key\":\"hush-hush\"}}\n"
    );
    let answered = fed(command(&["sign", "--jsonl"]), (own + &line(2, API)).as_bytes());
    assert_eq!(answered.code, 1);
    let answers = lines(&answered);
    assert!(answers[0]["headers"].to_string().contains("Credential=AKOWN/"));
    assert_eq!(answers[1]["error"]["kind"], "missing_credentials");
    assert!(!answered.stdout.contains("hush-hush"));
}

#[test]
fn flags_of_one_request_are_refused() {
    for flags in [
        &[API][..],
        &["-X", "PUT"],
        &["-H", "a: b"],
        &["-d", "a"],
        &["--json", "{}"],
        &["-I"],
        &["--algorithm", "sigv4a"],
        &["--service", "s3"],
        &["--time", TIME],
        &["--force"],
        &["--provider", "ring"],
        &["--uri-policy", "reject"],
        &["-o", "curl"],
    ] {
        run(&[&["sign", "--jsonl=-"], flags].concat()).failed(2, &["--jsonl"]);
    }
    run(&["sign"]).failed(2, &["URL"]);
    run(&["sign", "--jsonl", "/does/not/exist"]).failed(4, &["/does/not/exist"]);
}
