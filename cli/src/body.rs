//! The body of a request, put together as curl does.

use std::io::{self, Read as _};

use crate::{
    args::{DataArgs, Piece, PieceKind},
    error::CliError,
};

/// The bytes to send, and where they are if that is one file.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// The file that holds exactly these bytes.
    pub(crate) file: Option<String>,
}

impl Body {
    /// Joins the pieces: `&` between them, nothing before a piece of JSON.
    pub(crate) fn read(data: &DataArgs) -> Result<Option<Self>, CliError> {
        let mut body = Self::default();
        for (index, piece) in data.pieces.iter().enumerate() {
            if index > 0 && piece.kind != PieceKind::Json {
                body.bytes.push(b'&');
            }
            body.bytes.extend(bytes(piece)?);
        }
        if let [Piece { kind: PieceKind::Binary | PieceKind::Json, value }] = data.pieces.as_slice() {
            body.file = value.strip_prefix('@').filter(|file| *file != "-").map(str::to_owned);
        }
        Ok((!data.pieces.is_empty()).then_some(body))
    }
}

fn bytes(piece: &Piece) -> Result<Vec<u8>, CliError> {
    let file = match piece.kind {
        PieceKind::Raw => None,
        _ => piece.value.strip_prefix('@'),
    };
    let Some(file) = file else { return Ok(piece.value.clone().into_bytes()) };
    let mut bytes = Vec::new();
    match file {
        "-" => io::stdin().lock().read_to_end(&mut bytes).map_err(|error| CliError::input("standard input", error))?,
        path => {
            bytes = std::fs::read(path).map_err(|error| CliError::input(format!("the body from `{path}`"), error))?;
            bytes.len()
        }
    };
    if piece.kind == PieceKind::Text {
        bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
    }
    Ok(bytes)
}
