//! A file as the body of a request.

use std::{
    error::Error,
    fmt, io,
    path::Path,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use indicatif::ProgressBar;
use tokio::{
    fs::File,
    io::{AsyncRead as _, ReadBuf},
};

use crate::{error::CliError, upload};

const PIECE: usize = 64 * 1024;

/// Reads a file while it is sent, and tells how far it is.
#[derive(Debug)]
pub(super) struct FileBody {
    /// What cannot be opened is told when it is read.
    file: Result<File, Option<FileError>>,
    name: String,
    /// Of the length that was planned, and that the request has told.
    left: u64,
    piece: Box<[u8]>,
    progress: ProgressBar,
}

/// The file could not be read.
#[derive(Debug)]
pub(super) struct FileError {
    name: String,
    source: io::Error,
}

impl FileBody {
    /// From its beginning. It must be as long as it was planned.
    pub(super) fn open(path: &Path, planned: u64, progress: &ProgressBar) -> Self {
        progress.set_position(0);
        let name = format!("the body from `{}`", path.display());
        let file = match upload::open(path) {
            Ok((file, length)) if length == planned => Ok(File::from_std(file)),
            Ok((_, length)) => Err(changed(planned, length)),
            Err(CliError::Io { source, .. }) => Err(source),
            Err(error) => Err(io::Error::other(error)),
        };
        let file = file.map_err(|source| Some(FileError { name: name.clone(), source }));
        Self { file, name, left: planned, piece: vec![0; PIECE].into(), progress: progress.clone() }
    }

    /// For whoever can still keep the request back.
    pub(super) fn checked(mut self) -> Result<Self, FileError> {
        match self.file.as_mut().err().and_then(Option::take) {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = FileError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, FileError>>> {
        let this = self.get_mut();
        let file = match &mut this.file {
            Ok(file) => file,
            Err(error) => return Poll::Ready(error.take().map(Err)),
        };
        let mut buffer = ReadBuf::new(&mut this.piece);
        if let Err(source) = ready!(Pin::new(file).poll_read(context, &mut buffer)) {
            return Poll::Ready(Some(Err(FileError { name: this.name.clone(), source })));
        }
        let read = buffer.filled();
        let length = u64::try_from(read.len()).unwrap_or(u64::MAX);
        let is_changed = if length == 0 { this.left > 0 } else { length > this.left };
        if is_changed {
            let source = io::Error::new(io::ErrorKind::InvalidData, "expected its length to stay, found another");
            return Poll::Ready(Some(Err(FileError { name: this.name.clone(), source })));
        }
        if length == 0 {
            return Poll::Ready(None);
        }
        this.progress.inc(length);
        this.left -= length;
        Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(read)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

fn changed(planned: u64, found: u64) -> io::Error {
    let message = format!("expected {planned} bytes, as when the request was planned, found {found}");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

impl FileError {
    pub(super) fn to_cli(&self) -> CliError {
        CliError::input(&self.name, io::Error::new(self.source.kind(), self.source.to_string()))
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected to read {}", self.name)
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
