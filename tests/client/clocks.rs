//! Clocks that are off.

use http::{Method, Response};
use sigv4a::{
    Algorithm, Service,
    client::{Reason, Verdict},
};

use crate::support::{ALGORITHMS, Clock, NOON, World, credentials, http_date, reqwest_client, serve, signer, time};

#[tokio::test]
async fn a_clock_that_is_off_is_corrected_by_the_first_answer_and_goes_back() {
    for algorithm in ALGORITHMS {
        for off in [-3600, -301, 301, 86_400] {
            let world = World::new(Service::EXECUTE_API);
            let url = world.serve().await;
            let ours = Clock::at(NOON + off);
            let client = reqwest_client(signer(algorithm, credentials(), &ours));
            let send = || async { client.get(&url).send().await.unwrap().status() };
            assert_eq!(send().await, 200, "{algorithm}, off by {off} s");
            let outcomes: Vec<_> = world.seen().iter().map(crate::support::Seen::is_accepted).collect();
            assert_eq!(outcomes, [false, true], "{algorithm}, off by {off} s: refused once, then corrected");

            // From now on the first attempt is right.
            assert_eq!(send().await, 200);
            assert_eq!(world.seen().len(), 3);

            // Somebody sets the clock: what was added is too much now, and is taken back.
            ours.set(NOON);
            assert_eq!(send().await, 200);
            assert_eq!(send().await, 200);
            let outcomes: Vec<_> = world.seen()[3..].iter().map(crate::support::Seen::is_accepted).collect();
            assert_eq!(outcomes, [false, true, true], "{algorithm}, off by {off} s");
        }
    }
}

#[tokio::test]
async fn hosts_have_clocks_of_their_own() {
    for algorithm in ALGORITHMS {
        let (right, wrong) = (World::new(Service::EXECUTE_API), World::new(Service::EXECUTE_API));
        wrong.clock.set(NOON + 7200);
        let (right_url, wrong_url) = (right.serve().await, wrong.serve().await);
        let client = reqwest_client(signer(algorithm, credentials(), &Clock::at(NOON)));
        for _ in 0..3 {
            assert_eq!(client.get(&wrong_url).send().await.unwrap().status(), 200);
            assert_eq!(client.get(&right_url).send().await.unwrap().status(), 200);
        }
        assert_eq!((wrong.seen().len(), right.seen().len()), (4, 3), "{algorithm}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_for_ever_is_asked_twice() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let (remember, clock) = (world.clone(), Clock::at(NOON));
        // Every answer is from another time.
        let url = serve(&world.clock, move |parts, body| {
            remember.clock.advance(86_400);
            remember.receive(parts, body)
        })
        .await;
        let client = reqwest_client(signer(algorithm, credentials(), &clock));
        assert_eq!(client.get(&url).send().await.unwrap().status(), 403);
        assert_eq!(world.seen().len(), 2, "{algorithm}");
    }
}

#[tokio::test]
async fn a_refusal_that_is_not_about_time_is_not_repeated() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        world.reject(&credentials());
        let url = world.serve().await;
        let client = reqwest_client(signer(algorithm, credentials(), &Clock::at(NOON + 200)));
        assert_eq!(client.get(&url).send().await.unwrap().status(), 403);
        assert_eq!(world.seen().len(), 1, "{algorithm}");
    }
}

#[tokio::test]
async fn a_date_of_the_callers_is_the_time_and_is_not_corrected() {
    for algorithm in ALGORITHMS {
        let world = World::new(Service::EXECUTE_API);
        let url = world.serve().await;
        let client = reqwest_client(signer(algorithm, credentials(), &Clock::at(NOON)));
        let send = |at: i64| client.get(&url).header("Date", http_date(time(at))).send();
        assert_eq!(send(NOON - 60).await.unwrap().status(), 200);
        assert_eq!(world.seen()[0].header("x-amz-date"), Some("20150830T115900Z"));
        assert_eq!(send(NOON - 6000).await.unwrap().status(), 403);
        assert_eq!(world.seen().len(), 2, "{algorithm}");
        let error = client.get(&url).header("Date", "yesterday").send().await.unwrap_err();
        let text = crate::support::report(&error);
        assert!(text.contains("expected an HTTP date in the header `Date`, found `yesterday`"), "{text}");
    }
}

