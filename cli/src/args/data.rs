//! The body of the request, in pieces, as curl takes it.

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, Command, FromArgMatches, error::Error};

/// The pieces in the order of the command line: curl joins them across flags, so the order is part of the body.
#[derive(Debug, Default)]
pub(crate) struct DataArgs {
    pub(crate) pieces: Vec<Piece>,
}

#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) value: String,
}

/// Which flag a piece came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// `--data`: line breaks of a file are removed.
    Text,
    /// `--data-binary`: bytes of a file as they are.
    Binary,
    /// `--data-raw`: `@` means nothing.
    Raw,
    /// `--json`: pieces are put together without `&`.
    Json,
}

const FLAGS: [(&str, Option<char>, PieceKind, &str); 4] = [
    (
        "data",
        Some('d'),
        PieceKind::Text,
        "Body, or @FILE without its line breaks; pieces are joined with `&`. Implies POST",
    ),
    ("data-binary", None, PieceKind::Binary, "Body, or @FILE byte for byte (`@-` is standard input). Implies POST"),
    ("data-raw", None, PieceKind::Raw, "Body as it is, also one that starts with `@`. Implies POST"),
    ("json", None, PieceKind::Json, "Body, or @FILE, with the content type and accept headers of JSON. Implies POST"),
];

impl Args for DataArgs {
    fn augment_args(command: Command) -> Command {
        let arg = |(name, short, _, help): (&'static str, Option<char>, PieceKind, &'static str)| {
            let arg = Arg::new(name).long(name).help(help).value_name("DATA").help_heading("Request");
            let arg = arg.action(ArgAction::Append).allow_hyphen_values(true);
            short.map_or_else(|| arg.clone(), |short| arg.clone().short(short))
        };
        let group = ArgGroup::new("data-group").multiple(true).args(FLAGS.map(|(name, ..)| name));
        command.args(FLAGS.map(arg)).group(group)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for DataArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut pieces: Vec<(usize, Piece)> = Vec::new();
        for (name, _, kind, _) in FLAGS {
            let values = matches.get_many::<String>(name).unwrap_or_default();
            let indices = matches.indices_of(name).into_iter().flatten();
            pieces.extend(indices.zip(values).map(|(index, value)| (index, Piece { kind, value: value.clone() })));
        }
        pieces.sort_by_key(|(index, _)| *index);
        Ok(Self { pieces: pieces.into_iter().map(|(_, piece)| piece).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
