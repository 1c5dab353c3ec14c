//! A body that is signed while it is read, for clients that take a [`Read`].

use std::{
    fmt,
    io::{self, Read},
};

use crate::chunked::ChunkEncoder;

/// Reads a body as aws-chunked: for HTTP clients that are not asynchronous. Holds one chunk and a piece of the input.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::io::Read;
/// use sigv4a::{Checksum, ChunkedReader, ChunkedUpload, Credentials, RegionSet, Service, SigV4a, Timestamp};
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
/// let signer = SigV4a::new(credentials, RegionSet::all(), Service::S3);
/// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
/// let (mut parts, ()) = http::Request::put(url).body(())?.into_parts();
/// let upload = ChunkedUpload::new(5).with_checksum(Checksum::Crc64Nvme);
/// let encoder = upload.sign(signer, &mut parts, Timestamp::parse_amz_date("20150830T123600Z")?)?;
/// let mut body = String::new();
/// ChunkedReader::new(encoder, "hello".as_bytes()).read_to_string(&mut body)?;
/// assert!(body.starts_with("5;chunk-signature=30"));
/// # Ok(())
/// # }
/// ```
pub struct ChunkedReader<R> {
    encoder: ChunkEncoder,
    input: R,
    piece: Vec<u8>,
    /// What is ready to be read, from `taken` on.
    wire: Vec<u8>,
    taken: usize,
    has_ended: bool,
}

/// As much as a chunk holds by default.
const PIECE: usize = 64 * 1024;

impl<R: Read> ChunkedReader<R> {
    /// The body as it goes over the wire.
    pub fn new(encoder: ChunkEncoder, input: R) -> Self {
        Self { encoder, input, piece: vec![0; PIECE], wire: Vec::new(), taken: 0, has_ended: false }
    }
}

impl<R: Read> Read for ChunkedReader<R> {
    /// Fails as the input does, and if that has another length than was announced.
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = self.wire.get(self.taken..).unwrap_or_default();
            if !ready.is_empty() || target.is_empty() {
                let length = ready.len().min(target.len());
                let pair = (target.get_mut(..length), ready.get(..length));
                if let (Some(target), Some(ready)) = pair {
                    target.copy_from_slice(ready);
                }
                self.taken += length;
                return Ok(length);
            }
            if self.has_ended {
                return Ok(0);
            }
            self.wire.clear();
            self.taken = 0;
            let read = self.input.read(&mut self.piece)?;
            let outcome = match read {
                0 => self.encoder.finish(&mut self.wire),
                _ => self.encoder.push(self.piece.get(..read).unwrap_or_default(), &mut self.wire),
            };
            if outcome.is_err() {
                // Nothing that was not signed to its end; the encoder goes on failing, so that this is no end either.
                self.wire.clear();
            }
            outcome.map_err(io::Error::other)?;
            self.has_ended = read == 0;
        }
    }
}

impl<R> fmt::Debug for ChunkedReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkedReader").field("encoder", &self.encoder).finish_non_exhaustive()
    }
}