/// What an answer teaches, without HTTP.
#[tokio::test]
async fn only_answers_that_tell_the_time_of_the_exchange_are_learnt_from() {
    for algorithm in ALGORITHMS {
        let ours = Clock::at(NOON);
        let signer = signer(algorithm, credentials(), &ours);
        let offset = async || {
            let mut request = http::Request::get("http://api.example.com/").body("").unwrap();
            let began = ours.now().as_unix();
            let attempt = signer.sign_request(&mut request).await.unwrap();
            (attempt.time().as_unix() - began, attempt)
        };
        let answer = |status: u16, headers: &[(&str, &str)]| {
            let builder =
                headers.iter().fold(Response::builder(), |builder, (name, value)| builder.header(*name, *value));
            builder.status(status).body(()).unwrap()
        };
        let learn = async |status: u16, headers: &[(&str, &str)], took: i64| {
            let (_, attempt) = offset().await;
            ours.advance(took);
            let answer = answer(status, headers);
            let verdict = signer.learn(&attempt, answer.status(), answer.headers(), b"");
            ours.advance(-took);
            (verdict, offset().await.0)
        };
        let hour_ahead = http_date(time(NOON + 3600));

        // A cache's answer was right once; one without a date, or with a broken one, says nothing.
        assert_eq!(learn(403, &[("date", &hour_ahead), ("age", "1")], 0).await, (Verdict::Final, 0));
        assert_eq!(learn(403, &[], 0).await, (Verdict::Final, 0));
        assert_eq!(learn(403, &[("date", "soon")], 0).await, (Verdict::Final, 0));
        // An answer that took an hour fits a clock that is right.
        assert_eq!(learn(403, &[("date", &hour_ahead)], 3600).await, (Verdict::Final, 0));
        // Half a minute is nothing.
        assert_eq!(learn(200, &[("date", &http_date(time(NOON + 30)))], 0).await, (Verdict::Final, 0));

        // A good answer teaches as much; the middle of the exchange counts.
        assert_eq!(learn(200, &[("date", &hour_ahead)], 100).await, (Verdict::Final, 3550));
        // A little more or less is not another clock.
        assert_eq!(learn(200, &[("date", &http_date(time(NOON + 3560)))], 0).await, (Verdict::Final, 3550));
        // It follows, up and down, and back to nothing.
        let again = Verdict::SignAgain(Reason::ClockSkew);
        assert_eq!(learn(403, &[("date", &http_date(time(NOON + 7200)))], 0).await, (again, 7200));
        assert_eq!(learn(200, &[("date", &http_date(time(NOON + 60)))], 0).await, (Verdict::Final, 60));
        assert_eq!(learn(401, &[("date", &http_date(time(NOON - 600)))], 0).await, (again, -600));
        assert_eq!(learn(400, &[("date", &http_date(time(NOON)))], 0).await, (again, 0));
        // Other failures are not refusals.
        assert_eq!(learn(503, &[("date", &hour_ahead)], 0).await, (Verdict::Final, 3600));
    }
}

#[tokio::test]
async fn a_body_is_sent_again_with_its_corrected_signature() {
    for algorithm in [Algorithm::SigV4, Algorithm::SigV4a] {
        let world = World::new(Service::EXECUTE_API);
        let url = world.serve().await;
        let client = reqwest_client(signer(algorithm, credentials(), &Clock::at(NOON - 3600)));
        let answer = client.request(Method::PUT, &url).header("content-type", "text/plain").body("hello").send().await;
        assert_eq!(answer.unwrap().status(), 200);
        let bodies: Vec<_> = world.seen().iter().map(|seen| seen.body.clone()).collect();
        assert_eq!(bodies, ["hello", "hello"], "{algorithm}");
    }
}
