//! Tokens and URLs that are presigned requests of a fixed shape: what a database, a cluster or a broker takes in place of
//! a password.
//!
//! Each preset is a value that names the target, checked when it is made, and a method that signs for it with
//! credentials, a region and a time. Service, path, parameters, signed headers and lifetime are the preset's.
//!
//! | preset | gives | service |
//! |---|---|---|
//! | [`rds::Database::auth_token`] | the password of a user of RDS, RDS Proxy or Aurora | `rds-db` |
//! | [`dsql::Cluster::connect_token`], [`connect_admin_token`](dsql::Cluster::connect_admin_token) | the password for Aurora DSQL | `dsql` |
//! | [`eks::Cluster::bearer_token`] | the bearer token of a Kubernetes cluster on EKS | `sts` |
//! | [`sts::CallerIdentity::presigned_url`], [`signed_post`](sts::CallerIdentity::signed_post) | a proof of who the caller is, for Vault and its like | `sts` |
//! | [`iot::DataEndpoint::websocket_url`] | MQTT over WebSocket | `iotdevicegateway` |
//!
//! RDS, DSQL, EKS and IoT know SigV4 only, so those methods take one region and there is no SigV4a to ask for: it is not
//! refused, it cannot be said. STS takes both; [`with_region_set`](sts::CallerIdentity::with_region_set) chooses SigV4a.
//!
//! What comes out is a credential. `Debug` shows none of it, and `expires_at()` is the end of its own lifetime or of the
//! credentials', whichever is earlier.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sigv4a::{Credentials, Region, Timestamp, presets::rds};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
//! let database = rds::Database::new("db.abc123.eu-west-1.rds.amazonaws.com", 5432, "app")?;
//! let now = Timestamp::parse_amz_date("20150830T123600Z")?;
//! let password = database.auth_token(&credentials, &Region::new("eu-west-1")?, now)?;
//! let start = "db.abc123.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app&X-Amz-";
//! assert!(password.as_str().starts_with(start));
//! assert_eq!(password.expires_at().amz_date(), "20150830T125100Z");
//! # Ok(())
//! # }
//! ```

pub mod dsql;
pub mod eks;
mod host;
pub mod iot;
pub mod rds;
pub mod sts;
mod token;

pub use self::token::Token;
