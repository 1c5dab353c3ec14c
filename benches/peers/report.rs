//! The table and `peers.json`.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use serde_json::{Map, Value, json};

use crate::{
    Outcome,
    chunked::Section,
    request::{Job, Scheme},
    rounds::Row,
};

#[derive(Default)]
pub(crate) struct Report(BTreeMap<&'static str, Map<String, Value>>);

impl Report {
    /// Prints what was measured of one job, and keeps it for the file.
    pub(crate) fn add(&mut self, scheme: Scheme, job: Job, rows: Vec<Row>) {
        let rows = Rows(rows);
        let title = match (scheme, job) {
            (Scheme::SigV4, Job::Sign) => "sigv4_sign",
            (Scheme::SigV4, Job::Presign) => "sigv4_presign",
            (Scheme::SigV4, Job::Verify) => "sigv4_verify",
            (Scheme::SigV4a, Job::Sign) => "sigv4a_sign",
            (Scheme::SigV4a, Job::Presign) => "sigv4a_presign",
            (Scheme::SigV4a, Job::Verify) => "sigv4a_verify",
        };
        let (raw, peer) = (rows.raw(scheme), peer(scheme, job));
        let of_peer = peer.map_or_else(String::new, |peer| format!("of {peer}"));
        println!("\n{title:<24} median ns     min ns  allocations  of raw  {of_peer:>15}");
        let mut values = Map::new();
        for row in &rows.0 {
            let of_raw = raw_for(scheme, row.name, raw).and_then(|raw| rows.ratio(row.name, raw));
            let of_peer = peer.and_then(|peer| rows.ratio(row.name, peer));
            println!(
                "  {:<22} {:>9.0}  {:>9.0}  {:>11}  {}  {}",
                row.name,
                median(&row.nanoseconds),
                row.nanoseconds.iter().copied().fold(f64::INFINITY, f64::min),
                row.allocations,
                of_raw.map_or_else(|| "     -".to_owned(), |ratio| format!("{ratio:>6.3}")),
                of_peer.map_or_else(|| format!("{:>15}", "-"), |ratio| format!("{ratio:>15.3}")),
            );
            values.insert(format!("{}_ns", row.name), json!(median(&row.nanoseconds)));
            values.insert(format!("{}_allocations", row.name), json!(row.allocations));
            if let (true, Some(ratio)) = (row.name.starts_with("ours"), of_raw) {
                values.insert(format!("{}_of_raw", row.name), json!(ratio));
            }
        }
        values.insert("raw".to_owned(), json!(raw));
        values.insert("raw_ns".to_owned(), json!(rows.median_of(raw)));
        if let Some(peer) = peer {
            values.insert(format!("ours_of_{peer}"), json!(rows.ratio("ours", peer)));
        }
        self.0.insert(title, values);
    }

    /// Prints what signing costs an HTTP client, and keeps it for the file.
    pub(crate) fn add_clients(&mut self, all: Vec<(Scheme, Vec<Row>)>) {
        println!("\nclients                  median ns  allocations  added ns  added, of sign");
        let mut values = Map::new();
        for (scheme, rows) in all {
            let (rows, mut section) = (Rows(rows), Map::new());
            let name = format!("{scheme:?}").to_lowercase();
            for row in &rows.0 {
                let median = median(&row.nanoseconds);
                print!("  {:<22} {median:>9.0}  {:>11}", format!("{name} {}", row.name), row.allocations);
                section.insert(format!("{}_ns", row.name), json!(median.round()));
                if let (Some(without), Some(sign)) =
                    (rows.median_of(&format!("{}_without", row.name)), rows.median_of("sign"))
                {
                    print!("  {:>8.0}  {:>14.3}", median - without, (median - without) / sign);
                    section.insert(format!("{}_added_ns", row.name), json!((median - without).round()));
                }
                println!();
            }
            values.insert(name, section.into());
        }
        self.0.insert("client", values);
    }

    /// Prints what the layer costs a server, and keeps it for the file.
    pub(crate) fn add_layer(&mut self, rows: &[(&'static str, Vec<f64>)]) {
        println!("\n{:<24} requests/s  µs more", "layer");
        let without = rows.first().map_or(f64::NAN, |(_, rates)| median(rates));
        let mut values = Map::new();
        for (name, rates) in rows {
            let rate = median(rates);
            println!("  {name:<22} {rate:>10.0}  {:>7.1}", 1e6 / rate - 1e6 / without);
            values.insert(format!("{name}_rps"), json!(rate.round()));
        }
        self.0.insert("layer", values);
    }

    /// Prints how fast large bodies are encoded, and keeps it for the file.
    pub(crate) fn add_chunked(&mut self, sections: &[Section]) {
        println!("\n{:<24} MiB/s    of raw", "chunked");
        let mut values = Map::new();
        for Section { name, rates } in sections {
            let (mut section, raw) = (Map::new(), rates.last().map_or(&[][..], |(_, rates)| rates));
            for (contender, rates) in rates {
                let ratios: Vec<f64> = rates.iter().zip(raw).map(|(own, raw)| own / raw).collect();
                println!("  {:<22} {:>6.0}  {:>7.3}", format!("{name} {contender}"), median(rates), median(&ratios));
                section.insert(format!("{contender}_mib_s"), json!(median(rates).round()));
                section.insert(format!("{contender}_of_raw"), json!(median(&ratios)));
            }
            values.insert(name.clone(), section.into());
        }
        self.0.insert("chunked", values);
    }

    /// Writes the file, into the target directory.
    pub(crate) fn finish(self) -> Outcome {
        #[expect(clippy::disallowed_methods, reason = "Cargo says there where its target directory is")]
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")), PathBuf::from);
        fs::create_dir_all(&target)?;
        let path = target.canonicalize()?.join("peers.json");
        fs::write(&path, serde_json::to_string_pretty(&self.0)? + "\n")?;
        println!(
            "\nTimes are for signing a request and putting the signature into it, or for verifying one as it arrived: \
             cloning the request before and dropping it after are not in them.\nratios: median over the rounds, to the raw cryptography of the same \
             back end (SigV4: of the fastest).\n{}",
            path.display()
        );
        Ok(())
    }
}

struct Rows(Vec<Row>);

impl Rows {
    fn get(&self, name: &str) -> Option<&Row> {
        self.0.iter().find(|row| row.name == name)
    }

    fn median_of(&self, name: &str) -> Option<f64> {
        self.get(name).map(|row| median(&row.nanoseconds))
    }

    /// The raw contender that ours must be compared with: for SigV4 whoever is fastest, for SigV4a the same back end.
    fn raw(&self, scheme: Scheme) -> &'static str {
        let own = match sigv4a::Provider::default().name() {
            "ring" => "raw_ring",
            _ => "raw_rust_crypto",
        };
        let raws = self.0.iter().filter(|row| row.name.starts_with("raw"));
        match scheme {
            Scheme::SigV4a => own,
            Scheme::SigV4 => raws
                .min_by(|a, b| median(&a.nanoseconds).total_cmp(&median(&b.nanoseconds)))
                .map_or(own, |row| row.name),
        }
    }

    /// The median of the ratios of the rounds: what slows down a round slows down both.
    fn ratio(&self, name: &str, to: &str) -> Option<f64> {
        let (row, to) = (self.get(name)?, self.get(to)?);
        let ratios: Vec<f64> = row.nanoseconds.iter().zip(&to.nanoseconds).map(|(own, other)| own / other).collect();
        Some(median(&ratios))
    }
}

/// Whom ours is compared with: there is nobody else who verifies SigV4a.
fn peer(scheme: Scheme, job: Job) -> Option<&'static str> {
    match (scheme, job) {
        (_, Job::Sign | Job::Presign) => Some("aws_sigv4"),
        (Scheme::SigV4, Job::Verify) => Some("scratchstack"),
        (Scheme::SigV4a, Job::Verify) => None,
    }
}

/// The raw contender for a row; what others do is compared with what ours is compared with.
fn raw_for(scheme: Scheme, name: &str, of_default: &'static str) -> Option<&'static str> {
    match (scheme, name) {
        (Scheme::SigV4a, "ours_rust_crypto") => Some("raw_rust_crypto"),
        (Scheme::SigV4a, "ours_aws_lc_rs") => Some("raw_aws_lc_rs"),
        (_, name) => (!name.starts_with("raw")).then_some(of_default),
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
