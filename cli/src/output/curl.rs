//! A curl command that sends the signed request and nothing else.

use shell_words::quote;

use crate::signed::Signed;

/// One argument per line, quoted for a POSIX shell.
pub(super) fn render(signed: &Signed) -> String {
    let request = &signed.request;
    // The URL is in wire form: curl must neither resolve its dot segments nor take its brackets for ranges.
    let mut arguments = vec!["curl --globoff --path-as-is".to_owned()];
    let has_body = !request.body.bytes.is_empty();
    arguments.push(match request.method.as_str() {
        // With -X HEAD curl waits for a body that never comes.
        "HEAD" if !has_body => "--head".to_owned(),
        method => format!("-X {}", quote(method)),
    });
    arguments.extend(signed.wire_headers().iter().map(|(name, value)| format!("-H {}", quote(&header(name, value)))));
    let mut pipe = String::new();
    // curl leaves out the length of an empty body unless it is told of it.
    if has_body || matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") {
        if !signed.wire_headers().iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            // Else curl says that it is a form.
            arguments.push("-H content-type:".to_owned());
        }
        arguments.push(match (&request.body.file, str::from_utf8(&request.body.bytes)) {
            (Some(file), _) => format!("--data-binary {}", quote(&format!("@{file}"))),
            // Not --data-binary, for which a leading `@` is the name of a file.
            (None, Ok(text)) if !text.contains('\0') => format!("--data-raw {}", quote(text)),
            (None, _) => {
                pipe = format!("printf '{}' | ", octal(&request.body.bytes));
                "--data-binary @-".to_owned()
            }
        });
    }
    arguments.push(quote(&signed.url()).into_owned());
    format!("{pipe}{}\n", arguments.join(" \\\n  "))
}

/// curl takes `name:` for a header to leave out; an empty one is `name;`.
fn header(name: &str, value: &str) -> String {
    match value.trim().is_empty() {
        true => format!("{name};"),
        false => format!("{name}: {value}"),
    }
}

/// Bytes no argument can hold, for the `printf` of every shell.
fn octal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:03o}")).collect()
}
