//! The signer of an event stream, which the SDK waits for while it sends the request.
//!
//! What hands it over has moved from `aws-smithy-eventstream` to `aws-smithy-types`, and a service of the older line may meet
//! the newer `aws-smithy-types`: then it still waits in the old place. So both are served. Names in a block go before those
//! around it, if they are there: in the newer line those of the block are of the new place, in the older one all are old.

use std::{fmt, sync::Arc, time::SystemTime};

use aws_smithy_eventstream::frame::*;
use aws_smithy_types::{config_bag::ConfigBag, event_stream::Message};

use crate::{
    error::{SignError, SignErrorKind},
    integrations::event_stream::MessageSigner,
    sign::Signer,
    types::{Signature, Timestamp},
};

/// Whether the body of this request is an event stream, whose messages somebody must sign.
pub(super) fn is_awaited(bag: &ConfigBag) -> bool {
    #[allow(unused_imports, reason = "of the newer line only")]
    use aws_smithy_types::event_stream::*;
    bag.load::<DeferredSignerSender>().is_some() || in_old_place(bag).is_some()
}

/// Hands over the signer, if it is awaited.
pub(super) fn hand_over(
    bag: &ConfigBag,
    signer: Arc<dyn Signer>,
    seed: &Signature,
    clock: impl Fn() -> SystemTime + Send + Sync + 'static,
) -> Result<(), SignError> {
    #[allow(unused_imports, reason = "of the newer line only")]
    use aws_smithy_types::event_stream::*;
    if !is_awaited(bag) {
        return Ok(());
    }
    let signer = StreamSigner { messages: Some(MessageSigner::new(signer, seed)?), clock: Box::new(clock) };
    let is_taken = if let Some(sender) = bag.load::<DeferredSignerSender>() {
        let signer: Box<dyn SignMessage + Send + Sync> = Box::new(signer);
        sender.send(signer).is_ok()
    } else if let Some(sender) = in_old_place(bag) {
        send_to_old_place(sender, signer)
    } else {
        false
    };
    match is_taken {
        true => Ok(()),
        false => Err(SignError::from_signer("the SDK waits no longer for the signer of its event stream")),
    }
}

fn in_old_place(bag: &ConfigBag) -> Option<&DeferredSignerSender> {
    bag.load::<DeferredSignerSender>()
}

fn send_to_old_place(sender: &DeferredSignerSender, signer: StreamSigner) -> bool {
    let signer: Box<dyn SignMessage + Send + Sync> = Box::new(InOldPlace(signer));
    sender.send(signer).is_ok()
}

/// Signs until the end is signed.
struct StreamSigner {
    messages: Option<MessageSigner<Arc<dyn Signer>>>,
    clock: Box<dyn Fn() -> SystemTime + Send + Sync>,
}

impl StreamSigner {
    fn now(&self) -> Result<Timestamp, SignError> {
        Ok(Timestamp::try_from((self.clock)())?)
    }

    fn next(&mut self, message: &Message) -> Result<Message, SignError> {
        let at = self.now()?;
        self.messages.as_mut().ok_or_else(ended)?.sign(message, at)
    }

    fn end(&mut self) -> Result<Message, SignError> {
        let at = self.now()?;
        self.messages.take().ok_or_else(ended)?.finish(at)
    }
}

const _: () = {
    #[allow(unused_imports, reason = "of the newer line only")]
    use aws_smithy_types::event_stream::*;

    impl SignMessage for StreamSigner {
        fn sign(&mut self, message: Message) -> Result<Message, SignMessageError> {
            Ok(self.next(&message)?)
        }

        fn sign_empty(&mut self) -> Option<Result<Message, SignMessageError>> {
            Some(self.end().map_err(Into::into))
        }
    }
};

/// A type of its own: both places may have one trait.
#[derive(Debug)]
struct InOldPlace(StreamSigner);

impl SignMessage for InOldPlace {
    fn sign(&mut self, message: Message) -> Result<Message, SignMessageError> {
        Ok(self.0.next(&message)?)
    }

    fn sign_empty(&mut self) -> Option<Result<Message, SignMessageError>> {
        Some(self.0.end().map_err(Into::into))
    }
}

impl fmt::Debug for StreamSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamSigner").field("messages", &self.messages).finish_non_exhaustive()
    }
}

fn ended() -> SignError {
    SignError::new(SignErrorKind::Invalid, "event: expected none behind the end of the stream")
}
