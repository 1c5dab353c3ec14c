//! Nothing to use: the tests of this package let AWS's own SDK for Rust talk to `sigv4a serve` and to
//! `sigv4a::tower::VerifyLayer`, with its own signers and with those of `sigv4a::aws_sdk`. It is a package of its own because
//! the SDK takes minutes to build.
