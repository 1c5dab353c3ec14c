//! The comparison as it is printed: the first difference, all lines, and the usual cause.

use std::{borrow::Cow, fmt};

use sigv4a::SigningTrace;
use similar::{ChangeTag, TextDiff};

use super::{Difference, ServersView};
use crate::query_secrets::{self, HIDDEN};

/// Our values of one signature beside the server's.
pub(crate) struct Comparison<'a> {
    ours: &'a SigningTrace,
    theirs: &'a ServersView,
    difference: Difference,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(ours: &'a SigningTrace, theirs: &'a ServersView) -> Self {
        let difference = Difference::between(ours.canonical_request().as_str(), ours.string_to_sign().as_str(), theirs);
        Self { ours, theirs, difference }
    }

    pub(crate) const fn difference(&self) -> &Difference {
        &self.difference
    }
}

/// Without a line break at the end; secrets of the request are hidden.
impl fmt::Display for Comparison<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.difference)?;
        if self.difference != Difference::None {
            let (title, ours, theirs) = match self.difference.is_in_canonical_request() {
                true => (
                    "canonical request",
                    self.ours.canonical_request().as_str(),
                    self.theirs.canonical_request.as_str(),
                ),
                false => (
                    "string to sign",
                    self.ours.string_to_sign().as_str(),
                    self.theirs.string_to_sign.as_deref().unwrap_or_default(),
                ),
            };
            writeln!(f, "{title}, - as signed here, + as computed by the server:")?;
            for change in TextDiff::from_lines(ours, theirs).iter_all_changes() {
                let sign = match change.tag() {
                    ChangeTag::Equal => ' ',
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                };
                writeln!(f, "  {sign} {}", shown(change.value().trim_end_matches('\n')))?;
            }
        }
        write!(f, "hint: {}", self.difference.hint())
    }
}

/// A line without its secret: the query of a presigned URL, or a header.
fn shown(line: &str) -> Cow<'_, str> {
    match line.split_once(':') {
        Some((name, _)) if name.contains("token") || name.contains("customer-key") => format!("{name}:{HIDDEN}").into(),
        Some(_) => line.into(),
        None => query_secrets::hide(line).into(),
    }
}
