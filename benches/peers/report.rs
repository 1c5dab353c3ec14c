//! The table and `peers.json`.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use serde_json::{Map, Value, json};

use crate::{
    Outcome,
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
            (Scheme::SigV4a, Job::Sign) => "sigv4a_sign",
            (Scheme::SigV4a, Job::Presign) => "sigv4a_presign",
        };
        let raw = rows.raw(scheme);
        println!("\n{title:<24} median ns     min ns  allocations  of raw  of aws-sigv4");
        let mut values = Map::new();
        for row in &rows.0 {
            let of_raw = raw_for(scheme, row.name, raw).and_then(|raw| rows.ratio(row.name, raw));
            let of_official = rows.ratio(row.name, "aws_sigv4");
            println!(
                "  {:<22} {:>9.0}  {:>9.0}  {:>11}  {}  {}",
                row.name,
                median(&row.nanoseconds),
                row.nanoseconds.iter().copied().fold(f64::INFINITY, f64::min),
                row.allocations,
                of_raw.map_or_else(|| "     -".to_owned(), |ratio| format!("{ratio:>6.3}")),
                of_official.map_or_else(|| "     -".to_owned(), |ratio| format!("{ratio:>12.3}")),
            );
            values.insert(format!("{}_ns", row.name), json!(median(&row.nanoseconds)));
            values.insert(format!("{}_allocations", row.name), json!(row.allocations));
            if let (true, Some(ratio)) = (row.name.starts_with("ours"), of_raw) {
                values.insert(format!("{}_of_raw", row.name), json!(ratio));
            }
        }
        values.insert("raw".to_owned(), json!(raw));
        values.insert("raw_ns".to_owned(), json!(rows.median_of(raw)));
        values.insert("ours_of_aws_sigv4".to_owned(), json!(rows.ratio("ours", "aws_sigv4")));
        self.0.insert(title, values);
    }

    /// Writes the file, into the target directory.
    pub(crate) fn finish(self) -> Outcome {
        #[expect(clippy::disallowed_methods, reason = "Cargo says there where its target directory is")]
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target")), PathBuf::from);
        fs::create_dir_all(&target)?;
        let path = target.join("peers.json");
        fs::write(&path, serde_json::to_string_pretty(&self.0)? + "\n")?;
        println!(
            "\nTimes are for signing a request and putting the signature into it: cloning the request before and \
             dropping it after are not in them.\nratios: median over the rounds, to the raw cryptography of the same \
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

/// The raw contender for a row; the signers of others are compared with what ours is compared with.
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
