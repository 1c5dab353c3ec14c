//! The headers to add to a request, one per line: signed with SigV4a by the credentials of the environment or the shared
//! files. With `SIGV4A_ALGORITHM=sigv4` it is SigV4.
//!
//! `cargo run --example get_headers -- s3 '*' GET https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key`
//!
//! With curl: `get_headers execute-api '*' GET "$url" | curl --header @- "$url"`.

use sigv4a::config::get_headers;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [service, region_set, method, url] = arguments.as_slice() else {
        return Err("expected SERVICE REGION-SET METHOD URL".into());
    };
    for (name, value) in &get_headers(service, region_set, method, url)? {
        println!("{name}: {}", value.to_str()?);
    }
    Ok(())
}
