//! Who provides credentials.

use std::{fmt, pin::Pin, sync::Arc};

use super::CredentialsError;
use crate::types::Credentials;

/// What [`CredentialsProvider::provide`] gives.
pub type CredentialsFuture<'a> = Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// Provides credentials, now and when those run out: a role, a file, a service of your own.
///
/// It is asked for every request; put a [`CachedCredentials`](super::CachedCredentials) around one that is not cheap.
pub trait CredentialsProvider: fmt::Debug + Send + Sync {
    /// Credentials that are valid now, with their expiry if they have one.
    ///
    /// # Errors
    /// Whatever keeps it from knowing: [`CredentialsError`].
    fn provide(&self) -> CredentialsFuture<'_>;

    /// A service said that these have expired. Whoever keeps them gives them up.
    fn forget(&self, refused: &Credentials) {
        let _ = refused;
    }
}

/// The same credentials for ever.
impl CredentialsProvider for Credentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<P: CredentialsProvider + ?Sized> CredentialsProvider for $pointer {
            fn provide(&self) -> CredentialsFuture<'_> {
                (**self).provide()
            }
            fn forget(&self, refused: &Credentials) {
                (**self).forget(refused);
            }
        }
    )*};
}

forward!(Arc<P>, Box<P>);

/// A provider that calls a function.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Credentials, Timestamp, credentials::{CachedCredentials, CredentialsError, from_fn}};
/// let role = from_fn(|| async {
///     // Ask your vault here.
///     let credentials = Credentials::new("ASIAEXAMPLE", "secret").map_err(CredentialsError::failed)?;
///     Ok(credentials.with_expiry(Timestamp::parse_amz_date("20991231T000000Z").map_err(CredentialsError::failed)?))
/// });
/// let credentials = CachedCredentials::new(role);
/// # Ok(())
/// # }
/// ```
pub const fn from_fn<F, R>(function: F) -> FromFn<F>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Credentials, CredentialsError>> + Send,
{
    FromFn(function)
}

/// What [`from_fn`] makes.
#[derive(Clone)]
pub struct FromFn<F>(F);

impl<F, R> CredentialsProvider for FromFn<F>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Credentials, CredentialsError>> + Send,
{
    fn provide(&self) -> CredentialsFuture<'_> {
        // Called when it is polled: whoever catches the panics of a future has this one too.
        Box::pin(async { (self.0)().await })
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}
