//! Prints the passwords, tokens and URLs that are presigned requests: for RDS, Aurora DSQL, EKS, STS and IoT Core. Opens no
//! connection.
//!
//! ```sh
//! cargo run --example presets                       # with AWS's example credentials
//! AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… cargo run --example presets -- eu-west-1
//! ```

use sigv4a::{
    Credentials, Region, RegionSet, SignErrorKind,
    config::{Ambient, Environment, now},
    presets::{dsql, eks, iot, rds, sts},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "us-east-1".to_owned());
    let region = Region::new(&name)?;
    let credentials = &credentials()?;
    let now = now()?;

    let database = rds::Database::new(&format!("orders.abc123.{region}.rds.amazonaws.com"), 5432, "app")?;
    let password = database.auth_token(credentials, &region, now)?;
    println!("RDS, until {}\n  {}", password.expires_at(), password.as_str());

    let cluster = dsql::Cluster::new(&format!("abc123.dsql.{region}.on.aws"))?;
    println!("DSQL\n  {}", cluster.connect_token(credentials, &region, now)?.as_str());
    println!("DSQL, admin\n  {}", cluster.connect_admin_token(credentials, &region, now)?.as_str());

    let token = eks::Cluster::new("prod")?.bearer_token(credentials, &region, now)?;
    println!("EKS, until {}\n  {}", token.expires_at(), token.as_str());

    // Whoever is given it can show it to STS, but only with the header: to another server it is worth nothing.
    let identity = sts::CallerIdentity::new().with_header("X-Vault-AWS-IAM-Server-ID", "vault.example.com")?;
    println!("STS, SigV4\n  {}", identity.presigned_url(credentials, &region, now)?.url());
    let login = identity.signed_post(credentials, &region, now)?;
    println!("STS, for Vault\n  {} {}\n  {}", login.method(), login.uri(), login.body());
    for (name, value) in login.headers() {
        println!("  {name}: {}", value.to_str()?);
    }
    let everywhere = identity.with_region_set(RegionSet::all());
    println!("STS, SigV4a\n  {}", everywhere.presigned_url(credentials, &region, now)?.url());

    let broker = iot::DataEndpoint::new(&format!("a1b2c3-ats.iot.{region}.amazonaws.com"))?;
    println!("IoT Core\n  {}", broker.websocket_url(credentials, &region, now)?.url());
    Ok(())
}

/// The ambient ones, or AWS's example.
fn credentials() -> Result<Credentials, Box<dyn std::error::Error>> {
    match Ambient::load(None, &Environment::of_process())?.credentials() {
        Err(error) if error.kind() == SignErrorKind::MissingCredentials => {
            Ok(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?)
        }
        found => Ok(found?),
    }
}
