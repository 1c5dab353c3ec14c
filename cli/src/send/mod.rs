//! `request`: signs, sends, and shows the answer.

mod answer;
mod client;
mod conversation;
mod diagnosis;
mod failure;
mod file_body;
mod output;
mod paced_body;
mod plan;
mod proxy;
mod retry;
mod transport;

use std::{process::ExitCode, time::Duration};

use http::{
    StatusCode,
    header::{AUTHORIZATION, LOCATION},
};

use self::{answer::Answer, conversation::Conversation, plan::Plan, transport::Transport};
use crate::{
    ambient,
    args::SendArgs,
    error::{self, CliError},
    mismatch::{Comparison, ServersView, is_mismatch},
};

pub(crate) fn run(args: &SendArgs) -> Result<ExitCode, CliError> {
    let plan = Plan::new(args, &ambient(args.profile.as_deref())?)?;
    let conversation = if args.show.verbose { Conversation::Verbose } else { Conversation::Quiet };
    for (name, value, from) in &plan.decision.lines {
        conversation.line(&format!("{name:<16} {value}   (from: {from})"));
    }
    // One thread: whoever sends a body must know at once that an answer has arrived, see `PacedBody`.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| CliError::Io { what: "expected to start".to_owned(), source })?;
    let outcome = runtime.block_on(within(args.connection.max_time, &plan, send(args, &plan, conversation)));
    // A look-up of a name cannot be called off, and nobody waits for it any more.
    runtime.shutdown_background();
    outcome
}

async fn within(
    limit: Option<Duration>,
    plan: &Plan,
    sending: impl Future<Output = Result<ExitCode, CliError>>,
) -> Result<ExitCode, CliError> {
    let Some(limit) = limit else { return sending.await };
    tokio::time::timeout(limit, sending).await.unwrap_or_else(|_| {
        let host = plan.url.host_str().unwrap_or_default();
        Err(CliError::NoAnswer {
            message: format!("expected the whole answer of {host} within {limit:?}, found it still under way"),
            hint: "raise --max-time; a private endpoint is reached from its VPC only",
        })
    })
}

async fn send(args: &SendArgs, plan: &Plan, conversation: Conversation) -> Result<ExitCode, CliError> {
    let (client, proxies) = client::client(&args.connection, (&plan.url, &plan.parts.uri), plan.versions).await?;
    let attempt = || async {
        let (client, proxies) = (&client, &proxies);
        let mut transport = Transport { client, proxies, conversation, clock: plan.clock, before: None };
        plan.signer.exchange(plan.parts.clone(), plan.body()?, &mut transport).await
    };
    let outcome = retry::retried(args.connection.retry, &plan.parts.method, attempt).await;
    plan.progress.finish_and_clear();
    let (answer, notes) = notes(plan, outcome.map_err(|failure| failure.error)?).await;
    let status = answer.head.status;
    let is_left = args.connection.location && status.is_redirection() && answer.head.headers.contains_key(LOCATION);
    let has_failed = args.show.fail && (is_left || status.is_client_error() || status.is_server_error());
    // Whoever asks for a file and for failures wants no error in the file.
    if !has_failed || args.show.output.is_none() {
        output::write(answer, args).await?;
    }
    notes.iter().for_each(|note| error::note(note));
    match has_failed {
        true => Err(CliError::Answered(status)),
        false => Ok(ExitCode::SUCCESS),
    }
}

/// What helps to understand the answer.
async fn notes(plan: &Plan, answer: Answer) -> (Answer, Vec<String>) {
    let mut notes: Vec<String> = answer.hint.iter().map(|hint| format!("note: {hint}")).collect();
    let status = answer.head.status;
    let is_refused = [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
    // Who was redirected elsewhere was not refused for our signature.
    if !is_refused || !answer.sent.parts.headers.contains_key(AUTHORIZATION) {
        return (answer, notes);
    }
    let (answer, seen) = answer.peek().await;
    if is_mismatch(&seen) {
        let view = ServersView::read(&seen);
        let ours = diagnosis::ours(&plan.signer, &answer.sent, plan.payload).await.ok().flatten();
        notes.push(match (ours, view) {
            (Some(ours), Some(theirs)) => format!("note: {}", Comparison::new(&ours, &theirs)),
            _ => "hint: the server does not say what it computed: `sigv4a explain` shows what was signed; check the secret \
                  access key first, then --service and --region"
                .to_owned(),
        });
    }
    (answer, notes)
}
